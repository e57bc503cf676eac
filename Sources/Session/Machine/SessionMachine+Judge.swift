internal import Pixels
internal import Scenario
internal import Story

// The judge: one question for each vote, until the others cannot change what most say.
extension SessionMachine {
  /// Asks the judge about the first statement that is not judged on this state of the screen.
  mutating func judgeNext() -> Next {
    guard let check = work?.check, let frame,
      let index = check.tree.leaves.indices.first(where: {
        check.known[$0] == nil && check.tree.leaves[$0].isJudged
      }),
      case .screen(_, let votes) = check.tree.leaves[index]
    else { return unexpected("an undecided check") }
    if isGone { return endStep(Ending(.error, "the judge cannot be asked: \(endWords)")) }
    guard plan.model != nil else {
      return endStep(Ending(.error, "the judge is a model, and there is none: \(plan.modelReason)"))
    }
    if let spent = callsSpent(max(1, votes)) { return endStep(Ending(spentVerdict, .limit(spent))) }
    let isNew = { (judged: FrameReference?) in judged?.showsSame(as: frame) != true }
    if check.judgedOn.allSatisfy(isNew) { work?.check?.judgements += 1 }
    work?.check?.judgedOn[index] = frame
    work?.check?.ballot = Ballot(size: max(1, votes), isSingly: plan.rules > .first)
    return ask(index)
  }

  /// Asks for the next vote, or for all of them.
  private mutating func ask(_ index: Int) -> Next {
    guard let check = work?.check, let frame, let ballot = check.ballot,
      case .screen(let statement, _) = check.tree.leaves[index]
    else { return unexpected("a vote") }
    state = .judging(leaf: index)
    let text = statement.description
    return .want(
      .judge(
        statement: text, votes: ballot.size, digest: Judge.digest(statement: text, frame: frame),
        vote: ballot.isSingly ? ballot.votes.count + 1 : nil))
  }

  mutating func judged(_ replies: [ModelReply]) -> Next {
    guard case .judging(let index) = state, let ballot = work?.check?.ballot,
      work?.check?.tree.leaves.indices.contains(index) == true
    else { return unexpected("a judgement") }
    guard replies.count == ballot.repliesAtOnce else {
      return unexpected("\(replies.count) judgements")
    }
    for reply in replies { spend(reply) }
    return count(replies.map(Judge.vote), index)
  }

  /// A question that could not be answered is a vote that cannot tell, where there are others; nil where it
  /// ends the step.
  mutating func judgeFailed(_ fault: Fault) -> Next? {
    guard case .judging(let index) = state, fault.domain == .model,
      work?.check?.ballot?.isSingly == true
    else { return nil }
    note(.warning(text: "a vote of the judge is missing: \(fault.message)"))
    return count([Judge.Vote(answer: .unclear, evidence: fault.message)], index)
  }

  private mutating func count(_ votes: [Judge.Vote], _ index: Int) -> Next {
    work?.check?.ballot?.votes += votes
    guard let ballot = work?.check?.ballot else { return unexpected("a vote") }
    if !ballot.isDecided {
      if let spent = callsSpent(1) { return endStep(Ending(spentVerdict, .limit(spent))) }
      return ask(index)
    }
    let decision = ballot.decision
    let reading = LeafReading(holds: decision == true, measured: ballot.summary)
    work?.check?.readings[index] = reading
    guard let decision else {
      return endStep(Ending(.error, "the judge could not tell: \(reading.measured)"))
    }
    work?.check?.known[index] = Answer(decision)
    return decideCheck()
  }

  /// A judgement is worth another call only on another picture, and only a few times.
  mutating func forgetJudgements() {
    guard let check = work?.check, let frame, check.judgements < Judge.limit else { return }
    work?.check?.forgetJudgements { $0?.showsSame(as: frame) != true }
  }
}

/// The votes on one statement and one picture.
struct Ballot: Hashable, Sendable {
  /// How many votes are asked for.
  let size: Int
  /// Whether each is a question of its own; in recordings from before all come at once.
  let isSingly: Bool
  var votes: [Judge.Vote] = []

  init(size: Int, isSingly: Bool) {
    self.size = size
    self.isSingly = isSingly && size > 1
  }

  /// How many answers one question has.
  var repliesAtOnce: Int { isSingly ? 1 : size }

  private func count(_ answer: Judge.Answer) -> Int { votes.count { $0.answer == answer } }

  /// What more than half of all votes say; nil when that is neither.
  var decision: Bool? {
    if count(.yes) * 2 > size { return true }
    if count(.no) * 2 > size { return false }
    return nil
  }

  /// Whether the votes that are left cannot change what comes of it.
  var isDecided: Bool {
    let left = size - votes.count
    return left <= 0 || decision != nil
      || max(count(.yes), count(.no)) * 2 + left * 2 <= size
  }

  /// The votes in words.
  var summary: String { Judge.summary(votes) }
}
