public import Pixels

/// What the eyes say when they are asked whether a text is somewhere: it is, it is not, or it cannot be told.
///
/// What that means for a check or a step is decided elsewhere; here is only what was seen.
public struct Presence: Hashable, Sendable {
  /// The places that show the text for sure, in reading order.
  public let hits: [TextHit]
  /// The places that may show it: read with doubt, or not read at all.
  public let doubts: [Doubt]
  /// How much was read where it was looked for.
  public let share: ReadShare
  /// All places there that were not read, whether they may show the text or not.
  public let unread: [UnreadInk]

  /// What was seen.
  public init(
    hits: [TextHit], doubts: [Doubt] = [],
    share: ReadShare = ReadShare(sure: 0, doubtful: 0, unread: 0), unread: [UnreadInk] = []
  ) {
    self.hits = hits
    self.doubts = doubts
    self.share = share
    self.unread = unread
  }

  /// The same look, with other places.
  public func with(hits: [TextHit]? = nil, doubts: [Doubt]? = nil) -> Presence {
    Presence(
      hits: hits ?? self.hits, doubts: doubts ?? self.doubts, share: share, unread: unread)
  }

  /// Whether it is there for sure.
  public var isShown: Bool { !hits.isEmpty }

  /// Whether it is not there for sure.
  public var isAbsent: Bool { hits.isEmpty && doubts.isEmpty }

  /// Whether the text is there so many times; nil when it cannot be told.
  public func isShown(times count: Int) -> Bool? {
    if hits.count > count || hits.count + doubts.count < count { return false }
    return doubts.isEmpty ? true : nil
  }
}

/// A place of which it cannot be told whether it shows a text.
public struct Doubt: Hashable, Sendable {
  /// Where it is.
  public let box: PixelRect
  /// What it was read as, one way and another; empty when it was not read at all.
  public let readings: [String]
  /// Why it is in doubt, as the end of a sentence: `read as “5O” and as “50”`.
  public let reason: String

  /// A place in doubt.
  public init(box: PixelRect, readings: [String] = [], reason: String) {
    self.box = box
    self.readings = readings
    self.reason = reason
  }
}

/// Ink that looks like text and was not read: a thing on the screen of which only the place is known.
public struct UnreadInk: Hashable, Codable, Sendable {
  /// Why it was not read.
  public enum Cause: String, Hashable, Codable, Sendable, CaseIterable {
    /// The recogniser saw nothing in it, or read it every time as something else.
    case unknown
    /// Signs that the reader does not look at: icons, bullets, marks.
    case symbol
    /// Letters that are too large or too small.
    case size
    /// Hardly darker or lighter than its ground.
    case pale
    /// A stroke goes through it that could not be taken out.
    case struck
    /// More on the screen than is read.
    case tooMuch = "too much"
  }

  /// Where it is.
  public let box: PixelRect
  /// Why it was not read.
  public let cause: Cause
  /// The fewest and the most signs that it could be.
  public let signs: ClosedRange<Int>

  /// A place that was not read.
  public init(box: PixelRect, cause: Cause, signs: ClosedRange<Int>) {
    self.box = box
    self.cause = cause
    self.signs = signs
  }

  /// Whether a text of so many signs could stand there.
  public func couldHold(_ count: Int) -> Bool { signs.contains(count) }
}
