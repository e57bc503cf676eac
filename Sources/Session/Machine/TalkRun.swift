internal import Pixels
internal import Scenario
internal import Story

/// The talk with a model about one step, or about one stroke of it.
struct TalkRun: Hashable, Sendable {
  /// What the model may do here.
  enum Scope: Hashable, Sendable {
    /// Anything, until it says that it is done.
    case goal
    /// One action on a target that the local engine did not find.
    case single
  }

  var scope: Scope
  /// What the step comes to when the model ends without the action it was asked for.
  var otherwise: Ending
  /// Text that goes before the next picture.
  var opening: String
  /// The calls of the last reply.
  var calls = CallQueue()
  var refusals = 0
  var silences = 0
  var lastAction: Action?
  var repeats = 0
  private var lastCommand: SSHCommand?
  private var commandRepeats = 0
  /// How many of the last actions changed nothing.
  var idleActions = 0
  /// Whether the last answer was the quicker model's.
  var isFast = false

  init(scope: Scope, otherwise: Ending, opening: String) {
    self.scope = scope
    self.otherwise = otherwise
    self.opening = opening
  }

  /// Takes in a command, and counts how often the same one came before it in a row.
  mutating func count(_ command: SSHCommand) -> Int {
    commandRepeats = command == lastCommand ? commandRepeats + 1 : 0
    lastCommand = command
    return commandRepeats
  }
}

/// The calls of one reply: done in order, and each answered.
struct CallQueue: Hashable, Sendable {
  /// Those that are not answered yet; the first is at work.
  var open: [ToolRequest] = []
  /// What the model said beside them.
  var reasoning = ""
  /// What their coordinates are counted in.
  var space: ModelSpace?
  /// The picture that they were decided on.
  var shown: FrameReference?
  /// The picture before the last action that one of them did; nil while none has done any.
  var beforeLast: FrameReference?

  /// Whether something was done for one of them.
  var hasActed: Bool { beforeLast != nil }
}
