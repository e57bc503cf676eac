internal import Diagnostics
internal import Scenario
internal import YAML

/// Reads files one after the other and keeps the cases of those without errors.
final class FileReader {
  private let workspace: Workspace
  private var cases: [Case] = []
  /// The files whose errors belong to a case.
  private var claimed: Set<String> = []
  private var featureSources: [SourceText] = []

  init(workspace: Workspace) { self.workspace = workspace }

  /// Reads a file; false when it may be a part that others include.
  func read(_ file: ScenarioFile) -> Bool {
    if let problem = file.problem {
      keep(file, named: file.shown) {
        workspace.log.add(Diagnostic(file: file.shown, message: problem))
        return nil
      }
      return true
    }
    if file.isFeature {
      readFeature(file)
      return true
    }
    guard let tree = tree(file) else { return true }
    if tree.node.pairs != nil, tree.node["name"] == nil { return false }
    if tree.node.elements != nil { return false }
    readScenario(tree, file)
    return true
  }

  /// Reads a file that nobody includes, so that what it lacks is told.
  func readAgain(_ file: ScenarioFile) {
    guard let tree = tree(file) else { return }
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

  /// The tree of a file; one that has none is a case that cannot be read.
  private func tree(_ file: ScenarioFile) -> YAMLFragment? {
    var tree: YAMLFragment?
    keep(file, named: file.shown) {
      tree = workspace.tree(file.path, shown: file.shown)
      return nil
    }
    return tree
  }

  private func readScenario(_ tree: YAMLFragment, _ file: ScenarioFile) {
    let name = tree.node["name"]?.text ?? file.shown
    keep(file, named: name) {
      let before = workspace.log.errorsMet
      let combinations = combinations(tree, file)
      // What is wrong with the matrix is wrong with all of it.
      let isWhole = workspace.log.errorsMet == before
      for combination in combinations {
        guard isWhole else {
          _ = build(tree, file, combination)
          continue
        }
        let suffix = combination.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        keep(file, named: name, suffix: suffix.isEmpty ? "" : "[\(suffix)]") {
          build(tree, file, combination)
        }
      }
      return nil
    }
  }

  private func build(
    _ tree: YAMLFragment, _ file: ScenarioFile, _ combination: Combination
  ) -> Case? {
    let builder = builder(file, tree.source)
    let made = builder.build(tree.node, id: file.id, combination: combination)
    // What a later include calls a secret is one from the first step on.
    guard builder.secrets.count > (tree.node["secrets"]?.elements?.count ?? 0) else { return made }
    return self.builder(file, tree.source, secrets: builder.secrets)
      .build(tree.node, id: file.id, combination: combination)
  }

  private func readFeature(_ file: ScenarioFile) {
    keep(file, named: file.shown) {
      do throws(Diagnostic) {
        let source = try SourceText.read(file.path, as: file.shown)
        featureSources.append(source)
        let feature = FeatureReader(source: source, file: file, workspace: workspace)
        for planned in feature.plan() {
          keep(file, named: planned.name, id: planned.id, line: planned.line) { planned.make() }
        }
      } catch {
        workspace.log.add(error)
      }
      return nil
    }
  }

  /// Takes the case that `body` makes; where it meets an error, what should have been one.
  ///
  /// What meets an error of its own inside of it has its own case.
  private func keep(
    _ file: ScenarioFile, named name: String, id: String? = nil, suffix: String = "",
    line: Int? = nil, _ body: () -> Case?
  ) {
    let (before, met, kept) = (workspace.log.errorsMet, workspace.log.met.count, cases.count)
    let made = body()
    guard workspace.log.errorsMet > before else {
      if let made { cases.append(made) }
      return
    }
    let errors = workspace.log.met.dropFirst(met)
    claimed.formUnion(errors.map(\.file) + [file.shown])
    // An error that was met deeper has its case already.
    guard !cases[kept...].contains(where: { $0.unreadable != nil }) else { return }
    cases.append(
      Case(
        id: (id ?? file.id) + suffix, name: name + suffix,
        unreadable: Self.words(of: Array(errors), in: file),
        at: SourceLocation(
          file: file.shown,
          line: errors.first.flatMap { error in
            error.file == file.shown ? error.line : nil
          } ?? line ?? 1, column: 1),
        in: workspace.project(of: FileSystem.parent(of: file.path)).root))
  }

  /// The first errors in words, each with its place.
  private static func words(of errors: [Diagnostic], in file: ScenarioFile) -> String {
    var lines: [String] = []
    for error in errors {
      let place = ([error.file] + [error.line, error.column].compactMap { $0 }.map { "\($0)" })
        .joined(separator: ":")
      let help = error.suggestion.map { "; \($0)" } ?? ""
      let line = "\(place): \(error.message)\(help)"
      if !lines.contains(line) { lines.append(line) }
    }
    if lines.isEmpty { lines = ["\(file.shown): it names a file that cannot be read"] }
    let more = lines.count > 3 ? " (and \(lines.count - 3) more)" : ""
    return "it cannot be read: " + lines.prefix(3).joined(separator: "\n") + more
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
    let isRest = workspace.log.all.contains { error in
      error.severity == .error && error.code != .nothingFound && !claimed.contains(error.file)
    }
    return LoadedScenarios(
      cases: kept.map(\.element).filter { $0.unreadable == nil }, all: kept.map(\.element),
      hasOtherErrors: isRest, diagnostics: sorted(workspace.log.all, by: place),
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
    for index in cases.indices {
      let testCase = cases[index]
      let location = testCase.scenario.location
      guard let twin = first[testCase.id] else {
        first[testCase.id] = location
        continue
      }
      // Of one that cannot be read all is said already.
      let error = Self.twin(testCase, of: twin, sources: workspace.sources + featureSources)
      if testCase.unreadable == nil { workspace.log.add(error) }
      claimed.insert(location.file)
      cases[index] = Case(
        id: "\(testCase.id) (\(location))", name: testCase.name,
        unreadable: testCase.unreadable ?? "it cannot be told apart: \(error.message)",
        at: location,
        in: testCase.scenario.root)
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
