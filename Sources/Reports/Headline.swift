public import Story

extension RunReport {
  /// What the run came to as a whole.
  public var verdict: Verdict {
    let counts = self.counts
    if counts.failures > 0 { return .failed }
    if interruption != nil { return .interrupted }
    if counts.errors > 0 { return .error }
    if notRun > 0 { return .interrupted }
    return counts.total == counts[.skipped] ? .skipped : .passed
  }

  /// What kept the run from its end; nil when nothing did.
  private var interruption: String? {
    guard let ending else { return "cut off" }
    return ending.signal.map { "stopped by \($0)" }
  }

  /// The outcome in a few words: `2 of 8 cases failed`.
  public var headline: String {
    let counts = self.counts
    let all = max(counts.total, info.selected)
    func of(_ number: Int) -> String { "\(number) of \(all) \(all == 1 ? "case" : "cases")" }
    switch verdict {
    case .interrupted:
      let stopped = ending?.stopped.map { "stopped, because \($0)," } ?? "cut off"
      return "The run was \(interruption ?? stopped) after "
        + of(counts.total - counts[.interrupted])
    case .failed:
      return "\(of(counts.failures)) failed" + (interruption.map { "; the run was \($0)" } ?? "")
    case .error: return "\(of(counts.errors)) came to no verdict"
    case .passed, .flaky, .skipped, .timedOut:
      if all == 0 { return "No case was run" }
      if counts[.skipped] == all {
        return all == 1 ? "The case was skipped" : "All cases were skipped"
      }
      let ran = all - counts[.skipped]
      if ran == 1 { return "The case passed" }
      return ran == all ? "All \(ran) cases passed" : "All \(ran) cases that ran passed"
    }
  }

  /// The counts in words, worst last: `5 passed, 1 flaky, 2 failed`.
  public var countWords: String {
    let counts = self.counts
    var parts = Verdict.bestFirst.filter { counts[$0] > 0 }.map { $0.counted(counts[$0]) }
    if notRun > 0 { parts.append("\(notRun) not run") }
    if counts.unchecked > 0 { parts.append("\(counts.unchecked) with nothing checked") }
    return parts.isEmpty ? "nothing ran" : parts.joined(separator: ", ")
  }
}
