internal import Hands

/// Reads a language file: lines `key: value`, comments after `#` at the start of a line.
///
/// It is strict: a key that is not known, a word with two meanings, a pattern that lacks what its action
/// needs, and a language without a way to say something are errors, each with its line.
struct LanguageReader {
  private let file: String
  private var language = Language()
  private var seen: Set<String> = []
  private var number = 0

  private init(_ file: String) { self.file = file }

  /// The language that a file describes.
  ///
  /// - Parameters:
  ///   - text: what the file holds.
  ///   - file: its name, for errors.
  static func read(_ text: String, file: String) throws(LanguageError) -> Language {
    var reader = LanguageReader(file)
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      reader.number += 1
      let line = line.trimmed
      if !line.isEmpty, !line.hasPrefix("#") { try reader.read(line) }
    }
    try reader.complete()
    return reader.language
  }

  private func error(_ message: String) -> LanguageError {
    LanguageError(file: file, line: number, message: message)
  }

  private func checked<Value>(
    _ body: () throws(PatternReader.Fault) -> Value
  ) throws(LanguageError) -> Value {
    do throws(PatternReader.Fault) {
      return try body()
    } catch {
      throw self.error(error.message)
    }
  }

  private mutating func read(_ line: Substring) throws(LanguageError) {
    guard let colon = line.firstIndex(of: ":") else {
      throw error("“\(line)” has no colon; write KEY: VALUE")
    }
    let head = line[..<colon].split(separator: " ", maxSplits: 1).map(\.trimmed)
    let value = line[line.index(after: colon)...].trimmed
    guard let key = head.first else { throw error("there is nothing before the colon") }
    guard !value.isEmpty else { throw error("“\(key)” says nothing") }
    if head.count == 1 { return try read(key, value) }
    try read(key, head[1], value)
  }

  // MARK: - Keys

  private mutating func read(_ key: Substring, _ value: Substring) throws(LanguageError) {
    switch key {
    case "language": language.code = String(try once(key, value))
    case "name": language.name = String(try once(key, value))
    case "nouns":
      guard ["before", "after"].contains(try once(key, value)) else {
        throw error("“nouns” is “before” or “after” a name, not “\(value)”")
      }
      language.nounsStandBefore = value == "before"
    case "decimal":
      guard value == "." || value == "," else { throw error("“decimal” is “.” or “,”") }
      language.decimalMark = try once(key, value) == "," ? "," : "."
    case "lead": language.leads += try phrases(value)
    case "join": language.joiners += try phrases(value)
    case "article": language.articles.formUnion(try words(value))
    case "stranger": language.strangers.formUnion(try words(value))
    case "verb": language.verbs.formUnion(try words(value))
    default: throw unknown(key)
    }
  }

  private mutating func read(
    _ key: Substring, _ name: Substring, _ value: Substring
  ) throws(LanguageError) {
    switch key {
    case "step": try step(name, value)
    case "noun":
      guard let kind = TargetKind(rawValue: String(name)) else {
        let names = TargetKind.allCases.map(\.rawValue)
        throw error("there is no noun “\(name)”; it is one of: \(names.joined(separator: ", "))")
      }
      for words in try phrases(value) {
        language.nouns.append(Language.Noun(words: words, kind: kind))
      }
    case "expand": language.expansions[try word(name)] = try phrases(value).first
    case "direction":
      let direction = try known(
        name, ScrollDirection.init(rawValue:), ScrollDirection.allCases)
      for word in try words(value) { try add(word, direction, to: \.directions) }
    case "number":
      for word in try words(value) { try add(word, try integer(name), to: \.numbers) }
    case "unit":
      for word in try words(value) { try add(word, try integer(name), to: \.units) }
    case "key":
      for word in try words(value) { try add(word, try self.word(name), to: \.keys) }
    case "keyword":
      let keyword = try known(name, Language.Keyword.init(rawValue:), Language.Keyword.allCases)
      let names = value.split(separator: "|").map { String($0.trimmed) }
      language.keywords[keyword, default: []] += names
    default: throw unknown(key)
    }
  }

  private mutating func step(_ name: Substring, _ value: Substring) throws(LanguageError) {
    let action = try known(name, StepPattern.Action.init(rawValue:), StepPattern.Action.allCases)
    let parts = try checked { () throws(PatternReader.Fault) in try PatternReader.parts(value) }
    var slots: [StepPattern.Slot] = []
    var hasWord = false
    for part in parts {
      switch part {
      case .slot(let slot, _): slots.append(slot == .quoted ? .text : slot)
      case .words(_, let isOptional): hasWord = hasWord || !isOptional
      case .mark: break
      }
    }
    let (needed, allowed) = action.slots
    for slot in needed.subtracting(slots) { throw error("“\(name)” needs {\(slot.rawValue)}") }
    for slot in slots where !allowed.contains(slot) {
      throw error("“\(name)” cannot have {\(slot.rawValue)}")
    }
    guard Set(slots).count == slots.count else { throw error("a slot is there twice") }
    guard hasWord else { throw error("a pattern needs a word that must be said") }
    language.steps.append(StepPattern(action: action, parts: parts))
  }
}

