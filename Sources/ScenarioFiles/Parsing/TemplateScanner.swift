/// Finds `${…}` and `{{ … }}` in a text.
struct TemplateScanner {
  /// A piece of a text.
  enum Piece: Hashable {
    case literal(String)
    /// `${name}` or `${name:-fallback}`; `token` is how it stands there.
    case variable(name: String, fallback: String?, token: String)
    /// `{{ path }}`.
    case result(path: String, token: String)
    /// Something that starts like one of them and is none.
    case broken(token: String, problem: String)
  }

  /// The pieces of a text; `$${` and `\{{` stand for `${` and `{{` themselves.
  static func pieces(of text: String) -> [Piece] {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return [.literal(text)] }
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while !rest.isEmpty {
      guard let piece = next(&rest, literal: &literal) else { continue }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      pieces.append(piece)
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }

  /// Takes one piece, or adds to the literal text.
  private static func next(_ rest: inout Substring, literal: inout String) -> Piece? {
    for (escaped, meaning) in [("$${", "${"), (#"\{{"#, "{{")] where rest.hasPrefix(escaped) {
      literal += meaning
      rest = rest.dropFirst(escaped.count)
      return nil
    }
    if rest.hasPrefix("${") { return variable(&rest) }
    if rest.hasPrefix("{{") { return result(&rest) }
    literal.append(rest.removeFirst())
    return nil
  }

  private static func variable(_ rest: inout Substring) -> Piece {
    guard let end = rest.firstIndex(of: "}") else {
      defer { rest = "" }
      return .broken(token: firstLine(rest), problem: "“${” without “}”; write “$${” for the signs")
    }
    let token = String(rest[...end])
    let inner = token.dropFirst(2).dropLast()
    rest = rest[rest.index(after: end)...]
    let mark = inner.range(of: ":-")
    let name = String(mark.map { inner[..<$0.lowerBound] } ?? inner)
    guard NameRule.isVariable(name) else {
      return .broken(
        token: token, problem: "“\(name)” is no name of a variable; write “$${” for the signs")
    }
    return .variable(
      name: name, fallback: mark.map { String(inner[$0.upperBound...]) }, token: token)
  }

  private static func result(_ rest: inout Substring) -> Piece {
    guard let end = rest.range(of: "}}") else {
      defer { rest = "" }
      return .broken(
        token: firstLine(rest), problem: #"“{{” without “}}”; write “\{{” for the signs"#)
    }
    let token = String(rest[..<end.upperBound])
    rest = rest[end.upperBound...]
    let path = token.dropFirst(2).dropLast(2).split(whereSeparator: \.isWhitespace)
    let parts = path.first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    guard path.count == 1, parts.allSatisfy({ isPathPart(withoutIndices($0, of: parts)) }),
      NameRule.isResult(String(parts[0]))
    else {
      return .broken(token: token, problem: "“\(token)” names no result; write {{ name.field }}")
    }
    return .result(path: String(path[0]), token: token)
  }

  /// A part of a path into JSON without the `[0]` behind it.
  private static func withoutIndices(_ part: Substring, of parts: [Substring]) -> Substring {
    guard parts.count > 1, parts[1] == "json" || parts[1].hasPrefix("json["), part.last == "]",
      let start = part.firstIndex(of: "[")
    else { return part }
    let indices = part[start...].dropFirst().dropLast().split(
      separator: "]", omittingEmptySubsequences: false)
    let areNumbers = indices.enumerated().allSatisfy { place, text in
      let digits = place == 0 ? text : text.dropFirst()
      return (place == 0 || text.first == "[") && Int(digits) != nil && digits.count <= 6
        && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    return areNumbers ? part[..<start] : part
  }

  private static func isPathPart(_ part: Substring) -> Bool {
    !part.isEmpty && part.count <= 64
      && part.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
        default: false
        }
      }
  }

  private static func firstLine(_ text: Substring) -> String {
    String(text.prefix { !$0.isNewline })
  }
}

extension Substring {
  /// Where a text first stands in this one.
  func range(of needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      let rest = self[start...]
      if rest.hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
      start = index(after: start)
    }
    return nil
  }
}
