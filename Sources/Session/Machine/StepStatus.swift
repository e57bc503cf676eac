internal import Durations
internal import Scenario
internal import Story

// What every step leaves for later ones, whatever it does: how it ended, why, and how long it took.
extension Results {
  /// Takes note of what has not been done yet: a step that is never reached counts as skipped.
  mutating func expect(_ planned: [PlannedStep]) {
    for name in planned.flatMap(\.resultNames) {
      self["\(name).status"] = StepStatus.skipped.rawValue
      self["\(name).reason"] = ""
      self["\(name).seconds"] = Duration.zero.secondsText
    }
  }

  /// Keeps how a step ended; a group has come to the worst that one of its steps came to.
  mutating func keep(_ ending: Ending, of planned: PlannedStep, after time: Duration) {
    let status = StepStatus(ending.verdict)
    if let name = planned.step.resultName {
      self["\(name).status"] = status.rawValue
      self["\(name).reason"] = ending.reason
      // A command says for itself how long it ran.
      if !planned.step.kind.isCommand { self["\(name).seconds"] = time.secondsText }
    }
    for name in planned.groupNames {
      let known = self["\(name).status"].flatMap(StepStatus.init(rawValue:)) ?? .skipped
      guard status > known else { continue }
      self["\(name).status"] = status.rawValue
      self["\(name).reason"] = ending.reason
    }
  }
}

/// How a step ended, as a scenario names it; the worse ones are greater.
private enum StepStatus: String, Comparable, CaseIterable {
  case skipped
  case passed
  case failed
  case error

  init(_ verdict: Verdict) {
    switch verdict {
    case .passed, .flaky: self = .passed
    case .skipped: self = .skipped
    case .failed, .timedOut: self = .failed
    case .error, .interrupted: self = .error
    }
  }

  static func < (left: StepStatus, right: StepStatus) -> Bool {
    let all = allCases
    return (all.firstIndex(of: left) ?? 0) < (all.firstIndex(of: right) ?? 0)
  }
}

extension PlannedStep {
  /// The names of the results that it leaves, those of its groups included.
  fileprivate var resultNames: [String] { (step.resultName.map { [$0] } ?? []) + groupNames }
}

extension Step.Kind {
  fileprivate var isCommand: Bool { if case .ssh = self { true } else { false } }
}

extension Duration {
  /// Seconds with three decimals.
  var secondsText: String {
    let milliseconds = max(0, milliseconds)
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
