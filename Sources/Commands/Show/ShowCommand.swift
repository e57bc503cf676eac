internal import Configuration
internal import JSONCoding
internal import Recording
internal import Reports
internal import Scenario

/// `qa-agent show RUN[/CASE[/STEP]]`: prints what happened, folded from the journal with what is there.
enum ShowCommand {
  @Sendable
  static func run(_ options: ShowOptions, _ context: CommandContext) async throws -> ExitCode {
    let (configuration, _) = ScenarioSources.configuration(options.general, context)
    let place = try ShowPlace(options.place, in: configuration.output.value)
    if options.showsAudit {
      guard place.rest.isEmpty else {
        throw CommandError(message: "the log of commands is of a whole run: leave out the case")
      }
      return try ShowAudit.run(
        place.run, isJSON: options.isJSON, onlyVerify: options.onlyVerifies, context)
    }
    let isRunning = place.run.isBeingWritten
    let report: RunReport
    do { report = try RunFold.report(place.run) } catch {
      throw CommandError(message: TerminalText.neutral("\(error)"))
    }
    let folder = place.run.path
    let json = ShowJSON(withContent: options.withContent)
    let text = ShowText(
      style: context.output.results.style, withContent: options.withContent)
    if place.rest.isEmpty {
      context.output.results.write(
        options.isJSON
          ? json.document(report, in: folder, isRunning: isRunning).prettyText + "\n"
          : text.run(report, folder: folder, isRunning: isRunning))
      return .success
    }
    let (item, isStep) = try find(place, report)
    context.output.results.write(
      options.isJSON
        ? json.document(item, of: report, in: folder, isRunning: isRunning).prettyText + "\n"
        : text.testCase(item, details: isStep))
    return .success
  }

  private static func find(
    _ place: ShowPlace, _ report: RunReport
  ) throws(CommandError) -> (item: ShownCase, isStep: Bool) {
    let cases = report.cases + report.neverBegun
    let (id, word) = try place.find(among: cases.map(\.id))
    guard let found = cases.first(where: { $0.id == id }) else {
      throw CommandError(message: "there is no case “\(TerminalText.neutral(id))”")
    }
    let item = ShownCase(found, in: place.run.path)
    guard let word else { return (item, false) }
    if let step = item.only(step: word.number, isLine: word.isLine) { return (step, true) }
    throw CommandError(message: TerminalText.neutral(noStep(word, of: item)))
  }

  private static func noStep(_ word: StepWord, of item: ShownCase) -> String {
    let what = word.isLine ? "on line \(word.number)" : "\(word.number)"
    let steps = (item.attempts.max { $0.steps.count < $1.steps.count })?.steps ?? []
    guard !steps.isEmpty else { return "no attempt of “\(item.id)” came to a step" }
    let near = steps.sorted { left, right in
      func distance(_ step: ShownStep) -> Int {
        let place = word.isLine ? step.location.line : step.number
        return place > word.number ? place - word.number : word.number - place
      }
      return distance(left) < distance(right)
    }
    let known = near.prefix(10).map { "\($0.number) (line \($0.location.line))" }
    return "“\(item.id)” has no step \(what); it has " + known.joined(separator: ", ")
      + (near.count > 10 ? " and \(near.count - 10) more" : "")
  }
}
