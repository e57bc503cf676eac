internal import Configuration
internal import Diagnostics
internal import FoundationEssentials
internal import Policy
internal import PolicyFiles
internal import Scenario

/// The operator's policy that is in force.
enum PolicySource {
  /// The name of the file that is looked for beside the configuration.
  static let name = "qa-agent.policy.yaml"

  /// Reads the policy.
  ///
  /// It reads a file and blocks while it does.
  ///
  /// - Parameter file: the file that a person names; nil means the one beside the configuration, if there is one.
  /// - Throws: what is wrong with the file.
  static func load(
    _ file: String?, beside configuration: String?
  ) throws(PolicyErrors) -> Policy {
    let path = file ?? usual(configuration)
    let source: SourceText
    do throws(Diagnostic) {
      source = try SourceText.read(path)
    } catch {
      if file == nil, error.code == .noSuchPath { return Policy() }
      throw PolicyErrors(diagnostics: [error])
    }
    return try Policy(source)
  }

  private static func usual(_ configuration: String?) -> String {
    guard let configuration, let slash = configuration.lastIndex(of: "/") else { return name }
    let folder = configuration[...slash]
    let isHere = folder == "./" || folder == FileManager.default.currentDirectoryPath + "/"
    return isHere ? name : folder + name
  }

  /// The policy, and what is wrong with it; then it permits nothing.
  static func find(
    _ file: String?, beside configuration: String?
  ) -> (policy: Policy, diagnostics: [Diagnostic]) {
    do throws(PolicyErrors) {
      return (try load(file, beside: configuration), [])
    } catch {
      return (Policy(), error.diagnostics)
    }
  }

  /// The steps of scenarios that an operator denies, as far as that is known before they run.
  static func denials(in scenarios: [Scenario], by policy: Policy) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for entry in scenarios.flatMap(\.hostCommands) where !entry.command.needsResults {
      guard let ruling = policy.denial(of: entry.command) else { continue }
      let place = entry.location
      let diagnostic = Diagnostic(
        file: place.file, line: place.line, message: "the operator's policy: \(ruling.reason)")
      if !found.contains(diagnostic) { found.append(diagnostic) }
    }
    return found
  }

  /// Permissions of scenarios that mean nothing under this policy.
  static func faults(in scenarios: [Scenario], by policy: Policy) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for scenario in scenarios {
      let permissions = scenario.permissions
      do throws(ScenarioPermissionsFault) {
        _ = try ScenarioPermissions(
          allow: permissions.allow, deny: permissions.deny, policy: policy)
      } catch {
        let diagnostic = Diagnostic(
          file: scenario.location.file, line: scenario.location.line, text: error.text,
          message: "“permissions: ssh: \(error.key)”: “\(error.text)”: \(error.message)")
        if !found.contains(diagnostic) { found.append(diagnostic) }
      }
    }
    return found
  }

  /// Reads the policy, or says what is wrong with it.
  static func load(
    _ file: String?, _ general: GeneralSettings, _ context: CommandContext
  ) -> Policy? {
    let (configuration, diagnostics) = ScenarioSources.configuration(general, context)
    let (policy, faults) = find(file, beside: configuration.file)
    let all = diagnostics + faults
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(all))
    return all.contains { $0.severity == .error } ? nil : policy
  }
}

extension SSHCommand {
  /// Whether a result of another step is in it.
  fileprivate var needsResults: Bool {
    texts.flatMap(\.segments).contains { if case .result = $0 { true } else { false } }
  }
}
