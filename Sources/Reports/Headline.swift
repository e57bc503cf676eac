public import Session

extension RunReport {
  /// What the run came to as a whole.
  public var verdict: Verdict {
    let counts = self.counts
    if ending?.signal != nil { return .interrupted }
    if counts.failures > 0 { return .failed }
    if counts.errors > 0 { return .error }
    return ending == nil || notRun > 0 ? .interrupted : .passed
  }

  /// The outcome in a few words: `2 of 8 cases failed`.
  public var headline: String {
    let counts = self.counts
    let all = max(counts.total, info.selected)
    func of(_ number: Int) -> String { "\(number) of \(all) \(all == 1 ? "case" : "cases")" }
    switch verdict {
    case .interrupted:
      let cause = ending?.signal.map { "stopped by \($0)" } ?? "cut off"
      return "The run was \(cause) after \(of(counts.total - counts[.interrupted]))"
    case .failed: return "\(of(counts.failures)) failed"
    case .error: return "\(of(counts.errors)) came to no verdict"
    case .passed, .flaky, .skipped, .timedOut:
      if all == 0 { return "No case was run" }
      if counts[.skipped] == all {
        return all == 1 ? "The case was skipped" : "All cases were skipped"
      }
      let ran = all - counts[.skipped]
      return ran == 1 ? "The case passed" : "All \(ran) cases that ran passed"
    }
  }

  /// The counts in words, worst last: `5 passed, 1 flaky, 2 failed`.
  public var countWords: String {
    let counts = self.counts
    let order: [Verdict] = [.passed, .flaky, .skipped, .failed, .timedOut, .error, .interrupted]
    var parts = order.filter { counts[$0] > 0 }.map { $0.counted(counts[$0]) }
    if notRun > 0 { parts.append("\(notRun) not run") }
    if counts.unchecked > 0 { parts.append("\(counts.unchecked) with nothing checked") }
    return parts.isEmpty ? "nothing ran" : parts.joined(separator: ", ")
  }
}
