import Glibc
import Platform
import Testing

@testable import Commands

struct ColorTests {
  @Test(
    arguments: [
      (ColorChoice?.none, [:], true, true), (nil, [:], false, false), (.auto, [:], true, true),
      (.always, ["NO_COLOR": "1"], false, true), (.never, ["FORCE_COLOR": "1"], true, false),
      (nil, ["NO_COLOR": "1"], true, false), (nil, ["NO_COLOR": ""], true, true),
      (nil, ["FORCE_COLOR": "1"], false, true), (nil, ["FORCE_COLOR": "0"], true, false),
      (nil, ["FORCE_COLOR": "1", "NO_COLOR": "1"], false, true),
      (nil, ["CLICOLOR_FORCE": "1"], false, true), (nil, ["CLICOLOR_FORCE": "0"], false, false),
      (nil, ["CLICOLOR": "0"], true, false), (nil, ["TERM": "dumb"], true, false),
    ] as [(ColorChoice?, [String: String], Bool, Bool)])
  func `the flag wins, then the environment, then the terminal`(
    choice: ColorChoice?, environment: [String: String], isTerminal: Bool, isColored: Bool
  ) {
    #expect(
      ColorChoice.isColored(choice, environment: environment, isTerminal: isTerminal) == isColored)
  }
}

struct TerminalTextTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本語", 6), ("é", 1), ("e\u{301}", 1), ("👍", 2), ("👩‍👩‍👧", 2), ("✓", 1),
    ("❤️", 2), ("\u{200B}", 0), ("ｗ", 2), ("“a”", 3),
  ])
  func `width counts columns`(text: String, width: Int) {
    #expect(TerminalText.width(text) == width)
  }

  @Test func `a text that is too wide is cut with a mark`() {
    #expect(TerminalText.cut("abcdef", to: 6) == "abcdef")
    #expect(TerminalText.cut("abcdef", to: 4) == "abc…")
    #expect(TerminalText.cut("日本語", to: 4) == "日…")
    #expect(TerminalText.cut("abc", to: 0).isEmpty)
    #expect(TerminalText.cut("abc", to: -3).isEmpty)
  }

  @Test func `nothing that a terminal obeys gets through`() {
    let hostile = "a\u{1B}[2J\u{1B}]0;x\u{7}b\u{9B}31mc\u{202E}d\u{8}\u{7F}\r\n\te\u{E0041}"
    let neutral = TerminalText.neutral(hostile)
    #expect(
      neutral
        == "a\\u{1b}[2J\\u{1b}]0;x\\u{7}b\\u{9b}31mc\\u{202e}d\\u{8}\\u{7f} e\\u{e0041}")
    let isPlain = neutral.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    #expect(isPlain)
    #expect(TerminalText.neutral("日本 ✓ é") == "日本 ✓ é")
  }

  @Test func `long texts are told in a few lines`() {
    let text = (1...50).map(String.init).joined(separator: "\r\n")
    #expect(TerminalText.neutralLines(text, limit: 3) == ["1", "2", "… and 48 more lines"])
    #expect(TerminalText.neutralLines("a\n\nb\n", limit: 3) == ["a", "b"])
    let long = TerminalText.neutralLines(String(repeating: "x", count: 1_000_000), limit: 3)
    #expect(long.map(\.count) == [500])
  }

  @Test func `wrapping breaks at spaces`() {
    #expect(TerminalText.wrap("one two three", width: 7) == ["one two", "three"])
    #expect(TerminalText.wrap("enormous x", width: 3) == ["enormous", "x"])
    #expect(TerminalText.wrap("", width: 3) == [""])
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1234, "1.2k"), (34_567, "34k"), (1_540_000, "1.5M")])
  func `counts are short`(count: Int, text: String) { #expect(TerminalText.count(count) == text) }
}

struct TextStreamTests {
  @Test func `lines are written whole, and the rest when it is flushed`() {
    let captured = Captured()
    let stream = captured.output().results
    stream.write("a")
    #expect(captured.resultText.isEmpty)
    stream.write("b\nc")
    #expect(captured.resultText == "ab\n")
    stream.flush()
    #expect(captured.resultText == "ab\nc")
  }

  @Test func `a reader that went away ends the writing and nothing else`() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [CInt] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let stream = TextStream(descriptor: ends[1], color: nil, environment: [:])
    stream.write("nobody reads this\n")
    stream.write("nor this\n")
    #expect(stream.failure?.isBrokenPipe == true)
    #expect(!stream.isTerminal)
  }

  @Test func `a pipe that was made non-blocking still gets everything`() async throws {
    var ends: [CInt] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    try #require(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
    let text = String(repeating: "0123456789\n", count: 50_000)
    async let count = Reader().readAll(reader)
    let stream = TextStream(descriptor: writer, color: nil, environment: [:])
    stream.write(text)
    close(writer)
    #expect(await count == text.utf8.count)
    #expect(stream.failure == nil)
  }
}

private actor Reader {
  private let executor = ThreadExecutor(name: "reader")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func readAll(_ descriptor: CInt) -> Int {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var total = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      total += count
    }
    close(descriptor)
    return total
  }
}
