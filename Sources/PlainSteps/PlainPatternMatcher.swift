internal import Hands
internal import Languages
internal import Scenario

/// Compares one step with the patterns of a language.
struct PlainPatternMatcher: Sendable {
  /// What the slots of a pattern hold.
  struct Values: Hashable {
    var target: Target?
    var place: Target?
    var text: String?
    var chord: KeyChord?
    var number: Int?
    var direction: ScrollDirection?
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
  func move(of tokens: ArraySlice<PlainToken>) -> Move? {
    for pattern in patterns where mayFit(pattern, tokens) {
      var found: Set<Move> = []
      match(pattern.parts[...], tokens, Values()) { values in
        if let move = Move(pattern.action, values) { found.insert(move) }
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

extension Move {
  /// The move of a pattern with what its slots hold; nil when they do not hold what it needs.
  fileprivate init?(_ action: StepPattern.Action, _ values: PlainPatternMatcher.Values) {
    switch action {
    case .type:
      guard let text = values.text else { return nil }
      self = .type(Typing(text: Template(text), into: values.place))
    case .press:
      guard let chord = values.chord else { return nil }
      self = .press([chord])
    case .scroll:
      guard let direction = values.direction else { return nil }
      self = .scroll(direction, notches: values.number ?? 3, at: nil)
    case .wait:
      guard let time = values.time else { return nil }
      self = .wait(.time(time))
    case .click, .doubleClick, .rightClick, .hover, .clear, .drag, .waitFor, .select, .check,
      .uncheck, .open:
      guard let target = values.target, let move = Move(action, target, values.place) else {
        return nil
      }
      self = move
    }
  }

  private init?(_ action: StepPattern.Action, _ target: Target, _ place: Target?) {
    switch action {
    case .click: self = .point(.click, target)
    case .doubleClick: self = .point(.doubleClick, target)
    case .rightClick: self = .point(.rightClick, target)
    case .hover: self = .point(.hover, target)
    case .open: self = .point(target.opensByDoubleClick ? .doubleClick : .click, target)
    case .clear: self = .type(Typing(text: Template(""), into: target, clear: true))
    case .waitFor:
      guard case .text(let text) = target.kind else { return nil }
      self = .wait(.text(text, region: nil))
    case .select: self = .select(option: target, from: place?.asList)
    case .check: self = .toggle(target, isOn: true)
    case .uncheck: self = .toggle(target, isOn: false)
    case .drag:
      guard let place else { return nil }
      self = .drag(from: target, to: place)
    case .type, .press, .scroll, .wait: return nil
    }
  }
}

extension Target {
  /// Files and folders are opened by a double click; menus, links and tabs by a single one.
  fileprivate var opensByDoubleClick: Bool {
    switch noun {
    case .file, .folder, .icon, .item, .row: true
    case .button, .checkbox, .field, .label, .link, .list, .menu, .option, .radioButton, .tab, nil:
      false
    }
  }

  /// What an option is chosen from is a list, where nothing else was said.
  fileprivate var asList: Target {
    var list = self
    list.noun = noun ?? .list
    return list
  }
}
