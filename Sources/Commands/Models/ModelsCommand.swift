internal import Adapters
internal import Configuration
internal import JSONCoding
internal import Platform
internal import Story

/// `qa-agent models`: what the endpoints have, download, probes, unload.
enum ModelsCommand {
  @Sendable
  static func list(_ options: ModelsOptions, _ context: CommandContext) async throws -> ExitCode {
    let (desk, roles) = try desk(options, context)
    var listed: [JSON] = []
    for role in roles {
      let models = try await asking { () async throws(ModelDesk.Problem) in
        try await desk.list(role: role)
      }
      if options.isJSON {
        listed += models.map(json)
        continue
      }
      let width = models.map { TerminalText.width($0.name) }.max() ?? 0
      for model in models {
        let rest = (model.details + (model.isLoaded ? ["loaded"] : [])).joined(separator: "  ")
        let line = model.name.padding(to: width) + (rest.isEmpty ? "" : "  " + rest)
        context.output.results.write(TerminalText.neutral(line) + "\n")
      }
      if models.isEmpty { context.output.messages.write("the endpoint has no models\n") }
    }
    if options.isJSON {
      context.output.results.write(
        JSON.object(["version": 1, "models": .array(listed)]).prettyText + "\n")
    }
    return .success
  }

  @Sendable
  static func pull(_ options: ModelsOptions, _ context: CommandContext) async throws -> ExitCode {
    let (desk, roles) = try desk(options, context)
    for role in roles {
      let name = desk.name(of: role) ?? role
      let bar = PullBar(name: name, output: context.output)
      try await asking { () async throws(ModelDesk.Problem) in
        try await desk.pull(role: role) { bar.show(received: $0, total: $1) }
      }
      bar.finish()
      context.output.results.write("\(TerminalText.neutral(name)) is there\n")
    }
    return .success
  }

  @Sendable
  static func check(_ options: ModelsOptions, _ context: CommandContext) async throws -> ExitCode {
    let (desk, roles) = try desk(options, context)
    var isUsable = true
    var checked: [JSON] = []
    for role in roles {
      let name = desk.name(of: role) ?? role
      if !options.isJSON { context.output.results.write(TerminalText.neutral(name) + "\n") }
      let others = desk.others(of: role)
      if !others.isEmpty, !options.isJSON {
        context.output.results.write(
          TerminalText.neutral("  also named, and not asked: \(others.joined(separator: ", "))")
            + "\n")
      }
      let findings = try await asking { () async throws(ModelDesk.Problem) in
        try await desk.check(role: role) { finding in
          guard !options.isJSON else { return }
          context.output.results.write(line(finding, context.output.results.style))
        }
      }
      isUsable = isUsable && findings.contains { $0.probe == "vision" && $0.outcome == "holds" }
      checked.append(["model": .string(name), "findings": .array(findings.map(json))])
    }
    if options.isJSON {
      context.output.results.write(
        JSON.object(["version": 1, "checked": .array(checked)]).prettyText + "\n")
    }
    return isUsable ? .success : .noVerdict
  }

  @Sendable
  static func unload(_ options: ModelsOptions, _ context: CommandContext) async throws -> ExitCode {
    let (desk, roles) = try desk(options, context)
    for role in roles {
      let count = try await asking { () async throws(ModelDesk.Problem) in
        try await desk.unload(role: role)
      }
      let words = count == 0 ? "was not loaded" : "is unloaded"
      context.output.results.write(
        "\(TerminalText.neutral(desk.name(of: role) ?? role)) \(words)\n")
    }
    return .success
  }

  // MARK: - Parts

  /// The desk, and the roles that are meant; a name that is no role takes the place of the default model.
  private static func desk(
    _ options: ModelsOptions, _ context: CommandContext
  ) throws(CommandError) -> (ModelDesk, roles: [String]) {
    let (configuration, diagnostics) = ScenarioSources.configuration(options.general, context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(diagnostics))
    guard options.models.count <= 1 || options.models.allSatisfy(configuration.roleNames.contains)
    else {
      throw CommandError(message: "give the roles that are meant, or the name of one model")
    }
    let named = options.models.first { !configuration.roleNames.contains($0) }
    guard let setup = try ModelChoice.setup(named, configuration) else {
      throw CommandError(message: "no model is configured")
    }
    let roles = named == nil && !options.models.isEmpty ? options.models : ["default"]
    do throws(ModelDesk.Problem) {
      return (try ModelDesk(setup), roles)
    } catch {
      throw CommandError(message: error.description)
    }
  }

  private static func asking<Answer>(
    _ question: () async throws(ModelDesk.Problem) -> Answer
  ) async throws(CommandError) -> Answer {
    do throws(ModelDesk.Problem) {
      return try await question()
    } catch {
      throw CommandError(message: TerminalText.neutral(error.description), code: .noVerdict)
    }
  }

  private static func line(_ finding: ModelFinding, _ style: Style) -> String {
    let mark =
      switch finding.outcome {
      case "holds": style.green("✔")
      case "fails": style.red("✘")
      default: style.yellow("?")
      }
    return "  \(mark) \(finding.probe.padding(to: 12))\(TerminalText.neutral(finding.message))\n"
  }

  private static func json(_ model: ModelDesk.Listed) -> JSON {
    [
      "name": .string(model.name), "details": .array(model.details.map { .string($0) }),
      "loaded": .bool(model.isLoaded),
    ]
  }

  private static func json(_ finding: ModelFinding) -> JSON {
    [
      "probe": .string(finding.probe), "outcome": .string(finding.outcome),
      "message": .string(finding.message),
    ]
  }
}

/// The progress of a download: a bar on a terminal, a line every tenth elsewhere.
final class PullBar: Sendable {
  private let name: String
  private let output: Output
  private let shown = Locked(-1)

  init(name: String, output: Output) {
    self.name = TerminalText.neutral(name)
    self.output = output
  }

  /// Shows how far it is; called from any thread.
  func show(received: Int, total: Int) {
    guard total > 0 else { return }
    let percent = Int((Double(max(0, received)) / Double(total) * 100).rounded(.down))
    let stream = output.messages
    let isNew = shown.withLock { shown in
      let step = stream.isTerminal ? percent : percent / 10 * 10
      defer { shown = max(shown, step) }
      return step > shown
    }
    guard isNew else { return }
    guard stream.isTerminal else { return stream.write("\(name): \(percent) %\n") }
    let filled = min(30, percent * 30 / 100)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    stream.write("\r\(bar) \(percent) %  \(name)")
    stream.flush()
  }

  /// Ends the line of the bar.
  func finish() {
    guard output.messages.isTerminal, shown.withLock({ $0 >= 0 }) else { return }
    output.messages.write("\r\u{1B}[K")
    output.messages.flush()
  }
}
