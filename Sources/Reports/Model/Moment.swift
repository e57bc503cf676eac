public import Scenario
public import Story

/// Something that happened in an attempt and that a report shows.
public struct Moment: Hashable, Sendable {
  /// How long after the start of the attempt.
  public var at: Duration
  /// What.
  public var kind: Kind

  /// A moment.
  public init(at: Duration, _ kind: Kind) {
    self.at = at
    self.kind = kind
  }

  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// The screen looked so.
    case saw(FrameReference)
    /// The local engine looked for something.
    case looked(Search)
    /// A model was asked.
    case asked(ModelCall)
    /// The judge was asked.
    case judged(JudgeCall)
    /// An action was proposed, and perhaps done.
    case action(ActionReport)
    /// A command was run on a host.
    case command(CommandReport)
    /// A check was decided.
    case check(CheckReport)
    /// A picture was kept under a name.
    case picture(name: String, FrameReference)
    /// A value was taken off the screen or a host.
    case value(name: String, value: String)
    /// A lane took the step.
    case lane(LaneName, reason: String)
    /// A model said something worth showing.
    case said(String)
    /// A line for the report.
    case remark(String)
    /// Something is not as it should be.
    case warning(String)
    /// Something outside the product went wrong.
    case fault(Fault)
  }

  /// The picture that shows it best.
  public var frame: FrameReference? {
    switch kind {
    case .saw(let frame), .picture(_, let frame): frame
    case .action(let action): action.after ?? action.before
    case .check(let check): check.evidence.frame
    case .looked(let search): search.frame
    case .asked, .judged, .command, .value, .lane, .said, .remark, .warning, .fault: nil
    }
  }
}

/// A search of the local engine.
public struct Search: Hashable, Sendable {
  /// What for, in words.
  public var target: String
  /// The last answer.
  public var location: Location
  /// How often it looked in a row.
  public var looks: Int
  /// The picture on which it was not found; nil where it was, which the action shows.
  public var frame: FrameReference?

  /// A search.
  public init(
    target: String, location: Location, looks: Int = 1, frame: FrameReference? = nil
  ) {
    self.target = target
    self.location = location
    self.looks = looks
    self.frame = frame
  }
}

/// A call of a model.
public struct ModelCall: Hashable, Sendable {
  /// The model's role.
  public var role: String
  /// What the conversation gained since the last call.
  public var messages: [Message]
  /// The answer; nil when none came.
  public var reply: ModelReply?

  /// A call.
  public init(role: String, messages: [Message], reply: ModelReply? = nil) {
    self.role = role
    self.messages = messages
    self.reply = reply
  }
}

/// A question to the judge.
public struct JudgeCall: Hashable, Sendable {
  /// The statement.
  public var statement: String
  /// How many votes were asked for.
  public var votes: Int
  /// The answers.
  public var replies: [ModelReply]

  /// A question.
  public init(statement: String, votes: Int, replies: [ModelReply] = []) {
    self.statement = statement
    self.votes = votes
    self.replies = replies
  }
}

/// A command on a host, from its beginning to what came of it.
public struct CommandReport: Hashable, Sendable {
  /// The command.
  public var command: SSHCommand
  /// What came of it; nil where that is not known.
  public var result: CommandResult?
  /// What the policy says, where a model wanted it.
  public var ruling: CommandRuling?
  /// Whether it was begun.
  public var isBegun: Bool

  /// A command that was begun.
  public init(command: SSHCommand, result: CommandResult? = nil) {
    self.command = command
    self.result = result
    isBegun = true
  }

  /// A command that a model wants.
  public init(ruling: CommandRuling) {
    command = SSHCommand(run: Template(ruling.command), host: ruling.host)
    self.ruling = ruling
    isBegun = false
  }

  /// What became of it, in words.
  public var words: String {
    guard isBegun else { return "was not run: \(ruling?.reason ?? "it was not permitted")" }
    return result?.ending.words ?? "was begun, and it is not known whether it was done"
  }
}

/// An action, from proposal to effect.
public struct ActionReport: Hashable, Sendable {
  /// How far it came.
  public enum Status: Hashable, Sendable {
    /// Proposed; the attempt went no further.
    case proposed
    /// Refused before it was done.
    case refused(reason: String)
    /// Under way when the attempt ended.
    case started
    /// Done.
    case done
  }

  /// What.
  public var action: Action
  /// Who proposed it; nil when nobody was recorded.
  public var lane: LaneName?
  /// Why, in the lane's own words.
  public var thought: String
  /// What it was done to.
  public var target: Hit?
  /// The screen it was decided on.
  public var before: FrameReference?
  /// The screen as it was seen next.
  public var after: FrameReference?
  /// How far it came.
  public var status: Status
  /// How the screen came to rest.
  public var settling: Settling?

  /// An action.
  public init(
    action: Action, lane: LaneName? = nil, thought: String = "", target: Hit? = nil,
    before: FrameReference? = nil, after: FrameReference? = nil, status: Status = .proposed,
    settling: Settling? = nil
  ) {
    self.action = action
    self.lane = lane
    self.thought = thought
    self.target = target
    self.before = before
    self.after = after
    self.status = status
    self.settling = settling
  }
}

/// A check and the evidence it was last decided on.
public struct CheckReport: Hashable, Sendable {
  /// The evidence.
  public var evidence: Evidence
  /// How often it was decided in a row.
  public var looks: Int
  /// How much was read on its picture; nil where no text was looked for, or that was not recorded.
  public var read: ReadAccount?

  /// A check.
  public init(evidence: Evidence, looks: Int = 1, read: ReadAccount? = nil) {
    self.evidence = evidence
    self.looks = looks
    self.read = read
  }
}
