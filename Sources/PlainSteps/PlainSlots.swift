internal import Hands
internal import Languages
internal import Scenario

/// What may stand in the slots of a pattern: targets, texts, keys, numbers and times.
struct PlainSlots: Sendable {
  /// The most words of a target that is not in quotes.
  static let mostWords = 5

  let language: Language

  /// The values with one more slot filled; nil when the tokens cannot stand there.
  func fill(
    _ slot: StepPattern.Slot, with tokens: ArraySlice<PlainToken>,
    _ values: PlainPatternMatcher.Values
  ) -> PlainPatternMatcher.Values? {
    var values = values
    switch slot {
    case .target: values.target = target(tokens)
    case .place: values.place = target(tokens)
    case .text: values.text = quoted(tokens) ?? plainText(tokens)
    case .quoted: values.text = quoted(tokens)
    case .keys: values.chord = chord(tokens)
    case .number: values.number = notches(tokens)
    case .direction: values.direction = direction(tokens)
    case .time: values.time = duration(tokens)
    }
    let isFilled =
      switch slot {
      case .target: values.target != nil
      case .place: values.place != nil
      case .text, .quoted: values.text != nil
      case .keys: values.chord != nil
      case .number: values.number != nil
      case .direction: values.direction != nil
      case .time: values.time != nil
      }
    return isFilled ? values : nil
  }

  // MARK: - Targets

  /// A target: an article, a text, and a noun before or after it.
  func target(_ tokens: ArraySlice<PlainToken>) -> Target? {
    var tokens = tokens
    var hasArticle = false
    if let word = tokens.first?.lower, tokens.count > 1, language.articles.contains(word) {
      tokens = tokens.dropFirst()
      hasArticle = true
      // `the button` is one that was spoken of before.
      if noun(tokens) != nil { return nil }
    }
    if let quoted = quotedTarget(tokens) { return quoted }
    guard !tokens.contains(where: { $0.lower == nil }),
      let (words, noun) = splitNoun(tokens, hasArticle: hasArticle),
      (1...Self.mostWords).contains(words.count), isName(words)
    else { return nil }
    return Target(.text(Template(text(words))), noun: noun)
  }

  /// Whether words without quotes can only be a name.
  private func isName(_ words: ArraySlice<PlainToken>) -> Bool {
    words.compactMap(\.lower).allSatisfy {
      !language.strangers.contains($0) && !$0.contains("://")
    }
      && !words.dropFirst().contains(where: isArticle)
      && !hasOtherStep(words)
      && !language.joiners.contains { words.begins(with: $0) || words.ends(with: $0) }
  }

  /// Whether a joiner in a name is followed by what begins a step: `Save and press Go` is two steps, of which
  /// the second was not understood.
  private func hasOtherStep(_ words: ArraySlice<PlainToken>) -> Bool {
    words.indices.contains { index in
      language.joiners.contains { joiner in
        let rest = words[index...]
        guard rest.begins(with: joiner), rest.count > joiner.count else { return false }
        return beginsStep(rest.dropFirst(joiner.count))
      }
    }
  }

  private func beginsStep(_ words: ArraySlice<PlainToken>) -> Bool {
    let isStep = language.steps.contains { pattern in
      guard case .words(let phrases, false)? = pattern.parts.first else { return false }
      return phrases.contains { words.begins(with: $0) }
    }
    // `Save and Close` is a name, `Save and close` may be two steps.
    guard !isStep, case .word(let word)? = words.first else { return isStep }
    return language.verbs.contains(word)
  }

  /// An article in small letters: the last word of `Card A` is a name.
  private func isArticle(_ token: PlainToken) -> Bool {
    if case .word(let word) = token { language.articles.contains(word) } else { false }
  }

  /// `"Save"`, `"Save" button`, `button "Save"`.
  private func quotedTarget(_ tokens: ArraySlice<PlainToken>) -> Target? {
    let quoted = tokens.indices.filter { tokens[$0].lower == nil && tokens[$0] != .mark }
    guard quoted.count == 1, let index = quoted.first, case .quoted(let text) = tokens[index],
      !text.allSatisfy(\.isWhitespace)
    else { return nil }
    let before = tokens[..<index]
    let after = tokens[tokens.index(after: index)...]
    let kind = Target.Kind.text(Template(text))
    switch (before.isEmpty, after.isEmpty) {
    case (true, true): return Target(kind)
    case (true, false): return noun(after).map { Target(kind, noun: $0) }
    case (false, true): return noun(before).map { Target(kind, noun: $0) }
    case (false, false): return nil
    }
  }

