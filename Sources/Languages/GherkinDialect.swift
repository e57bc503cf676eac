import Synchronization

/// The keywords of `.feature` files in one of the dialects that Gherkin has: `en`, `fr`, `zh-CN`, `en-pirate`.
public struct GherkinDialect: Hashable, Sendable {
  /// A word and what it begins.
  public struct Word: Hashable, Sendable {
    /// What it begins.
    public let keyword: Language.Keyword
    /// The word.
    public let text: String
    /// Whether a space stands between it and what follows; headers have a colon instead.
    public let needsSpace: Bool
  }

  /// Its code.
  public let code: String
  /// Its words; the longest first, so that `Scenario Outline` is not a `Scenario`.
  public let words: [Word]

  /// The code of the language that it is of: `zh` of `zh-CN`.
  public var language: String { String(code.prefix { $0 != "-" }) }

  private static let all = Mutex<[String: GherkinDialect]?>(nil)

  /// The codes of all dialects, sorted.
  public static var codes: [String] { table.keys.sorted() }

  /// The dialect of a code, or else the one of its language: `de-AT` is read as `de`; nil when there is none.
  ///
  /// May be called from any thread.
  public static func named(_ code: String) -> GherkinDialect? {
    let table = table
    if let dialect = table[code] { return dialect }
    let wanted = code.lowercased()
    if let same = table.values.first(where: { $0.code.lowercased() == wanted }) { return same }
    return table[String(wanted.prefix { $0 != "-" && $0 != "_" })]
  }

  private static var table: [String: GherkinDialect] {
    all.withLock { all in
      if let all { return all }
      let read = read(String(decoding: PackageResources.gherkin_keywords, as: UTF8.self))
      all = read
      return read
    }
  }

  /// Reads the data; a line that is none of it is left out, which its test tells.
  private static func read(_ text: String) -> [String: GherkinDialect] {
    var table: [String: [Word]] = [:]
    var code = ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else {
        code = String(line)
        table[code] = []
        continue
      }
      guard let keyword = Language.Keyword(rawValue: String(line[..<colon])) else { continue }
      table[code, default: []] += words(keyword, line[line.index(after: colon)...])
    }
    return Dictionary(
      uniqueKeysWithValues: table.map { code, words in
        (code, GherkinDialect(code: code, words: sorted(words + own(code))))
      })
  }

  private static func words(_ keyword: Language.Keyword, _ list: Substring) -> [Word] {
    list.split(separator: "|").map { part in
      let name = part.drop { $0 == " " }
      var text = String(name.reversed().drop { $0 == " " }.reversed())
      let isJoined = keyword.beginsStep && text.hasSuffix("<")
      if isJoined { text.removeLast() }
      return Word(keyword: keyword, text: text, needsSpace: keyword.beginsStep && !isJoined)
    }
  }

  /// The words that a language of ours has besides.
  private static func own(_ code: String) -> [Word] {
    (Language.named(code)?.keywords ?? [:]).flatMap { keyword, texts in
      texts.map { Word(keyword: keyword, text: $0, needsSpace: keyword.beginsStep) }
    }
  }

  private static func sorted(_ words: [Word]) -> [Word] {
    let order = Language.Keyword.allCases
    func place(_ word: Word) -> Int { order.firstIndex(of: word.keyword) ?? order.count }
    var seen: Set<String> = []
    return words.sorted {
      ($1.text.unicodeScalars.count, place($0)) < ($0.text.unicodeScalars.count, place($1))
    }.filter { seen.insert("\($0.text)\($0.keyword.beginsStep)").inserted }
  }
}
