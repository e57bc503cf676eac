internal import Scenario
internal import Story

/// Where a check is.
struct CheckRun: Hashable, Sendable {
  let check: Check
  let tree: CheckTree
  let deadline: Duration
  /// Whether this is a `wait:` or part of an act line: it counts as no check.
  let isWait: Bool
  var known: [Answer?]
  var readings: [LeafReading?]
  /// The picture that each judged leaf was last judged on.
  var judgedOn: [FrameReference?]
  /// The leaves whose past was read on this look.
  var reviewed: Set<Int> = []
  /// The votes on the statement that is being judged.
  var ballot: Ballot?
  /// The pictures that the judge was shown so far; only counted.
  var judgements = 0

  init(_ check: Check, deadline: Duration, isWait: Bool) {
    self.check = check
    tree = CheckTree(check)
    self.deadline = deadline
    self.isWait = isWait
    known = Array(repeating: nil, count: tree.leaves.count)
    readings = Array(repeating: nil, count: tree.leaves.count)
    judgedOn = Array(repeating: nil, count: tree.leaves.count)
  }

  /// Forgets what the judge said of the leaves for which `isForgotten` holds.
  mutating func forgetJudgements(where isForgotten: (FrameReference?) -> Bool) {
    for index in tree.leaves.indices
    where tree.leaves[index].isJudged && isForgotten(judgedOn[index]) {
      known[index] = nil
      judgedOn[index] = nil
    }
  }
}
