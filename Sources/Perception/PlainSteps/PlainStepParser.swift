/// Reads plain steps: `click “Sign in”`, `type "alice" into the User name field, then press Enter`.
///
/// The grammar is in docs/plain-steps.md. A line is understood as a whole or not at all: where any part
/// could mean something else, the answer is nil and the line is for a model.
public struct PlainStepParser: Sendable {
  /// The longest line, in characters.
  static let longestLine = 500
  /// The most words of a target that is not in quotes.
  static let mostWords = 5

  private let phrases = PlainPhrases.english

  /// A parser for English.
  public init() {}

  /// The actions of a line, in order; nil unless all of it is understood.
  public func parse(_ line: String) -> [PlainAction]? {
    guard line.count <= Self.longestLine, !line.unicodeScalars.contains(where: { $0.value < 32 }),
      var tokens = PlainToken.read(line)
    else { return nil }
    while tokens.last == .mark { tokens.removeLast() }
    for lead in phrases.leads where begins(tokens[...], with: lead) {
      tokens.removeFirst(lead.count)
      break
    }
    var budget = 2000
    guard let actions = steps(tokens[...], &budget), !actions.isEmpty else { return nil }
    return actions
  }

  /// One step, or a step, a joiner and more steps.
  private func steps(
    _ tokens: ArraySlice<PlainToken>, _ budget: inout Int
  ) -> [PlainAction]? {
    budget -= 1
    guard budget > 0 else { return nil }
    for index in tokens.indices {
      guard let rest = afterJoiner(tokens, at: index), !rest.isEmpty, startsWithVerb(rest),
        let first = step(tokens[..<index]), let others = steps(rest, &budget)
      else { continue }
      return [first] + others
    }
    return step(tokens).map { [$0] }
  }

  /// What follows a comma, a full stop, `and`, `then` or several of them; nil when there is none here.
  private func afterJoiner(
    _ tokens: ArraySlice<PlainToken>, at index: Int
  ) -> ArraySlice<PlainToken>? {
    var end = index
    while end < tokens.endIndex, isJoiner(tokens[end]) { end += 1 }
    return end == index ? nil : tokens[end...]
  }

  private func isJoiner(_ token: PlainToken) -> Bool {
    token == .mark || token.lower.map(phrases.joiners.contains) == true
  }

  private func startsWithVerb(_ tokens: ArraySlice<PlainToken>) -> Bool {
    phrases.verbs.contains { begins(tokens, with: $0.phrase) }
  }

  private func begins(_ tokens: ArraySlice<PlainToken>, with phrase: [String]) -> Bool {
    tokens.count >= phrase.count && zip(tokens, phrase).allSatisfy { $0.lower == $1 }
  }

  /// One step that fills all the tokens.
  private func step(_ tokens: ArraySlice<PlainToken>) -> PlainAction? {
    for (phrase, verb) in phrases.verbs where begins(tokens, with: phrase) {
      return action(verb, tokens.dropFirst(phrase.count))
    }
    return nil
  }

  private func action(
    _ verb: PlainPhrases.Verb, _ rest: ArraySlice<PlainToken>
  ) -> PlainAction? {
    switch verb {
    case .click: target(rest).map(PlainAction.click)
    case .doubleClick: target(rest).map(PlainAction.doubleClick)
    case .rightClick: target(rest).map(PlainAction.rightClick)
    case .hover: target(rest).map(PlainAction.hover)
    case .clear: target(rest).map(PlainAction.clear)
    case .check: target(rest).map(PlainAction.check)
    case .uncheck: target(rest).map(PlainAction.uncheck)
    case .open: target(rest).map(PlainAction.open)
    case .type, .enter: typing(rest, needsField: verb == .enter)
    case .typeIn: rest.first?.lower == nil ? typing(rest, needsField: false) : nil
    case .press: keys(rest).map(PlainAction.press)
    case .scroll: scroll(rest)
    case .drag: drag(rest)
    case .waitFor: waitFor(rest)
    case .wait: duration(rest).map(PlainAction.wait)
    case .select: select(rest)
    }
  }

  // MARK: - Parts

