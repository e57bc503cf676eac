internal import Durations
internal import Diagnostics

/// Brings a text into the form of its kind, or says what it must be.
enum SettingReader {
  /// What is wrong with a value.
  struct Fault: Error, Hashable {
    var message: String
    var help: String?

    init(_ message: String, help: String? = nil) {
      self.message = message
      self.help = help
    }
  }

  /// The text as it is kept; a value of a list is checked one by one elsewhere.
  static func read(_ text: String, as setting: Setting) throws(Fault) -> String {
    func wrong(_ expected: String, help: String? = nil) -> Fault {
      Fault("“\(setting.key)” must be \(expected), not “\(text)”", help: help)
    }
    switch setting.kind {
    case .list, .secret: return text
    case .names:
      let names = text.split { $0 == "," || $0 == "+" || $0.isWhitespace }
      guard !names.isEmpty, names.allSatisfy({ $0.allSatisfy(isNameSign) }) else {
        throw wrong("a list of names", help: "such as \(setting.key): [eng, deu]")
      }
      return names.joined(separator: ", ")
    case .text:
      let isLine =
        !text.isEmpty && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
      guard isLine else { throw wrong("a text on one line") }
      return text
    case .integer(let range):
      guard isDigits(text), let value = Int(text), range.contains(value) else {
        throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return String(value)
    case .number(let range):
      guard isDecimal(text), let value = Double(text), range.contains(value) else {
        throw wrong("a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return text
    case .duration(let least):
      guard let value = Units.duration(text), value >= least else {
        let help = isDigits(text) ? "a number needs its unit, such as \(text)s" : nil
        throw wrong("a time such as 30s or 5m, at least \(Units.text(least))", help: help)
      }
      return text
    case .boolean:
      guard let value = boolean(text) else { throw wrong("true or false") }
      return value ? "true" : "false"
    case .choice(let choices):
      guard choices.contains(text) else {
        throw wrong(
          "one of: \(choices.joined(separator: ", "))",
          help: Suggestion.question(for: text, among: choices))
      }
      return text
    case .endpoint: return try endpoint(text, setting)
    }
  }

  private static func isNameSign(_ sign: Character) -> Bool {
    sign.isASCII && (sign.isLetter || sign.isNumber || sign == "_" || sign == "/")
  }

  private static func isDigits(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func isDecimal(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  }

  static func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "yes", "on": true
    case "false", "0", "no", "off": false
    default: nil
    }
  }

  /// An address of a model server.
  ///
  /// It must not hold a password, which would be shown, nor lead to the address that clouds give their machines' own credentials out at.
  static func endpoint(_ text: String, _ setting: Setting) throws(Fault) -> String {
    let scheme = ["http://", "https://", "unix:///"].first { text.lowercased().hasPrefix($0) }
    guard let scheme, text.utf8.count <= 2_000, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else {
      throw Fault(
        "“\(setting.key)” must be an address that starts with http://, https:// or unix:///",
        help: "such as \(setting.defaultText ?? "http://localhost:12434/engines/v1")")
    }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") {
      throw Fault("“\(setting.key)” must not hold a user or a password", help: "use api_key")
    }
    if rest.contains("?") || rest.contains("#") {
      throw Fault(
        "“\(setting.key)” must not have a query", help: "end it with the path, such as /v1")
    }
    if authority.isEmpty || authority.hasPrefix(":") || authority.hasPrefix("169.254.") {
      throw Fault("“\(setting.key)” names no host that may be asked")
    }
    var trimmed = text[...]
    while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    return String(trimmed)
  }
}
