/// What a server takes and what it does not, as far as somebody said or a refusal told.
///
/// The limits in it are the server's own words.
public struct ServerManners: Hashable, Sendable {
  /// The forms of a conversation, from the one with the most in it to the plainest.
  public enum Turns: String, Hashable, Sendable, CaseIterable {
    /// A picture follows the result of a call, as a message of the user.
    case free
    /// The assistant says something between a result and the user's next message, so that both take turns.
    case alternate
    /// No calls and results: what was called is what the assistant said, and neighbours of one role are one message.
    case words
  }

  /// The field of a request that bounds its answer.
  public enum TokensField: String, Hashable, Sendable, CaseIterable {
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
  }

  /// The form of conversations.
  public var turns = Turns.free
  /// The fields of a request that are not sent.
  public var leftOut: Set<String> = []
  /// Which field bounds an answer.
  public var tokensField = TokensField.maxTokens
  /// Whether the tools go into a request; otherwise the one tool becomes the form of the answer.
  public var takesTools = true
  /// The most pictures of a request; nil when nobody said.
  public var pictures: Int?
  /// The context in tokens, when the server said less than was thought.
  public internal(set) var context: Int?
  /// The largest body in bytes, when the server said less than was thought.
  public internal(set) var bodyBytes: Int?
  /// The longest answer in tokens that the server takes a wish for.
  var mostTokens: Int?
  /// Whether there may be a message of the role `system`.
  var takesSystem = true
  /// Whether the ids of calls are nine letters and digits.
  var wantsShortIDs = false
  /// Whether an answer may come in pieces.
  var streams = true

  /// A server that takes everything.
  public init() {}

  /// Does as a refusal asked.
  ///
  /// - Parameter sent: the fields of the body that was refused.
  /// - Returns: what is done otherwise from now on; nil when nothing was left to be done.
  mutating func yield(to demand: Demand, sent: [String]) -> String? {
    switch demand {
    case .without(let names): leaveOut(names, sent: sent)
    case .shorterAnswers(let most): shorten(to: most)
    case .anyOf(let names): leaveOutAll(names, sent: sent)
    case .turns(let least): takeTurns(atLeast: least)
    case .noSystem: change(&takesSystem, to: false, "no system message")
    case .shortIDs: change(&wantsShortIDs, to: true, "ids of calls in nine letters and digits")
    case .wholeAnswers: change(&streams, to: false, "no answers in pieces")
    }
  }

  private func change(_ value: inout Bool, to new: Bool, _ words: String) -> String? {
    guard value != new else { return nil }
    value = new
    return words
  }

  private mutating func leaveOut(_ names: [String], sent: [String]) -> String? {
    guard let name = names.first(where: { sent.contains($0) && !leftOut.contains($0) }) else {
      return nil
    }
    if name == TokensField.maxTokens.rawValue, tokensField == .maxTokens {
      tokensField = .maxCompletionTokens
      return "max_completion_tokens in place of max_tokens"
    }
    leftOut.insert(name)
    return "no \(name)"
  }

  private mutating func leaveOutAll(_ names: [String], sent: [String]) -> String? {
    let more = names.filter { sent.contains($0) && !leftOut.contains($0) }
    guard !more.isEmpty else { return nil }
    leftOut.formUnion(more)
    return "no \(more.joined(separator: ", "))"
  }

  private mutating func shorten(to most: Int) -> String? {
    guard most >= 16, most < mostTokens ?? .max else { return nil }
    mostTokens = most
    return "answers of at most \(most) tokens"
  }

  private mutating func takeTurns(atLeast least: Turns) -> String? {
    let forms = Turns.allCases
    guard let now = forms.firstIndex(of: turns), let floor = forms.firstIndex(of: least),
      now + 1 < forms.count
    else { return nil }
    turns = forms[max(now + 1, floor)]
    return turns == .words
      ? "user and assistant in turn, without calls and results" : "user and assistant in turn"
  }

  /// What differs from a server that takes everything, each in a few words.
  public var sentences: [String] {
    var said: [String] = []
    switch turns {
    case .free: break
    case .alternate: said.append("user and assistant in turn")
    case .words: said.append("user and assistant in turn, without calls and results")
    }
    if tokensField == .maxCompletionTokens {
      said.append("max_completion_tokens in place of max_tokens")
    }
    said += leftOut.sorted().map { "no \($0)" }
    if !takesTools { said.append("no tools: it is asked for JSON") }
    if let mostTokens { said.append("answers of at most \(mostTokens) tokens") }
    if !takesSystem { said.append("no system message") }
    if wantsShortIDs { said.append("ids of calls in nine letters and digits") }
    if !streams { said.append("no answers in pieces") }
    if let pictures {
      said.append("at most \(pictures) picture\(pictures == 1 ? "" : "s") a request")
    }
    if let context { said.append("a context of \(context) tokens") }
    if let bodyBytes { said.append("bodies of at most \(bodyBytes) bytes") }
    return said
  }
}
