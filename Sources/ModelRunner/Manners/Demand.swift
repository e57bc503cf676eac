/// What a server that refused a request wants otherwise.
enum Demand: Hashable, Sendable {
  /// Not one of these fields, the likeliest first.
  case without([String])
  /// Not one of these fields, and it does not say which.
  case anyOf([String])
  /// Answers of at most so many tokens.
  case shorterAnswers(Int)
  /// The speakers in turn, at least in this form.
  case turns(ServerManners.Turns)
  /// No message of the role `system`.
  case noSystem
  /// Ids of calls of nine letters and digits.
  case shortIDs
  /// The answer in one piece.
  case wholeAnswers
}

/// Reads from a refusal what the server wants otherwise.
///
/// Nothing is taken from a request that somebody could miss: only what a request is as good without.
struct DemandReader {
  private let text: String
  private let param: String?
  private let status: Int

  init(_ body: ErrorBody, status: Int) {
    text = String(body.message.prefix(4096)).lowercased()
    param = body.param
    self.status = status
  }

  /// What a request is as good without.
  static func isOptional(_ name: String) -> Bool {
    !["model", "messages", "tools", "stream"].contains(name)
  }

  /// What is wanted otherwise; nil when it cannot be told.
  ///
  /// - Parameters:
  ///   - sent: the fields of the body that was refused.
  ///   - maximumTokens: the longest answer that it asked for.
  func demand(sent: [String], maximumTokens: Int) -> Demand? {
    conversation ?? answers(maximumTokens) ?? parameter(sent)
  }

  // MARK: - The conversation

  /// What is wanted of the conversation as such, whatever the status.
  var conversation: Demand? {
    if says("tool call id"), says("alphanumeric") || says("length") { return .shortIDs }
    if wantsWordsOnly { return .turns(.words) }
    if says("alternate ") || says("alternating"), says("role") || says("user") || says("turn") {
      return .turns(.alternate)
    }
    if refusesSystem { return .noSystem }
    if says("unexpected role") || says("roles in a row") || says("messages in a row")
      || says("consecutive"), says("role") || says("user")
    {
      return .turns(.alternate)
    }
    return nil
  }

  private var refusesSystem: Bool {
    says("system") && (says("role") || says("message")) && isRefusal
  }

  /// Whether there are no results of calls for it.
  private var wantsWordsOnly: Bool {
    if says("only user and assistant roles") { return true }
    return isRefusal && (says("role 'tool'") || says("role \"tool\"") || says("role: tool"))
      && !says("after role") && !says("unexpected role")
      || says("tool role") && isRefusal
  }

  // MARK: - Fields

  private func answers(_ maximumTokens: Int) -> Demand? {
    guard mentions("max_tokens") || mentions("max_completion_tokens"),
      ["too large", "at most", "maximum", "less than", "exceed", "greater than", "<="].contains(
        where: says)
    else { return nil }
    let limits = StatedNumbers.all(in: text).filter { $0 >= 16 && $0 < maximumTokens }
    return limits.max().map { .shorterAnswers($0) }
  }

  private func parameter(_ sent: [String]) -> Demand? {
    guard [400, 405, 415, 422, 501].contains(status) || isRefusal else { return nil }
    if isRefusal, mentions("stream") || says("streaming"), !mentions("stream_options") {
      return .wholeAnswers
    }
    let optional = sent.filter(Self.isOptional)
    // A refused field takes what is inside of it along: `response_format.type`.
    let named = param.flatMap { param in
      optional.first { param == $0 || param.hasPrefix($0 + ".") || param.hasSuffix("." + $0) }
    }
    let mentioned = optional.compactMap { name in place(of: name).map { (name, $0) } }
      .sorted { $0.1 < $1.1 }.map(\.0)
    let names = (named.map { [$0] } ?? []) + mentioned
    if !names.isEmpty { return .without(names) }
    return isUnnamed
      ? .anyOf(optional.filter { $0 != "max_tokens" && $0 != "response_format" }) : nil
  }

  /// Whether a field is refused that is not named.
  private var isUnnamed: Bool {
    // What stands in quotes is a name that is not sent any more.
    !text.contains { "'\"`".contains($0) }
      && [
        "unsupported parameter", "unknown parameter", "unknown field",
        "unrecognized request argument",
        "unrecognized field", "extra inputs are not permitted", "extra fields not permitted",
        "unexpected keyword", "additional properties",
      ].contains(where: says)
  }

  /// Whether the words are those of a refusal.
  private var isRefusal: Bool {
    [
      "unsupported", "not supported", "not support", "unexpected", "unknown", "unrecognized",
      "unrecognised",
      "not permitted", "not allowed", "extra inputs", "invalid", "deprecated", "not available",
    ].contains(where: says)
  }

  // MARK: - Words

  private func says(_ words: String) -> Bool { text.contains(words) }

  private func mentions(_ name: String) -> Bool { place(of: name) != nil }

  /// Where a field's name stands as a word of its own; nil when it does not.
  private func place(of name: String) -> Int? {
    let (bytes, name) = (Array(text.utf8), Array(name.utf8))
    guard !name.isEmpty, bytes.count >= name.count else { return nil }
    func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    return (0...(bytes.count - name.count)).first { start in
      let end = start + name.count
      return bytes[start..<end].elementsEqual(name) && (start == 0 || !isWord(bytes[start - 1]))
        && (end == bytes.count || !isWord(bytes[end]))
    }
  }
}
