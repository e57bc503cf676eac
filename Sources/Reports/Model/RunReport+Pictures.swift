internal import Recording
internal import Session

extension RunReport {
  /// The digests of every picture that a report shows.
  public var pictures: Set<String> {
    var digests: Set<String> = []
    let moments = cases.flatMap(\.attempts).flatMap(\.allMoments)
    for moment in moments {
      var frames = [moment.frame]
      if case .action(let action) = moment.kind { frames.append(action.before) }
      digests.formUnion(frames.compactMap { $0?.blob }.filter(SHA256.isDigest))
    }
    return digests
  }
}
