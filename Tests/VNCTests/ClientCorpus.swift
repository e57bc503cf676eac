import Props

/// Texts of many kinds, the same in every run.
struct ClientCorpus {
  /// One text, and what it is there for.
  struct Item: Hashable, Sendable {
    let kind: String
    let text: String
    /// Whether it holds a control character, which must be refused.
    var isRefused: Bool { kind == "control" }
    /// Whether it fits into a field of one line.
    var isOneLine: Bool { !text.contains("\n") && !text.contains("\t") && !text.contains("\r\n") }
  }

  let items: [Item]

  init(count: Int, seed: UInt64 = 1) {
    var random = SeededRandom(seed: seed)
    items = (0..<count).map { index in
      let kind = Self.kinds[index % Self.kinds.count]
      return Item(kind: kind.name, text: kind.make(&random))
    }
  }

  private typealias Kind = (name: String, make: @Sendable (inout SeededRandom) -> String)

  private static let kinds: [Kind] = [
    ("ascii", { some(ascii, 1...60, &$0) }),
    ("accents", { some(letters + "éèêëàâäçñöüßøåæÉÈÄÖÜÇÑœŒÿłŁżŻěščřžŠČŘŽőŐğŞıİ", 1...40, &$0) }),
    ("cyrillic", { some("абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЁЖЗ ,.-", 1...40, &$0) }),
    ("greek", { some("αβγδεζηθικλμνξοπρσςτυφχψωΑΒΓΔΏάέήίόύώϊΐ ", 1...40, &$0) }),
    ("cjk", { some("漢字仮名交じり文日本語テスト한국어시험中文測試。、「」０１Ａ", 1...30, &$0) }),
    ("emoji", { pieces(["🙂", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "🏴‍☠️", "1️⃣", "a", " "], 1...12, &$0) }),
    ("planes", { pieces(["𝔘", "𝓯", "𐍈", "𠀋", "𪚥", "🀄", "𝟘", "𞤀", "b"], 1...20, &$0) }),
    (
      "lines",
      { pieces(["one", "zwei", "\n", "\t", "\r\n", "drei ", "été", "жё", ";"], 1...15, &$0) }
    ),
    (
      "control",
      {
        some(letters, 0...8, &$0) + pick(["\u{1B}", "\u{7}", "\u{0}", "\u{7F}", "\u{85}"], &$0)
          + "x"
      }
    ),
    ("quotes", { some("\"'`´‘’“”„«»‹›^~¨ aeiouñ", 1...40, &$0) }),
    ("shell", { some("$(){}[]<>|&;*?!#~`\\\"'=%@^:/-_ ax1", 1...60, &$0) }),
    (
      "runs",
      {
        String(
          repeating: pick(["a", "Z", "1", " ", "!", "^", "~", "`", "'", "ü", "ß"], &$0),
          count: 1 + $0.below(80))
      }
    ),
    ("pairs", { runs("aAbB1!/?ßäÄ", &$0) }),
    ("long", { some(ascii, 200...500, &$0) }),
    ("marks", { pieces(["e\u{301}", "o\u{308}", "n\u{303}", "ก็", "का", "שָׁ", "x"], 1...15, &$0) }),
  ]

  private static let ascii = String(decoding: Array<UInt8>(0x20...0x7E), as: UTF8.self)
  private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

  private static func some(
    _ letters: String, _ count: ClosedRange<Int>, _ random: inout SeededRandom
  ) -> String {
    pieces(letters.map { String($0) }, count, &random)
  }

  private static func pieces(
    _ all: [String], _ count: ClosedRange<Int>, _ random: inout SeededRandom
  ) -> String {
    let length = count.lowerBound + random.below(count.upperBound - count.lowerBound + 1)
    return (0..<length).map { _ in pick(all, &random) }.joined()
  }

  private static func runs(_ letters: String, _ random: inout SeededRandom) -> String {
    (0..<1 + random.below(12)).map { _ in
      String(repeating: pick(letters.map { $0 }, &random), count: 1 + random.below(4))
    }.joined()
  }

  private static func pick<Element>(_ all: [Element], _ random: inout SeededRandom) -> Element {
    all[random.below(all.count)]
  }
}
