/// Something wrong in a file that people write: where, what, and what to do.
public struct Diagnostic: Hashable, Sendable, Error, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable {
    /// Nothing may be run with it.
    case error
    /// Worth knowing.
    case warning
  }

  /// What kind of thing is wrong.
  public enum Code: String, Hashable, Sendable {
    /// The content.
    case invalid
    /// A path that does not exist.
    case noSuchPath
    /// A path that holds nothing to run.
    case nothingFound
  }

  /// How bad it is.
  public var severity: Severity
  /// What kind of thing is wrong.
  public var code: Code
  /// The path as the user would write it.
  public var file: String
  /// The line, from 1; nil when the file as a whole is meant.
  public var line: Int?
  /// The column, from 1, in code points.
  public var column: Int?
  /// What is wrong, as it stands there.
  public var text: String?
  /// What is wrong with it.
  public var message: String
  /// What to do.
  public var suggestion: String?
  /// The line it stands on; nil where a line may hold a secret.
  public var sourceLine: String?

  /// A diagnostic.
  public init(
    severity: Severity = .error, code: Code = .invalid, file: String, line: Int? = nil,
    column: Int? = nil, text: String? = nil, message: String, suggestion: String? = nil,
    sourceLine: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.text = text
    self.message = message
    self.suggestion = suggestion
    self.sourceLine = sourceLine
  }

  /// `scenarios/a.yaml:3:7: error: unknown step “clik”`.
  public var description: String {
    let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
    return "\(Self.visible(file))\(place): \(severity.rawValue): \(Self.visible(message))"
  }

  /// The description, the source line with a mark under the place, and `help:`; lines joined by a line feed.
  ///
  /// Nothing in it can steer a terminal: control and direction characters are shown as `�`.
  public var rendered: String {
    var lines = [description]
    if let sourceLine, let column { lines += Self.excerpt(sourceLine, column: column, text: text) }
    if let suggestion { lines.append("help: \(Self.visible(suggestion))") }
    return lines.joined(separator: "\n")
  }

  /// The source line, cut to what fits, and the line with the mark.
  private static func excerpt(_ line: String, column: Int, text: String?) -> [String] {
    let scalars = Array(line.unicodeScalars)
    let position = min(max(column - 1, 0), scalars.count)
    let start = position > 100 ? position - 40 : 0
    let shown = scalars[start..<min(scalars.count, start + 160)]
    let left = start > 0 ? "…" : ""
    let right = start + 160 < scalars.count ? "…" : ""

    let before = shown.prefix(position - start)
    let room = shown.count - before.count
    let length = min(max(text?.unicodeScalars.count ?? 1, 1), max(room, 1))
    let marked = shown.dropFirst(before.count).prefix(length)
    let marks = max(marked.reduce(0) { $0 + width($1) }, 1)
    let indent =
      String(repeating: " ", count: left.count)
      + before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: width($0)) }.joined()
    return [
      left + visible(String(String.UnicodeScalarView(shown)), tabs: true) + right,
      indent + "^" + String(repeating: "~", count: marks - 1),
    ]
  }

  /// The text with everything that could steer a terminal shown as `�`.
  private static func visible(_ text: String, tabs: Bool = false) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isSafe = tabs && scalar == "\t" || !isSteering(scalar)
      result.append(isSafe ? scalar : "\u{FFFD}")
    }
    return String(result)
  }

  private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Columns of a terminal, near enough: wide for East Asian letters and pictures, none for marks.
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
