internal import PlainSteps
internal import Scenario

extension Case {
  /// Whether it cannot be done without a model: it says so, or the local engine does not understand a
  /// step, or a check asks the judge.
  var needsModel: Bool {
    scenario.requires.contains("model")
      || (scenario.setup + scenario.steps + scenario.teardown).contains(where: \.needsModel)
  }
}

extension Step {
  fileprivate var needsModel: Bool {
    guard lane != .local else { return false }
    return switch kind {
    case .act(let line):
      lane == .model || PlainStepParser.moves(of: line.description, language: language) == nil
    case .expect(let check): check.asksJudge
    case .group(_, let steps): steps.contains(where: \.needsModel)
    case .point, .drag, .scroll, .type, .press, .wait, .ssh, .read, .tool, .screenshot, .note:
      lane == .model
    }
  }
}

extension Check {
  fileprivate var asksJudge: Bool {
    switch self {
    case .screen: true
    case .not(let check): check.asksJudge
    case .all(let checks), .any(let checks): checks.contains(where: \.asksJudge)
    case .text, .absent, .seen, .never, .image, .unchanged, .ssh, .file, .application, .log, .value:
      false
    }
  }
}
