internal import Diagnostics
internal import Pattern
internal import Scenario
internal import YAML

/// Turns the tree of a scenario file into one case, and says everything that is wrong with it.
///
/// It never stops at an error: whoever repairs a file wants to see all of them. A case is made only from
/// a file without errors, so what stands in for a wrong value is never run.
final class CaseBuilder {
  /// The fields of the result of a step; nil means any.
  struct ResultFields {
    var main: String
    var all: [String]?
    /// Whether values of the JSON that it printed can be named: `name.json.items[0].id`.
    var hasJSON = false
  }

  let workspace: Workspace
  let project: Project
  var source: SourceText
  var scope: Scope
  /// The code of the language of `act` lines; nil is English.
  var language: String?
  /// The code of the language that the scenario names, English too.
  var languageCode: String?
  /// Where it names it.
  var languagePlace: YAMLNode?
  /// The languages that the screen is read in, as the text recogniser names them.
  var languages: [String] = []
  /// Whether one of them cannot be read.
  var hasLanguageFault = false
  /// Whether the step that is being read may be done by the local engine.
  var isLocal = true
  /// The names given with `as:` so far, in the order of the run.
  var results: [String: ResultFields] = [:]
  /// The secrets of the scenario and those that it names without having listed them.
  var secrets: [String] = []
  /// The files that are being read: the scenario, then the includes down to this one.
  var fileStack: [String]
  var stepCount = 0
  /// Where the first step or check stands that needs an SSH host, by its name; the empty one is the target's.
  var needsHosts: [String: (node: YAMLNode, source: SourceText)] = [:]
  /// Where the first step or check stands that needs a screen.
  var needsScreen: (node: YAMLNode, source: SourceText)?
  /// Where the first check of the application stands, or the word that it may end.
  var needsApplication: (node: YAMLNode, source: SourceText)?
  /// Whether the application may end, as its desktop says.
  var desktopEnds: Bool?
  /// Timeouts of steps, to compare with the limit of the case.
  var timeouts: [(Duration, YAMLNode, SourceText)] = []

  init(
    workspace: Workspace, project: Project, source: SourceText, path: String,
    secrets: [String] = []
  ) {
    self.workspace = workspace
    self.project = project
    self.source = source
    self.secrets = secrets
    scope = Scope()
    fileStack = [path]
  }

  /// Records an error at a node.
  func fail(_ node: YAMLNode, _ message: String, help: String? = nil) {
    if workspace.log.isFull(source.file) { return }
    let text = node.text.flatMap { $0.contains(where: \.isNewline) ? nil : $0 }
    workspace.log.add(
      source.error(line: node.line, column: node.column, text: text, message, help: help))
  }

  /// Records an error at a word inside a scalar.
  func fail(_ node: YAMLNode, at word: String, _ message: String, help: String? = nil) {
    if workspace.log.isFull(source.file) { return }
    let place =
      source.position(
        of: word, fromLine: node.line, column: node.column, toLine: node.endLine)
      ?? (node.line, node.column)
    workspace.log.add(
      source.error(line: place.0, column: place.1, text: word, message, help: help))
  }

  func location(of node: YAMLNode) -> SourceLocation {
    SourceLocation(file: source.file, line: node.line, column: node.column)
  }

  /// Runs `body` as if it stood in another file.
  func within<Result>(_ other: SourceText, _ body: () -> Result) -> Result {
    let before = source
    source = other
    defer { source = before }
    return body()
  }
}
