import Glibc
import Pixels
import Props
import Platform
import Testing

@testable import VNC

/// What is typed is what arrives, in real applications.
///
/// One after the other: each has an X server and an application of its own.
@Suite(.serialized)
struct ClientTypingTests {
  /// Whether the long forms of the tests are wanted.
  static let isLong = getenv("QA_AGENT_TEST_LONG") != nil
  /// How much of the corpus is typed into each target.
  static let count = isLong ? 2000 : 30

  private func keys(_ names: String...) throws -> [Key] { try names.map { try #require(Key($0)) } }

  @Test(
    .timeLimit(.minutes(isLong ? 60 : 2)), arguments: ["us", "de", "fr"],
    ClientTypist.Target.allCases)
  func `a corpus of texts arrives as it is`(layout: String, target: ClientTypist.Target)
    async throws
  {
    let typist = try await ClientTypist(target, layout: layout)
    // Each target gets another part of the corpus, so that a short run sees more of it.
    let seed = Self.isLong ? 1 : UInt64(layout.utf8.reduce(0) { Int($0) + Int($1) })
    var channels: [TypingReport.Channel: Int] = [:]
    for item in ClientCorpus(count: Self.count, seed: seed).items
    where target != .entry || item.isOneLine || item.isRefused {
      let before = clientHistory(channels)
      do {
        let report = try await typist.connection.type(
          item.text, through: .automatic(paste: typist.paste))
        channels[report.channel, default: 0] += 1
        #expect(!item.isRefused)
        #expect(report.isConfirmed)
      } catch {
        #expect(item.isRefused, "\(error) \(item.kind) \(before)")
        #expect(error.code == .unsupportedInput)
      }
      let expected = item.isRefused ? "" : item.text.replacing("\r\n", with: "\n")
      let shown = try await typist.taken()
      // By code point: Swift's own comparison takes an accent for itself wherever it is written.
      let isSame = Array(shown.unicodeScalars) == Array(expected.unicodeScalars)
      #expect(
        isSame,
        "\(layout) \(target) \(item.kind): \(expected.debugDescription) arrived as \(shown.debugDescription)"
      )
    }
    #expect(channels[.keys, default: 0] > 0 && channels[.clipboard, default: 0] > 0)
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["de", "fr", "us"])
  func `signs that a layout lacks arrive, and leave place for what we promise`(layout: String)
    async throws
  {
    let typist = try await ClientTypist(.terminal, layout: layout)
    let text = "^`~^a`e~n абвгдежзийклмноп ^`~"
    try await typist.connection.type(text, through: .keys)
    #expect(try await typist.taken() == text)
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["^`~^a`e", "йцуйцу"])
  func `the first keys of a server may be signs that its layout lacks`(text: String) async throws {
    let typist = try await ClientTypist(.view, layout: "de", isUntouched: true)
    try await typist.connection.type(text, through: .keys)
    #expect(try await typist.taken() == text)
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `what was copied before is on the clipboard again after a paste`() async throws {
    let typist = try await ClientTypist(.entry, options: VNCOptions(keysymBudget: 0))
    let connection = typist.connection
    try await connection.type("żółty kubek", through: .automatic(paste: typist.paste))
    try await connection.press(keys("ctrl", "a"))
    try await connection.press(keys("ctrl", "x"))
    #expect(try await eventually { try await connection.clipboardText() == "żółty kubek" })
    let report = try await connection.type("привет", through: .automatic(paste: typist.paste))
    #expect(report == TypingReport(channel: .clipboard, former: .restored, isConfirmed: true))
    try await connection.press(keys("ctrl", "v"))
    #expect(try await typist.taken(asLongAs: "приветżółty kubek") == "приветżółty kubek")
    await connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `our own text stays on the clipboard through a paste`() async throws {
    let typist = try await ClientTypist(.entry)
    try await typist.connection.setClipboard("mine")
    let report = try await typist.connection.type("other", through: .clipboard)
    #expect(report.former == .restored)
    try await typist.connection.press(keys("ctrl", "v"))
    #expect(try await typist.taken(asLongAs: "othermine") == "othermine")
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `nothing of a paste is left on a clipboard that was empty`() async throws {
    let typist = try await ClientTypist(.entry)
    let first = try await typist.connection.type("geheim", through: .clipboard)
    #expect(first.former == .unknown)
    #expect(try await typist.connection.clipboardText() == nil)
    let second = try await typist.connection.type("mehr", through: .clipboard)
    #expect(second.former == .empty)
    try await typist.connection.press(keys("ctrl", "v"))
    #expect(try await typist.taken() == "geheimmehr")
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `a paste that nobody takes is an error that says so`() async throws {
    var options = VNCOptions(keysymBudget: 0)
    options.timing.pasteLimit = .milliseconds(300)
    let typist = try await ClientTypist(.terminal, options: options)
    try await typist.connection.setClipboard("former")
    let chord = try keys("ctrl", "shift", "f9")
    let pasted = try await clientError { () async throws(VNCError) in
      _ = try await typist.connection.type("ab\nжук", through: .automatic(paste: chord))
    }
    #expect(pasted.code == .unsupportedInput)
    #expect(pasted.message.contains("ctrl+shift+f9"))
    #expect(pasted.message.contains("3 characters before it were typed"))
    #expect(try await typist.connection.clipboardText() == "former")
    _ = try await typist.taken()
    let refused = try await clientError { () async throws(VNCError) in
      _ = try await typist.connection.type("ab жук", through: .keys)
    }
    #expect(refused.code == .unsupportedInput)
    #expect(try await typist.taken() == "")
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `keys and pastes keep their order`() async throws {
    let options = VNCOptions(keysymBudget: 0)
    let typist = try await ClientTypist(.view, options: options)
    let text = (1...12).map { "line \($0)\nстрока \($0)\t" }.joined()
    let report = try await typist.connection.type(text, through: .automatic(paste: typist.paste))
    #expect(report.channel == .both)
    #expect(try await typist.taken() == text)
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `a paste arrives where somebody fetches all texts, and is not called sure`() async throws {
    let typist = try await ClientTypist(.view, options: VNCOptions(keysymBudget: 0))
    let seen = typist.desktop.file("seen")
    try typist.desktop.start(
      "/usr/bin/python3", ClientTypist.fixture("clipboard_manager.py"), seen)
    #expect(try await eventually { Files.exists(seen) })
    let text = "жук\nкот\tпёс"
    let report = try await typist.connection.type(text, through: .automatic(paste: typist.paste))
    #expect(report.channel == .both)
    #expect(!report.isConfirmed)
    #expect(try await typist.taken() == text)
    #expect(clientText(seen).contains("пёс"))
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `the options name the chord that pastes`() async throws {
    let options = VNCOptions(paste: try keys("ctrl", "v"), keysymBudget: 0)
    let typist = try await ClientTypist(.entry, options: options)
    #expect(try await typist.connection.type("plain").channel == .keys)
    #expect(try await typist.connection.type("ещё").channel == .clipboard)
    #expect(try await typist.taken() == "plainещё")
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `control characters are not pasted either`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let pasted = try await clientError { () async throws(VNCError) in
      _ = try await connection.type("a\u{1B}b", through: .clipboard)
    }
    #expect(pasted.code == .unsupportedInput)
    #expect(pasted.message.contains("U+001B"))
    await connection.close()
  }

  private func clientHistory(_ channels: [TypingReport.Channel: Int]) -> String {
    channels.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
  }
}
