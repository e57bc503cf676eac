import Testing

@testable import Commands

/// The tables are data; these tests keep mistakes out of them.
struct CommandTableTests {
  private struct Row {
    let path: [String]
    let command: Command
  }

  private static var rows: [Row] {
    func below(_ commands: [Command], _ path: [String]) -> [Row] {
      commands.flatMap { command in
        [Row(path: path + [command.name], command: command)]
          + below(command.subcommands, path + [command.name])
      }
    }
    return below(CommandTree.all.commands, [])
  }

  @Test func `every command of the contract has a table`() {
    let names = CommandTree.all.commands.map(\.name).sorted()
    #expect(
      names == [
        "calibrate", "check", "completion", "config", "debug", "doctor", "init", "list", "look",
        "models", "policy", "record",
        "replay", "report", "resume", "run", "runs", "schema", "show",
      ])
  }

  @Test func `names are unique, short, and in small letters`() {
    for row in Self.rows {
      let flags = row.command.table.flags
      let long = flags.flatMap { [$0.long] + $0.aliases } + ["help", "version"]
      let short = flags.compactMap(\.short) + ["h", "V"]
      #expect(Set(long).count == long.count, "\(row.path): \(long)")
      #expect(Set(short).count == short.count, "\(row.path): \(short)")
      for name in long + [row.command.name] {
        #expect(name.allSatisfy { $0 == "-" || ("a"..."z").contains($0) }, "\(row.path): \(name)")
      }
    }
  }

  @Test func `help is one line that starts with a capital and has no full stop`() {
    for row in Self.rows {
      let table = row.command.table
      let lines = table.flags.map(\.help) + table.words.map(\.help) + [row.command.summary]
      for line in lines {
        #expect((4...80).contains(line.count), "\(row.path): \(line)")
        #expect(!line.hasSuffix("."), "\(row.path): \(line)")
        #expect(line.first?.isUppercase == true || line.hasPrefix("export"), "\(row.path): \(line)")
      }
    }
  }

  @Test func `only the last word may be repeated, and none is required after an optional one`() {
    for row in Self.rows {
      let words = row.command.table.words
      #expect(words.dropLast().filter(\.isRepeated).isEmpty, "\(row.path)")
      let firstOptional = words.firstIndex { !$0.isRequired } ?? words.count
      #expect(words[firstOptional...].filter(\.isRequired).isEmpty, "\(row.path)")
    }
  }

  @Test func `a switch has no choices, and a default subcommand exists`() {
    for row in Self.rows {
      for flag in row.command.table.flags where flag.valueName == nil {
        #expect(flag.choices.isEmpty, "\(row.path): \(flag.long)")
        #expect(flag.completion == .none, "\(row.path): \(flag.long)")
      }
      let names = row.command.subcommands.map(\.name)
      if let name = row.command.defaultSubcommand { #expect(names.contains(name)) }
      #expect(Set(names).count == names.count)
    }
  }

  @Test func `the examples of every command can be said`() throws {
    for row in Self.rows {
      for example in row.command.examples {
        let typed = example.words.split(separator: ">")[0].split(
          separator: "'", omittingEmptySubsequences: false)
        let words = typed.enumerated().flatMap { index, part in
          index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
        #expect(Array(words.prefix(row.path.count)) == row.path, "\(example.words)")
        #expect(throws: Never.self, "\(example.words)") {
          try row.command.check(Array(words.dropFirst(row.path.count)))
        }
      }
    }
  }
}
