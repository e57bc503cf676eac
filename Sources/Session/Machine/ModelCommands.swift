internal import Policy
internal import Scenario
internal import Story

/// What a model may run on the hosts of a case: what the operator permits, narrowed by the scenario.
struct ModelCommands: Hashable, Sendable {
  private let policy: Policy
  private let permissions: ScenarioPermissions
  /// The names of the hosts; without a name it is the target's own.
  let hosts: [String?]
  /// The tools that a model has for them.
  let tools: [ToolName]

  /// Nil where nothing can be permitted, so that a model is offered no tool for it.
  init?(_ plan: SessionPlan) {
    let scenario = plan.testCase.scenario
    let wanted = scenario.permissions
    let hosts: [String?] =
      (scenario.target.ssh == nil ? [] : [nil]) + (scenario.target.hosts ?? [:]).keys.sorted()
    guard let record = plan.policy, let policy = Policy(record), !hosts.isEmpty,
      !wanted.allow.isEmpty,
      let permissions = try? ScenarioPermissions(
        allow: wanted.allow, deny: wanted.deny, policy: policy)
    else { return nil }
    self.policy = policy
    self.permissions = permissions
    self.hosts = hosts
    tools = [.run] + (wanted.shell == true ? [.shell] : [])
  }

  /// Limits of the commands of a case.
  var limits: Policy.Limits { policy.limits }

  /// What becomes of a command, and what runs: that is written anew from what was understood of it.
  ///
  /// - Parameter hasPerson: whether somebody can be asked.
  func ruling(
    on request: CommandRequest, thought: String, hasPerson: Bool
  ) -> (told: CommandRuling, command: SSHCommand?) {
    let found =
      switch request.form {
      case .words(let words): policy.ruling(forWords: words, permissions: permissions)
      case .text(let text): policy.ruling(forText: text, permissions: permissions)
      }
    let ruling = hasPerson ? found : found.withoutPerson
    let line = ruling.command?.line
    let told = CommandRuling(
      command: line ?? request.title, host: request.host, thought: thought,
      decision: ruling.decision, rule: ruling.rule?.id, reason: ruling.reason)
    let command = line.map { line in
      SSHCommand(
        run: Template(line), arguments: request.words?.map { Template($0) }, host: request.host)
    }
    return (told, command)
  }
}

/// A command as a model asks for it.
struct CommandRequest: Hashable, Sendable {
  /// How it is written.
  enum Form: Hashable, Sendable {
    /// A program and its arguments, each as it is.
    case words([String])
    /// A text for a shell.
    case text(String)
  }

  var form: Form
  var host: String?
  /// How long it may take.
  var limit: Duration

  var words: [String]? { if case .words(let words) = form { words } else { nil } }

  /// As the model wrote it.
  var title: String {
    switch form {
    case .words(let words): words.joined(separator: " ").clipped(500)
    case .text(let text): text.clipped(500)
    }
  }
}
