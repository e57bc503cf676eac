/// A program and its words as a rule that forbids looks at them: with parts that nobody knows.
struct RoughSegment: Hashable, Sendable {
  /// The words.
  var words: [RoughWord]
  /// Which of the words may be programs that run.
  var programs: [Int]

  /// What may be any program with any words.
  static let unknown = RoughSegment(words: [RoughWord(signs: [nil])], programs: [0])

  /// All that may run in a segment that was understood: itself, what it may run, and what is written in its words.
  static func all(in segment: ParsedCommand.Segment) -> [RoughSegment] {
    let words = (segment.words + segment.files).map { RoughWord($0) }
    let classes = Classifier.finding(for: segment).classes
    let runsNothing = classes.isSubset(of: [.read, .probe, .write])
    if runsNothing {
      let inner = segment.words.count - Classifier.unwrapped(segment.words).count
      return [RoughSegment(words: words, programs: Array(Set([0, inner])))]
    }
    let outer = RoughSegment(words: words, programs: Array(words.indices))
    let isRunner = RoughReader.runners.contains(words[0].base.text)
    let hasOperand = segment.words.dropFirst().contains { !$0.hasPrefix("-") }
    let piped = segment.joint == .pipe && isRunner && !hasOperand ? [RoughSegment.unknown] : []
    return [outer] + piped + segment.words.dropFirst().flatMap { nested(in: $0, depth: 1) }
  }

  /// What is written as a command within one word.
  static func nested(in word: String, depth: Int) -> [RoughSegment] {
    guard depth < 4,
      word.contains(where: { !$0.isLetter && !$0.isNumber && !"_-./:=,@%+".contains($0) })
    else { return [] }
    return RoughReader.segments(of: RoughWord(word), depth: depth)
  }
}

extension ParsedCommand.Segment {
  /// The files that it reads and writes by redirections.
  var files: [String] {
    redirections.compactMap { redirection in
      switch redirection {
      case .input(let file), .output(let file), .append(let file): file
      case .noErrors, .errorsToOutput: nil
      }
    }
  }
}

/// Reads a text as a shell might, without understanding it: what it cannot know is unknown, and never left out.
struct RoughReader {
  private let signs: [Unicode.Scalar?]
  private let depth: Int
  private var place = 0
  private var found: [RoughSegment] = []
  private var words: [RoughWord] = []
  private var word: [Unicode.Scalar?]?
  private var readsPipe = false
  private var groups = 0

  static func segments(of text: RoughWord, depth: Int = 0) -> [RoughSegment] {
    var reader = RoughReader(signs: text.signs, depth: depth)
    reader.read(until: nil)
    reader.endSegment()
    return reader.found
  }

  private init(signs: [Unicode.Scalar?], depth: Int) {
    self.signs = signs
    self.depth = depth
  }

  private mutating func read(until end: Unicode.Scalar?) {
    while place < signs.count {
      guard let sign = signs[place] else {
        append(nil)
        place += 1
        continue
      }
      place += 1
      if sign == end, groups == 0 { return }
      switch sign {
      case " ", "\t", "\r": endWord()
      case "(":
        groups += 1
        endSegment()
      case ")":
        // One that nothing opened ends a pattern of “case”.
        endSegment(isPattern: groups == 0)
        groups = max(0, groups - 1)
      case "["
      where word == nil && (place == signs.count || signs[place] == " " || signs[place] == "["):
        append(sign)
      case "\n", ";", "&": endSegment()
      case "|":
        endSegment()
        readsPipe = true
      case "<", ">", ",": sign == "," && !isInBraces ? append(sign) : endWord()
      case "{": beginBrace()
      case "}": endWord()
      case "'": readQuoted()
      case "\"": readDoubleQuoted()
      case "\\": readEscaped()
      case "$": readDollar()
      case "`": readNested(until: "`")
      case "*", "?", "[", "~": append(nil)
      default: append(sign)
      }
    }
  }

  private var braces = 0
  private var isInBraces: Bool { braces > 0 }

  private mutating func beginBrace() {
    endWord()
    braces += 1
  }

  private mutating func append(_ sign: Unicode.Scalar?) { word = (word ?? []) + [sign] }

  private mutating func endWord() {
    if let word { words.append(RoughWord(signs: word)) }
    word = nil
  }

  private mutating func readQuoted() {
    word = word ?? []
    while place < signs.count {
      let sign = signs[place]
      place += 1
      if sign == "'" { return }
      append(sign)
    }
  }

  private mutating func readDoubleQuoted() {
    word = word ?? []
    while place < signs.count {
      let sign = signs[place]
      place += 1
      switch sign {
      case "\"": return
      case "$": readDollar()
      case "`": readNested(until: "`")
      case "\\": readEscaped()
      default: append(sign)
      }
    }
  }

