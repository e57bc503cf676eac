/// One way in which a secret may stand in a text.
struct Form: Sendable {
  /// The bytes that are looked for; never empty.
  let bytes: [UInt8]
  /// Which secret.
  let secret: Int
  /// What must or may stand around them.
  let edges: Edges

  enum Edges: Sendable {
    /// Anything.
    case any
    /// No letter and no digit.
    case alone
    /// Base64 digits that hold some bits of the secret before or after, replaced with it.
    case base64(before: Bool, after: Bool)
  }

  /// What to replace when the form stands at `position`; nil when it does not.
  func range(in text: [UInt8], at position: Int) -> Range<Int>? {
    let end = position + bytes.count
    guard end <= text.count, text[position..<end].elementsEqual(bytes) else { return nil }
    switch edges {
    case .any: return position..<end
    case .alone:
      let before = position > 0 && Self.isWord(text[position - 1])
      let after = end < text.count && Self.isWord(text[end])
      return before || after ? nil : position..<end
    case .base64(let before, let after):
      let start =
        before && position > 0 && Self.isBase64(text[position - 1]) ? position - 1 : position
      return start..<(after && end < text.count && Self.isBase64(text[end]) ? end + 1 : end)
    }
  }

  /// Every form of a value, and of the lines of a value that has several.
  static func all(of value: String, secret: Int) -> [Form] {
    var values = [value]
    let lines = value.utf8.split { $0 == 0x0A || $0 == 0x0D }
    for line in lines where line.count >= Redactor.shortestInKeys && line.count < value.utf8.count {
      values.append(String(decoding: line, as: UTF8.self))
    }
    return values.flatMap { forms(of: $0, secret: secret) }
  }

  private static func forms(of value: String, secret: Int) -> [Form] {
    let plain = Array(value.utf8)
    guard !plain.isEmpty else { return [] }
    let isShort = plain.count < Redactor.shortest
    var seen: Set<[UInt8]> = []
    var forms: [Form] = []
    for bytes in [plain] + jsonForms(value) + xmlForms(plain) + urlForms(plain)
    where seen.insert(bytes).inserted {
      forms.append(Form(bytes: bytes, secret: secret, edges: isShort ? .alone : .any))
    }
    guard !isShort else { return forms }
    for alignment in 0..<3 {
      for form in base64Forms(plain, alignment: alignment, secret: secret)
      where seen.insert(form.bytes).inserted {
        forms.append(form)
      }
    }
    return forms
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isBase64(_ byte: UInt8) -> Bool { isWord(byte) || "+/-_".utf8.contains(byte) }
}

// MARK: - Encodings

extension Form {
  /// Escaped once and twice, with and without `\/`, with other characters than ASCII as they are or as `\u`.
  private static func jsonForms(_ value: String) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for escapesSlash in [false, true] {
      for hexadecimal in [nil, "0123456789abcdef", "0123456789ABCDEF"] {
        let once = json(value, escapesSlash: escapesSlash, hexadecimal: hexadecimal)
        forms.append(once)
        let text = String(decoding: once, as: UTF8.self)
        forms.append(json(text, escapesSlash: false, hexadecimal: nil))
      }
    }
    return forms
  }

  private static func json(_ value: String, escapesSlash: Bool, hexadecimal: String?) -> [UInt8] {
    let digits = Array((hexadecimal ?? "0123456789abcdef").utf8)
    var output: [UInt8] = []
    for unit in value.utf16 {
      switch unit {
      case 0x22, 0x5C: output += [0x5C, UInt8(unit)]
      case 0x2F where escapesSlash: output += "\\/".utf8
      case 0x08: output += "\\b".utf8
      case 0x09: output += "\\t".utf8
      case 0x0A: output += "\\n".utf8
      case 0x0C: output += "\\f".utf8
      case 0x0D: output += "\\r".utf8
      case 0x20..<0x7F: output.append(UInt8(unit))
      default:
        output += "\\u".utf8
        output += [12, 8, 4, 0].map { digits[Int(unit >> $0 & 15)] }
      }
    }
    guard hexadecimal == nil else { return output }
    // Without `\u` only the ASCII part is escaped.
    return value.unicodeScalars.flatMap { scalar in
      scalar.value >= 0x80
        ? Array(String(scalar).utf8)
        : json(String(scalar), escapesSlash: escapesSlash, hexadecimal: "0123456789abcdef")
    }
  }

  private static func xmlForms(_ plain: [UInt8]) -> [[UInt8]] {
    func escaped(_ apostrophe: String, _ quote: String, _ newline: String) -> [UInt8] {
      plain.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "&"): Array("&amp;".utf8)
        case UInt8(ascii: "<"): Array("&lt;".utf8)
        case UInt8(ascii: ">"): Array("&gt;".utf8)
        case UInt8(ascii: "\""): Array(quote.utf8)
        case UInt8(ascii: "'"): Array(apostrophe.utf8)
        case 0x0A: Array(newline.utf8)
        default: [byte]
        }
      }
    }
    return [
      escaped("'", "\"", "\n"), escaped("'", "&quot;", "\n"), escaped("'", "&quot;", "&#10;"),
      escaped("&apos;", "&quot;", "\n"), escaped("&#39;", "&#34;", "\n"),
      escaped("&#39;", "&quot;", "\n"),
      escaped("&#x27;", "&quot;", "\n"),
    ]
  }

  private static func urlForms(_ plain: [UInt8]) -> [[UInt8]] {
    let unreserved = "-._~"
    let kept = [
      unreserved, unreserved + "!*'()", unreserved + "!*'();:@&=+$,/?#[]", "-._*", "-._~/",
    ]
    return kept.flatMap { kept in
      [("%20", true), ("%20", false), ("+", true), ("+", false)].map { space, isUpper in
        escapedForURL(plain, keeping: kept, space: space, isUpper: isUpper)
      }
    }
  }

  private static func escapedForURL(
    _ plain: [UInt8], keeping kept: String, space: String, isUpper: Bool
  ) -> [UInt8] {
    let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return plain.flatMap { byte -> [UInt8] in
      if isWord(byte) || kept.utf8.contains(byte) { return [byte] }
      if byte == 0x20 { return Array(space.utf8) }
      return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// The base64 digits that depend on the secret alone when it starts `alignment` bytes after a group of
  /// three; the digits beside them hold bits of the neighbours too.
  private static func base64Forms(_ plain: [UInt8], alignment: Int, secret: Int) -> [Form] {
    let standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let start = alignment * 8
    let end = start + plain.count * 8
    let padded = [UInt8](repeating: 0, count: alignment) + plain + [0, 0]
    let first = (start + 5) / 6
    let values = (first..<end / 6).map { position in
      let bit = position * 6
      let pair = UInt16(padded[bit / 8]) << 8 | UInt16(padded[bit / 8 + 1])
      return Int(pair >> (10 - bit % 8) & 63)
    }
    return [standard, standard.dropLast(2) + "-_"].map { alphabet in
      let digits = Array(alphabet.utf8)
      return Form(
        bytes: values.map { digits[$0] }, secret: secret,
        edges: .base64(before: start % 6 != 0, after: end % 6 != 0))
    }
  }
}
