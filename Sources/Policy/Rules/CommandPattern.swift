/// A pattern of commands: words with wildcards, such as `systemctl status app-* [--no-pager]`.
///
/// `*` stands for any characters of one word and `?` for one, never for an option where a command is permitted; `**` as a
/// word of its own stands for any words; a word in brackets may be missing. What stands in quotes stands for
/// itself.
package struct CommandPattern: Hashable, Sendable, CustomStringConvertible {
  /// A word of it.
  package enum Word: Hashable, Sendable {
    case one(Glob)
    case optional(Glob)
    /// Any words.
    case any
  }

  package let words: [Word]
  /// As it was written.
  package let description: String
  /// The words that it was made of; nil where it was one text.
  let list: [String]?

  /// Why a text is no pattern.
  package struct Fault: Error { package var message: String }

  package init(_ text: String) throws(Fault) {
    description = text
    list = nil
    words = try Self.tokens(of: text).map { token throws(Fault) in try Self.word(token) }
    guard !words.isEmpty else { throw Fault(message: "a pattern of commands is empty") }
  }

  package init(words texts: [String]) throws(Fault) {
    description = texts.joined(separator: " ")
    list = texts
    var words: [Word] = []
    for text in texts {
      guard !text.isEmpty else { throw Fault(message: "a word of a pattern is empty") }
      words.append(try Self.word(text.unicodeScalars.map { ($0, false) }))
    }
    guard !words.isEmpty else { throw Fault(message: "a pattern of commands is empty") }
    self.words = words
  }

  private typealias Token = [(sign: Unicode.Scalar, isQuoted: Bool)]

  private static func tokens(of text: String) throws(Fault) -> [Token] {
    var tokens: [Token] = []
    var token: Token?
    var mark: Unicode.Scalar?
    for sign in text.unicodeScalars {
      if let fault = Signs.fault(of: sign) {
        throw Fault(message: "a pattern of commands has \(fault), \(Signs.shown(sign))")
      }
      if let open = mark {
        if sign == open { mark = nil } else { token = (token ?? []) + [(sign, true)] }
      } else if sign == "'" || sign == "\"" {
        mark = sign
        token = token ?? []
      } else if sign == " " || sign == "\t" {
        if let done = token { tokens.append(done) }
        token = nil
      } else if "|&;<>$`\\(){}~#!^".unicodeScalars.contains(sign) {
        throw Fault(
          message:
            "“\(sign)” in a pattern of commands: a pattern is of one program; put it into quotes where"
            + " it stands for itself")
      } else {
        token = (token ?? []) + [(sign, false)]
      }
    }
    guard mark == nil else { throw Fault(message: "a quote without its end") }
    if let token { tokens.append(token) }
    return tokens
  }

  private static func word(_ token: Token) throws(Fault) -> Word {
    let plain = token.map { $0.isQuoted ? "\u{0}" : $0.sign }
    if plain == ["*", "*"] { return .any }
    let isOptional = plain.first == "[" && plain.last == "]" && plain.count > 2
    let inner = isOptional ? Array(token.dropFirst().dropLast()) : token
    for (sign, isQuoted) in inner where !isQuoted && (sign == "[" || sign == "]") {
      throw Fault(
        message:
          "“\(sign)” in a pattern of commands: brackets stand around a whole word that may be missing; put"
          + " it into quotes where it stands for itself")
    }
    let glob = Glob(
      tokens: inner.map { sign, isQuoted in
        isQuoted ? .literal(sign) : sign == "*" ? .many : sign == "?" ? .one : .literal(sign)
      })
    return isOptional ? .optional(glob) : .one(glob)
  }
}

// MARK: - Permitting: exact

extension CommandPattern {
  /// Whether it fits a command completely, word by word.
  ///
  /// - Parameter anyMayBeOption: whether `**` stands for options, too.
  func permits(_ words: [String], anyMayBeOption: Bool = true) -> Bool {
    var states = closure([0])
    for (index, word) in words.enumerated() {
      var next: Set<Int> = []
      for state in states where state < self.words.count {
        switch self.words[state] {
        case .one(let glob), .optional(let glob):
          if Self.permits(glob, word, isProgram: index == 0) { next.insert(state + 1) }
        case .any:
          let isName = !Classifier.isDetour(word)
          if isName, anyMayBeOption || !word.hasPrefix("-") { next.insert(state) }
        }
      }
      states = closure(next)
    }
    return states.contains(self.words.count)
  }

  private func closure(_ states: Set<Int>) -> Set<Int> {
    var all = states
    for var state in states {
      while state < words.count, words[state].mayBeMissing {
        state += 1
        all.insert(state)
      }
    }
    return all
  }

