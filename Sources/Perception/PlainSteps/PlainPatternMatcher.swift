internal import Languages

/// Compares one step with the patterns of a language.
struct PlainPatternMatcher: Sendable {
  /// What the slots of a pattern hold.
  struct Values: Hashable {
    var target: PlainTarget?
    var place: PlainTarget?
    var text: String?
    var number: Int?
    var direction: PlainDirection?
    var time: Duration?
  }

  private let patterns: [StepPattern]
  private let slots: PlainSlots

  init(_ language: Language) {
    patterns = language.steps
    slots = PlainSlots(language: language)
  }

  /// What all the tokens together say.
  ///
  /// The first pattern that fits counts; when it fits in two ways that mean different things, nothing does.
  func action(of tokens: ArraySlice<PlainToken>) -> PlainAction? {
    for pattern in patterns where mayFit(pattern, tokens) {
      var found: Set<PlainAction> = []
      match(pattern.parts[...], tokens, Values()) { values in
        if let action = PlainAction(pattern.action, values) { found.insert(action) }
      }
      if found.count == 1 { return found.first }
      if found.count > 1 { return nil }
    }
    return nil
  }

  /// A cheap look at both ends, before all the ways to fill the slots are tried.
  private func mayFit(_ pattern: StepPattern, _ tokens: ArraySlice<PlainToken>) -> Bool {
    if case .words(let phrases, false)? = pattern.parts.first,
      !phrases.contains(where: { tokens.begins(with: $0) })
    {
      return false
    }
    if case .words(let phrases, false)? = pattern.parts.last,
      !phrases.contains(where: { tokens.ends(with: $0) })
    {
      return false
    }
    return true
  }

  /// Tells each way in which the parts fill the tokens.
  private func match(
    _ parts: ArraySlice<StepPattern.Part>, _ tokens: ArraySlice<PlainToken>, _ values: Values,
    _ found: (Values) -> Void
  ) {
    guard let part = parts.first else {
      if tokens.isEmpty { found(values) }
      return
    }
    let others = parts.dropFirst()
    switch part {
    case .mark:
      match(others, tokens.first == .mark ? tokens.dropFirst() : tokens, values, found)
    case .words(let phrases, let isOptional):
      for phrase in phrases where tokens.begins(with: phrase) {
        match(others, tokens.dropFirst(phrase.count), values, found)
      }
      if isOptional { match(others, tokens, values, found) }
    case .slot(let slot, let without):
      guard !tokens.isEmpty else { return }
      let ends =
        others.isEmpty
        ? [tokens.endIndex] : Array(tokens.indices.dropFirst()) + [tokens.endIndex]
      for end in ends {
        let inside = tokens[..<end]
        guard !inside.contains(where: { $0.lower.map(without.contains) == true }),
          let values = slots.fill(slot, with: inside, values)
        else { continue }
        match(others, tokens[end...], values, found)
      }
    }
  }
}

extension PlainAction {
  /// The action of a pattern with what its slots hold; nil when they do not hold what it needs.
  fileprivate init?(_ action: StepPattern.Action, _ values: PlainPatternMatcher.Values) {
    switch action {
    case .type:
      guard let text = values.text else { return nil }
      self = .type(text, into: values.place)
    case .press:
      guard let keys = values.text else { return nil }
      self = .press(keys)
    case .scroll:
      guard let direction = values.direction else { return nil }
      self = .scroll(direction, notches: values.number ?? 3)
    case .wait:
      guard let time = values.time else { return nil }
      self = .wait(time)
    case .click, .doubleClick, .rightClick, .hover, .clear, .drag, .waitFor, .select, .check,
      .uncheck, .open:
      guard let target = values.target,
        let made = PlainAction(action, target, values.place)
      else { return nil }
      self = made
    }
  }

  private init?(_ action: StepPattern.Action, _ target: PlainTarget, _ place: PlainTarget?) {
    switch action {
    case .click: self = .click(target)
    case .doubleClick: self = .doubleClick(target)
    case .rightClick: self = .rightClick(target)
    case .hover: self = .hover(target)
    case .clear: self = .clear(target)
    case .waitFor: self = .waitFor(target.text)
    case .select: self = .select(target, from: place)
    case .check: self = .check(target)
    case .uncheck: self = .uncheck(target)
    case .open: self = .open(target)
    case .drag:
      guard let place else { return nil }
      self = .drag(from: target, to: place)
    case .type, .press, .scroll, .wait: return nil
    }
  }
}
