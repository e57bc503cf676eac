internal import Languages

/// The keywords that the lines of a feature start with, in one dialect.
struct GherkinKeywords {
  /// A keyword at the start of a line, and what follows.
  struct Found {
    var keyword: Language.Keyword
    /// The keyword as it stands there.
    var name: String
    var rest: String
  }

  private let headers: [GherkinDialect.Word]
  private let steps: [GherkinDialect.Word]

  init(_ dialect: GherkinDialect?) {
    let words = dialect?.words ?? []
    headers = words.filter { !$0.keyword.beginsStep }
    steps = words.filter(\.keyword.beginsStep)
  }

  /// A keyword with a colon.
  func header(_ line: String) -> Found? {
    headers.first { line.hasPrefix($0.text + ":") }.map {
      Found(
        keyword: $0.keyword, name: $0.text,
        rest: String(line.dropFirst($0.text.count + 1).trimmed))
    }
  }

  /// A keyword of a step; what follows is empty when the line is nothing but the keyword.
  func step(_ line: String) -> Found? {
    // A star goes on with what the line before it was, like And.
    if line == "*" || line.hasPrefix("* ") {
      return Found(keyword: .and, name: "*", rest: String(line.dropFirst().trimmed))
    }
    return steps.first { word in
      line == word.text || line.hasPrefix(word.needsSpace ? word.text + " " : word.text)
    }.map {
      Found(keyword: $0.keyword, name: $0.text, rest: String(line.dropFirst($0.text.count).trimmed))
    }
  }

  /// A word for a keyword.
  func first(_ keyword: Language.Keyword) -> String {
    (headers + steps).last { $0.keyword == keyword }?.text ?? ""
  }

  /// A word for each keyword of a step.
  var stepNames: [String] {
    Language.Keyword.allCases.filter(\.beginsStep).map(first)
  }

  /// All of them, headers with their colon.
  var all: [String] { steps.map(\.text) + headers.map { $0.text + ":" } }
}
