public import Scenario

extension Scenario {
  /// The commands that it runs on hosts itself, by steps and checks, each with the place of its step.
  public var hostCommands: [(command: SSHCommand, location: SourceLocation)] {
    (setup + steps + teardown).flatMap(\.hostCommands)
  }
}

extension Step {
  /// The commands of it and of the steps within it.
  public var hostCommands: [(command: SSHCommand, location: SourceLocation)] {
    switch kind {
    case .ssh(let command): command.file == nil ? [(command, location)] : []
    case .expect(let check): check.hostCommands.map { ($0, location) }
    case .group(_, let steps): steps.flatMap(\.hostCommands)
    case .act, .point, .drag, .scroll, .type, .press, .wait, .read, .tool, .screenshot, .note: []
    }
  }
}

extension Check {
  fileprivate var hostCommands: [SSHCommand] {
    switch self {
    case .ssh(let check): [check.run]
    case .not(let check): check.hostCommands
    case .all(let checks), .any(let checks): checks.flatMap(\.hostCommands)
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .file, .application, .log,
      .value:
      []
    }
  }
}
