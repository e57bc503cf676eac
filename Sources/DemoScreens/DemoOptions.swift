public import Pixels

/// What a demo screen does wrong on purpose, to prove that a harness notices.
public enum DemoFault: String, Hashable, Sendable, CaseIterable {
  /// The button moves, and nothing happens.
  case deadButton = "dead-button"
  /// A wrong password is answered with a message about something else.
  case wrongMessage = "wrong-message"
  /// The success page greets another person.
  case wrongName = "wrong-name"
  /// Any password is good.
  case alwaysWelcome = "always-welcome"
  /// The orders are loading for ever.
  case neverLoads = "never-loads"
  /// Every fifth key press is lost.
  case lostKeys = "lost-keys"
  /// The success page shows for `flashTime`; then the session is over.
  case flashSuccess = "flash-success"
  /// The screen has another size after signing in.
  case resize
  /// The caret blinks every 600 ms, so that the screen never settles.
  case blinkingCaret = "blinking-caret"
}

/// How a demo screen behaves.
public struct DemoOptions: Hashable, Sendable {
  /// The sizes it can have.
  public static let sizes = (width: 640...3840, height: 560...2160)

  /// The size of the screen.
  public var size = PixelSize(clampingWidth: 1024, height: 768)
  /// How long signing in takes.
  public var answerTime: Duration = .milliseconds(150)
  /// How long the orders take to load.
  public var loadTime: Duration = .seconds(1)
  /// How long the success page of `flashSuccess` shows.
  public var flashTime: Duration = .milliseconds(400)
  /// What it does wrong.
  public var faults: Set<DemoFault> = []
  /// After how many key and button presses it drops the connection; nil means never.
  public var dropAfter: Int?

  /// A screen of 1024×768 that works.
  public init() {}
}

/// Why a demo screen could not be started.
public enum DemoError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no demo screen of this name.
  case unknownName(String, names: [String])
  /// There is no option of this name.
  case unknownOption(String, names: [String])
  /// An option has a value it cannot have; `expected` says what it may be.
  case badValue(option: String, value: String, expected: String)
  /// The fonts are not installed.
  case noFonts
  /// A step of the start failed.
  case cannotServe(step: String, reason: String)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .unknownName(let name, let names):
      "there is no demo screen \"\(name)\"; \(Self.advice(name, names))"
    case .unknownOption(let name, let names):
      "a demo screen has no option \"\(name)\"; \(Self.advice(name, names))"
    case .badValue(let option, let value, let expected):
      "the demo option \(option) cannot be \"\(value)\"; it is \(expected)"
    case .noFonts:
      "the demo screens need the DejaVu fonts; install them with: apt-get install fonts-dejavu-core"
    case .cannotServe(let step, let reason): "cannot serve the demo screen: \(step): \(reason)"
    }
  }

  private static func advice(_ name: String, _ names: [String]) -> String {
    let all = names.joined(separator: ", ")
    guard let near = names.first(where: { isNear($0, name) }) else { return "there is \(all)" }
    return "did you mean \"\(near)\"? There is \(all)"
  }

  /// Whether few letters tell two names apart.
  private static func isNear(_ name: String, _ other: String) -> Bool {
    let (left, right) = (Array(name.lowercased()), Array(other.lowercased().prefix(40)))
    guard !right.isEmpty else { return false }
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in 1...right.count {
        let replaced = diagonal + (letter == right[column - 1] ? 0 : 1)
        diagonal = row[column]
        row[column] = min(replaced, row[column] + 1, row[column - 1] + 1)
      }
    }
    return row[right.count] <= max(2, left.count / 3)
  }
}
