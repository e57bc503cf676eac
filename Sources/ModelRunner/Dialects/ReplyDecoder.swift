internal import JSONCoding
public import Pixels

/// Turns what a model said, in whichever dialect, into calls of the tools that were offered.
///
/// Strict about meaning, lenient about form: a name must match exactly, arguments must fit the schema,
/// and nothing that was cut is completed. A reply with one bad call has no good ones.
public struct ReplyDecoder: Sendable {
  /// The dialect that was asked for; others that are beyond doubt are read as well.
  public let dialect: ModelFamily.Dialect
  private let tools: [String: ToolDefinition]
  private let names: [String]
  private let order: ModelSpace.Order

  /// A decoder for the tools that a request offered.
  ///
  /// Without tools, names and arguments are not checked.
  ///
  /// - Parameter order: which coordinate a list has first where the model writes both by name.
  public init(
    dialect: ModelFamily.Dialect, tools: [ToolDefinition], order: ModelSpace.Order = .xy
  ) {
    self.dialect = dialect
    self.order = order
    self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    names = tools.map(\.name)
  }

  /// The calls of a reply.
  public func decode(_ reply: ChatReply) throws(ReplyRejection) -> DecodedReply {
    guard !reply.isEmpty else {
      throw reply.isTruncated
        ? truncated : ReplyRejection(.empty, "You answered nothing. \(howTo)")
    }
    guard !reply.isTruncated else { throw truncated }
    if !reply.toolCalls.isEmpty { return try native(reply) }
    return try textual(reply.text)
  }

  private var truncated: ReplyRejection {
    ReplyRejection(.truncated, "Your answer was too long and was cut off. Answer in fewer words.")
  }

  /// How a call is written in this dialect.
  private var howTo: String {
    let list = names.prefix(30).joined(separator: ", ")
    return switch dialect {
    case .native: "Call one of the tools: \(list)."
    case .schema:
      names.count == 1
        ? "Answer with one JSON object, the arguments of \(list), and nothing else."
        : "Answer with one JSON object {\"action\": NAME, \"args\": {…}} and nothing else, where NAME is "
          + "one of: \(list)."
    case .actionText: "Answer with one line that begins with \"Action:\" and one of: \(list)."
    }
  }

  // MARK: - Native

  private func native(_ reply: ChatReply) throws(ReplyRejection) -> DecodedReply {
    var calls: [DecodedCall] = []
    for call in reply.toolCalls {
      guard call.isComplete else { throw truncated }
      calls.append(
        try checked(
          MarkedCalls.Found(name: call.name, arguments: .string(call.argumentsText)), id: call.id,
          isNative: true))
    }
    return DecodedReply(calls: calls, text: reply.text)
  }

  // MARK: - Text

  private func textual(_ text: String) throws(ReplyRejection) -> DecodedReply {
    guard text.utf8.count <= ChatReply.argumentsLimit else {
      throw ReplyRejection(.malformed, "Your answer is far too long. \(howTo)")
    }
    let said = Self.withoutThought(text[...]).trimmed
    guard !said.isEmpty else { throw ReplyRejection(.empty, "You answered nothing. \(howTo)") }
    do {
      if let (found, rest) = try MarkedCalls.find(said) {
        return try decoded(found, text: rest)
      }
    } catch let error as MarkedCalls.Unreadable {
      throw ReplyRejection(
        .malformed, "Your call could not be read: \"\(error.excerpt)\". \(howTo)")
    } catch let error as ReplyRejection {
      throw error
    } catch {
      throw ReplyRejection(.malformed, "Your call could not be read. \(howTo)")
    }
    if let reply = try actionText(said) { return reply }
    if let reply = try jsonText(said) { return reply }
    throw ReplyRejection(
      .noCall, "You called no tool; you said: \"\(String(said).excerpt(100))\". \(howTo)")
  }

  /// Without a thought in front, which some servers leave in the text; one that does not end is all
  /// there is.
  private static func withoutThought(_ text: Substring) -> Substring {
    guard let end = text.range(of: "</think>") else {
      return text.trimmed.hasPrefix("<think>") ? "" : text
    }
    return text[end.upperBound...]
  }

