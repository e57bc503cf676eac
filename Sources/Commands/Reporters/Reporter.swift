/// Tells a run in one way.
///
/// A value: what is written depends on nothing but the events and the time.
protocol Reporter: Sendable {
  /// The text to add for an event: whole lines, except where a line is built piece by piece.
  mutating func text(for event: ReporterEvent, at now: Duration) -> String

  /// The text to add because time has passed; called several times a second.
  mutating func text(at now: Duration) -> String

  /// The lines that stand below all text on a terminal and change; empty for none.
  func display(at now: Duration, columns: Int, rows: Int) -> [String]
}

extension Reporter {
  mutating func text(at now: Duration) -> String { "" }
  func display(at now: Duration, columns: Int, rows: Int) -> [String] { [] }
}

/// How a person hears of a run.
struct ReporterSettings: Equatable, Sendable {
  /// Whether a person watches a terminal.
  var isTerminal = false
  /// How text looks.
  var style = Style(isColored: false)
  /// How much is said.
  var verbosity = Verbosity()
  /// How wide a line of dots may be.
  var columns = 80
}

extension ReporterChoice {
  /// The reporters that were asked for, and the one for GitHub where a run is inside GitHub Actions.
  static func reporters(
    _ choices: [ReporterChoice]?, environment: [String: String], settings: ReporterSettings
  ) -> [any Reporter] {
    var choices = choices ?? [.list]
    let isAlone = choices == [.json] || choices == [.none]
    if environment["GITHUB_ACTIONS"] == "true", !isAlone, !choices.contains(.github) {
      choices.append(.github)
    }
    return choices.compactMap { $0.reporter(settings) }
  }

  private func reporter(_ settings: ReporterSettings) -> (any Reporter)? {
    switch self {
    case .list: ListReporter(settings: settings)
    case .line: LineReporter(settings: settings)
    case .dots: DotsReporter(settings: settings)
    case .github: GitHubReporter()
    case .json: JSONReporter()
    case .none: nil
    }
  }
}
