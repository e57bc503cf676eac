internal import JSONCoding

/// Reads calls written as in a programming language: `click(start_box='(512,640)')`.
///
/// The grammar: a name, then in parentheses `key=value` pairs; a value is a quoted string, a number, a
/// truth value, or numbers in brackets. Nothing is evaluated.
struct CallExpression {
  /// A call as written.
  struct Parsed: Hashable {
    var name: String
    var arguments: JSONObject
    var repairs: Set<DecodedCall.Repair> = []
  }

  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var repairs: Set<DecodedCall.Repair> = []

  /// The calls of a text that holds nothing else, one or more; nil when it holds something else.
  static func parse(_ text: Substring) -> [Parsed]? {
    var reader = CallExpression(scalars: Array(text.unicodeScalars))
    var calls: [Parsed] = []
    reader.skipSpace()
    while reader.offset < reader.scalars.count {
      guard calls.count < ChatReply.callLimit, let call = reader.call() else { return nil }
      calls.append(call)
      reader.skipSpace()
    }
    return calls.isEmpty ? nil : calls
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var current: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  private mutating func skipSpace() {
    while let scalar = current, scalar.properties.isWhitespace { offset += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == scalar else { return false }
    offset += 1
    return true
  }

  private mutating func call() -> Parsed? {
    repairs = []
    guard let name = word(), take("(") else { return nil }
    var arguments = JSONObject()
    if take(")") { return Parsed(name: name, arguments: arguments) }
    repeat {
      skipSpace()
      guard let key = word(), take("=") else { return nil }
      skipSpace()
      guard arguments[key] == nil, arguments.pairs.count < 64, let value = value(of: key) else {
        return nil
      }
      arguments[key] = value
    } while take(",")
    guard take(")") else { return nil }
    return Parsed(name: name, arguments: arguments, repairs: repairs)
  }

  private mutating func word() -> String? {
    let start = offset
    while let scalar = current, Self.isWord(scalar) { offset += 1 }
    guard offset > start, offset - start <= 64 else { return nil }
    return String(String.UnicodeScalarView(scalars[start..<offset]))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
  }

  private mutating func value(of key: String) -> JSON? {
    let isPlace = key.hasSuffix("box") || key.hasSuffix("point")
    switch current {
    case "'", "\"":
      guard let text = string() else { return nil }
      return isPlace ? place(text) : .string(text)
    case "(", "[", "<": return bare(upToBracket: true).flatMap { place($0) }
    case nil: return nil
    default: return bare(upToBracket: false).flatMap(Self.literal)
    }
  }

  private mutating func string() -> String? {
    guard let quote = current else { return nil }
    offset += 1
    var text = String.UnicodeScalarView()
    while let scalar = current {
      offset += 1
      if scalar == quote { return String(text) }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard let escaped = current else { return nil }
      offset += 1
      switch escaped {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      case "\\", "'", "\"": text.append(escaped)
      default:
        text.append("\\")
        text.append(escaped)
      }
    }
    return nil
  }

  /// Text without quotes: to the bracket that closes it, or to the next comma or parenthesis.
  private mutating func bare(upToBracket: Bool) -> String? {
    let start = offset
    var depth = 0
    while let scalar = current {
      if scalar == "(" || scalar == "[" { depth += 1 }
      if scalar == ")" || scalar == "]" {
        if depth == 0 { break }
        depth -= 1
      }
      if scalar == ",", depth == 0 { break }
      offset += 1
    }
    let text = String(String.UnicodeScalarView(scalars[start..<offset])).trimmedSpaces
    return depth == 0 && !text.isEmpty && (!upToBracket || text.count >= 2) ? text : nil
  }

  private static func literal(_ text: String) -> JSON? {
    switch text {
    case "True", "true": .bool(true)
    case "False", "false": .bool(false)
    case "None", "null": .null
    default: (try? JSON(parsing: text)).flatMap { $0.double == nil ? nil : $0 }
    }
  }

  // MARK: - Places

  /// A point as `[x, y]` from any of the notations in use; a box stands for its middle.
  private mutating func place(_ text: String) -> JSON? {
    guard let numbers = Self.numbers(text) else { return nil }
    switch numbers.count {
    case 2: return .array(numbers.map(Self.json))
    case 4:
      repairs.insert(.box)
      return .array([
        Self.json((numbers[0] + numbers[2]) / 2), Self.json((numbers[1] + numbers[3]) / 2),
      ])
    default: return nil
    }
  }

  private static func json(_ number: Double) -> JSON {
    Int(exactly: number).map { .integer($0) } ?? .number(number)
  }

  /// The numbers of a place, once the marks around them are taken off; nil when there is more to it.
  private static func numbers(_ text: String) -> [Double]? {
    var rest = text.trimmedSpaces[...]
    for (open, close) in [
      ("<|box_start|>", "<|box_end|>"), ("<point>", "</point>"), ("<bbox>", "</bbox>"), ("(", ")"),
      ("[", "]"),
    ] where rest.hasPrefix(open) && rest.hasSuffix(close) {
      rest = rest.dropFirst(open.count).dropLast(close.count)
    }
    let words = rest.split { $0 == "," || $0 == " " }
    guard words.count <= 4 else { return nil }
    let numbers = words.compactMap { word -> Double? in
      guard word.utf8.count <= 16, word.allSatisfy({ "0123456789.-".contains($0) }),
        let value = Double(word), value.isFinite, abs(value) < 1e6
      else {
        return nil
      }
      return value
    }
    return numbers.count == words.count ? numbers : nil
  }
}