  /// A target: an article, a text, and a noun before or after it.
  private func target(_ tokens: ArraySlice<PlainToken>) -> PlainTarget? {
    var tokens = tokens
    if let word = tokens.first?.lower, tokens.count > 1, phrases.articles.contains(word) {
      tokens = tokens.dropFirst()
      // `the button` is one that was spoken of before.
      if noun(tokens) != nil { return nil }
    }
    if let quoted = quotedTarget(tokens) { return quoted }
    guard !tokens.contains(where: { $0.lower == nil }) else { return nil }
    let (words, noun) = splitNoun(tokens)
    guard (1...Self.mostWords).contains(words.count) else { return nil }
    let lower = words.compactMap(\.lower)
    guard lower.allSatisfy({ !phrases.strangers.contains($0) && !$0.contains("://") }),
      !words.dropFirst().contains(where: isArticle), !isJoiner(words[words.startIndex]),
      !isJoiner(words[words.endIndex - 1])
    else { return nil }
    return PlainTarget(text(words), noun: noun)
  }

  /// An article in small letters: the last word of `Card A` is a name.
  private func isArticle(_ token: PlainToken) -> Bool {
    if case .word(let word) = token { phrases.articles.contains(word) } else { false }
  }

  /// `"Save"`, `"Save" button`, `button "Save"`.
  private func quotedTarget(_ tokens: ArraySlice<PlainToken>) -> PlainTarget? {
    let quoted = tokens.indices.filter { tokens[$0].lower == nil && tokens[$0] != .mark }
    guard quoted.count == 1, let index = quoted.first, case .quoted(let text) = tokens[index],
      !text.allSatisfy(\.isWhitespace)
    else { return nil }
    let before = tokens[..<index]
    let after = tokens[tokens.index(after: index)...]
    switch (before.isEmpty, after.isEmpty) {
    case (true, true): return PlainTarget(text)
    case (true, false): return noun(after).map { PlainTarget(text, noun: $0) }
    case (false, true): return noun(before).map { PlainTarget(text, noun: $0) }
    case (false, false): return nil
    }
  }

  private func noun(_ tokens: ArraySlice<PlainToken>) -> String? {
    phrases.nouns.first { $0.phrase.count == tokens.count && begins(tokens, with: $0.phrase) }?.name
  }

  /// Takes a noun off the end, unless it is all there is.
  private func splitNoun(
    _ tokens: ArraySlice<PlainToken>
  ) -> (words: ArraySlice<PlainToken>, noun: String?) {
    for (phrase, name) in phrases.nouns where tokens.count > phrase.count {
      if begins(tokens.suffix(phrase.count), with: phrase) {
        return (tokens.dropLast(phrase.count), name)
      }
    }
    return (tokens, nil)
  }

  private func text(_ words: ArraySlice<PlainToken>) -> String {
    words.compactMap { if case .word(let word) = $0 { word } else { nil } }.joined(separator: " ")
  }

  /// `"T"`, `"T" into X`; a text without quotes only where nothing else could be meant.
  private func typing(_ tokens: ArraySlice<PlainToken>, needsField: Bool) -> PlainAction? {
    guard let first = tokens.first else { return nil }
    if case .quoted(let text) = first {
      let rest = tokens.dropFirst()
      if rest.isEmpty { return .type(text, into: nil) }
      for phrase in phrases.into where begins(rest, with: phrase) {
        return target(rest.dropFirst(phrase.count)).map { .type(text, into: $0) }
      }
      return nil
    }
    // Without quotes `password` could be the word or what it stands for; `42` and `a@b.example` could not.
    guard case .word(let word) = first, !word.allSatisfy(\.isLetter) else { return nil }
    let rest = tokens.dropFirst()
    if rest.isEmpty { return needsField ? nil : .type(word, into: nil) }
    for phrase in phrases.into where begins(rest, with: phrase) {
      return target(rest.dropFirst(phrase.count)).map { .type(word, into: $0) }
    }
    return nil
  }

  /// A text to wait for, or after all a time: `wait for 2 seconds`.
  private func waitFor(_ tokens: ArraySlice<PlainToken>) -> PlainAction? {
    if let duration = duration(tokens) { return .wait(duration) }
    for phrase in phrases.appearing
    where tokens.count > phrase.count && begins(tokens.suffix(phrase.count), with: phrase) {
      return target(tokens.dropLast(phrase.count)).map { .waitFor($0.text) }
    }
    // `the page to load` is no text on the screen.
    let ends = Set(phrases.appearing.compactMap(\.first))
    guard !tokens.contains(where: { $0.lower.map(ends.contains) == true }) else { return nil }
    return target(tokens).map { .waitFor($0.text) }
  }

