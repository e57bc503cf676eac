internal import Adapters
internal import Configuration
internal import Diagnostics
internal import JSONCoding
internal import Scenario
internal import ScenarioFiles

/// `qa-agent calibrate`: finds out how texts are typed on a VNC server, and keeps it for later runs.
enum CalibrateCommand {
  @Sendable
  static func run(_ options: CalibrateOptions, _ context: CommandContext) async throws -> ExitCode {
    guard let calibration = try calibration(options, context) else { return .usage }
    do throws(Calibration.Problem) {
      if options.forgets {
        let path = try calibration.forget()
        tell(path.map { "deleted \($0)" } ?? "nothing is kept for this target", options, context)
        return .success
      }
      let messages = context.output.messages
      let report = try await calibration.run(
        into: options.field, reader: options.reader ?? .auto
      ) { words in
        messages.write(TerminalText.neutral(words) + "\n")
        messages.flush()
      }
      context.output.results.write(
        options.isJSON
          ? json(report).prettyText + "\n"
          : words(report).map { TerminalText.neutral($0) + "\n" }.joined())
      return .success
    } catch {
      throw CommandError(
        message: TerminalText.neutral(error.description) + "; nothing is kept", code: .noVerdict)
    }
  }

  /// The target: of the scenario, else of the configuration, with what `--target` says over it.
  private static func calibration(
    _ options: CalibrateOptions, _ context: CommandContext
  ) throws(CommandError) -> Calibration? {
    let sources = ScenarioSources.load(
      paths: options.scenario.map { [$0] } ?? [],
      text: options.scenario == nil ? "name: Calibration\nsteps: [{ note: none }]\n" : nil,
      definitions: [:], general: options.general,
      overrides: try ScenarioOverrides.of(target: options.target, context), context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(sources.diagnostics))
    if sources.hasErrors { return nil }
    let cases = sources.scenarios.cases
    guard let first = cases.first else {
      throw CommandError(message: "\(options.scenario ?? "") has no case, so it has no target")
    }
    guard cases.allSatisfy({ $0.scenario.target == first.scenario.target }) else {
      throw CommandError(message: "the cases have several targets; name one with --target")
    }
    return Calibration(
      of: first, secrets: RunSetup.secrets(of: cases, sources.configuration),
      environment: sources.configuration.environment)
  }

  private static func tell(
    _ words: String, _ options: CalibrateOptions, _ context: CommandContext
  ) {
    context.output.results.write(
      options.isJSON
        ? JSON.object(["version": 1, "forgotten": .bool(words.hasPrefix("deleted"))]).prettyText
          + "\n"
        : TerminalText.neutral(words) + "\n")
  }

  // MARK: - What was found

  private static func words(_ report: Calibration.Report) -> [String] {
    var lines = [
      "\(report.target), read by \(words(report.reader))"
    ]
    lines.append(
      report.takesPlaces
        ? "keys      by their place on the keyboard (scancodes)"
        : "keys      by what they write (keysyms); the server finds them")
    if let layout = report.layout { lines.append("layout    \(layout)") }
    if report.moved > 0 {
      lines.append(
        "moved     \(report.moved) characters are made by other keys than on a US keyboard")
    }
    let isPasted = report.paste != nil
    lines.append(
      report.missing.isEmpty
        ? "missing   nothing: keys type all of ASCII"
        : "missing   \(report.missing.map(String.init).joined(separator: " "))  "
          + (isPasted ? "(pasted)" : "(refused: no key is known for sure, and nothing pastes)"))
    lines.append("pause     \(Int(report.pause)) ms between characters")
    lines.append("paste     \(report.paste ?? "nothing pastes in this field")")
    lines.append("kept in   \(report.path ?? "nowhere: there is neither XDG_STATE_HOME nor HOME")")
    return lines
  }

  private static func words(_ reader: Calibration.Reader) -> String {
    switch reader {
    case .auto, .clipboard: "copying"
    case .screen: "the screen"
    case .ssh: "a command on the SSH host"
    }
  }

  private static func json(_ report: Calibration.Report) -> JSON {
    [
      "version": 1, "target": .string(report.target), "reader": .string(report.reader.rawValue),
      "keyboard": .string(report.takesPlaces ? "scancodes" : "keysyms"),
      "layout": report.layout.map { .string($0) } ?? .null, "moved": .integer(report.moved),
      "missing": .array(report.missing.map { .string(String($0)) }),
      "pause_ms": .number(report.pause), "paste": report.paste.map { .string($0) } ?? .null,
      "path": report.path.map { .string($0) } ?? .null,
    ]
  }
}
