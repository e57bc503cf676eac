public import Pixels
public import Scenario

/// Something that happened outside of the machine: the only thing that moves it.
///
/// An event carries all that the machine may know of it. Together with the plan and the times, the
/// events of a session are enough to make every decision again.
public enum SessionEvent: Hashable, Codable, Sendable {
  /// The target is up and shows a picture.
  case prepared(size: PixelSize, description: String)
  /// The screen was looked at.
  case observed(frame: FrameReference)
  /// The local engine read an `act` line; nil when it does not understand all of it.
  case interpreted(moves: [Move]?)
  /// The local engine looked for a target.
  case located(location: Location)
  /// The local engine looked for a checkbox: its box and whether it is on, or why that cannot be told.
  case toggleFound(hit: Hit, isOn: Bool?, reason: String? = nil)
  /// A model answered.
  case replied(reply: ModelReply)
  /// The target's patch was compared with the frame the decision was made on.
  case compared(isUnchanged: Bool)
  /// An action was allowed or refused; nil means allowed.
  case authorised(refusal: String?)
  /// An action was done.
  case acted
  /// A command on a host is over, or was left.
  case ran(result: CommandResult)
  /// The screen came to rest, or did not.
  case settled(settling: Settling)
  /// The leaves of a check were read, in the order asked.
  case examined(readings: [LeafReading])
  /// The pictures since an update were read.
  case pastRead(past: PastReading)
  /// The judge answered, once for each vote.
  case judged(replies: [ModelReply])
  /// Texts that may be the value, best first, and all that is known of each. Older recordings have only the
  /// texts.
  case readValues(values: [String], found: [ReadValue]? = nil)
  /// The field that a text goes into was looked at.
  case fieldSeen(sight: FieldSight)
  /// The field that was typed into, or emptied, was read; without what became of it in older recordings.
  case fieldRead(reading: FieldReading, sight: FieldSight? = nil)
  /// A picture was kept for the report.
  case pictureKept(frame: FrameReference)
  /// A wait for a change ended; false when nothing changed in its time.
  case changed(didChange: Bool)
  /// A pause is over.
  case elapsed
  /// The lost screen is back.
  case recovered(size: PixelSize)
  /// What was asked for could not be done, through no fault of the product.
  case failed(fault: Fault)
  /// The time limit that came with the effect is over.
  case limitReached
  /// A signal asks to stop.
  case interrupted
}

/// What the machine wants to be done next; its result comes back as an event.
public enum Effect: Hashable, Codable, Sendable {
  /// Bring the target up.
  case prepare
  /// Look at the screen; `settled` waits for quiet first.
  case observe(settled: Bool)
  /// Read an `act` line with the local engine, in a language; nil is English.
  case interpret(line: String, language: String? = nil)
  /// Look for a target on the last frame.
  case locate(target: Target, role: TargetRole)
  /// Ask a model; `appended` is what the conversation gained since it was last asked.
  ///
  /// Without `tools` it has the screen's alone.
  case think(role: String, appended: [Message], digest: String, tools: [ToolName]? = nil)
  /// Compare a patch of the screen with a frame; nil is the last one.
  case compare(patch: PixelRect, since: FrameReference? = nil)
  /// Ask whether an action may be done.
  case authorise(action: Action)
  /// Do an action.
  case act(action: Action)
  /// Ask a person whether a command that a model wants may run; the reason is the policy's.
  case permit(command: SSHCommand, reason: String)
  /// Run a command on a host.
  case run(command: SSHCommand)
  /// Wait until the screen comes to rest, at least for `quiet` when given; patiently where a look too early
  /// costs more than the wait.
  case settle(quiet: Duration?, isPatient: Bool = false)
  /// Read the leaves of a check on the last frame. In older recordings those that ask for the past are among
  /// them, and are read on all pictures after the update `since`.
  case examine(leaves: [Check], since: UInt64)
  /// Read a leaf on the pictures after an update, oldest first, until one shows it or, where it is not wanted,
  /// until one does not.
  case readPast(leaf: Check, since: UInt64, isWanted: Bool)
  /// Ask the judge about the last frame: for one vote of so many, or without a number for all of them.
  case judge(statement: String, votes: Int, digest: String, vote: Int? = nil)
  /// Read a value off the last frame.
  case read(what: String, region: Region?, near: String? = nil)
  /// Look what became of the field around a point since the last action, without reading it.
  case seeField(at: ScreenPoint)
  /// Read the field around a point on the last frame, and compare it with a text that was typed there;
  /// `isWhole` when there was nothing in it before. The empty text asks whether it is empty.
  case readField(at: ScreenPoint, text: Template, isWhole: Bool)
  /// Keep a picture for the report.
  case keepPicture(name: String)
  /// Wait for a change of the screen after the last frame.
  case awaitChange(upTo: Duration)
  /// Wait.
  case pause(duration: Duration)
  /// Bring the lost screen back.
  case recover
  /// Wait for the person.
  case hold
  /// The end.
  case finish(outcome: Outcome)
}

