public import Diagnostics
public import Scenario
internal import YAML

/// What became of a step that somebody typed.
public struct TypedStep: Sendable {
  /// The step; nil where something is wrong with it.
  public var step: Step?
  /// What is wrong or worth knowing.
  public var diagnostics: [Diagnostic]
}

extension ScenarioLoader {
  /// Reads one step as it would stand in the file of a case, with the variables and results of that case.
  ///
  /// It reads the case's file and blocks while it does.
  ///
  /// - Parameters:
  ///   - text: the step in YAML, with or without the dash in front.
  ///   - testCase: the case it is meant for.
  public func step(_ text: String, of testCase: Case) -> TypedStep {
    let workspace = Workspace(
      environment: environment, definitions: variables, defaults: defaults)
    let shown = testCase.scenario.location.file
    let path = FileSystem.realPath(shown) ?? shown
    let source = SourceText(file: Self.typed, text: text)
    let builder = CaseBuilder(
      workspace: workspace, project: workspace.project(of: FileSystem.parent(of: path)),
      source: source, path: path, secrets: testCase.scenario.secrets)
    builder.learn(testCase, path: path, shown: shown)
    let before = workspace.log.all.count
    let step = Self.node(source, workspace).flatMap { builder.step($0) }
    let found = Array(workspace.log.all.dropFirst(before))
    let isBad = found.contains { $0.severity == .error }
    return TypedStep(step: isBad ? nil : step, diagnostics: found)
  }

  /// The file of a typed step, in messages and reports.
  public static let typed = "(typed)"

  private static func node(_ source: SourceText, _ workspace: Workspace) -> YAMLNode? {
    do {
      guard let root = try YAMLParser.parse(source) else {
        workspace.log.add(Diagnostic(file: source.file, message: "nothing was typed"))
        return nil
      }
      guard let elements = root.elements else { return root }
      guard elements.count != 1 else { return elements[0] }
      workspace.log.add(
        Diagnostic(file: source.file, message: "\(elements.count) steps at once; type one"))
    } catch {
      workspace.log.add(error)
    }
    return nil
  }
}

extension CaseBuilder {
  /// Takes over what is known in a case: its variables, languages and results.
  fileprivate func learn(_ testCase: Case, path: String, shown: String) {
    languages = testCase.scenario.ocr ?? []
    for step in testCase.scenario.allSteps {
      if let name = step.resultName { results[name] = Self.resultFields(of: step.kind.resultKey) }
    }
    guard !path.lowercased().hasSuffix(".feature"), let tree = workspace.tree(path, shown: shown)
    else { return }
    within(tree.source) {
      guard let fields = Fields(self, tree.node, "a scenario", keys: Vocabulary.scenario) else {
        return
      }
      define(fields, combination: testCase.matrix)
      readLanguage(fields)
    }
  }
}

extension Scenario {
  /// All steps, those of groups too.
  fileprivate var allSteps: [Step] { (setup + steps + teardown).flatMap(\.withInner) }
}

extension Step.Kind {
  /// The key that says which results a step has.
  fileprivate var resultKey: String {
    switch self {
    case .read: "read"
    case .ssh(let command): command.file == nil ? "ssh" : "file"
    case .tool: "tool"
    case .group: "group"
    default: "other"
    }
  }
}

extension Step {
  fileprivate var withInner: [Step] {
    guard case .group(_, let steps) = kind else { return [self] }
    return [self] + steps.flatMap(\.withInner)
  }
}
