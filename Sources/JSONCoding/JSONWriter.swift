extension JSON {
  /// The value as one line of UTF-8: no spaces, keys in their order, `/` not escaped.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  /// The same as a string.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The value over several lines, two spaces a level: for people.
  public var prettyText: String {
    var output: [UInt8] = []
    writePretty(to: &output, depth: 0)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the value as one line of UTF-8.
  public func write(to output: inout [UInt8]) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: String(value).utf8)
    case .number(let value): Self.write(value, to: &output)
    case .string(let value): Self.write(value, to: &output)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        value.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, pair) in object.pairs.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.write(pair.key, to: &output)
        output.append(UInt8(ascii: ":"))
        pair.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a string with its quotes and escapes.
  public static func write(_ string: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7F:
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\u00".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends a number; one that JSON cannot say (NaN, infinity) becomes `null`.
  private static func write(_ number: Double, to output: inout [UInt8]) {
    guard number.isFinite else { return output.append(contentsOf: "null".utf8) }
    output.append(contentsOf: number.description.utf8)
  }

  private func writePretty(to output: inout [UInt8], depth: Int) {
    func newline(_ depth: Int) {
      output.append(UInt8(ascii: "\n"))
      output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
    switch self {
    case .array(let values) where !values.isEmpty:
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        newline(depth + 1)
        value.writePretty(to: &output, depth: depth + 1)
      }
      newline(depth)
      output.append(UInt8(ascii: "]"))
    case .object(let object) where !object.pairs.isEmpty:
      output.append(UInt8(ascii: "{"))
      for (index, pair) in object.pairs.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        newline(depth + 1)
        Self.write(pair.key, to: &output)
        output.append(contentsOf: ": ".utf8)
        pair.value.writePretty(to: &output, depth: depth + 1)
      }
      newline(depth)
      output.append(UInt8(ascii: "}"))
    case .null, .bool, .integer, .number, .string, .array, .object: write(to: &output)
    }
  }
}