  private func decoded(
    _ found: [MarkedCalls.Found], text: String
  ) throws(ReplyRejection) -> DecodedReply {
    var calls: [DecodedCall] = []
    for call in found.prefix(ChatReply.callLimit) { calls.append(try checked(call)) }
    return DecodedReply(calls: calls, text: text.trimmedSpaces)
  }

  /// `Action: …` lines; only where they were asked for.
  private func actionText(_ text: Substring) throws(ReplyRejection) -> DecodedReply? {
    guard dialect == .actionText else { return nil }
    guard let mark = text.range(of: "Action:") else {
      guard let calls = CallExpression.parse(text) else { return nil }
      return try decoded(calls.map(\.found), text: "")
    }
    guard let calls = CallExpression.parse(text[mark.upperBound...]) else {
      throw ReplyRejection(
        .malformed,
        "Your action could not be read: \"\(String(text[mark.upperBound...]).excerpt(100))\". \(howTo)"
      )
    }
    return try decoded(calls.map(\.found), text: String(text[..<mark.lowerBound]))
  }

  /// One JSON object, or several in a list: bare, in a fence, or at the very end.
  private func jsonText(_ text: Substring) throws(ReplyRejection) -> DecodedReply? {
    guard let (body, before, around) = Self.body(text) else { return nil }
    if around.contains(.fence), let calls = CallExpression.parse(body) {
      return try decoded(calls.map { $0.found.with(around) }, text: before)
    }
    guard let (value, repairs) = LenientJSON.parse(body) else {
      throw ReplyRejection(
        .malformed, "Your JSON could not be read: \"\(String(body).excerpt(100))\". \(howTo)")
    }
    let items = value["tool_calls"]?.array ?? value.array ?? [value]
    guard !items.isEmpty, items.count <= ChatReply.callLimit else { return nil }
    if dialect == .schema, items.count == 1, let name = names.first, names.count == 1,
      let tool = tools[name], value.object != nil, value["tool_calls"] == nil
    {
      // The whole answer is what the schema asked for: the arguments of the only tool.
      var check = SchemaCheck(order: order)
      if (try? check.check(value, against: tool.parameters)) != nil {
        let call = MarkedCalls.Found(
          name: name, arguments: value, repairs: repairs.union(around))
        return try decoded([call], text: before)
      }
    }
    if let call = only(value, items) {
      return try decoded(
        [call.with(repairs).with(around)], text: before)
    }
    var found: [MarkedCalls.Found] = []
    for item in items {
      guard let shape = CallShape(item, tools: Set(names)) else {
        throw ReplyRejection(
          .malformed, "Your JSON is no call of a tool: \"\(item.text.excerpt(100))\". \(howTo)")
      }
      found.append(
        MarkedCalls.Found(
          name: shape.name, arguments: shape.arguments,
          repairs: repairs.union(shape.repairs).union(around)))
    }
    return try decoded(found, text: before)
  }

  /// The arguments of the only tool, without its name; nil where they might be anything else.
  private func only(_ value: JSON, _ items: [JSON]) -> MarkedCalls.Found? {
    guard items.count == 1, names.count == 1, let name = names.first, let tool = tools[name],
      value.object != nil, value["tool_calls"] == nil,
      tool.parameters["required"]?.array?.isEmpty == false,
      CallShape(value, tools: Set(names))?.name != name
    else { return nil }
    var check = SchemaCheck(order: order)
    guard (try? check.check(value, against: tool.parameters)) != nil else { return nil }
    return MarkedCalls.Found(name: name, arguments: value, repairs: [.key])
  }

  /// The part of a text that can only be meant as JSON, and what stands before it.
  private static func body(
    _ text: Substring
  ) -> (body: Substring, before: String, repairs: Set<DecodedCall.Repair>)? {
    if text.hasPrefix("{") || text.hasPrefix("[") { return (text, "", []) }
    if let open = text.range(of: "```") {
      let inside = text[open.upperBound...]
      guard let close = inside.range(of: "```"),
        inside[close.upperBound...].range(of: "```") == nil
      else { return nil }
      let label = inside.prefix { $0.isLetter || $0 == "_" }
      let before = String(text[..<open.lowerBound].trimmed)
      return (
        inside[label.endIndex..<close.lowerBound].trimmed, before,
        before.isEmpty ? [.fence] : [.fence, .prose]
      )
    }
    guard text.hasSuffix("}"), let start = text.range(of: "\n{") else { return nil }
    let body = text[text.index(after: start.lowerBound)...]
    return (body, String(text[..<start.lowerBound].trimmed), [.prose])
  }

