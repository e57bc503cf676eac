internal import JSONCoding

/// Finds calls that a model put between marks in its text.
///
/// Known marks: `<tool_call>` around JSON (Hermes, Qwen), around `<function=…>` (Qwen3 Coder and 3.5)
/// and around `<arg_key>` pairs (GLM); `<function=…>` alone; `[TOOL_CALLS]` (Mistral);
/// `<|python_tag|>` (Llama).
struct MarkedCalls {
  /// A call as written: the arguments are text to be typed by the schema when `areTexts` says so.
  struct Found: Hashable {
    var name: String
    var arguments: JSON
    var areTexts = false
    var repairs: Set<DecodedCall.Repair> = []
  }

  /// Something between marks that is no call.
  struct Unreadable: Error, Hashable {
    let excerpt: String
  }

  /// The calls of a text and what stands outside of them; nil when there are no marks.
  static func find(
    _ text: Substring
  ) throws(Unreadable) -> (calls: [Found], rest: String)? {
    if let found = try tagged(text) { return found }
    if text.contains("<function=") {
      let start = text.range(of: "<function=")?.lowerBound ?? text.startIndex
      return (try functions(text[start...]), String(text[..<start]))
    }
    if let range = text.range(of: "[TOOL_CALLS]") {
      return (try mistral(text[range.upperBound...]), String(text[..<range.lowerBound]))
    }
    if let range = text.range(of: "<|python_tag|>") {
      return ([try json(text[range.upperBound...])], String(text[..<range.lowerBound]))
    }
    return nil
  }

  // MARK: - <tool_call>

  private static func tagged(
    _ text: Substring
  ) throws(Unreadable) -> (calls: [Found], rest: String)? {
    var calls: [Found] = []
    var outside = ""
    var rest = text
    while let open = rest.range(of: "<tool_call>") {
      outside += rest[..<open.lowerBound]
      let inside = rest[open.upperBound...]
      let close = inside.range(of: "</tool_call>")
      var found = try block(inside[..<(close?.lowerBound ?? inside.endIndex)])
      if close == nil { found = found.map { $0.repaired(.unclosedTag) } }
      calls += found
      rest = close.map { inside[$0.upperBound...] } ?? ""
      guard calls.count <= ChatReply.callLimit else { break }
    }
    guard !calls.isEmpty else { return nil }
    return (calls, outside + rest)
  }

  private static func block(_ text: Substring) throws(Unreadable) -> [Found] {
    let text = text.trimmed
    if text.hasPrefix("<function=") { return try functions(text) }
    if text.contains("<arg_key>") { return [try pairs(text)] }
    return [try json(text)]
  }

  private static func json(_ text: Substring) throws(Unreadable) -> Found {
    guard let (value, repairs) = LenientJSON.parse(text.trimmed),
      let shape = CallShape(value, tools: [])
    else { throw Unreadable(excerpt: String(text.prefix(200)).excerpt(100)) }
    return Found(
      name: shape.name, arguments: shape.arguments, repairs: repairs.union(shape.repairs))
  }

  // MARK: - <function=name><parameter=key>value</parameter></function>

  private static func functions(_ text: Substring) throws(Unreadable) -> [Found] {
    var calls: [Found] = []
    var rest = text.trimmed
    while rest.hasPrefix("<function=") {
      let unreadable = Unreadable(excerpt: String(rest.prefix(200)).excerpt(100))
      guard let end = rest.firstIndex(of: ">") else { throw unreadable }
      let name = rest[rest.index(rest.startIndex, offsetBy: 10)..<end].trimmed
      rest = rest[rest.index(after: end)...].trimmed
      let arguments = try parameters(&rest)
      var call = Found(name: String(name), arguments: .object(arguments), areTexts: true)
      if rest.hasPrefix("</function>") {
        rest = rest.dropFirst(11).trimmed
      } else if rest.isEmpty {
        call = call.repaired(.unclosedTag)
      } else {
        throw unreadable
      }
      calls.append(call)
      guard calls.count <= ChatReply.callLimit else { return calls }
    }
    if rest.hasPrefix("</tool_call>") { rest = rest.dropFirst(12).trimmed }
    guard rest.isEmpty else {
      throw Unreadable(excerpt: String(rest.prefix(200)).excerpt(100))
    }
    return calls
  }