/// Something worth knowing that the machine decided: for the journal, the reports and the live view.
public enum Note: Hashable, Codable, Sendable {
  /// A step began.
  case stepStarted(step: StepInfo)
  /// A step ended.
  case stepFinished(step: Int, ending: Ending, duration: Duration)
  /// A lane took the step, and why it was not an earlier one.
  case laneTaken(lane: LaneName, reason: String)
  /// A lane proposed an action.
  case proposed(proposal: Proposal)
  /// A proposal was refused.
  case rejected(reason: String)
  /// The policy decided about a command that a model wants to run.
  case ruled(ruling: CommandRuling)
  /// A check was decided for now.
  case checked(evidence: Evidence)
  /// A model said something worth showing.
  case said(text: String)
  /// A value was taken off the screen or a host.
  case valueRead(name: String, value: String)
  /// A line for the report.
  case remark(text: String)
  /// Something that is not as it should be, and does not change the verdict.
  case warning(text: String)
}

/// Who decides.
public enum LaneName: String, Hashable, Codable, Sendable {
  /// Plain steps, text and pictures.
  case local
  /// A model.
  case model
  /// The scenario itself says exactly what to do.
  case scenario
}

/// What the reports need to know of a step.
public struct StepInfo: Hashable, Codable, Sendable {
  /// The part of the scenario.
  public enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
    case setup, steps, teardown
  }

  /// Counts from 0 over all phases.
  public var index: Int
  /// The part of the scenario.
  public var phase: Phase
  /// The names of the groups around it, from the outside.
  public var groups: [String]
  /// What a person calls it.
  public var title: String
  /// Its key in the scenario file.
  public var keyword: String
  /// Where it stands.
  public var location: SourceLocation

  /// What the reports need to know.
  public init(
    index: Int, phase: Phase, groups: [String] = [], title: String, keyword: String,
    location: SourceLocation
  ) {
    self.index = index
    self.phase = phase
    self.groups = groups
    self.title = title
    self.keyword = keyword
    self.location = location
  }
}

/// An action that a lane proposes, before it is validated.
public struct Proposal: Hashable, Codable, Sendable {
  /// Who proposes.
  public var lane: LaneName
  /// Why, in the lane's own words.
  public var thought: String
  /// What.
  public var action: Action
  /// What it is done to, if perception found it.
  public var target: Hit?
  /// The frame it was decided on.
  public var frame: FrameReference

  /// A proposal.
  public init(
    lane: LaneName, thought: String = "", action: Action, target: Hit? = nil, frame: FrameReference
  ) {
    self.lane = lane
    self.thought = thought
    self.action = action
    self.target = target
    self.frame = frame
  }
}

/// What a check was decided on.
public struct Evidence: Hashable, Codable, Sendable {
  /// What was expected, in words.
  public var expected: String
  /// What was measured, in words.
  public var measured: String
  /// Whether it holds, for sure.
  public var holds: Bool
  /// Why it cannot be told whether it holds; nil when it can.
  public var doubt: String?
  /// Where on the frame.
  public var regions: [PixelRect]
  /// The frame; nil for a check of values alone.
  public var frame: FrameReference?
  /// Whether it is for the absence of a text, where what was read is known; nil when it is not.
  public var isForAbsence: Bool?

  /// Evidence.
  public init(
    expected: String, measured: String, holds: Bool, doubt: String? = nil,
    regions: [PixelRect] = [], frame: FrameReference? = nil, isForAbsence: Bool? = nil
  ) {
    self.expected = expected
    self.measured = measured
    self.holds = holds
    self.doubt = doubt
    self.regions = regions
    self.frame = frame
    self.isForAbsence = isForAbsence
  }
}
