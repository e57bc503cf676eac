public import Languages
public import Scenario

/// Reads plain steps: `click “Sign in”`, `type "alice" into the User name field, then press Enter`.
///
/// The grammar is in docs/plain-steps.md. A line is understood as a whole or not at all: where any part
/// could mean something else, the answer is nil and the line is for a model. What a line becomes depends
/// on the line and the language alone.
public struct PlainStepParser: Sendable {
  /// The longest line, in characters.
  static let longestLine = 500

  private let language: Language
  private let matcher: PlainPatternMatcher

  /// A parser for a language.
  public init(_ language: Language = .english) {
    self.language = language
    matcher = PlainPatternMatcher(language)
  }

  /// The moves of a line in the language of a code, nil being English.
  ///
  /// Nil unless all of it is understood, and where there is no such language.
  public static func moves(of line: String, language code: String?) -> [Move]? {
    Language.named(code ?? "en").flatMap { PlainStepParser($0).parse(line) }
  }

  /// The moves of a line, in order; nil unless all of it is understood.
  ///
  /// In a text to type, `‹NAME›` is left as it stands: whoever types knows which names are secrets.
  public func parse(_ line: String) -> [Move]? {
    guard line.count <= Self.longestLine, !line.unicodeScalars.contains(where: { $0.value < 32 }),
      var tokens = PlainToken.read(line)
    else { return nil }
    while tokens.last == .mark { tokens.removeLast() }
    tokens = expanded(tokens)
    if let lead = language.leads.first(where: { tokens[...].begins(with: $0) }) {
      tokens.removeFirst(lead.count)
    }
    var read: [Int: [Move]?] = [:]
    guard let moves = steps(tokens[...], &read), !moves.isEmpty else { return nil }
    return moves
  }

  /// Words that stand for several, where they are written small: `im` is `in dem`, `Im` is part of a name.
  private func expanded(_ tokens: [PlainToken]) -> [PlainToken] {
    guard !language.expansions.isEmpty else { return tokens }
    return tokens.flatMap { token in
      guard case .word(let word) = token, let words = language.expansions[word] else {
        return [token]
      }
      return words.map(PlainToken.word)
    }
  }

  /// One step, or a step, a joiner and more steps; `read` keeps what is known of the ends of the line.
  private func steps(
    _ tokens: ArraySlice<PlainToken>, _ read: inout [Int: [Move]?]
  ) -> [Move]? {
    if let known = read[tokens.startIndex] { return known }
    var found: [Move]?
    for index in tokens.indices {
      guard let rest = afterJoiner(tokens, at: index), !rest.isEmpty,
        let first = matcher.move(of: tokens[..<index]), let others = steps(rest, &read)
      else { continue }
      found = [first] + others
      break
    }
    found = found ?? matcher.move(of: tokens).map { [$0] }
    read[tokens.startIndex] = .some(found)
    return found
  }

  /// What follows a comma, a full stop, `and`, `then` or several of them; nil when there is none here.
  private func afterJoiner(
    _ tokens: ArraySlice<PlainToken>, at index: Int
  ) -> ArraySlice<PlainToken>? {
    var rest = tokens[index...]
    while let count = joiner(rest) { rest = rest.dropFirst(count) }
    return rest.startIndex == index ? nil : rest
  }

  /// How many tokens of a joiner the tokens begin with.
  private func joiner(_ tokens: ArraySlice<PlainToken>) -> Int? {
    if tokens.first == .mark { return 1 }
    return language.joiners.first { tokens.begins(with: $0) }?.count
  }
}

extension ArraySlice<PlainToken> {
  /// Whether the tokens begin with words, in any case.
  func begins(with phrase: [String]) -> Bool {
    count >= phrase.count && zip(self, phrase).allSatisfy { $0.lower == $1 }
  }

  /// Whether they end with words.
  func ends(with phrase: [String]) -> Bool {
    count >= phrase.count && suffix(phrase.count).begins(with: phrase)
  }
}
