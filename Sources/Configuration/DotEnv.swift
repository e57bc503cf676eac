internal import Diagnostics

/// Reads `.env`: lines of `NAME=value`, with comments, quotes and `export`.
///
/// Nothing is filled in, and no error shows a line: it may hold a key.
enum DotEnv {
  /// The variables of a text; a later line wins.
  static func variables(_ source: SourceText) -> (values: [String: String], errors: [Diagnostic]) {
    var values: [String: String] = [:]
    var errors: [Diagnostic] = []
    for (index, line) in source.lines.enumerated() {
      var rest = line.drop { $0.isWhitespace }
      if rest.isEmpty || rest.hasPrefix("#") { continue }
      if rest.hasPrefix("export ") { rest = rest.dropFirst(7).drop { $0.isWhitespace } }
      let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
      let after = rest.dropFirst(name.count).drop { $0.isWhitespace }
      guard isName(name), after.hasPrefix("="), let value = value(after.dropFirst()) else {
        errors.append(
          Diagnostic(
            file: source.file, line: index + 1, column: 1, message: "not of the form NAME=value",
            suggestion: "quotes must be closed on the same line"))
        continue
      }
      values[String(name)] = value
    }
    return (values, errors)
  }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
  }

  /// A value in quotes, or plain up to ` #`; nil when a quote is not closed.
  private static func value(_ text: Substring) -> String? {
    let text = text.drop { $0.isWhitespace }
    guard let quote = text.first, quote == "\"" || quote == "'" else {
      return plain(text)
    }
    var value = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        let after = rest.drop { $0.isWhitespace }
        return after.isEmpty || after.hasPrefix("#") ? value : nil
      }
      if character == "\\", quote == "\"", let next = rest.popFirst() {
        value += escape(next)
      } else {
        value.append(character)
      }
    }
    return nil
  }

  private static func plain(_ text: Substring) -> String {
    var value = ""
    var isAfterSpace = true
    for character in text {
      if character == "#", isAfterSpace { break }
      isAfterSpace = character.isWhitespace
      value.append(character)
    }
    while value.last?.isWhitespace == true { value.removeLast() }
    return value
  }

  private static func escape(_ character: Character) -> String {
    switch character {
    case "n": "\n"
    case "t": "\t"
    case "\"", "\\", "$": String(character)
    default: "\\\(character)"
    }
  }
}
