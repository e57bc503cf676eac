import Perception

/// A way in which a scenario asks for a text.
public enum HonestyWay: String, CaseIterable, Sendable {
  case expect, absent, count, matches, value
}

/// What the eyes say to a text at a place, asked in every way.
struct HonestySight {
  /// Whether the text is there.
  var text: Presence
  /// Whether a line is there that has it in it.
  var line: Presence
  /// What a value there reads; nil when it is in doubt.
  var value: String?
}

/// What came of a question.
public enum HonestyOutcome: String, CaseIterable, Sendable {
  case right
  case wrongYes = "wrong: it is"
  case wrongNo = "wrong: it is not"
  case cannotTell = "cannot tell"
}

/// One question, what came of it, and what was seen.
public struct HonestyAnswer: Sendable {
  /// The screen and the toolkit.
  public let screen: String
  /// What drew it.
  public let toolkit: String
  /// Where it was asked.
  public let place: HonestyPlace
  /// The text that was asked for.
  public let asked: String
  /// How it was asked.
  public let way: HonestyWay
  /// What came of it.
  public let outcome: HonestyOutcome
  /// What the place was read as, or why it could not be.
  public let seen: String
}

/// How many questions were answered in which way.
public struct HonestyCount: Hashable, Sendable {
  private var counts: [HonestyOutcome: Int] = [:]

  /// How many ended so.
  public internal(set) subscript(_ outcome: HonestyOutcome) -> Int {
    get { counts[outcome] ?? 0 }
    set { counts[outcome] = newValue }
  }

  /// All of them.
  public var all: Int { counts.values.reduce(0, +) }

  /// Those that say what is not so.
  public var wrong: Int { self[.wrongYes] + self[.wrongNo] }
}

/// The answers over some screens.
public struct HonestyScore: Sendable {
  /// Every one of them.
  public private(set) var answers: [HonestyAnswer] = []

  /// A score of nothing.
  public init() {}

  /// Adds another score.
  public mutating func add(_ other: HonestyScore) { answers += other.answers }

  mutating func add(
    _ sight: HonestySight, _ seen: String, _ asked: String, _ place: HonestyPlace,
    _ screen: HonestyScreen
  ) {
    for way in HonestyWay.allCases {
      let outcome = way.outcome(sight, asked, shown: place.shown)
      answers.append(
        HonestyAnswer(
          screen: screen.name, toolkit: screen.toolkit, place: place, asked: asked, way: way,
          outcome: outcome, seen: seen))
    }
  }

  /// What came of those questions that are chosen.
  public func count(where isChosen: (HonestyAnswer) -> Bool = { _ in true }) -> HonestyCount {
    answers.reduce(into: HonestyCount()) { if isChosen($1) { $0[$1.outcome] += 1 } }
  }
}

extension HonestyWay {
  /// What this way of asking makes of what was seen.
  fileprivate func outcome(
    _ sight: HonestySight, _ asked: String, shown: String
  ) -> HonestyOutcome {
    guard let answer = answer(sight, asked) else { return .cannotTell }
    // A pattern holds for a part of a line too.
    let isThere = self == .matches ? shown.contains(asked) : asked == shown
    return answer == isThere ? .right : answer ? .wrongYes : .wrongNo
  }

  private func answer(_ sight: HonestySight, _ asked: String) -> Bool? {
    let presence = self == .matches ? sight.line : sight.text
    switch self {
    case .expect, .matches: return presence.isShown ? true : presence.isAbsent ? false : nil
    // What `absent` says to the text is the opposite of what it says of itself.
    case .absent: return presence.isAbsent ? false : presence.isShown ? true : nil
    case .count: return presence.isShown(times: 1)
    case .value: return sight.value.map { Self.plain($0) == Self.plain(asked) }
    }
  }

  private static func plain(_ text: String) -> String {
    text.lowercased().filter { !$0.isWhitespace }
  }
}
