internal import Adapters
internal import Configuration
internal import JSONCoding
internal import Pixels
internal import Platform
internal import Scenario
internal import ScenarioFiles

/// `qa-agent look`: what is seen on a screen or a picture, and how a step would name each thing.
enum LookCommand {
  @Sendable
  static func run(_ options: LookOptions, _ context: CommandContext) async throws -> ExitCode {
    let look: ScreenLook
    do throws(PictureEyes.Failure) {
      guard let (frame, languages) = try await frame(options, context) else { return .usage }
      look = try await ScreenLook(
        at: frame, languages: options.languages.isEmpty ? languages : options.languages)
    } catch {
      throw CommandError(message: TerminalText.neutral(error.description), code: .noVerdict)
    }
    do throws(PictureEyes.Failure) {
      if let part = options.crop, let path = options.output {
        let (png, places) = try look.needle(part)
        try write(png, to: path)
        context.output.results.write(
          LookText.needle(path, part, places, isJSON: options.isJSON))
        return places.count == 1 ? .success : .failed
      }
      if let path = options.html { try write(Array(LookPage(look).text.utf8), to: path) }
    } catch {
      throw CommandError(message: TerminalText.neutral(error.description))
    }
    context.output.results.write(
      options.isJSON ? LookText.json(look).prettyText + "\n" : LookText.words(look))
    if let path = options.html { context.output.messages.write("page: \(path)\n") }
    return .success
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(PictureEyes.Failure) {
    do {
      try Files.makeFolder(of: path)
      try Files.writeAtomically(bytes, to: path)
    } catch {
      throw PictureEyes.Failure(description: "\(path) cannot be written: \(error)")
    }
  }

  /// The picture, and the languages that the project reads in; nil where something is wrong with the settings.
  private static func frame(
    _ options: LookOptions, _ context: CommandContext
  ) async throws(PictureEyes.Failure) -> (Frame, [String])? {
    if let path = options.picture { return (try LookedAtScreen.frame(ofFile: path), []) }
    let sources: ScenarioSources
    do throws(CommandError) {
      sources = ScenarioSources.load(
        paths: [], text: "name: Look\nsteps: [{ note: none }]\n", definitions: [:],
        general: options.general,
        overrides: try ScenarioOverrides.of(target: options.target, context), context)
    } catch {
      throw PictureEyes.Failure(description: error.message)
    }
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(sources.diagnostics))
    guard !sources.hasErrors, let testCase = sources.scenarios.cases.first else { return nil }
    let frame = try await LookedAtScreen.frame(
      of: testCase, secrets: RunSetup.secrets(of: [testCase], sources.configuration),
      settings: PortSettings(models: nil, environment: sources.configuration.environment))
    return (frame, testCase.scenario.ocr ?? [])
  }
}

/// A look in words, and as JSON.
enum LookText {
  static func words(_ look: ScreenLook) -> String {
    lines(look).map { TerminalText.neutral($0) + "\n" }.joined()
  }

  /// Two lines for each thing: what it is, and its step.
  static func lines(_ look: ScreenLook) -> [String] {
    var lines = ["\(look.frame.size), read in \(look.languages.joined(separator: ", "))"]
    if look.things.isEmpty { lines.append("nothing is read there") }
    let places = look.things.map { place($0.box) }
    let width = places.map(\.count).max() ?? 0
    for (thing, place) in zip(look.things, places) {
      let state = thing.kind == .toggle ? " (\(state(thing)))" : ""
      let doubt = thing.isDoubtful ? "  in doubt" : ""
      let step = thing.step ?? "no step: \(thing.refusal ?? "")"
      let kind = thing.kind.rawValue + String(repeating: " ", count: 6 - thing.kind.rawValue.count)
      let space = String(repeating: " ", count: width - place.count)
      lines.append("\(place)\(space)  \(kind)  “\(thing.text)”\(state)\(doubt)")
      lines.append(String(repeating: " ", count: width + 2) + step)
    }
    if !look.unread.isEmpty { lines.append("not read:") }
    lines += look.unread.map { "\(place($0.box))  \($0.why)" }
    return lines
  }

  static func json(_ look: ScreenLook) -> JSON {
    [
      "version": 1,
      "size": [
        "width": .integer(look.frame.size.width), "height": .integer(look.frame.size.height),
      ],
      "languages": .array(look.languages.map { .string($0) }),
      "things": .array(look.things.map(json)),
      "unread": .array(
        look.unread.map { ["box": box($0.box), "why": .string($0.why)] }),
    ]
  }

  private static func json(_ thing: ScreenLook.Thing) -> JSON {
    var fields = JSONObject([
      ("kind", .string(thing.kind.rawValue)), ("text", .string(thing.text)),
      ("box", box(thing.box)), ("doubtful", .bool(thing.isDoubtful)),
    ])
    if thing.kind == .toggle { fields["on"] = thing.isOn.map { .bool($0) } ?? .null }
    fields["step"] = thing.step.map { .string($0) } ?? .null
    if let refusal = thing.refusal { fields["why"] = .string(refusal) }
    return .object(fields)
  }

  static func needle(
    _ path: String, _ part: PixelRect, _ places: [PixelRect], isJSON: Bool
  ) -> String {
    if isJSON {
      let json: JSON = [
        "version": 1, "file": .string(path), "box": box(part),
        "places": .array(places.map(box)),
      ]
      return json.prettyText + "\n"
    }
    switch places.count {
    case 1: return "\(path): there once, so a step finds it\n"
    case 0: return "\(path): too plain: it is not found again even here; cut out more\n"
    default:
      let list = places.map { place($0) }.joined(separator: "; ")
      return "\(path): \(places.count) places look like it: \(list); cut out more, or add near\n"
    }
  }

  private static func state(_ thing: ScreenLook.Thing) -> String {
    thing.isOn.map { $0 ? "on" : "off" } ?? "neither on nor off"
  }

  static func place(_ box: PixelRect) -> String { "\(box.x),\(box.y),\(box.width),\(box.height)" }

  private static func box(_ box: PixelRect) -> JSON {
    .array([box.x, box.y, box.width, box.height].map { .integer($0) })
  }
}
