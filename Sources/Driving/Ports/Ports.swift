internal import JSONCoding
public import Pixels
public import Scenario
internal import Session
public import Story

/// The screen under test.
///
/// Calls come one at a time; cancelling one makes it return at once.
public protocol ScreenPort: Sendable {
  /// Brings the target up and returns when it shows its first whole picture.
  func prepare() async throws(Fault) -> ScreenInfo
  /// The picture now; `settled` waits for quiet first, within the port's own limit.
  func frame(settled: Bool) async throws(Fault) -> Frame
  /// Does an action; everything it pressed is let go of when this returns or throws.
  func perform(_ action: Action) async throws(Fault)
  /// Waits until the screen comes to rest after the last action.
  ///
  /// - Parameters:
  ///   - quiet: the quiet window, in place of the port's own.
  ///   - isPatient: whether an answer is waited for longer, where none came or only a button moved.
  func settle(quiet: Duration?, isPatient: Bool) async throws(Fault) -> Settling
  /// Waits for a change after an update count; false when there is none in time.
  func awaitChange(after sequence: UInt64, upTo limit: Duration) async throws(Fault) -> Bool
  /// Whether the pixels of a patch are those of an earlier frame.
  func isUnchanged(_ patch: PixelRect, since frame: Frame) async throws(Fault) -> Bool
  /// What the screen showed after an update, oldest first.
  func past(since sequence: UInt64) async throws(Fault) -> ScreenPast
  /// Connects again after the connection was lost.
  func recover() async throws(Fault) -> ScreenInfo
  /// Ends the target if it is ours, and the connection.
  func close() async
  /// What is known of an application that was started for the attempt and does not just run; nil while it
  /// does, and where there is none. It answers at once, also while another call hangs.
  func application() async -> ApplicationState?
  /// Whether what that application wrote until now is what a check says.
  func examine(_ check: Check.LogCheck) async throws(Fault) -> LeafReading
  /// What that application wrote; nil where there is none. Also after `close`.
  func output() async -> ApplicationOutput?
}

// A screen with no application of ours.
extension ScreenPort {
  /// Nothing is known.
  public func application() async -> ApplicationState? { nil }

  /// Nobody knows what it wrote.
  public func examine(_ check: Check.LogCheck) async throws(Fault) -> LeafReading {
    throw Fault(.scenario, "this target has no application whose output is known")
  }

  /// Nobody knows what it wrote.
  public func output() async -> ApplicationOutput? { nil }
}

/// The hosts under test, on which commands run.
///
/// Calls come one at a time; cancelling one leaves its command.
public protocol HostPort: Sendable {
  /// Runs a command within its limit.
  ///
  /// - Throws: why it is not known what came of it; `wasNotDone` where it is certain that it was not begun.
  func run(_ command: SSHCommand) async throws(Fault) -> CommandResult
  /// Runs the command of a check, and says whether what came of it is what the check wants.
  func examine(_ check: Check.SSHCheck) async throws(Fault) -> LeafReading
  /// Whether a file of the case or of the project is what a check wants.
  func examine(_ check: Check.FileCheck) async throws(Fault) -> LeafReading
  /// Ends the sessions.
  func close() async
}

// Hosts without files of the case.
extension HostPort {
  /// Nothing is known.
  public func examine(_ check: Check.FileCheck) async throws(Fault) -> LeafReading {
    throw Fault(.harness, "internal error: nobody is there to look at files")
  }
}

/// What a screen showed lately.
public struct ScreenPast: Sendable {
  /// A picture that was on the screen for a while.
  public struct Moment: Sendable {
    /// The update that made it.
    public var sequence: UInt64
    /// How long ago it appeared.
    public var age: Duration
    /// What of it differs from the moment before; nil is all.
    public var changes: [PixelRect]?
    private let picture: @Sendable () -> Frame?

    /// A moment; `picture` puts the frame together when it is wanted.
    public init(
      sequence: UInt64, age: Duration, changes: [PixelRect]?,
      picture: @escaping @Sendable () -> Frame?
    ) {
      self.sequence = sequence
      self.age = age
      self.changes = changes
      self.picture = picture
    }

    /// The picture.
    public var frame: Frame? { picture() }
  }

  /// The moments, oldest first; never empty while the screen is up.
  public var moments: [Moment]
  /// Whether nothing since then was dropped to save memory.
  public var isWhole: Bool

  /// A past.
  public init(moments: [Moment], isWhole: Bool) {
    self.moments = moments
    self.isWhole = isWhole
  }
}

/// What is known of a screen when it is up.
public struct ScreenInfo: Hashable, Sendable {
  /// Its size.
  public var size: PixelSize
  /// What it is, in words: `Xvnc :12`, `vnc://lab:5901`.
  public var description: String

  /// What is known.
  public init(size: PixelSize, description: String) {
    self.size = size
    self.description = description
  }
}

