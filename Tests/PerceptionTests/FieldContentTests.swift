import FoundationEssentials
import Perception
import Pixels
import ScreenCorpus
import Testing

/// What a field shows, and what that tells of a text that was typed into it.
@Suite struct FieldContentTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/screens").path()

  /// What stands in each labelled field of the labelled screens, by the toolkit's own word.
  private static func fields() throws -> [(
    screen: String, frame: Frame, box: PixelRect, text: String
  )] {
    try LabelledScreen.all(in: folder).flatMap { screen in
      let frame = try screen.frame()
      return screen.fields.map { field in
        let words = screen.words.filter {
          field.box.contains(x: $0.box.center.x, y: $0.box.center.y)
        }
        return (screen.name, frame, field.box, words.map(\.text).joined(separator: " "))
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `no field on a labelled screen is said to differ from what is in it`() async throws {
    let reader = try await TextReader()
    var (filled, matched, cut, found) = (0, 0, 0, 0)
    for (screen, frame, box, text) in try Self.fields() where !text.isEmpty {
      let content = try await reader.field(around: box.center.x, box.center.y, in: frame)
      let result = FieldComparison.compare(typed: text, content: content, isWhole: true)
      #expect(result != .differs, "\(screen): “\(text)” is in a field that shows \(content)")
      filled += 1
      if result == .matches { matched += 1 }
      // The same field, had one more letter been typed into it.
      guard text.count >= 4, result == .matches else { continue }
      cut += 1
      var longer = text
      longer.insert("e", at: longer.index(longer.startIndex, offsetBy: 2))
      let changed = FieldComparison.compare(typed: longer, content: content, isWhole: true)
      #expect(changed != .matches, "\(screen): “\(longer)” is taken for “\(text)”")
      if changed == .differs { found += 1 }
    }
    print(
      "\(filled) filled fields: \(matched) match; of \(cut) texts that lost a letter \(found) are told"
    )
    #expect(filled >= 100)
    #expect(matched * 10 >= filled * 7)
    #expect(found * 10 >= cut * 7)
  }

  @Test(
    arguments: [
      ("alice", "alice", .matches), ("alice", "alic", .differs), ("alice", "ALICE", .differs),
      ("Alice", "alice", .differs), ("germany", "GERMANY", .differs), ("68159", "6815", .differs),
      ("l0ng", "IOng", .matches), ("modern", "modem", .matches), ("a-b_c", "a—b c", .matches),
      ("Zypern", "Yzpern", .differs), ("naïve café", "naïve café", .matches),
      ("naïve café", "naive cafe", .differs), ("Zurich", "Zürich", .differs),
      ("Größe", "Grösse", .differs), ("Ελλάδα", "Ελλάδα", .matches), ("Ελλάδα", "Ελλαδα", .differs),
      // More around it, in another format, another text, or letters that are not read: not judged.
      ("alice", "alice@example.com", .unknown("")), ("1000", "1,000", .unknown("")),
      ("5551234", "(555) 1234", .matches), ("alice", "Your name", .unknown("")),
      ("Ελλάδα", "EAAa6a", .unknown("")), ("...", "alice", .unknown("")),
    ] as [(String, String, FieldComparison.Result)])
  func `a text is compared with what was read for sure`(
    typed: String, shown: String, expected: FieldComparison.Result
  ) {
    let sure = FieldComparison.compare(
      typed: typed, content: .text(shown, isSure: true), isWhole: true)
    #expect(sure.kind == expected.kind, "\(sure)")
    let unsure = FieldComparison.compare(
      typed: typed, content: .text(shown, isSure: false), isWhole: true)
    #expect(unsure.kind == (expected == .matches ? "matches" : "unknown"))
  }

  @Test(arguments: [
    ("06:05", "06:05 --", true), ("06:05", "06:05 –", false), ("-5", "5", true), ("-5", "5", false),
    ("5", "-5", true), ("-$5", "$5", true),
  ])
  func `a value that is like another is not taken for it`(
    typed: String, shown: String, isWhole: Bool
  ) {
    let content = FieldContent.text(shown, isSure: true)
    #expect(
      FieldComparison.compare(typed: typed, content: content, isWhole: isWhole).kind == "unknown")
  }

  @Test(arguments: [("-5", "−5"), ("2026-05-22", "2026-05-22"), ("-$5", "-$5"), ("a-", "a-")])
  func `a dash that is seen is one`(typed: String, shown: String) {
    let content = FieldContent.text(shown, isSure: true)
    #expect(FieldComparison.compare(typed: typed, content: content, isWhole: true) == .matches)
  }

  @Test func `digits that surely are others differ, in another form they may not`() {
    func kind(_ typed: String, _ shown: String) -> String {
      FieldComparison.compare(
        typed: typed, content: .text(shown, isSure: true), isWhole: true
      ).kind
    }
    #expect(kind("77", "50") == "differs")
    #expect(kind("21:30", "2:05 AM") == "differs")
    #expect(kind("1234567", "1,234,567") == "unknown")
    #expect(kind("77", "77 kg") == "unknown")
    #expect(kind("NYC", "New York City") == "unknown")
  }

  @Test func `a letter that cannot be read is no difference`() {
    let content = FieldContent.text("Zurich", isSure: true)
    #expect(
      FieldComparison.compare(
        typed: "Zürich", content: content, isWhole: true, unreadable: ["ü"]
      ).kind == "unknown")
  }

  @Test func `behind what was there before a text is only looked for`() {
    let content = FieldContent.text("Dear alice", isSure: true)
    #expect(FieldComparison.compare(typed: "alice", content: content, isWhole: false) == .matches)
    #expect(FieldComparison.compare(typed: "alice", content: content, isWhole: true) != .matches)
  }

  @Test(arguments: [
    (8, true, "matches"), (7, true, "differs"), (9, true, "differs"), (7, false, "differs"),
    (9, false, "unknown"),
  ])
  func `of a secret only hidden signs are counted`(signs: Int, isWhole: Bool, expected: String) {
    let content = FieldContent.masked(signs: signs)
    #expect(
      FieldComparison.compare(secret: "Xq7vTr4m", content: content, isWhole: isWhole).kind
        == expected)
    for content: FieldContent in [
      .none, .masked(signs: nil), .text("Xq7vTr4m", isSure: true), .text("Xq7v", isSure: true),
    ] {
      #expect(
        FieldComparison.compare(secret: "Xq7vTr4m", content: content, isWhole: isWhole).kind
          == "unknown")
    }
  }

  @Test func `four signs of a secret in a row betray it`() {
    #expect(FieldComparison.betrays("Xq7vTr4m", "it is xq7v"))
    #expect(FieldComparison.betrays("Xq7vTr4m", "7VTr"))
    #expect(!FieldComparison.betrays("Xq7vTr4m", "Xq7 Tr4"))
    #expect(FieldComparison.betrays("abc", "xabcx") && !FieldComparison.betrays("abc", "xabx"))
    #expect(!FieldComparison.betrays("", "anything"))
  }
}

extension FieldComparison.Result {
  fileprivate var kind: String {
    switch self {
    case .matches: "matches"
    case .differs: "differs"
    case .unknown: "unknown"
    }
  }
}
