internal import Scenario
internal import Story

/// A step with what its groups add to it, in the order in which steps run.
struct PlannedStep: Hashable, Sendable {
  let info: StepInfo
  let step: Step
  let conditions: [Step.Condition]
  let isOptional: Bool
  /// The names of the results of its groups.
  var groupNames: [String] = []

  /// The steps of a scenario, groups opened, all phases one after another.
  static func all(of scenario: Scenario) -> [PlannedStep] {
    var planned: [PlannedStep] = []
    let phases: [(StepInfo.Phase, [Step])] = [
      (.setup, scenario.setup), (.steps, scenario.steps), (.teardown, scenario.teardown),
    ]
    for (phase, steps) in phases {
      for step in steps {
        append(
          step, phase, groups: [], groupNames: [], conditions: [], isOptional: false, to: &planned)
      }
    }
    return planned
  }

  /// A step that a person puts between those of the scenario.
  static func between(_ step: Step, index: Int, phase: StepInfo.Phase) -> PlannedStep {
    PlannedStep(
      info: StepInfo(
        index: index, phase: phase, title: step.title, keyword: step.kind.keyword,
        location: step.location),
      step: step, conditions: step.condition.map { [$0] } ?? [], isOptional: step.isOptional)
  }

  /// Another step in the same place, under the same conditions.
  func replaced(by step: Step) -> PlannedStep {
    var info = info
    info.title = step.title
    info.keyword = step.kind.keyword
    info.location = step.location
    return PlannedStep(
      info: info, step: step, conditions: conditions + (step.condition.map { [$0] } ?? []),
      isOptional: isOptional || step.isOptional, groupNames: groupNames)
  }

  private static func append(
    _ step: Step, _ phase: StepInfo.Phase, groups: [String], groupNames: [String],
    conditions: [Step.Condition], isOptional: Bool, to planned: inout [PlannedStep]
  ) {
    let conditions = conditions + (step.condition.map { [$0] } ?? [])
    let isOptional = isOptional || step.isOptional
    if case .group(let name, let children) = step.kind {
      let groupNames = groupNames + (step.resultName.map { [$0] } ?? [])
      for child in children {
        append(
          child, phase, groups: groups + [name], groupNames: groupNames, conditions: conditions,
          isOptional: isOptional, to: &planned)
      }
      return
    }
    let info = StepInfo(
      index: planned.count, phase: phase, groups: groups, title: step.title,
      keyword: step.kind.keyword, location: step.location)
    planned.append(
      PlannedStep(
        info: info, step: step, conditions: conditions, isOptional: isOptional,
        groupNames: groupNames))
  }
}
