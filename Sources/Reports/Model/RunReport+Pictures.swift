internal import Digests
internal import Recording
internal import Story

extension RunReport {
  /// The digests of every picture that a report shows.
  public var pictures: Set<String> {
    cases.reduce(into: []) { $0.formUnion($1.pictures) }
  }

  /// The digests of everything that models were sent.
  public var requests: Set<String> { cases.reduce(into: []) { $0.formUnion($1.requests) } }

  /// The digests of pictures that only cases without trouble show.
  public var picturesOfPasses: Set<String> { ofPasses(\.pictures) }

  /// The digests of what only in cases without trouble was sent to models.
  public var requestsOfPasses: Set<String> { ofPasses(\.requests) }

  private func ofPasses(_ digests: (CaseReport) -> Set<String>) -> Set<String> {
    func union(_ cases: [CaseReport]) -> Set<String> {
      cases.reduce(into: []) { $0.formUnion(digests($1)) }
    }
    let isPass = { (item: CaseReport) in !item.verdict.isTrouble && item.attempts.count < 2 }
    return union(cases.filter(isPass)).subtracting(union(cases.filter { !isPass($0) }))
  }
}

extension CaseReport {
  /// The digests of the kept requests to models.
  fileprivate var requests: Set<String> {
    let replies = attempts.flatMap(\.allMoments).flatMap { moment -> [ModelReply] in
      switch moment.kind {
      case .asked(let call): call.reply.map { [$0] } ?? []
      case .judged(let call): call.replies
      default: []
      }
    }
    return Set(replies.compactMap { $0.sent?.blob }.filter(SHA256.isDigest))
  }

  /// The digests of every picture that the report of this case shows.
  fileprivate var pictures: Set<String> {
    var digests: Set<String> = []
    let moments = attempts.flatMap(\.allMoments)
    for moment in moments {
      var frames = [moment.frame]
      if case .action(let action) = moment.kind { frames.append(action.before) }
      digests.formUnion(frames.compactMap { $0?.blob }.filter(SHA256.isDigest))
    }
    return digests
  }
}