/// The local engine: the plain-step language, text and pictures.
public protocol PerceptionPort: Sendable {
  /// Reads an `act` line in the language of a code, nil for English; nil unless all of it is understood.
  ///
  /// The answer depends on the line and the language alone.
  func interpret(_ line: String, language: String?) -> [Move]?
  /// Looks for a target.
  func locate(_ target: Target, role: TargetRole, in frame: Frame) async throws(Fault) -> Location
  /// Looks for the checkbox or radio button of a label; its state is nil where it cannot be told.
  func toggle(_ target: Target, in frame: Frame) async throws(Fault) -> ToggleLocation
  /// Reads one leaf of a check.
  func examine(_ leaf: Check, in frame: Frame) async throws(Fault) -> LeafReading
  /// Compares a value, which needs no picture, with the values of secrets in the places of their names.
  func compare(_ value: Template, _ comparison: Check.Comparison) throws(Fault) -> LeafReading
  /// What differs where a leaf compares pictures, as a picture for the report; nil for other leaves.
  func difference(_ leaf: Check, in frame: Frame) async -> Frame?
  /// Reads the field around a point and compares it with a text that was typed there; what cannot be told is
  /// unknown, so it never fails.
  ///
  /// - Parameters:
  ///   - text: what was typed; the empty text asks whether the field is empty.
  ///   - isWhole: whether there was nothing in the field before.
  func readField(
    at point: ScreenPoint, typed text: Template, isWhole: Bool, in frame: Frame
  ) async -> FieldReading
  /// What became of the field around a point since an earlier picture; reads no text.
  func seeField(at point: ScreenPoint, since before: Frame, in frame: Frame) async -> FieldSight
  /// Texts that may be the value: by label in reading order, and of each label the likeliest first.
  ///
  /// - Parameter near: only those of the label that is nearest to this text.
  func read(
    _ what: String, region: Region?, near: String?, in frame: Frame
  ) async throws(Fault) -> [ReadValue]
}

// An engine that knows no secrets.
extension PerceptionPort {
  /// Compares what is written there.
  public func compare(
    _ value: Template, _ comparison: Check.Comparison
  ) throws(Fault) -> LeafReading {
    LeafReading(
      holds: try ValueCheck.holds(value.description, comparison), measured: "“\(value)”")
  }
}

/// What the local engine says about a checkbox.
public enum ToggleLocation: Hashable, Sendable {
  /// There it is, and its state, or why that cannot be told.
  case found(Hit, isOn: Bool?, reason: String? = nil)
  /// Its label or its box was not found.
  case notFound(Location)
}

/// The models.
///
/// Calls come one at a time; cancelling one closes its connection.
public protocol ModelPort: Sendable {
  /// Asks the acting model to go on, with these tools; `frame` is the picture in the last message that has one.
  func think(
    role: String, conversation: [Message], tools: [ToolName], frame: KeptFrame?
  ) async throws(Fault) -> ModelReply
  /// Asks the judge; of several votes on one picture each is drawn anew, from the second on.
  func judge(
    _ messages: [Message], vote: Int, frame: KeptFrame
  ) async throws(Fault) -> ModelReply
}

/// A frame that was kept: its pixels, what the journal calls it, and its encoded bytes.
public struct KeptFrame: Sendable {
  /// The pixels.
  public var frame: Frame
  /// What the journal calls it.
  public var reference: FrameReference
  /// The picture as a PNG file; empty when nobody needed it yet.
  public var png: [UInt8]
  /// The base64 text of that file in parts, for models; empty when nobody needed it yet.
  public var base64Parts: [[UInt8]]

  /// A frame that was kept.
  public init(
    frame: Frame, reference: FrameReference, png: [UInt8] = [], base64Parts: [[UInt8]] = []
  ) {
    self.frame = frame
    self.reference = reference
    self.png = png
    self.base64Parts = base64Parts
  }
}

/// The recording of one attempt.
///
/// It never fails: what cannot be written is reported elsewhere and changes no verdict.
public protocol RecordPort: Sendable {
  /// Keeps a picture; the same pixels are kept once.
  func keep(_ frame: Frame) async -> KeptFrame
  /// Writes a line of the journal.
  func record(_ entry: JournalEntry) async
}

/// The person at a supervised run.
public protocol PersonPort: Sendable {
  /// Why the action is not permitted; nil when it is.
  func authorise(_ action: Action) async -> String?
  /// Why a command that a model wants may not run; nil when it may.
  ///
  /// - Parameter reason: why the policy leaves it to a person.
  func permit(_ command: SSHCommand, because reason: String) async -> String?
}

/// Time, as the driver sees it.
public struct SessionClock: Sendable {
  /// The time since the attempt began.
  public var now: @Sendable () -> Duration
  /// Lets time pass; throws when cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// A clock.
  public init(
    now: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// The machine's own monotonic clock, from now on.
  public static func continuous() -> SessionClock {
    let clock = ContinuousClock()
    let start = clock.now
    return SessionClock(
      now: { clock.now - start },
      sleep: { try await clock.sleep(until: clock.now + min($0, JSON.longestDuration)) })
  }
}
