internal import Story

extension RunReport {
  /// What stands between the ids of runs that were merged.
  private static let separator = ", "

  /// Whether it is of several runs, which no one command runs again.
  var isMerged: Bool { info.id.contains(Self.separator) }

  /// One report of several runs, such as the shards of one: the cases of all, in the order of the runs.
  ///
  /// A case that is in several runs counts as the last of them has it, for that is a run of it again.
  public static func merged(_ reports: [RunReport]) -> RunReport? {
    guard var merged = reports.first else { return nil }
    guard reports.count > 1 else { return merged }
    for report in reports.dropFirst() { merged.take(report) }
    merged.info.selected = merged.cases.count + merged.neverBegun.count
    return merged
  }

  private mutating func take(_ other: RunReport) {
    let ids = Set(other.cases.map(\.id))
    let again = cases.filter { ids.contains($0.id) }.map(\.id)
    if !again.isEmpty {
      let several = again.count == 1 ? "1 case is" : "\(again.count) cases are"
      warnings.append(
        "\(several) in several runs, such as \(again[0]); the last run of each counts")
    }
    cases = cases.filter { !ids.contains($0.id) } + other.cases
    let known = Set(cases.map(\.id))
    neverBegun = (neverBegun + other.neverBegun).filter { !known.contains($0.id) }
    warnings += other.warnings
    duration = max(duration, other.duration)
    // A run that was cut off makes the whole one that was.
    if other.ending == nil { ending = nil }
    let code = max(ending?.exitCode ?? 0, other.ending?.exitCode ?? 0)
    ending?.exitCode = code
    info.id += Self.separator + other.info.id
  }
}
