/// A pattern of one word: `*` is any characters, `?` is one.
package struct Glob: Hashable, Sendable {
  package enum Token: Hashable, Sendable {
    case literal(Unicode.Scalar)
    case one
    case many
  }

  package let tokens: [Token]

  /// Whether it is a text without wildcards.
  package var isLiteral: Bool { !tokens.contains { $0 == .one || $0 == .many } }

  /// The literal beginning.
  var start: String {
    var text = String.UnicodeScalarView()
    for token in tokens {
      guard case .literal(let scalar) = token else { break }
      text.append(scalar)
    }
    return String(text)
  }

  /// A text in which `*` and `?` are wildcards.
  package init(_ text: String) {
    tokens = text.unicodeScalars.map { $0 == "*" ? .many : $0 == "?" ? .one : .literal($0) }
  }

  init(tokens: [Token]) { self.tokens = tokens }

  /// Whether it fits the whole of a word that is known.
  func matches(_ word: String) -> Bool { matches(RoughWord(word)) }

  /// Whether it could fit the whole of a word, whatever stands in its unknown places.
  func matches(_ word: RoughWord) -> Bool {
    if case .literal(let first)? = tokens.first, let sign = word.signs.first ?? nil, first != sign {
      return false
    }
    var states = closure([0])
    for sign in word.signs {
      states = step(states, sign)
      if states.isEmpty { return false }
    }
    return states.contains(tokens.count)
  }

  /// Whether it could fit a part of a word that begins and ends where a name does: in `root@prod-1:/x` it finds
  /// `prod-1`.
  func occurs(in word: RoughWord) -> Bool {
    func isInside(_ sign: Unicode.Scalar??) -> Bool {
      guard let known = sign ?? nil else { return false }
      return known == "_" || known == "-" || known.properties.isAlphabetic
        || known.properties.numericType != nil
    }
    func isBoundary(before index: Int) -> Bool {
      let left: Unicode.Scalar?? = index > 0 ? word.signs[index - 1] : nil
      let right: Unicode.Scalar?? = index < word.signs.count ? word.signs[index] : nil
      return !(isInside(left) && isInside(right))
    }
    var states: Set<Int> = []
    for index in 0...word.signs.count {
      if isBoundary(before: index) {
        if states.contains(tokens.count) { return true }
        states.formUnion(closure([0]))
        if states.contains(tokens.count), word.signs.isEmpty { return true }
      }
      if index < word.signs.count { states = step(states, word.signs[index]) }
    }
    return false
  }

  /// The states after a sign; nil is any text.
  private func step(_ states: Set<Int>, _ sign: Unicode.Scalar?) -> Set<Int> {
    guard let sign else { return states.min().map { Set($0...tokens.count) } ?? [] }
    var next: Set<Int> = []
    for state in states where state < tokens.count {
      switch tokens[state] {
      case .literal(let scalar): if scalar == sign { next.insert(state + 1) }
      case .one: next.insert(state + 1)
      case .many: next.insert(state)
      }
    }
    return closure(next)
  }

  /// With what is reached where stars are empty.
  private func closure(_ states: Set<Int>) -> Set<Int> {
    var all = states
    for var state in states {
      while state < tokens.count, tokens[state] == .many {
        state += 1
        all.insert(state)
      }
    }
    return all
  }
}

/// A word of which parts may be unknown: what a shell or a later step puts there.
struct RoughWord: Hashable, Sendable {
  /// The characters; nil stands for any text.
  var signs: [Unicode.Scalar?]

  package init(_ text: String) { signs = Array(text.unicodeScalars) }
  init(signs: [Unicode.Scalar?]) { self.signs = signs }

  /// Whether all of it is known.
  var isKnown: Bool { !signs.contains(nil) }
  /// The known characters, with `…` for the rest.
  var text: String {
    String(String.UnicodeScalarView(signs.map { $0 ?? "…" }))
  }
  /// What follows the last slash.
  var base: RoughWord {
    guard let slash = signs.lastIndex(of: "/") else { return self }
    return RoughWord(signs: Array(signs[(slash + 1)...]))
  }
}
