internal import Diagnostics
internal import Scenario
internal import YAML

/// Reads files one after the other and keeps the cases of those without errors.
final class FileReader {
  private let workspace: Workspace
  private var cases: [Case] = []
  private var featureSources: [SourceText] = []

  init(workspace: Workspace) { self.workspace = workspace }

  /// Reads a file; false when it may be a part that others include.
  func read(_ file: ScenarioFile) -> Bool {
    if file.isFeature {
      readFeature(file)
      return true
    }
    guard let tree = workspace.tree(file.path, shown: file.shown) else { return true }
    if tree.node.pairs != nil, tree.node["name"] == nil { return false }
    if tree.node.elements != nil { return false }
    readScenario(tree, file)
    return true
  }

  /// Reads a file that nobody includes, so that what it lacks is told.
  func readAgain(_ file: ScenarioFile) {
    guard let tree = workspace.tree(file.path, shown: file.shown) else { return }
    guard tree.node.elements == nil || file.isNamed else {
      return workspace.log.add(
        Diagnostic(
          severity: .warning, file: file.shown, message: "a list of steps that nothing includes"))
    }
    readScenario(tree, file)
  }

  /// Reads YAML that is already here.
  func read(_ source: SourceText, _ file: ScenarioFile) {
    do {
      guard let root = try YAMLParser.parse(source) else {
        return workspace.log.add(Diagnostic(file: file.shown, message: "the text is empty"))
      }
      readScenario(YAMLFragment(node: root, source: source), file)
    } catch {
      workspace.log.add(error)
    }
  }

  private func readScenario(_ tree: YAMLFragment, _ file: ScenarioFile) {
    keep(file) {
      combinations(tree, file).compactMap { combination in
        let builder = builder(file, tree.source)
        let made = builder.build(tree.node, id: file.id, combination: combination)
        // What a later include calls a secret is one from the first step on.
        guard builder.secrets.count > (tree.node["secrets"]?.elements?.count ?? 0) else {
          return made
        }
        return self.builder(file, tree.source, secrets: builder.secrets)
          .build(tree.node, id: file.id, combination: combination)
      }
    }
  }

  private func readFeature(_ file: ScenarioFile) {
    do {
      let source = try SourceText.read(file.path, as: file.shown)
      featureSources.append(source)
      keep(file) {
        FeatureReader(source: source, file: file, workspace: workspace).cases()
      }
    } catch {
      workspace.log.add(error)
    }
  }

  /// Takes the cases that `body` makes, unless it reports an error.
  private func keep(_ file: ScenarioFile, _ body: () -> [Case]) {
    let before = workspace.log.errorsMet
    let made = body()
    if workspace.log.errorsMet == before { cases += made }
  }

  private func builder(
    _ file: ScenarioFile, _ source: SourceText, secrets: [String] = []
  ) -> CaseBuilder {
    CaseBuilder(
      workspace: workspace, project: workspace.project(of: FileSystem.parent(of: file.path)),
      source: source, path: file.path, secrets: secrets)
  }

  private func combinations(_ tree: YAMLFragment, _ file: ScenarioFile) -> [Combination] {
    guard let node = tree.node["matrix"] else { return [[]] }
    return builder(file, tree.source).combinations(node)
  }

  func finished(files: [ScenarioFile]) -> LoadedScenarios {
    refuseTwins()
    let places = Dictionary(files.enumerated().map { ($1.shown, $0) }) { first, _ in first }
    func place(_ file: String) -> Int { places[file] ?? files.count }
    let kept = cases.enumerated().sorted {
      (place($0.element.scenario.location.file), $0.offset)
        < (place($1.element.scenario.location.file), $1.offset)
    }
    return LoadedScenarios(
      cases: kept.map(\.element), diagnostics: sorted(workspace.log.all, by: place),
      sources: (workspace.sources + featureSources).sorted { $0.file < $1.file },
      requestedLines: Dictionary(
        files.filter { !$0.lines.isEmpty }.map { ($0.shown, $0.lines) }
      ) { $0 + $1 }, named: workspace.named.map(workspace.shown).sorted())
  }

  private func sorted(_ all: [Diagnostic], by place: (String) -> Int) -> [Diagnostic] {
    all.enumerated().sorted { left, right in
      let (one, other) = (left.element, right.element)
      let (first, second) = (place(one.file), place(other.file))
      if first != second { return first < second }
      if one.file != other.file { return one.file < other.file }
      let (line, otherLine) = (one.line ?? .max, other.line ?? .max)
      if line != otherLine { return line < otherLine }
      return (one.column ?? 0, left.offset) < (other.column ?? 0, right.offset)
    }.map(\.element)
  }

  /// Two cases with one id could not be told apart in history, replay or a report.
  private func refuseTwins() {
    var first: [String: SourceLocation] = [:]
    for testCase in cases {
      let location = testCase.scenario.location
      guard let twin = first[testCase.id] else {
        first[testCase.id] = location
        continue
      }
      workspace.log.add(Self.twin(testCase, of: twin, sources: workspace.sources + featureSources))
    }
  }

  private static func twin(
    _ testCase: Case, of twin: SourceLocation, sources: [SourceText]
  ) -> Diagnostic {
    let location = testCase.scenario.location
    let source = sources.first { $0.file == location.file }
    return Diagnostic(
      file: location.file, line: location.line, column: location.column,
      message: "the id “\(testCase.id)” is already taken by \(twin)",
      suggestion: twin.file == location.file
        ? "give it another name" : "give one of them another id:",
      sourceLine: source?.line(location.line))
  }
}
