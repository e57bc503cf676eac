/// Why bytes are no JSON value, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// The offset of the byte at which it was noticed.
  public let offset: Int

  /// `unexpected character at byte 12`.
  public var description: String { "\(message) at byte \(offset)" }
}

extension JSON {
  /// Reads one JSON value (RFC 8259) that fills all the bytes.
  ///
  /// Strict: no comments, no trailing commas, no duplicate keys, no invalid UTF-8, no number too large
  /// for a `Double`.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 text.
  ///   - maximumDepth: how deep arrays and objects may be nested.
  public init(
    parsing bytes: some Collection<UInt8>, maximumDepth: Int = 64
  ) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes), maximumDepth: maximumDepth)
    self = try parser.document()
  }

  /// Reads one JSON value from a string.
  public init(parsing text: String, maximumDepth: Int = 64) throws(JSONError) {
    try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let maximumDepth: Int
  var offset = 0

  init(bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw error("unexpected text after the value") }
    return value
  }

  private func error(_ message: String) -> JSONError { JSONError(message: message, offset: offset) }

  private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    skipSpace()
    guard let byte = current else { throw error("unexpected end of text") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("unexpected character")
    }
  }

  private mutating func literal(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[offset...].starts(with: word.utf8) else { throw error("unexpected word") }
    offset += word.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    guard depth < maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
    offset += 1
    var values: [JSON] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      offset += 1
      return .array([])
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "]"):
        offset += 1
        return .array(values)
      default: throw error("expected , or ]")
      }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    guard depth < maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
    offset += 1
    var result = JSONObject()
    var seen: Set<[UInt8]> = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      offset += 1
      return .object(result)
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("expected a key") }
      let key = try string()
      guard seen.insert(Array(key.utf8)).inserted else { throw error("duplicate key \"\(key)\"") }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw error("expected :") }
      offset += 1
      result.append(uniqueKey: key, try value(depth: depth + 1))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"):
        offset += 1
        return .object(result)
      default: throw error("expected , or }")
      }
    }
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = offset
    if current == UInt8(ascii: "-") { offset += 1 }
    let first = offset
    try digits()
    if bytes[first] == UInt8(ascii: "0"), offset - first > 1 {
      throw error("a number may not start with 0")
    }
    var isWhole = true
    if current == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isWhole = false
      offset += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let whole = Int(text) { return .integer(whole) }
    guard let value = Double(text), value.isFinite else { throw error("number out of range") }
    return .number(value)
  }

  private mutating func digits() throws(JSONError) {
    let start = offset
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
    guard offset > start else { throw error("expected a digit") }
  }

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    var text: [UInt8] = []
    while true {
      guard let byte = current else { throw error("unterminated string") }
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error("invalid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw error("control character in a string")
      default:
        text.append(byte)
        offset += 1
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    offset += 1
    guard let byte = current else { throw error("unterminated string") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try unicodeEscape()
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw error("unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let high = try hexQuad()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard (0xD800..<0xDC00).contains(high), bytes[offset...].starts(with: "\\u".utf8) else {
      throw error("lone surrogate")
    }
    offset += 2
    let low = try hexQuad()
    guard (0xDC00..<0xE000).contains(low) else { throw error("lone surrogate") }
    let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    guard let scalar = Unicode.Scalar(code) else { throw error("lone surrogate") }
    return scalar
  }

  private mutating func hexQuad() throws(JSONError) -> UInt32 {
    guard offset + 4 <= bytes.count,
      bytes[offset..<offset + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    offset += 4
    return value
  }
}
