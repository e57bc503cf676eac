@testable import Policy
import Testing

/// Why a text is not understood; nil where it is.
func refusal(_ text: String) -> CommandRefusal? {
  do {
    _ = try ParsedCommand(text: text)
    return nil
  } catch {
    return error
  }
}

struct GrammarTests {
  @Test func `reads words, quotes, joints and redirections`() throws {
    let command = try ParsedCommand(
      text:
        "\t ls  -l 'a b' \"it's\" --name='x y' '' | sort -k2 <in.txt >>/tmp/o 2>&1 && a||b;c 2>/dev/null\n"
    )
    #expect(
      command.segments.map(\.words) == [
        ["ls", "-l", "a b", "it's", "--name=x y", ""], ["sort", "-k2"], ["a"], ["b"], ["c"],
      ])
    #expect(command.segments.map(\.joint) == [nil, .pipe, .and, .or, .then])
    #expect(
      command.segments[1].redirections == [.input("in.txt"), .append("/tmp/o"), .errorsToOutput])
    #expect(
      command.line
        == #"ls -l 'a b' 'it'"'"'s' '--name=x y' '' | sort -k2 <in.txt >>/tmp/o 2>&1 && a || b; c 2>/dev/null"#
    )
    #expect(try ParsedCommand(text: command.line) == command)
  }

  @Test(arguments: [
    ("ls $HOME", 4, "$"), ("ls `id`", 4, "`"), ("r\\m x", 2, "\\"), ("ls *", 4, "*"),
    ("ls a?", 5, "?"),
    ("ls [a]", 4, "["), ("ls {a,b}", 4, "{"), ("ls ~", 4, "~"), ("ls #x", 4, "#"),
    ("ls !x", 4, "!"),
    ("(ls)", 1, "("), ("ls & id", 4, "&"), ("ls |& id", 4, "|&"), ("a ;; b", 3, ";;"),
    ("ls <<E", 4, "<<<"),
    ("ls >&2", 4, ">&"), ("ls &> f", 4, "&"), ("ls >| f", 4, ">|"), ("ls <> f", 4, "<>"),
    ("ls 3>f", 4, "3>"),
    ("ls 2>f", 4, "2>"), ("ls 2>&1x", 4, "2>"), ("ls <(id)", 4, "<("), ("A=1 ls", 1, "A=1"),
    ("'ls'", 1, "'ls'"),
    ("l''s", 1, "l''s"), ("ls a''b", 4, "a''b"), ("if x", 1, "if"), (". x", 1, "."),
    ("ls 'a", 4, "'"),
    ("ls \"$x\"", 5, "$"), ("ls \"a!b\"", 6, "!"), ("ls \u{7}", 4, "U+0007"),
    ("ls \u{200B}", 4, "U+200B"),
    ("ls '\u{202E}'", 5, "U+202E"), ("ls\u{A0}x", 3, "U+00A0"), ("ls\r\nid", 3, "U+000D"),
    ("ls\u{B}id", 3, "U+000B"),
    ("lѕ", 2, "ѕ"), ("ls é", 4, "é"), ("ls =x", 4, "="), ("ls &&", 6, ""), ("| ls", 1, "|"),
    ("ls >", 5, ""),
    (">f ls", 1, ">"), ("-x", 1, "-x"), ("../..", 1, "../.."), ("ls ^x", 4, "^"), ("", 1, ""),
    ("[ x ]", 1, "["),
    ("ls 'a\nb'", 6, "U+000A"), ("ls ;", 5, ""),
  ])
  func `refuses what shells read differently, with the place`(
    text: String, column: Int, mark: String
  ) throws {
    let found = refusal(text)
    let fault = try #require(found, "\(text) was understood")
    #expect(fault.column == column, "\(text): \(fault)")
    #expect(mark.hasPrefix(fault.text) || fault.text.hasPrefix(mark), "\(text): \(fault)")
    #expect(!fault.reason.isEmpty)
  }

  @Test func `takes what stands in single quotes as it stands`() throws {
    let command = try ParsedCommand(text: "grep '$x `y` \\ * # ! ü' 'a;b|c&d'")
    #expect(command.segments[0].words == ["grep", "$x `y` \\ * # ! ü", "a;b|c&d"])
  }

  @Test func `counts programs, words and bytes`() {
    let sixteen = Array(repeating: "ls", count: 16).joined(separator: ";")
    #expect(refusal(sixteen) == nil)
    #expect(refusal(sixteen + ";ls")?.reason.contains("more than 16 programs") == true)
    #expect(refusal("ls " + String(repeating: "a", count: 4093)) == nil)
    #expect(
      refusal("ls " + String(repeating: "a", count: 4094))?.reason.contains("4097 bytes") == true)
    #expect(refusal("ls" + String(repeating: " a", count: 255)) == nil)
    #expect(refusal("ls" + String(repeating: " a", count: 256)) != nil)
  }

  @Test func `takes a list of words as it is, and refuses what no command may hold`() throws {
    let words = ["grep", "$(id)", "it's", "a b", "", "~", "*", "ü"]
    let command = try ParsedCommand(words: words)
    #expect(command.segments == [ParsedCommand.Segment(words: words)])
    for words in [
      [], [""], ["A=1", "ls"], ["ls", "a\nb"], ["ls", "\u{200B}"], ["if"], ["l s"], ["-x"],
    ] {
      #expect(throws: CommandRefusal.self) { try ParsedCommand(words: words) }
    }
  }
}
