internal import Digests
internal import Recording
internal import Story

extension RunReport {
  /// The digests of every picture that a report shows.
  public var pictures: Set<String> {
    cases.reduce(into: []) { $0.formUnion($1.pictures) }
  }

  /// The digests of pictures that only cases without trouble show.
  public var picturesOfPasses: Set<String> {
    cases.filter { !$0.verdict.isTrouble && $0.attempts.count < 2 }
      .reduce(into: Set<String>()) { $0.formUnion($1.pictures) }
      .subtracting(
        cases.filter { $0.verdict.isTrouble || $0.attempts.count > 1 }
          .reduce(into: Set<String>()) { $0.formUnion($1.pictures) })
  }
}

extension CaseReport {
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
