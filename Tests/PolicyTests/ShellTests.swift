import FoundationEssentials
import Platform
@testable import Policy
import Props
import Testing

/// Runs what the grammar allows in real shells and compares the words that programs get with ours.
///
///     QA_AGENT_SHELL_STRINGS=1000000 script/test --filter ShellTests
///
/// runs a million of them; by chance, but the same ones for the same QA_AGENT_SHELL_SEED.
struct ShellTests {
  static let shells = [["sh"], ["dash"], ["bash"], ["busybox", "sh"]].compactMap { words in
    Executables.find(words[0]).map { [$0] + words.dropFirst() }
  }

  private static func number(_ name: String, or other: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? other
  }

  @Test func `shells read what the grammar allows as we do`() async throws {
    let wanted = Self.number("QA_AGENT_SHELL_STRINGS", or: 4000)
    var source = CommandSource(seed: UInt64(Self.number("QA_AGENT_SHELL_SEED", or: 1)))
    var done = 0
    var tried = 0
    while done < wanted {
      var batch: [(text: String, command: ParsedCommand)] = []
      while batch.count < min(5000, wanted - done) {
        let text = source.next()
        tried += 1
        if let command = try? ParsedCommand(text: text), CommandSource.knows(command) {
          batch.append((text, command))
        }
      }
      for shell in Self.shells {
        let faults = try await ShellRun(shell: shell).faults(of: batch)
        #expect(faults.isEmpty, "\(shell): \(faults.prefix(3).joined(separator: "\n"))")
        if !faults.isEmpty { return }
      }
      done += batch.count
    }
    let names = Self.shells.map { $0.joined(separator: " ") }.joined(separator: ", ")
    print("\(done) strings of \(tried) under \(names): the same words")
    #expect(Self.shells.count >= 2)
  }

  @Test func `shells read a list of words as it is`() async throws {
    var source = CommandSource(seed: 7)
    var batch: [(text: String, command: ParsedCommand)] = []
    while batch.count < 2000 {
      let words = ["p"] + (0..<source.random.below(5)).map { _ in source.anyText(12) }
      guard let command = try? ParsedCommand(words: words) else { continue }
      batch.append((command.line, command))
      #expect(try ParsedCommand(text: command.line) == command)
    }
    for shell in Self.shells {
      let faults = try await ShellRun(shell: shell).faults(of: batch)
      #expect(faults.isEmpty, "\(shell): \(faults.prefix(3).joined(separator: "\n"))")
    }
  }

  @Test func `a difference is found`() async throws {
    let command = try ParsedCommand(words: ["p", "a  b"])
    for shell in Self.shells {
      let faults = try await ShellRun(shell: shell).faults(of: [("p a  b", command)])
      #expect(!faults.isEmpty)
    }
  }
}

/// Texts near the border of the grammar.
struct CommandSource {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  static let files = ["in", "o 1", "o$2", "o'3", "-o4", "2", "o=5"]
  private static let programs = ["p", "q_1", "Zed9", "fail", "p", "p"]
  private static let safe = Array("abzAZ019_./:=,@%+-")
  private static let special = Array("$`\\\"'*?[]{}()~#!^&|;<> \t=%-")
  private static let wide = Array("äßж中é€😀")

  /// Whether all programs and files of a command are there.
  static func knows(_ command: ParsedCommand) -> Bool {
    command.segments.allSatisfy { segment in
      programs.contains(segment.words[0]) && segment.files.allSatisfy(files.contains)
    }
  }

  mutating func next() -> String {
    var text = random.below(20) == 0 ? " " : ""
    let count = random.below(8) == 0 ? 2 + random.below(4) : 1
    for index in 0..<count {
      if index > 0 { text += pick([" && ", "||", ";", " ; ", "\n", " | ", " || ", "&&", "\n\n"]) }
      text += segment()
    }
    return text + (random.below(30) == 0 ? pick([" ", "\n", ";", "&"]) : "")
  }

  private mutating func segment() -> String {
    var text = pick(Self.programs)
    for _ in 0..<random.below(6) {
      text += random.below(12) == 0 ? "\t " : " "
      text += random.below(14) == 0 ? redirection() : word()
    }
    return text
  }

