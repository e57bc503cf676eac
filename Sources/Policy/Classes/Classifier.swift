/// Says what a program can do with its words.
enum Classifier {
  /// What was found.
  struct Finding: Hashable, Sendable {
    /// All that it can do.
    var classes: Set<CommandClass>
    /// Why, in a few words.
    var because: String
    /// Whether the table knows the program.
    var isKnown: Bool
  }

  /// The program and its words with those before it that only run it: `timeout 5 ls` is `ls`.
  static func unwrapped(_ words: [String], in table: ProgramTable = .shared) -> [String] {
    var words = words
    while let program = words.first.flatMap(name), let wrapper = table.through[program] {
      let arguments = words.dropFirst()
      guard let operands = wrapper.options.operands(of: arguments, stopsAtOperand: true),
        operands.count > wrapper.skipped, !operands[wrapper.skipped].contains("=")
      else { break }
      words = Array(operands.dropFirst(wrapper.skipped))
    }
    return words
  }

  static func finding(
    for segment: ParsedCommand.Segment, in table: ProgramTable = .shared
  ) -> Finding {
    let words = unwrapped(segment.words, in: table)
    var finding = finding(for: words, in: table)
    if let file = segment.redirections.compactMap(\.written).first {
      finding.classes.insert(.write)
      finding.because += ", and it writes \(Signs.shown(file))"
    }
    let read = segment.redirections.compactMap { redirection -> String? in
      if case .input(let file) = redirection { file } else { nil }
    }
    for word in words.dropFirst() + read where isDetour(word) {
      finding.classes.insert(.unknown)
      finding.because += ", and \(Signs.shown(word)) leads to nobody knows where"
    }
    return finding
  }

  /// A path that may be another one than it looks like.
  static func isDetour(_ word: String) -> Bool {
    let parts = word.split(separator: "/")
    if parts.contains("..") { return true }
    if word.hasPrefix("/dev/fd") || word.hasPrefix("/private/") { return true }
    guard let index = parts.firstIndex(of: "proc") else { return false }
    return parts[index...].contains { ["root", "cwd", "fd", "exe", "map_files"].contains($0) }
  }

  /// A program's name by which the table knows it: bare, or in one of the system's own folders.
  static func name(_ program: String) -> String? {
    guard let slash = program.lastIndex(of: "/") else { return program }
    let folders = ["/bin", "/usr/bin", "/sbin", "/usr/sbin"]
    return folders.contains(String(program[..<slash]))
      ? String(program[program.index(after: slash)...]) : nil
  }

  private static func finding(for words: [String], in table: ProgramTable) -> Finding {
    let program = words[0]
    let shown = Signs.shown(program)
    guard let name = name(program), let rows = table.rows[name] else {
      // What looks like a program in another folder may be anything; what that one does it may do, too.
      let base = program.split(separator: "/").last.map(String.init) ?? program
      var classes = hidden(in: [base], table)
      if words.dropFirst().contains(where: { destroyingWords.contains($0.lowercased()) }) {
        classes.insert(.destroy)
      }
      if base.hasPrefix("mkfs.") || base.hasPrefix("fsck.") { classes.insert(.destroy) }
      return Finding(
        classes: classes.union([.unknown]), because: "\(shown) is no known program", isKnown: false)
    }
    let arguments = words.dropFirst()
    let row = rows.first { fits($0, arguments) }
    // Without a row for all the rest, what is not known is not known.
    var classes = Set(row?.classes ?? [.unknown])
    if classes.contains(where: \.mustBeAccepted) {
      classes.formUnion(hidden(in: Array(arguments), table))
    }
    let how =
      row == nil
      ? "has an option or operands that are not known"
      : row?.options == nil ? "at worst" : "with these options"
    let text = classes.sorted().map(\.meaning).joined(separator: "; ")
    return Finding(
      classes: classes, because: row == nil ? "\(shown) \(how)" : "\(shown) \(how) \(text)",
      isKnown: true)
  }

  private static func fits(_ row: ProgramTable.Row, _ arguments: ArraySlice<String>) -> Bool {
    guard let options = row.options else {
      return row.subcommand.map { arguments.contains($0) } ?? true
    }
    guard var operands = options.operands(of: arguments) else { return false }
    if let subcommand = row.subcommand {
      guard operands.first == subcommand else { return false }
      operands.removeFirst()
    }
    switch row.operands {
    case .count(let range): return range.contains(operands.count)
    case .names: return !operands.contains { $0.contains("=") }
    case .plus: return operands.allSatisfy { $0.hasPrefix("+") }
    }
  }

  /// What is dangerous among the words of a program that may run other programs.
  private static func hidden(in words: [String], _ table: ProgramTable) -> Set<CommandClass> {
    var classes: Set<CommandClass> = []
    for word in words.flatMap(pieces(of:)) {
      let base = word.split(separator: "/").last.map(String.init) ?? word
      for row in table.rows[base] ?? [] where row.subcommand == nil && row.options == nil {
        classes.formUnion(row.classes.filter(\.mustBeAccepted))
      }
      if destroyingWords.contains(word.lowercased()) { classes.insert(.destroy) }
    }
    return classes
  }

  /// The words within a word: scripts, queries.
  private static func pieces(of word: String) -> [String] {
    word.split { !($0.isLetter || $0.isNumber || "_./-+".contains($0)) }.map(String.init)
  }

  /// What destroys, as an argument of whatever program.
  private static let destroyingWords: Set<String> = [
    "drop", "truncate", "delete", "-delete", "--delete", "flushall", "flushdb", "rmtree", "unlink",
    "rm",
    "mkfs", "dd", "shred", "shutdown", "reboot", "halt", "poweroff", "kill", "killall", "pkill",
    "destroy",
    "purge", "wipe",
  ]
}
