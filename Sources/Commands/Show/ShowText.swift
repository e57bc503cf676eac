internal import Durations
internal import Reports
internal import Scenario
internal import Story

/// What `show` prints for people.
///
/// A bar stands before each line of a foreign text, so that none of it can pass for a line of the program.
struct ShowText {
  let style: Style
  /// Whether foreign texts are printed.
  let withContent: Bool

  /// A whole run: what it came to, and a line for each case.
  func run(_ report: RunReport, folder: String, isRunning: Bool) -> String {
    let info = report.info
    let state = isRunning ? "is still running" : report.headline
    var lines = [style.bold(clean(info.id)) + "  " + state, "  \(report.countWords)"]
    lines += [
      ("folder", folder), ("command", info.commandLine.joined(separator: " ")),
      ("started", info.startedAt), ("took", report.duration.elapsed), ("model", info.model),
    ].filter { !$0.1.isEmpty }.map { "  \($0): \(clean($1))" }
    for warning in report.warnings {
      lines += text(ShownFact(warning: warning), indent: "  ")
    }
    let cases = (report.cases + report.neverBegun).map { ShownCase($0, in: folder) }
    return ended(lines + cases.flatMap(summary), leftOut: count(report.warnings, cases))
  }

  /// A case; with `details` all that happened in its steps.
  func testCase(_ item: ShownCase, details: Bool) -> String {
    let lines = summary(item) + item.attempts.flatMap { attempt($0, details: details) }
    return ended(lines, leftOut: item.foreignTexts)
  }

  // MARK: - Parts

  private func summary(_ item: ShownCase) -> [String] {
    let notes =
      (item.attempts.count > 1 ? ["\(item.attempts.count) attempts"] : [])
      + (item.isUnchecked ? ["nothing checked"] : [])
    let verdict = item.verdict.colored(item.verdict.rawValue.padding(to: 9), style)
    let name = item.name == item.id ? "" : "  " + style.dim(clean(item.name))
    let more = notes.isEmpty ? "" : style.yellow(" (\(notes.joined(separator: ", ")))")
    var lines = ["\(verdict) \(clean(item.id))\(name)  \(item.duration.elapsed)\(more)"]
    if let place = item.location {
      lines.append("  " + style.cyan(clean("\(place.file):\(place.line)")))
    }
    return lines + facts(item.reason, indent: "  ")
  }

  private func attempt(_ attempt: ShownAttempt, details: Bool) -> [String] {
    let target = attempt.target.isEmpty ? "" : ", on \(clean(attempt.target))"
    var lines = [
      style.bold("attempt \(attempt.number)") + ": \(attempt.verdict.rawValue), after "
        + "\(attempt.duration.elapsed)\(target)"
    ]
    lines += facts(attempt.reason, indent: "  ")
    if details { lines += attempt.moments.flatMap { moment($0, indent: "  ") } }
    lines += attempt.steps.flatMap { step($0, details: details) }
    if !attempt.output.isEmpty {
      lines += ["  output of the application"] + facts(attempt.output, indent: "    ")
    }
    return lines
  }

  private func step(_ step: ShownStep, details: Bool) -> [String] {
    let title =
      switch step.title {
      case .own(let title): clean(title)
      case .foreign: "(its text has a value that was read)"
      }
    let facts = [
      step.phase == .steps ? nil : step.phase.rawValue, "line \(step.location.line)",
      step.lane?.rawValue, step.duration.elapsed,
    ].compactMap(\.self).joined(separator: ", ")
    let verdict = step.verdict.colored(step.verdict.rawValue.padding(to: 9), style)
    var lines = ["  \(verdict) \(step.number). \(title) " + style.dim("(\(facts))")]
    if case .foreign = step.title { lines += text(step.title, "title", indent: "      ") }
    lines += self.facts(step.reason, indent: "      ")
    if details {
      lines += step.moments.flatMap { moment($0, indent: "      ") }
    } else if step.verdict.isTrouble, let picture = step.picture {
      lines.append("      picture: \(clean(picture))")
    }
    return lines
  }

  private func moment(_ moment: ShownMoment, indent: String) -> [String] {
    let own = moment.facts.filter { $0.foreign == nil }.compactMap(words)
    let head = "\(indent)\(moment.at.elapsed.padding(before: 7))  \(moment.kind.padding(to: 8))"
    return [head + own.joined(separator: "; ")]
      + moment.facts.filter { $0.foreign != nil }.flatMap { text($0, indent: indent + "         ") }
  }

  private func facts(_ facts: [ShownFact], indent: String) -> [String] {
    facts.flatMap { fact in
      fact.foreign == nil ? words(fact).map { [indent + $0] } ?? [] : text(fact, indent: indent)
    }
  }

  /// What is known, in words; nil where it says nothing, or is not ours.
  private func words(_ fact: ShownFact) -> String? {
    switch fact.value {
    case .text(.own(let text)): "\(fact.name): \(clean(text))"
    case .text(.foreign): nil
    case .number(let number): "\(fact.name): \(number)"
    case .flag(let flag): "\(fact.name): \(flag ? "yes" : "no")"
    case .boxes(let boxes):
      boxes.isEmpty
        ? nil
        : "at " + boxes.prefix(3).map { "\($0)" }.joined(separator: ", ")
          + (boxes.count > 3 ? " and \(boxes.count - 3) more places" : "")
    case .picture(let path): "\(fact.name): \(clean(path))"
    }
  }

  /// The lines of a foreign text, a bar before each; none where these are left out.
  private func text(_ fact: ShownFact, indent: String) -> [String] {
    guard case .text(let text) = fact.value else { return [] }
    return self.text(text, fact.name, indent: indent)
  }

  private func text(_ text: ShownText, _ name: String, indent: String) -> [String] {
    guard withContent, case .foreign(let words, let source) = text else { return [] }
    let lines = TerminalText.neutralLines(words, limit: Self.mostLines)
    return lines.map {
      "\(indent)\(name) \(style.yellow("[\(source.rawValue)]")) \(style.dim("|")) \($0)"
    }
  }

  /// So many lines of one foreign text are printed; JSON has all of them.
  private static let mostLines = 100

  private func clean(_ text: String) -> String { TerminalText.neutral(text) }

  private func count(_ warnings: [String], _ cases: [ShownCase]) -> Int {
    warnings.count + cases.map { $0.reason.count { $0.foreign != nil } }.reduce(0, +)
  }

  private func ended(_ lines: [String], leftOut: Int) -> String {
    let hint =
      withContent || leftOut == 0
      ? []
      : [
        "",
        style.dim(
          "\(DiagnosticText.plural(leftOut, "text")) from screens, models, commands and applications"
            + " left out; --content shows them"),
      ]
    return (lines + hint).map { $0 + "\n" }.joined()
  }
}

extension ShownCase {
  /// How many texts in it nobody vouches for.
  fileprivate var foreignTexts: Int {
    let facts =
      reason
      + attempts.flatMap { attempt in
        attempt.reason + attempt.output + attempt.moments.flatMap(\.facts)
          + attempt.steps.flatMap { $0.reason + $0.moments.flatMap(\.facts) }
      }
    return facts.count { $0.foreign != nil }
  }
}
