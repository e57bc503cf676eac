/// What a command gets from the process it runs in.
struct CommandContext: Sendable {
  /// Where results and messages go.
  let output: Output
  /// The environment variables.
  let environment: [String: String]
}

/// Why a command cannot do what was asked, in words for the person who asked.
struct CommandError: Error, Equatable {
  /// What is wrong, with the thing, the value, and what to do.
  let message: String
  /// What the process says when it ends.
  var code = ExitCode.usage
}