  // MARK: - Checking

  private func checked(
    _ call: MarkedCalls.Found, id: String? = nil, isNative: Bool = false
  ) throws(ReplyRejection) -> DecodedCall {
    guard tools.isEmpty || tools[call.name] != nil else {
      throw ReplyRejection(
        .unknownTool(call.name.excerpt(60)),
        "There is no tool \"\(call.name.excerpt(60))\". \(howTo)")
    }
    var repairs = call.repairs
    let object = try self.object(call, &repairs, isNative: isNative)
    guard let tool = tools[call.name] else {
      return DecodedCall(id: id, name: call.name, arguments: object, repairs: repairs)
    }
    var check = SchemaCheck(order: order)
    do {
      let value = try check.check(.object(object), against: tool.parameters)
      return DecodedCall(
        id: id, name: call.name, arguments: value.object ?? object,
        repairs: repairs.union(check.repairs))
    } catch {
      throw ReplyRejection(
        .badArgument(tool: call.name, path: error.path),
        "The argument \(error.path) of \(call.name) \(error.problem). Call it again.")
    }
  }

  /// The arguments as an object.
  private func object(
    _ call: MarkedCalls.Found, _ repairs: inout Set<DecodedCall.Repair>, isNative: Bool
  ) throws(ReplyRejection) -> JSONObject {
    switch call.arguments {
    case .object(let object) where call.areTexts: return typed(object, of: call.name)
    case .object(let object): return object
    case .null:
      repairs.insert(.noArguments)
      return JSONObject()
    case .string(let text):
      if !isNative { repairs.insert(.doubleEncoded) }
      return try object(text, of: call.name, &repairs)
    case .bool, .integer, .number, .array:
      throw ReplyRejection(.malformed, "The arguments of \(call.name.excerpt(60)) are no object.")
    }
  }

  private func object(
    _ text: String, of name: String, _ repairs: inout Set<DecodedCall.Repair>
  ) throws(ReplyRejection) -> JSONObject {
    let text = text[...].trimmed
    if text.isEmpty || text == "null" {
      repairs.insert(.noArguments)
      return JSONObject()
    }
    let unreadable = ReplyRejection(
      .malformed,
      "The arguments of \(name.excerpt(60)) are no JSON object: \"\(String(text.prefix(200)).excerpt(100))\". "
        + "Call it again.")
    guard text.utf8.count <= ChatReply.argumentsLimit,
      let (value, found) = LenientJSON.parse(text)
    else { throw unreadable }
    repairs.formUnion(found)
    if let object = value.object { return object }
    // Arguments that were put into a string once too often.
    guard let inner = value.string, let object = (try? JSON(parsing: inner))?.object else {
      throw unreadable
    }
    repairs.insert(.doubleEncoded)
    return object
  }

  /// Arguments that came as texts, typed by the schema: a string stays what it is.
  private func typed(_ texts: JSONObject, of name: String) -> JSONObject {
    let properties = tools[name]?.parameters["properties"]
    return JSONObject(
      texts.pairs.map { key, value in
        guard let text = value.string, properties?[key]?["type"]?.string != "string",
          let parsed = LenientJSON.parse(text[...].trimmed)
        else { return (key, value) }
        return (key, parsed.value)
      })
  }
}

extension CallExpression.Parsed {
  fileprivate var found: MarkedCalls.Found {
    MarkedCalls.Found(name: name, arguments: .object(arguments), repairs: repairs)
  }
}

extension MarkedCalls.Found {
  fileprivate func with(_ more: Set<DecodedCall.Repair>) -> Self {
    var copy = self
    copy.repairs.formUnion(more)
    return copy
  }
}
