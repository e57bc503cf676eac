internal import Durations
public import Pixels

/// A picture of the screen that was kept: its bytes by their hash, and which state of the screen it shows.
public struct FrameReference: Hashable, Codable, Sendable {
  /// The SHA-256 of the kept PNG in lower-case hexadecimal; empty when it is not kept.
  public var blob: String
  /// A digest of the pixels, whether or not the picture is kept; nil in recordings from before.
  public var pixels: String?
  /// The size.
  public var size: PixelSize
  /// The screen's update count; equal numbers mean equal pixels.
  public var sequence: UInt64

  /// A reference.
  public init(blob: String, pixels: String? = nil, size: PixelSize, sequence: UInt64) {
    self.blob = blob
    self.pixels = pixels
    self.size = size
    self.sequence = sequence
  }

  /// Whether both show the same pixels, as far as that can be told.
  public func showsSame(as other: FrameReference) -> Bool {
    guard size == other.size else { return false }
    if let pixels, let others = other.pixels { return pixels == others }
    if blob.isEmpty || other.blob.isEmpty { return sequence == other.sequence }
    return blob == other.blob
  }

  /// What stands for the picture in a digest: never where or whether it is kept.
  public var identity: String { pixels ?? blob }
}

/// Something that was found on the screen.
public struct Hit: Hashable, Codable, Sendable {
  /// What stands there.
  public var text: String
  /// Where: the part that is pressed or compared.
  public var box: PixelRect
  /// How sure perception is, 0…1.
  public var score: Double

  /// A hit.
  public init(text: String, box: PixelRect, score: Double = 1) {
    self.text = text
    self.box = box
    self.score = score
  }
}

/// What the local engine says about a target.
public enum Location: Hashable, Codable, Sendable {
  /// There it is.
  case found(Hit)
  /// It is not there, or not as the target says: the closest texts, why in one sentence, and the places on
  /// the screen that come nearest. Older recordings have only the texts.
  case missing(closest: [String], reason: String? = nil, nearest: [Hit]? = nil)
  /// It is there more than once.
  case ambiguous([Hit])
  /// This kind of target is not for the local engine.
  case unsupported(reason: String)
}

/// What the target is looked up for, which decides what around it is meant.
public enum TargetRole: String, Hashable, Codable, Sendable, CaseIterable {
  /// The thing itself.
  case press
  /// The field that belongs to the label.
  case field
  /// The box of a checkbox or radio button that belongs to the label.
  case toggle
}

/// A text on the screen that may be the value that is read.
public struct ReadValue: Hashable, Codable, Sendable {
  /// The value.
  public var text: String
  /// Where it stands.
  public var box: PixelRect
  /// The number of the label that it belongs to, in reading order from 0: of the values of one label the first
  /// that fits counts, values of two labels are two.
  public var label: Int
  /// Why it cannot be told what it says, as the end of a sentence; nil when it can.
  public var doubt: String?

  /// A value.
  public init(text: String, box: PixelRect, label: Int, doubt: String? = nil) {
    self.text = text
    self.box = box
    self.label = label
    self.doubt = doubt
  }
}

/// What a check saw on one frame.
public struct LeafReading: Hashable, Codable, Sendable {
  /// Whether the leaf holds, for sure.
  public var holds: Bool
  /// Why it cannot be told whether it holds; nil when it can.
  ///
  /// A leaf in doubt does not hold, and neither does its opposite.
  public var doubt: String?
  /// What was measured, in words.
  public var measured: String
  /// Where, if at one place.
  public var region: PixelRect?
  /// The picture, if it is an earlier one.
  public var frame: FrameReference?
  /// How much was read where it looked; nil when it asked for no text, and in older recordings.
  public var read: ReadAccount?

  /// A reading.
  public init(
    holds: Bool, doubt: String? = nil, measured: String, region: PixelRect? = nil,
    frame: FrameReference? = nil, read: ReadAccount? = nil
  ) {
    self.holds = holds && doubt == nil
    self.doubt = doubt
    self.measured = measured
    self.region = region
    self.frame = frame
    self.read = read
  }

  /// The answer it gives.
  public var answer: Answer {
    doubt != nil ? .unclear : holds ? .yes : .no
  }
}

/// What is known of whether something holds: where eyes are asked, doubt is an answer.
public enum Answer: String, Hashable, Codable, Sendable, CaseIterable {
  case yes, no
  /// It cannot be told.
  case unclear

  /// The answer to a question that can only be answered by yes or no.
  public init(_ holds: Bool) { self = holds ? .yes : .no }

  /// The answer to the opposite question.
  public var opposite: Answer {
    switch self {
    case .yes: .no
    case .no: .yes
    case .unclear: .unclear
    }
  }
}

/// How the screen came to rest after an action.
public enum Settling: Hashable, Codable, Sendable {
  /// No damage for the quiet window.
  case quiet(after: Duration)
  /// The action changed nothing.
  case noEffect
  /// Only what was clicked has changed: it may show that it was pressed, or be all that was to change.
  case feedback
  /// Some regions keep moving; the rest is quiet.
  case animated([PixelRect])
  /// It never came to rest within the limit.
  case timedOut

  /// The result in words.
  public var title: String {
    switch self {
    case .quiet(let duration): "quiet after \(duration.brief)"
    case .noEffect: "nothing changed"
    case .feedback: "only what it was done to changed"
    case .animated: "something keeps moving"
    case .timedOut: "never came to rest"
    }
  }
}