  /// Keys: one chord, as one word or in quotes.
  private func keys(_ tokens: ArraySlice<PlainToken>) -> String? {
    var tokens = tokens
    if let word = tokens.first?.lower, tokens.count > 1, phrases.articles.contains(word) {
      tokens = tokens.dropFirst()
    }
    if tokens.count == 2, tokens.last?.lower.map(phrases.keys.contains) == true {
      tokens = tokens.dropLast()
    }
    guard tokens.count == 1, let token = tokens.first else { return nil }
    switch token {
    case .word(let word), .quoted(let word): return PlainKeys.isChord(word) ? word : nil
    case .mark: return nil
    }
  }

  private func scroll(_ tokens: ArraySlice<PlainToken>) -> PlainAction? {
    guard let word = tokens.first?.lower, let direction = phrases.directions[word] else {
      return nil
    }
    var rest = tokens.dropFirst()
    if rest.isEmpty { return .scroll(direction, notches: 3) }
    if rest.first?.lower.map(phrases.by.contains) == true { rest = rest.dropFirst() }
    guard let word = rest.first?.lower, let number = number(word), (1...100).contains(number) else {
      return nil
    }
    let unit = rest.dropFirst()
    guard unit.isEmpty || unit.count == 1 && unit.first?.lower.map(phrases.notches.contains) == true
    else { return nil }
    return .scroll(direction, notches: number)
  }

  private func number(_ word: String) -> Int? { phrases.numbers[word] ?? Int(word) }

  private func drag(_ tokens: ArraySlice<PlainToken>) -> PlainAction? {
    guard let (from, to) = split(tokens, at: phrases.onto) else { return nil }
    return .drag(from: from, to: to)
  }

  private func select(_ tokens: ArraySlice<PlainToken>) -> PlainAction? {
    if let (option, list) = split(tokens, at: phrases.from) { return .select(option, from: list) }
    return target(tokens).map { .select($0, from: nil) }
  }

  /// Two targets with one of the words between them; nil unless there is exactly one way to split.
  private func split(
    _ tokens: ArraySlice<PlainToken>, at words: [[String]]
  ) -> (PlainTarget, PlainTarget)? {
    var found: [(PlainTarget, PlainTarget)] = []
    for index in tokens.indices {
      for phrase in words where begins(tokens[index...], with: phrase) {
        guard let left = target(tokens[..<index]),
          let right = target(tokens[index...].dropFirst(phrase.count))
        else { continue }
        found.append((left, right))
      }
    }
    return found.count == 1 ? found.first : nil
  }

  /// `2 seconds`, `500ms`, `one minute`.
  private func duration(_ tokens: ArraySlice<PlainToken>) -> Duration? {
    let words = tokens.compactMap(\.lower)
    guard words.count == tokens.count, let first = words.first else { return nil }
    let digits = String(first.prefix { $0.isNumber || $0 == "." })
    let unit: String
    let amount: Double
    if !digits.isEmpty, digits.count < first.count, words.count == 1, let value = Double(digits) {
      amount = value
      unit = String(first.dropFirst(digits.count))
    } else if words.count == 2, let value = Double(first) ?? phrases.numbers[first].map(Double.init)
    {
      amount = value
      unit = words[1]
    } else {
      return nil
    }
    guard let scale = phrases.units[unit], amount >= 0, amount * Double(scale) <= 3_600_000 else {
      return nil
    }
    return .milliseconds(Int(amount * Double(scale)))
  }
}

/// What may be a chord of keys.
enum PlainKeys {
  private static let names: Set<String> = [
    "ctrl", "control", "shift", "alt", "altgr", "meta", "super", "win", "cmd", "command", "option",
    "enter", "return", "tab", "space", "backspace", "delete", "del", "insert", "ins", "escape",
    "esc",
    "home", "end", "pageup", "pagedown", "pgup", "pgdn", "up", "down", "left", "right", "menu",
    "print", "pause", "minus", "plus",
  ]

  /// Whether a word is a chord: key names, function keys or single characters, joined by `+`.
  static func isChord(_ word: String) -> Bool {
    let parts = word.lowercased().split(separator: "+", omittingEmptySubsequences: false)
    return !parts.isEmpty && parts.allSatisfy { isKey(String($0)) }
  }

  private static func isKey(_ name: String) -> Bool {
    if names.contains(name) || name.count == 1 { return true }
    guard name.first == "f", let number = Int(name.dropFirst()) else { return false }
    return (1...24).contains(number)
  }
}
