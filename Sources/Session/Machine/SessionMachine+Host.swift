internal import Durations
internal import Scenario
internal import Story

// Commands on hosts: steps that run one, and leaves of checks that ask one.
extension SessionMachine {
  /// How long a command may take for which a step gives no time.
  static let commandLimit: Duration = .seconds(60)

  mutating func begin(_ command: SSHCommand) throws(Results.Missing) -> Next {
    var command = try results.fill(command)
    command.limit = Self.bounded(
      work?.planned.step.timeout ?? max(plan.patience, Self.commandLimit))
    if let actionsSpent { return endStep(Ending(.timedOut, .limit(actionsSpent))) }
    note(.laneTaken(lane: .scenario, reason: ""))
    work?.hasActed = true
    state = .running(command)
    return .want(.run(command: command))
  }

  mutating func ran(_ result: CommandResult) -> Next {
    guard case .running(let command) = state else { return unexpected("the end of a command") }
    actions += 1
    if work?.talk != nil { return tellModel(command, result) }
    if let name = work?.planned.step.resultName {
      if !result.isWhole { note(.warning(text: result.isNoResult(name))) }
      results.keep(result, as: name)
    }
    // The title of a step without a name of its own says what is run.
    let isTitled = work?.planned.step.name == nil
    let place = isTitled ? "it" : command.words
    if command.file != nil, let name = work?.planned.step.resultName {
      results["\(name).path"] = result.value
    }
    if result.ending == .started { return endStep(.passed) }
    guard result.ending.isKnown else {
      // It may have done its work, or do it yet.
      work?.triesLeft = 0
      return endStep(Ending(.error, "\(place) \(result.ending.words)\(result.lastWords)"))
    }
    if result.status == command.exit { return endStep(.passed) }
    let wanted = command.exit == 0 ? "" : ", not with \(command.exit)"
    let cause = plan.rules > .sixth ? result.cause(of: command).map { "; \($0.words)" } ?? "" : ""
    return endStep(
      Ending(.failed, "\(place) \(result.ending.words)\(wanted)\(result.lastWords)\(cause)"))
  }

  /// What a fault means for a command: whether it was done is only known where nothing of it was sent.
  mutating func commandFailed(_ command: SSHCommand, _ fault: Fault) -> Next {
    guard !fault.wasNotDone else { return endStep(Ending(.error, .fault(fault))) }
    work?.triesLeft = 0
    return endStep(
      Ending(
        .error, "it is not known whether `\(command.run)` was done: \(fault.message)"))
  }

  // MARK: - Checks

  /// The longest time between two askings of a host.
  static let hostPollLimit: Duration = .seconds(1)

  /// Asks again after a while, with or without a look at the screen.
  mutating func askAgain(_ check: CheckRun) -> Next {
    state = .pausing(.poll)
    return .want(.pause(duration: min(max(.zero, check.deadline - now), Self.hostPollLimit)))
  }

  /// Looks at what the check asks for: at the screen where it needs that, else at the hosts alone.
  mutating func lookForCheck() -> Next {
    let needsScreen = work?.check?.tree.leaves.contains(where: \.needsScreen) == true
    return needsScreen ? look(for: .check) : examine()
  }
}

extension Results {
  /// Keeps what came of a command.
  mutating func keep(_ result: CommandResult, as name: String) {
    // What is missing may be what is asked for: a part of an output is no value.
    self[name] = result.isWhole ? result.value : nil
    self["\(name).stdout"] = result.isWhole ? result.value : nil
    self["\(name).stderr"] = result.isWhole ? result.stderr : nil
    self["\(name).exit"] = result.status.map(String.init)
    self["\(name).seconds"] = result.time.secondsText
  }
}

extension CommandResult {
  /// Why its output is no result.
  func isNoResult(_ name: String) -> String {
    let why = dropped > 0 ? "\(dropped) bytes of it were left out" : "it is not UTF-8"
    return "the output is no result “\(name)”: \(why)"
  }

  /// What it said last, for a reason.
  var lastWords: String {
    let said = stderr.contains { !$0.isWhitespace } ? stderr : stdout
    let lines = said.split(whereSeparator: \.isNewline).suffix(3)
    guard !lines.isEmpty else { return "; it wrote nothing" }
    return "; it wrote: " + lines.map { "“\(String($0).clipped(200))”" }.joined(separator: " ")
  }
}

extension Check {
  /// Whether a command or a file decides it.
  var asksHost: Bool {
    switch self {
    case .ssh, .file: true
    default: false
    }
  }
}
