/// What is known of programs, from `programs.table`.
struct ProgramTable: Sendable {
  /// A row: with these options and operands a program does this.
  struct Row: Sendable {
    var subcommand: String?
    var classes: [CommandClass]
    /// Nil where it fits everything.
    var options: OptionList?
    var operands: Operands
  }

  /// How many operands a row takes.
  enum Operands: Sendable {
    case count(ClosedRange<Int>)
    case plus
    case names
  }

  private(set) var rows: [String: [Row]] = [:]
  /// Programs that run another one and change nothing else.
  private(set) var through: [String: (options: OptionList, skipped: Int)] = [:]

  /// The table of this version; a mistake in it is a mistake in the program.
  static let shared = ProgramTable(String(decoding: PackageResources.programs_table, as: UTF8.self))

  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(Self.trimmed)
      guard fields.count == 4, read(fields) else {
        preconditionFailure("programs.table, line \(index + 1): \(line)")
      }
    }
  }

  private mutating func read(_ fields: [String]) -> Bool {
    let options = fields[2] == "*" ? nil : OptionList(fields[2])
    if fields[0].hasPrefix("through ") {
      guard let options, let skipped = Int(fields[3]) else { return false }
      for name in fields[0].dropFirst(8).split(separator: ",") {
        through[String(name)] = (options, skipped)
      }
      return true
    }
    let classes = fields[1].split(separator: ",").compactMap { CommandClass(rawValue: String($0)) }
    guard !classes.isEmpty, let operands = Self.operands(fields[3]) else { return false }
    for name in fields[0].split(separator: ",") {
      let words = name.split(separator: " ").map(String.init)
      let row = Row(
        subcommand: words.count > 1 ? words[1] : nil, classes: classes, options: options,
        operands: operands)
      rows[words[0], default: []].append(row)
    }
    return true
  }

  private static func operands(_ text: String) -> Operands? {
    switch text {
    case "any": return .count(0...Int.max)
    case "none": return .count(0...0)
    case "plus": return .plus
    case "names": return .names
    default:
      let numbers = text.split(separator: "-").compactMap { Int($0) }
      guard let least = numbers.first, let most = numbers.last, least <= most else { return nil }
      return .count(least...most)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    text.split(separator: " ").joined(separator: " ")
  }
}

/// The options that a row of the table knows.
struct OptionList: Sendable {
  private var letters: Set<Character> = []
  private var lettersWithValue: Set<Character> = []
  private var words: Set<String> = []
  private var wordsWithValue: Set<String> = []
  private var wordsWithOptionalValue: Set<String> = []
  private var takesNumber = false

  init(_ text: String) {
    for token in text.split(separator: " ") {
      let name = token.hasPrefix(":") ? token.dropFirst() : token
      let bare = String(name.last == "=" || name.last == "?" ? name.dropLast() : name)
      if token == "-#" {
        takesNumber = true
      } else if token.hasPrefix(":") || token.hasPrefix("--") || token.hasPrefix("+") {
        switch name.last {
        case "=": wordsWithValue.insert(bare)
        case "?": wordsWithOptionalValue.insert(bare)
        default: words.insert(bare)
        }
      } else if name.last == "=" {
        lettersWithValue.insert(bare.last ?? "-")
      } else {
        letters.formUnion(bare.dropFirst())
      }
    }
  }

  /// The operands among arguments; nil when an option is not in the list.
  ///
  /// - Parameter stopsAtOperand: everything from the first operand on is one.
  func operands(of arguments: some Collection<String>, stopsAtOperand: Bool = false) -> [String]? {
    var operands: [String] = []
    var rest = Array(arguments)[...]
    while let word = rest.popFirst() {
      if word == "--" { return operands + rest }
      guard word.hasPrefix("-"), word != "-" else {
        if stopsAtOperand { return operands + [word] + rest }
        operands.append(word)
        continue
      }
      guard let needsValue = reads(word) else { return nil }
      if needsValue, rest.popFirst() == nil { return nil }
    }
    return operands
  }

  /// Whether an option's value is the next word; nil when it is not known.
  private func reads(_ word: String) -> Bool? {
    if words.contains(word) || wordsWithOptionalValue.contains(word) { return false }
    if wordsWithValue.contains(word) { return true }
    if word.hasPrefix("--") {
      guard let sign = word.firstIndex(of: "=") else { return nil }
      let name = String(word[..<sign])
      return wordsWithValue.contains(name) || wordsWithOptionalValue.contains(name) ? false : nil
    }
    if takesNumber, word.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return false
    }
    var rest = word.dropFirst()
    while let letter = rest.popFirst() {
      let isAlone = letters.contains(letter)
      if lettersWithValue.contains(letter) { return isAlone ? false : rest.isEmpty }
      guard isAlone else { return nil }
    }
    return false
  }
}