  private static func permits(_ glob: Glob, _ word: String, isProgram: Bool) -> Bool {
    if isProgram, !glob.start.contains("/"), let name = Classifier.name(word) {
      return glob.matches(name)
    }
    if glob.isLiteral { return glob.matches(word) }
    // A wildcard stands for a name: for no option, and for no way around.
    if word.hasPrefix("-"), !glob.start.hasPrefix("-") { return false }
    return !Classifier.isDetour(word) && glob.matches(word)
  }
}

extension CommandPattern.Word {
  fileprivate var mayBeMissing: Bool {
    switch self {
    case .one: false
    case .optional, .any: true
    }
  }
}

// MARK: - Forbidding: liberal

extension CommandPattern {
  /// Whether it could fit a program among words, in whatever order and spelling its options and operands are.
  func forbids(_ segment: RoughSegment) -> Bool {
    guard case .one(let program)? = words.first else { return true }
    return segment.programs.contains { index in
      let word = segment.words[index]
      // What is filled in there may bring all its words with it.
      if word.signs.allSatisfy({ $0 == nil }) { return true }
      guard word.names.contains(where: { program.matches($0) || program.matches($0.base) }) else {
        return false
      }
      let rest = segment.words[(index + 1)...]
      return words.dropFirst().allSatisfy { $0.couldBe(in: rest) }
    }
  }
}

extension CommandPattern.Word {
  fileprivate func couldBe(in words: ArraySlice<RoughWord>) -> Bool {
    guard case .one(let glob) = self else { return true }
    if glob.tokens.allSatisfy({ $0 == .many }) { return true }
    return words.contains { glob.couldBe($0) } || glob.couldBeOptions(in: words)
  }
}

extension Glob {
  /// Whether it could be a word: the whole of it, what follows its `=`, or the path that it means.
  fileprivate func couldBe(_ word: RoughWord) -> Bool {
    if matches(word) { return true }
    if let sign = word.signs.firstIndex(of: "=") {
      let value = RoughWord(signs: Array(word.signs[(sign + 1)...]))
      if matches(value) || matches(value.plainPath) { return true }
    }
    return matches(word.plainPath)
  }

  /// Whether options among words could mean what it asks for: letters in any order and company, long ones cut short.
  fileprivate func couldBeOptions(in words: ArraySlice<RoughWord>) -> Bool {
    guard isLiteral, start.hasPrefix("-"), start != "-", start != "--" else { return false }
    if start.hasPrefix("--") {
      let name = start.dropFirst(2).prefix { $0 != "=" }
      return words.contains { $0.couldBeLong(String(name)) || $0.couldBeLetter(name.first ?? "-") }
    }
    let letters = start.dropFirst()
    guard letters.count <= 3 else { return false }
    return letters.allSatisfy { letter in
      words.contains { $0.couldBeLetter(letter) || $0.beginsLong(with: letter) }
    }
  }
}

extension RoughWord {
  /// The word, and what could be names of programs in it: `--checkpoint-action=exec=rm`.
  fileprivate var names: [RoughWord] {
    let separators = "=!:,;|&()'\"@`".unicodeScalars
    let pieces = signs.split { sign in sign.map { separators.contains($0) } ?? false }
    return [self]
      + (pieces.count > 1 || pieces.first?.count != signs.count
        ? pieces.map { RoughWord(signs: Array($0)) } : [])
  }

  /// The path without `.`, `..` and doubled slashes.
  fileprivate var plainPath: RoughWord {
    guard isKnown, signs.contains("/") else { return self }
    var parts: [Substring] = []
    for part in text.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return RoughWord((signs.first == "/" ? "/" : "") + parts.joined(separator: "/"))
  }

  /// Whether it could be letters of options, this one among them; `r` and `R` are one.
  fileprivate func couldBeLetter(_ letter: Character) -> Bool {
    guard let first = signs.first else { return false }
    guard let first else { return true }
    guard first == "-", signs.count < 2 || signs[1] != "-" else { return false }
    let others: Set<Character> = letter == "r" || letter == "R" ? ["r", "R"] : [letter]
    return signs.dropFirst().contains { $0.map { others.contains(Character($0)) } ?? true }
  }

  private var longName: String? {
    let text = text
    guard text.hasPrefix("--"), text.count > 2 else { return nil }
    return String(text.dropFirst(2).prefix { $0 != "=" && $0 != "…" })
  }

  /// Whether it could be a long option, also one that is cut short.
  fileprivate func couldBeLong(_ name: String) -> Bool {
    if signs.first == .some(nil) { return true }
    return longName.map { name.hasPrefix($0) } ?? false
  }

  /// Whether it is a long option whose name begins with a letter.
  fileprivate func beginsLong(with letter: Character) -> Bool {
    longName?.first.map { $0.lowercased() == letter.lowercased() } ?? false
  }
}
