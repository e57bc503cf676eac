internal import Diagnostics

/// Reads the words after a command with the tables of its options.
///
/// It does no I/O.
struct OptionParser<Options: CommandOptions> {
  private let path: [String]
  private let flags = Options.flags
  private let rows = Options.words
  private var options = Options()
  private var rest: ArraySlice<String>
  private var wordCount = 0
  private var filled: Set<Int> = []

  private init(_ words: ArraySlice<String>, path: [String]) {
    rest = words
    self.path = path
  }

  /// The options that the words say.
  ///
  /// Understood: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, joined switches (`-qx`),
  /// and `--`, after which every word is no flag. A value that starts with `-` needs the `=`.
  static func parse(
    _ words: ArraySlice<String>, path: [String]
  ) throws(UsageError) -> Options {
    var parser = OptionParser(words, path: path)
    try parser.readAll()
    return parser.options
  }

  private mutating func readAll() throws(UsageError) {
    while let word = rest.popFirst() {
      if word == "--" {
        while let word = rest.popFirst() { try readWord(word) }
      } else if word.hasPrefix("--") {
        try readLong(word.dropFirst(2))
      } else if word.hasPrefix("-"), word != "-" {
        try readShort(word)
      } else {
        try readWord(word)
      }
    }
    if let missing = rows.indices.first(where: {
      rows[$0].description.isRequired && !filled.contains($0)
    }) {
      throw error("\(rows[missing].description.name) is missing: \(rows[missing].description.help)")
    }
    do { try options.validate() } catch { throw self.error(error.message) }
  }

  private func error(_ message: String) -> UsageError { UsageError(message: message, path: path) }

  // MARK: Flags

  private mutating func readLong(_ text: Substring) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    guard
      let row = flags.first(where: {
        $0.description.long == name || $0.description.aliases.contains(name)
      })
    else { throw unknown("--" + name) }
    let given = parts.count == 2 ? String(parts[1]) : nil
    try apply(row, as: "--" + name, given)
  }

  private mutating func readShort(_ word: String) throws(UsageError) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let row = flags.first(where: { $0.description.short == letter }) else {
        throw unknown(word, letter: letter)
      }
      guard row.description.valueName != nil else {
        guard letters.first != "=" else { throw error("-\(letter) takes no value") }
        try apply(row, as: "-\(letter)", nil)
        continue
      }
      let joined =
        letters.isEmpty ? nil : String(letters.first == "=" ? letters.dropFirst() : letters)
      return try apply(row, as: "-\(letter)", joined)
    }
  }

  private mutating func apply(
    _ row: OptionSpec<Options>, as name: String, _ given: String?
  ) throws(UsageError) {
    guard row.description.isBuilt else {
      throw error("\(name) is not in this version (\(Program.version))")
    }
    var value = ""
    if let valueName = row.description.valueName {
      value = try self.value(of: name, valueName, given)
    } else if given != nil {
      throw error("\(name) takes no value")
    }
    do { try row.update(&options, value) } catch { throw self.error("\(name): \(error.message)") }
  }

  private mutating func value(
    of name: String, _ valueName: String, _ given: String?
  ) throws(UsageError) -> String {
    if let given {
      guard !given.isEmpty else { throw error("\(name) needs a value: \(name) \(valueName)") }
      return given
    }
    guard let next = rest.first, !next.isEmpty else {
      throw error("\(name) needs a value: \(name) \(valueName)")
    }
    let isNumber = next.dropFirst().utf8.first?.isDigit ?? false
    guard !next.hasPrefix("-") || next == "-" || isNumber else {
      let joint = name.hasPrefix("--") ? "=" : ""
      throw error(
        "\(name) needs a value, and '\(next)' is a flag; a value that starts with - is written \(name)\(joint)\(next)"
      )
    }
    rest = rest.dropFirst()
    return next
  }

  private func unknown(_ word: String, letter: Character? = nil) -> UsageError {
    let names = flags.map(\.description).filter(\.isBuilt).map(\.long) + ["help"]
    let bare = String(word.drop { $0 == "-" })
    let guess = bare.count > 1 ? Suggestion.closest(to: bare, among: names) : nil
    let shown = letter.map { word.count > 2 ? "-\($0) in \(word)" : word } ?? word
    if let guess { return error("unknown flag \(shown); did you mean --\(guess)?") }
    let takesCommand = rows.contains { $0.description.name == "COMMAND" }
    return error("unknown flag \(shown)" + (takesCommand ? "; write -- before the command" : ""))
  }

  // MARK: Other words

  private mutating func readWord(_ word: String) throws(UsageError) {
    let index = min(wordCount, rows.count - 1)
    guard index >= 0, wordCount < rows.count || rows[index].description.isRepeated else {
      throw error("one word too many: '\(word)'")
    }
    let row = rows[index]
    guard !word.isEmpty else { throw error("\(row.description.name) is empty") }
    do { try row.update(&options, word) } catch {
      throw self.error("\(row.description.name): \(error.message)")
    }
    filled.insert(index)
    wordCount += 1
  }
}