extension LanguageReader {
  // MARK: - Values

  private func unknown(_ key: Substring) -> LanguageError {
    error(
      "there is no key “\(key)” like this; the file has language, name, nouns, decimal, lead, join, "
        + "article, stranger, verb, and, with a name behind them, step, noun, expand, direction, number, unit, "
        + "key, keyword")
  }

  private mutating func once(
    _ key: Substring, _ value: Substring
  ) throws(LanguageError) -> Substring {
    guard seen.insert(String(key)).inserted else { throw error("“\(key)” is there twice") }
    return value
  }

  private func known<Value: RawRepresentable<String>>(
    _ name: Substring, _ make: (String) -> Value?, _ all: [Value]
  ) throws(LanguageError) -> Value {
    if let value = make(String(name)) { return value }
    throw error(
      "there is no “\(name)” here; it is one of: \(all.map(\.rawValue).joined(separator: ", "))")
  }

  private func integer(_ name: Substring) throws(LanguageError) -> Int {
    guard let number = Int(name), (1...3_600_000).contains(number) else {
      throw error("“\(name)” is no number from 1 to 3600000")
    }
    return number
  }

  private func word(_ text: Substring) throws(LanguageError) -> String {
    try checked { () throws(PatternReader.Fault) in try PatternReader.word(text) }
  }

  /// `a b | c` as phrases.
  private func phrases(_ value: Substring) throws(LanguageError) -> [[String]] {
    try value.split(separator: "|", omittingEmptySubsequences: false).map {
      phrase throws(LanguageError) in
      let words = phrase.split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { throw error("there is nothing beside a “|”") }
      return try words.map { word throws(LanguageError) in try self.word(word) }
    }
  }

  /// `a | b` where each is one word.
  private func words(_ value: Substring) throws(LanguageError) -> [String] {
    try phrases(value).map { phrase throws(LanguageError) in
      guard phrase.count == 1 else {
        throw error("“\(phrase.joined(separator: " "))” must be one word")
      }
      return phrase[0]
    }
  }

  private mutating func add<Value: Equatable>(
    _ word: String, _ value: Value, to table: WritableKeyPath<Language, [String: Value]>
  ) throws(LanguageError) {
    if let other = language[keyPath: table][word], other != value {
      throw error("“\(word)” has another meaning already")
    }
    language[keyPath: table][word] = value
  }

  /// A language that is read to its end has all that a run or a feature may need.
  private mutating func complete() throws(LanguageError) {
    func missing(_ what: String) -> LanguageError {
      LanguageError(file: file, line: nil, message: "\(what) is missing")
    }
    if language.code.isEmpty { throw missing("“language: CODE”") }
    if language.name.isEmpty { throw missing("“name: NAME”") }
    for action in StepPattern.Action.allCases
    where !language.steps.contains(where: { $0.action == action }) {
      throw missing("a pattern for “step \(action.rawValue)”")
    }
    let told = Set(language.directions.values)
    for direction in ScrollDirection.allCases where !told.contains(direction) {
      throw missing("“direction \(direction.rawValue)”")
    }
    for keyword in Language.Keyword.allCases where language.keywords[keyword] == nil {
      throw missing("“keyword \(keyword.rawValue)”")
    }
    if language.units.isEmpty { throw missing("“unit”") }
    // `text field` must be seen before `field`.
    language.nouns.sort { $0.words.count > $1.words.count }
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }
}
