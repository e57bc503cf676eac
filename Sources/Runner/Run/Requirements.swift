internal import Scenario

/// What a scenario requires, held against what this machine has.
public struct Requirements: Sendable {
  /// What is known of the model before the run.
  public enum Model: Hashable, Sendable {
    /// It answers and has the model, which is called `ai/qwen3-vl at http://localhost:12434`.
    case available(name: String)
    /// Nobody configured one and none answers at the default address; says exactly what to start.
    case absent(fix: String)
    /// One is configured and does not work; says why and what to do.
    case broken(String)
    /// The run was told to use none.
    case forbidden

    /// The model's name, or why there is none, for the report.
    var description: String {
      switch self {
      case .available(let name): name
      case .absent(let reason), .broken(let reason): "none: \(reason)"
      case .forbidden: "none: --no-model"
      }
    }

    /// Why there is none; empty when there is one.
    var reason: String {
      switch self {
      case .available: ""
      case .absent(let reason), .broken(let reason): reason
      case .forbidden: "--no-model forbids one"
      }
    }
  }

  /// What a case may do.
  enum Decision: Hashable, Sendable {
    /// Run it.
    case run
    /// Leave it out, with a reason.
    case skip(String)
    /// It cannot run, and that is an error.
    case error(String)
  }

  /// What is known of the model.
  let model: Model
  /// Finds a command's path.
  let findCommand: @Sendable (String) -> String?

  /// What this machine has.
  public init(model: Model, findCommand: @escaping @Sendable (String) -> String?) {
    self.model = model
    self.findCommand = findCommand
  }

  /// What a case may do; under `isStrict` nothing is left out silently.
  func decide(_ testCase: Case, isStrict: Bool) -> Decision {
    for requirement in testCase.scenario.requires {
      switch missing(requirement, testCase) {
      case .run: continue
      case .skip(let reason): return isStrict ? .error(reason) : .skip(reason)
      case .error(let reason): return .error(reason)
      }
    }
    return .run
  }

  private func missing(_ requirement: String, _ testCase: Case) -> Decision {
    switch requirement {
    case "model": return modelDecision
    case "ssh":
      return testCase.scenario.target.ssh == nil
        ? .skip("it requires an SSH host, and its target names none: add `ssh:` to the target")
        : .run
    default:
      let required = Requirement(requirement)
      if required.commands.contains(where: { findCommand($0) != nil }) { return .run }
      return .skip(
        "it requires \(requirement), which is not installed: apt-get install \(required.package)")
    }
  }

  private var modelDecision: Decision {
    switch model {
    case .available: .run
    case .absent(let fix): .skip("it requires a model, and there is none: \(fix)")
    case .broken(let reason): .error(reason)
    case .forbidden: .skip("it requires a model, and --no-model forbids one")
    }
  }
}