  private static func parameters(_ rest: inout Substring) throws(Unreadable) -> JSONObject {
    var arguments = JSONObject()
    while rest.hasPrefix("<parameter=") {
      let unreadable = Unreadable(excerpt: String(rest.prefix(200)).excerpt(100))
      guard let end = rest.firstIndex(of: ">"),
        let close = rest.range(of: "</parameter>"), close.lowerBound > end
      else { throw unreadable }
      let key = String(rest[rest.index(rest.startIndex, offsetBy: 11)..<end].trimmed)
      guard arguments[key] == nil, arguments.pairs.count < 256 else { throw unreadable }
      arguments[key] = .string(rest[rest.index(after: end)..<close.lowerBound].withoutEdgeBreaks)
      rest = rest[close.upperBound...].trimmed
    }
    return arguments
  }

  // MARK: - name, then <arg_key>key</arg_key><arg_value>value</arg_value>

  private static func pairs(_ text: Substring) throws(Unreadable) -> Found {
    let unreadable = Unreadable(excerpt: String(text.prefix(200)).excerpt(100))
    guard let first = text.range(of: "<arg_key>") else { throw unreadable }
    let name = text[..<first.lowerBound].trimmed
    var arguments = JSONObject()
    var rest = text[first.lowerBound...]
    while let key = rest.taking("<arg_key>", "</arg_key>") {
      guard let value = rest.taking("<arg_value>", "</arg_value>"),
        arguments[String(key.trimmed)] == nil, arguments.pairs.count < 256
      else { throw unreadable }
      arguments[String(key.trimmed)] = .string(value.withoutEdgeBreaks)
    }
    guard rest.trimmed.isEmpty else { throw unreadable }
    return Found(name: String(name), arguments: .object(arguments), areTexts: true)
  }

  // MARK: - [TOOL_CALLS]

  /// Either `name[ARGS]{…}`, or a list of objects.
  private static func mistral(_ text: Substring) throws(Unreadable) -> [Found] {
    let text = text.trimmed
    let unreadable = Unreadable(excerpt: String(text.prefix(200)).excerpt(100))
    if let mark = text.range(of: "[ARGS]") {
      guard let (value, repairs) = LenientJSON.parse(text[mark.upperBound...].trimmed) else {
        throw unreadable
      }
      return [
        Found(name: String(text[..<mark.lowerBound].trimmed), arguments: value, repairs: repairs)
      ]
    }
    guard let (value, repairs) = LenientJSON.parse(text), let list = value.array, !list.isEmpty,
      list.count <= ChatReply.callLimit
    else { throw unreadable }
    var calls: [Found] = []
    for item in list {
      guard let shape = CallShape(item, tools: []) else { throw unreadable }
      calls.append(
        Found(name: shape.name, arguments: shape.arguments, repairs: repairs.union(shape.repairs)))
    }
    return calls
  }
}

extension MarkedCalls.Found {
  fileprivate func repaired(_ repair: DecodedCall.Repair) -> Self {
    var copy = self
    copy.repairs.insert(repair)
    return copy
  }
}

extension Substring {
  /// Without white space at its ends.
  var trimmed: Substring {
    var rest = self
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }

  /// Without one line break at each end, which belongs to the marks and not to the value.
  fileprivate var withoutEdgeBreaks: String {
    var rest = self
    if let first = rest.first, first.isNewline { rest.removeFirst() }
    if let last = rest.last, last.isNewline { rest.removeLast() }
    return String(rest)
  }

  /// Takes what stands between two marks off the front; nil when the first mark is not there.
  fileprivate mutating func taking(_ open: StaticString, _ close: StaticString) -> Substring? {
    let start = trimmed
    guard let mark = start.range(of: open), mark.lowerBound == start.startIndex else { return nil }
    let inside = start[mark.upperBound...]
    guard let end = inside.range(of: close) else { return nil }
    self = inside[end.upperBound...]
    return inside[..<end.lowerBound]
  }
}

extension Substring {
  /// Where an ASCII pattern stands first; linear in the length of what is before it.
  func range(of pattern: StaticString) -> Range<Index>? {
    let offset = pattern.withUTF8Buffer { wanted in
      utf8.withContiguousStorageIfAvailable { Self.offset(of: wanted, in: $0) } ?? nil
    }
    guard let offset else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: pattern.utf8CodeUnitCount)
  }

  private static func offset(
    of wanted: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let first = wanted.first, text.count >= wanted.count else { return nil }
    return (0...(text.count - wanted.count)).first { offset in
      text[offset] == first && text[offset..<offset + wanted.count].elementsEqual(wanted)
    }
  }
}
