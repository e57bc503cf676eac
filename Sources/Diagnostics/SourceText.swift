/// The text of a file that people write, with the lines that diagnostics show.
public struct SourceText: Hashable, Sendable {
  /// The largest file that is read, in bytes.
  public static let largestSize = 256 * 1024

  /// The path as the user would write it.
  public let file: String
  /// The text, without a byte order mark.
  public let text: String

  /// A text that is already here.
  public init(file: String, text: String) {
    self.file = file
    self.text = text
  }

  /// Reads UTF-8 bytes.
  ///
  /// - Throws: a diagnostic for UTF-16, for bytes that are no UTF-8, and for more than `largestSize`.
  public init(file: String, bytes: some Collection<UInt8>) throws(Diagnostic) {
    func failure(_ message: String, _ help: String) -> Diagnostic {
      Diagnostic(file: file, message: message, suggestion: help)
    }
    guard bytes.count <= Self.largestSize else {
      throw failure(
        "the file is larger than \(Self.largestSize / 1024) KiB",
        "split it; an include can hold shared steps")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw failure("the file is UTF-16", "save it as UTF-8")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : Array(bytes)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("the file is not UTF-8 text", "save it as UTF-8")
    }
    self.init(file: file, text: text)
  }

  /// The lines without their ends; what YAML takes for a line break ends one.
  public var lines: [Substring] {
    var lines: [Substring] = []
    forEachLine { line in
      lines.append(line)
      return true
    }
    return lines
  }

  /// The line of a number from 1; nil when there is none.
  public func line(_ number: Int) -> String? {
    var left = number
    var found: String?
    forEachLine { line in
      left -= 1
      if left == 0 { found = String(line) }
      return left > 0
    }
    return found
  }

  /// Gives one line after the other, until `body` says false.
  private func forEachLine(_ body: (Substring) -> Bool) {
    let bytes = text.utf8
    var start = bytes.startIndex
    var place = start
    while place < bytes.endIndex {
      let length = Self.breakLength(in: bytes, at: place)
      guard length > 0 else {
        place = bytes.index(after: place)
        continue
      }
      guard body(text[start..<place]) else { return }
      place = bytes.index(place, offsetBy: length)
      start = place
    }
    _ = body(text[start...])
  }

  /// The bytes of the line break at a place; 0 when there is none: LF, CR, CR LF, NEL, LS or PS.
  private static func breakLength(in bytes: String.UTF8View, at place: String.Index) -> Int {
    func next(_ offset: Int) -> UInt8? {
      bytes.index(place, offsetBy: offset, limitedBy: bytes.endIndex)
        .flatMap { $0 < bytes.endIndex ? bytes[$0] : nil }
    }
    switch bytes[place] {
    case 0x0A: return 1
    case 0x0D: return next(1) == 0x0A ? 2 : 1
    case 0xC2: return next(1) == 0x85 ? 2 : 0
    case 0xE2: return next(1) == 0x80 && (next(2) == 0xA8 || next(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }

  /// An error at a place in this text, with the line it stands on.
  ///
  /// - Parameters:
  ///   - line: from 1.
  ///   - column: from 1, in code points.
  ///   - text: what is wrong, as it stands there.
  public func error(
    line: Int, column: Int, text: String? = nil, _ message: String, help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      file: file, line: line, column: column, text: text, message: message, suggestion: help,
      sourceLine: self.line(line))
  }

  /// Where the first occurrence of `needle` stands at or after a place and before another.
  ///
  /// It finds the place of a word inside a text whose quotes and folds have already been removed.
  public func position(
    of needle: String, fromLine line: Int, column: Int, toLine lastLine: Int
  ) -> (line: Int, column: Int)? {
    let lines = lines
    guard line >= 1, line <= lastLine, !needle.isEmpty else { return nil }
    for number in line...lastLine where lines.indices.contains(number - 1) {
      let scalars = Array(lines[number - 1].unicodeScalars)
      let start = number == line ? max(column - 1, 0) : 0
      if let found = Self.firstIndex(of: Array(needle.unicodeScalars), in: scalars, from: start) {
        return (number, found + 1)
      }
    }
    return nil
  }

  private static func firstIndex(
    of needle: [Unicode.Scalar], in scalars: [Unicode.Scalar], from start: Int
  ) -> Int? {
    guard scalars.count >= needle.count, start <= scalars.count - needle.count else { return nil }
    return (start...scalars.count - needle.count).first { scalars[$0...].starts(with: needle) }
  }
}