  private mutating func redirection() -> String {
    let sign = pick([
      "<", ">", ">>", "< ", "> ", ">> ", "2>&1", "2>/dev/null", "2> /dev/null", "3>", "2 >",
    ])
    guard sign.hasSuffix("<") || sign.hasSuffix(">") || sign.hasSuffix(" ") else { return sign }
    let file = pick(Self.files)
    guard file.contains(where: { !Self.safe.contains($0) }) else { return sign + file }
    return sign + (file.contains("'") ? "\"\(file)\"" : "'\(file)'")
  }

  mutating func word() -> String {
    (0..<1 + random.below(3)).map { _ in piece() }.joined()
  }

  private mutating func piece() -> String {
    switch random.below(10) {
    case 0...5:
      String(
        (0..<1 + random.below(6)).map { _ in
          random.below(60) == 0 ? pick(Self.special) : pick(Self.safe)
        })
    case 6...7: "'\(anyText(10).filter { $0 != "'" })'"
    case 8: "\"\(anyText(8).filter { !"\"$`\\!".contains($0) && $0.isASCII })\""
    default: "\"\(anyText(3))\""
    }
  }

  mutating func anyText(_ most: Int) -> String {
    String(
      (0..<random.below(most)).map { _ in
        switch random.below(12) {
        case 0...5: pick(Self.safe)
        case 11: pick(Self.wide)
        default: pick(Self.special)
        }
      })
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[random.below(elements.count)]
  }
}

/// One process of a shell that runs many strings, with functions for programs that write down their words.
struct ShellRun {
  let shell: [String]

  /// The strings whose words were others, each as it was written and as we write it.
  func faults(of batch: [(text: String, command: ParsedCommand)]) async throws -> [String] {
    let folder = try TestFolder(
      Dictionary(uniqueKeysWithValues: CommandSource.files.map { ($0, "") }))
    var script = ""
    for name in ["p", "q_1", "Zed9"] {
      script += "\(name)() { printf '%s\\001' \(name) \"$@\" '\u{2}' >&9; }\n"
    }
    script += "fail() { printf '%s\\001' fail \"$@\" '\u{2}' >&9; return 1; }\n"
    for (text, command) in batch {
      script += "\(text)\nprintf '\\003' >&9\n\(command.line)\nprintf '\\003' >&9\n"
    }
    try folder.write(script, to: "script")
    let line = "exec 9>>words; . ./script"
    _ = try await runCommand(
      ProcessSpecification(
        shell[0], Array(shell.dropFirst()) + ["-c", line],
        environment: ["PATH": "/nowhere", "HOME": "/home", "LC_ALL": "C.UTF-8"],
        workingDirectory: folder.path),
      timeout: .seconds(300))
    let words = try Files.read(folder.file("words"), limit: 1 << 30)
    let records = words.split(separator: 3, omittingEmptySubsequences: false).dropLast()
    var faults: [String] = []
    for (index, (text, command)) in batch.enumerated() {
      let expected = Self.expected(command)
      for (offset, written) in [text, command.line].enumerated() {
        let place = index * 2 + offset
        guard place < records.count else { return faults + ["the shell ended before \(written)"] }
        let found = Self.sorted(Array(records[records.startIndex + place]))
        if found != expected {
          faults.append(
            "\(written)\n  gave \(found.debugDescription)\n  not \(expected.debugDescription)")
        }
      }
    }
    return faults
  }

  private static func sorted(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\u{2}\u{1}").map(String.init).sorted()
  }

  /// What the programs write down: those that run, where `fail` fails and all others succeed.
  private static func expected(_ command: ParsedCommand) -> [String] {
    var records: [String] = []
    var isSuccess = true
    var isRunning = true
    for segment in command.segments {
      switch segment.joint {
      case .and: isRunning = isSuccess
      case .or: isRunning = !isSuccess
      case .then, nil: isRunning = true
      case .pipe: break
      }
      guard isRunning else { continue }
      records.append(segment.words.map { $0 + "\u{1}" }.joined())
      isSuccess = segment.words[0] != "fail"
    }
    return records.sorted()
  }
}
