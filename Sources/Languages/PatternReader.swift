/// Reads a pattern: words, `(a | b)`, `[a | b]`, `{slot}`, `{slot without a b}` and a comma in brackets.
struct PatternReader {
  /// What is wrong with a pattern.
  struct Fault: Error {
    let message: String
  }

  private var rest: Substring

  private init(_ text: Substring) { rest = text }

  /// The parts of a pattern.
  static func parts(_ text: Substring) throws(Fault) -> [StepPattern.Part] {
    var reader = PatternReader(text)
    var parts: [StepPattern.Part] = []
    while let part = try reader.next() { parts.append(part) }
    guard !parts.isEmpty else { throw Fault(message: "the pattern is empty") }
    return parts
  }

  private mutating func next() throws(Fault) -> StepPattern.Part? {
    rest = rest.drop(while: \.isWhitespace)
    switch rest.first {
    case nil: return nil
    case "(": return .words(try phrases(upTo: ")"), isOptional: false)
    case "[":
      let inside = try enclosed(upTo: "]")
      if inside.split(whereSeparator: \.isWhitespace) == [","] { return .mark }
      return .words(try phrases(inside), isOptional: true)
    case "{": return try slot(try enclosed(upTo: "}"))
    default:
      let word = rest.prefix { !$0.isWhitespace && !"([{".contains($0) }
      rest = rest.dropFirst(word.count)
      return .words([[try Self.word(word)]], isOptional: false)
    }
  }

  private mutating func phrases(upTo end: Character) throws(Fault) -> [[String]] {
    try phrases(try enclosed(upTo: end))
  }

  private func phrases(_ text: Substring) throws(Fault) -> [[String]] {
    try text.split(separator: "|", omittingEmptySubsequences: false).map {
      phrase throws(Fault) in
      let words = phrase.split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { throw Fault(message: "“\(text)” has an empty choice") }
      return try words.map { word throws(Fault) in try Self.word(word) }
    }
  }

  /// What is between the bracket that comes next and the one that closes it.
  private mutating func enclosed(upTo end: Character) throws(Fault) -> Substring {
    let start = rest.removeFirst()
    guard let close = rest.firstIndex(where: { "()[]{}".contains($0) }), rest[close] == end else {
      throw Fault(message: "“\(start)” is not closed by “\(end)”; brackets are never inside others")
    }
    defer { rest = rest[rest.index(after: close)...] }
    return rest[..<close]
  }

  private func slot(_ text: Substring) throws(Fault) -> StepPattern.Part {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let name = words.first, let slot = StepPattern.Slot(rawValue: String(name)) else {
      let known = StepPattern.Slot.allCases.map(\.rawValue).joined(separator: ", ")
      throw Fault(message: "there is no “{\(text)}”; between braces stands one of: \(known)")
    }
    if words.count == 1 { return .slot(slot, without: []) }
    guard words[1] == "without", words.count > 2 else {
      throw Fault(message: "“{\(text)}”: write {\(name) without WORD WORD}")
    }
    let without = try words.dropFirst(2).map { word throws(Fault) in try Self.word(word) }
    return .slot(slot, without: Set(without))
  }

  /// A word as it is compared, in lower case; quotes and marks would never be a word of a line.
  static func word(_ word: Substring) throws(Fault) -> String {
    let odd = word.first { "()[]{}|\"`“”„«»,;".contains($0) } ?? (word.last == "." ? "." : nil)
    if let odd { throw Fault(message: "“\(word)” holds “\(odd)”, which no word of a line has") }
    return word.lowercased()
  }
}
