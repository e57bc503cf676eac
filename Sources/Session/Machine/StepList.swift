public import Scenario
public import Story

/// The steps of a scenario in the order in which they run, groups opened, all phases one after another.
public enum StepList {
  /// What the reports know of each step, and the step itself; it stands at the number of its `StepInfo`.
  public static func of(_ scenario: Scenario) -> [(info: StepInfo, step: Step)] {
    PlannedStep.all(of: scenario).map { ($0.info, $0.step) }
  }
}
