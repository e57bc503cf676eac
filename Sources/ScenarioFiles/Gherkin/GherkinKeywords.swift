internal import Languages

/// The keywords that the lines of a feature start with, in one language.
struct GherkinKeywords {
  /// A keyword at the start of a line, and what follows.
  struct Found {
    var keyword: Language.Keyword
    /// The keyword as it stands there.
    var name: String
    var rest: String
  }

  private let language: Language
  /// The longest first, so that `Scenario Outline` is not a `Scenario`.
  private let headers: [(keyword: Language.Keyword, name: String)]
  private let stepNames: [(keyword: Language.Keyword, name: String)]

  init(_ language: Language) {
    self.language = language
    let rows = language.keywords
      .flatMap { keyword, names in names.map { (keyword: keyword, name: $0) } }
      .sorted { ($1.name.count, $0.name) < ($0.name.count, $1.name) }
    headers = rows.filter { !$0.keyword.beginsStep }
    // A star goes on with what the line before it was, like And.
    stepNames = rows.filter(\.keyword.beginsStep) + [(.and, "*")]
  }

  /// A keyword with a colon.
  func header(_ line: String) -> Found? {
    headers.first { line.hasPrefix($0.name + ":") }.map {
      Found(
        keyword: $0.keyword, name: $0.name,
        rest: String(line.dropFirst($0.name.count + 1).trimmed))
    }
  }

  /// A keyword of a step.
  func step(_ line: String) -> Found? {
    stepNames.first { line.hasPrefix($0.name + " ") || line == $0.name }.map {
      Found(keyword: $0.keyword, name: $0.name, rest: String(line.dropFirst($0.name.count).trimmed))
    }
  }

  /// The first word for a keyword.
  func first(_ keyword: Language.Keyword) -> String { language.keywords[keyword]?.first ?? "" }

  /// The first word for each keyword of a step.
  var steps: [String] {
    Language.Keyword.allCases.filter(\.beginsStep).map(first)
  }

  /// All of them, headers with their colon.
  var all: [String] { stepNames.map(\.name) + headers.map { $0.name + ":" } }
}
