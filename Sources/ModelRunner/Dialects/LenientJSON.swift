internal import JSONCoding

/// Reads JSON the way models write it: strictly, or after repairs that leave no doubt what was meant.
///
/// A missing bracket or quote is never added: that would be a guess.
struct LenientJSON {
  private let bytes: [UInt8]
  private var offset = 0
  private var output: [UInt8] = []
  private var repairs: Set<DecodedCall.Repair> = []

  /// The value of a text and what had to be repaired; nil when it cannot be read without guessing.
  static func parse(_ text: Substring) -> (value: JSON, repairs: Set<DecodedCall.Repair>)? {
    if let value = try? JSON(parsing: text.utf8) { return (value, []) }
    var reader = LenientJSON(bytes: Array(text.utf8))
    guard reader.rewrite(), let value = try? JSON(parsing: reader.output) else { return nil }
    return (value, reader.repairs)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Writes the text again as strict JSON; false when a string does not end.
  private mutating func rewrite() -> Bool {
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard string(quote: byte) else { return false }
      case UInt8(ascii: ","):
        offset += 1
        if let next = nextVisible(), next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
          repairs.insert(.trailingComma)
        } else {
          output.append(byte)
        }
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word()
      default:
        output.append(byte)
        offset += 1
      }
    }
    return true
  }

  private func nextVisible() -> UInt8? {
    bytes[offset...].first { $0 > 0x20 }
  }

  private mutating func word() {
    let start = offset
    while offset < bytes.count, isLetter(bytes[offset]) { offset += 1 }
    let word = bytes[start..<offset]
    for (python, json) in [("True", "true"), ("False", "false"), ("None", "null")]
    where word.elementsEqual(python.utf8) {
      repairs.insert(.python)
      output.append(contentsOf: json.utf8)
      return
    }
    output.append(contentsOf: word)
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private mutating func string(quote: UInt8) -> Bool {
    if quote == UInt8(ascii: "'") { repairs.insert(.python) }
    output.append(UInt8(ascii: "\""))
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case quote:
        output.append(UInt8(ascii: "\""))
        return true
      case UInt8(ascii: "\""): output.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): guard escape() else { return false }
      case 0..<0x20: control(byte)
      default: output.append(byte)
      }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard offset < bytes.count else { return false }
    let byte = bytes[offset]
    offset += 1
    if byte == UInt8(ascii: "'") {
      repairs.insert(.python)
      output.append(byte)
    } else {
      output.append(UInt8(ascii: "\\"))
      output.append(byte)
    }
    return true
  }

  private mutating func control(_ byte: UInt8) {
    repairs.insert(.bareControl)
    switch byte {
    case 0x0A: output.append(contentsOf: "\\n".utf8)
    case 0x0D: output.append(contentsOf: "\\r".utf8)
    case 0x09: output.append(contentsOf: "\\t".utf8)
    default:
      output.append(contentsOf: "\\u00\(byte < 16 ? "0" : "1")\(String(byte & 15, radix: 16))".utf8)
    }
  }
}