  private func noun(_ tokens: ArraySlice<PlainToken>) -> TargetKind? {
    language.nouns.first { $0.words.count == tokens.count && tokens.begins(with: $0.words) }?.kind
  }

  /// Parts a name without quotes from its noun, unless the noun is all there is; nil where it could be both.
  private func splitNoun(
    _ tokens: ArraySlice<PlainToken>, hasArticle: Bool
  ) -> (words: ArraySlice<PlainToken>, noun: TargetKind?)? {
    for noun in language.nouns where tokens.count > noun.words.count {
      if language.nounsStandBefore, tokens.begins(with: noun.words) {
        // `Feld löschen` without an article may be the field `löschen`, or all of it a name.
        return hasArticle ? (tokens.dropFirst(noun.words.count), noun.kind) : nil
      }
      if !language.nounsStandBefore, tokens.ends(with: noun.words) {
        return (tokens.dropLast(noun.words.count), noun.kind)
      }
    }
    return (tokens, nil)
  }

  private func text(_ words: ArraySlice<PlainToken>) -> String {
    words.compactMap { if case .word(let word) = $0 { word } else { nil } }.joined(separator: " ")
  }

  // MARK: - Texts and keys

  private func quoted(_ tokens: ArraySlice<PlainToken>) -> String? {
    guard tokens.count == 1, case .quoted(let text)? = tokens.first else { return nil }
    return text
  }

  /// Without quotes `password` could be the word or what it stands for; `42` and `a@b.example` could not.
  private func plainText(_ tokens: ArraySlice<PlainToken>) -> String? {
    guard tokens.count == 1, case .word(let word)? = tokens.first,
      !word.allSatisfy(\.isLetter)
    else { return nil }
    return word
  }

  /// One chord, as one word or in quotes, with the names that scenarios use.
  private func chord(_ tokens: ArraySlice<PlainToken>) -> KeyChord? {
    guard tokens.count == 1 else { return nil }
    switch tokens.first {
    case .word(let word)?, .quoted(let word)?: return PlainKeys.chord(word, names: language.keys)
    case .mark?, nil: return nil
    }
  }

  // MARK: - Numbers

  private func number(_ word: String) -> Int? { language.numbers[word] ?? Int(word) }

  private func notches(_ tokens: ArraySlice<PlainToken>) -> Int? {
    guard tokens.count == 1, let word = tokens.first?.lower, let number = number(word),
      (1...100).contains(number)
    else { return nil }
    return number
  }

  private func direction(_ tokens: ArraySlice<PlainToken>) -> ScrollDirection? {
    guard tokens.count == 1, let word = tokens.first?.lower else { return nil }
    return language.directions[word]
  }

  /// `2 seconds`, `500ms`, `one minute`.
  private func duration(_ tokens: ArraySlice<PlainToken>) -> Duration? {
    let words = tokens.compactMap(\.lower)
    guard words.count == tokens.count, let first = words.first else { return nil }
    let digits = String(first.prefix { $0.isNumber || $0 == language.decimalMark })
    let unit: String
    let amount: Double
    if !digits.isEmpty, digits.count < first.count, words.count == 1, let value = decimal(digits) {
      amount = value
      unit = String(first.dropFirst(digits.count))
    } else if words.count == 2,
      let value = decimal(first) ?? language.numbers[first].map(Double.init)
    {
      amount = value
      unit = words[1]
    } else {
      return nil
    }
    guard let scale = language.units[unit], amount >= 0, amount * Double(scale) <= 3_600_000 else {
      return nil
    }
    return .milliseconds(Int(amount * Double(scale)))
  }

  /// A number with the language's own mark; `1.500` in a language that writes `1,5` is refused.
  private func decimal(_ text: String) -> Double? {
    guard language.decimalMark != "." else { return Double(text) }
    guard !text.contains(".") else { return nil }
    return Double(
      text.split(separator: language.decimalMark, omittingEmptySubsequences: false)
        .joined(separator: "."))
  }
}

/// What may be a chord of keys.
enum PlainKeys {
  /// Names of keys that are as well what buttons are called: `press Next` may be about either.
  private static let ambiguous: Set<String> = ["next", "prior", "windows"]

  /// A chord out of a word: key names, function keys or single characters, joined by `+`.
  ///
  /// - Parameter names: what a language calls keys, in lower case, and what scenarios call them.
  static func chord(_ word: String, names: [String: String]) -> KeyChord? {
    let parts = word.split(separator: "+", omittingEmptySubsequences: false).map { part in
      names[part.lowercased()] ?? String(part)
    }
    guard !parts.contains(where: { $0.isEmpty || ambiguous.contains($0.lowercased()) }) else {
      return nil
    }
    return KeyChord(parsing: parts.joined(separator: "+"))
  }
}