  private mutating func readEscaped() {
    guard place < signs.count else { return }
    if signs[place] != "\n" { append(signs[place]) }
    place += 1
  }

  private mutating func readDollar() {
    let next = place < signs.count ? signs[place] : nil
    switch next {
    case "(":
      place += 1
      readNested(until: ")")
    case "{":
      place += 1
      readNested(until: "}")
    case "'", "\"":
      // What escapes stand in it for is not worked out.
      append(nil)
    default:
      append(nil)
      while place < signs.count, let sign = signs[place],
        sign == "_" || sign.properties.isAlphabetic || sign.properties.numericType != nil
      {
        place += 1
      }
      if place < signs.count, let sign = signs[place], "@*#?$!-".unicodeScalars.contains(sign) {
        place += 1
      }
    }
  }

  /// What a substitution runs, as segments of their own; what it prints is unknown.
  private mutating func readNested(until end: Unicode.Scalar) {
    append(nil)
    guard depth < 8 else { return }
    var inner = RoughReader(signs: signs, depth: depth + 1)
    inner.place = place
    inner.read(until: end)
    inner.endSegment()
    found += inner.found
    place = inner.place
  }

  private mutating func endSegment(isPattern: Bool = false) {
    endWord()
    braces = 0
    defer {
      words = []
      readsPipe = false
    }
    guard !words.isEmpty else { return }
    add(words, isPattern)
    // What is filled in may hold blanks, and make several words of one.
    let parts = words.flatMap { $0.isAssignment ? [$0] : $0.parts }
    if parts.count > words.count { add(parts, isPattern) }
    for word in words where word.isKnown {
      found += RoughSegment.nested(in: word.text, depth: depth + 1)
    }
    if runsUnknown { found.append(RoughSegment.unknown) }
  }

  private mutating func add(_ words: [RoughWord], _ isPattern: Bool) {
    let programs = isPattern ? [] : Self.programs(of: words)
    found.append(RoughSegment(words: words, programs: programs))
  }

  /// Words that come before a program and are none.
  private static let before: Set<String> = [
    "if", "then", "else", "elif", "do", "while", "until", "!", "time", "exec", "command", "builtin",
    "eval",
    "sudo", "env", "nohup", "nice", "setsid", "doas", "xargs", "in",
  ]

  /// Words that are known may be programs anywhere; unknown ones only where programs stand.
  private static func programs(of words: [RoughWord]) -> [Int] {
    let first = first(of: words)
    if isHarmless(words[first]) { return Array(0...first) }
    return words.indices.filter { $0 <= first || words[$0].isKnown }
  }

  /// Where the program stands.
  private static func first(of words: [RoughWord]) -> Int {
    var first = 0
    while first < words.count - 1, words[first].isBeforeProgram(before) { first += 1 }
    return first
  }

  /// Whether the program is known to run no other.
  private static func isHarmless(_ program: RoughWord) -> Bool {
    if program.text == "[" || program.text == "for" || program.text == "case" { return true }
    guard program.isKnown, let name = Classifier.name(program.text),
      let rows = ProgramTable.shared.rows[name]
    else { return false }
    return rows.allSatisfy { $0.classes.allSatisfy { $0 <= .write } }
  }

  /// Whether what runs comes from somewhere else: a pipe into a shell, a variable that is evaluated.
  private var runsUnknown: Bool {
    let first = Self.first(of: words)
    guard !Self.isHarmless(words[first]),
      let program = words.firstIndex(where: { Self.runners.contains($0.base.text) })
    else { return false }
    let rest = words[(program + 1)...]
    if rest.contains(where: { !$0.isKnown }) { return true }
    let hasOperand = rest.contains { !$0.text.hasPrefix("-") }
    return readsPipe && !hasOperand
  }

  static let runners: Set<String> = [
    "sh", "bash", "dash", "ash", "zsh", "ksh", "eval", "source", ".", "xargs", "parallel", "sudo",
    "su", "env",
    "ssh",
  ]
}

extension RoughWord {
  /// The known pieces and what is unknown between them.
  fileprivate var parts: [RoughWord] {
    guard !isKnown else { return [self] }
    var parts: [RoughWord] = []
    for piece in signs.split(separator: nil, omittingEmptySubsequences: false) {
      if !piece.isEmpty { parts.append(RoughWord(signs: Array(piece))) }
      parts.append(RoughWord(signs: [nil]))
    }
    return Array(parts.dropLast())
  }

  /// Whether a program follows: an assignment, or a word of the shell.
  fileprivate func isBeforeProgram(_ words: Set<String>) -> Bool {
    words.contains(text) || isAssignment
  }

  /// Whether it sets a variable, where a program could stand.
  fileprivate var isAssignment: Bool {
    guard let sign = signs.firstIndex(of: "="), sign > 0 else { return false }
    return signs[..<sign].allSatisfy { sign in
      sign.map { $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
        ?? false
    }
  }
}
