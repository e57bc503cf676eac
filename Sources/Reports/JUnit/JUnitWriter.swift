public import Recording
internal import Scenario
internal import Story

/// Writes a run as JUnit XML: one suite for each scenario file, in the order of the run.
///
/// The file validates against Jenkins' `junit-10.xsd` unless locations are asked for, and always against
/// `docs/junit.xsd`. The elements of a case stand in the order that Surefire's schema wants.
public struct JUnitWriter: Sendable {
  /// The most bytes of one text.
  private static let longestText = 64 << 10
  /// The most characters of a message.
  private static let longestMessage = 200

  private let options: JUnitOptions
  private let xml: XMLText
  private let exists: @Sendable (String) -> Bool

  /// A writer.
  ///
  /// - Parameters:
  ///   - options: what differs between files.
  ///   - redactor: what every text passes through before it is escaped.
  ///   - exists: whether an attachment is there; its path is relative to the folder of the run.
  public init(
    options: JUnitOptions = JUnitOptions(), redactor: Redactor = .none,
    exists: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.options = options
    self.exists = exists
    xml = XMLText(redactor: redactor)
  }

  /// The whole file as UTF-8.
  public func document(_ report: RunReport) -> [UInt8] {
    let cases = report.cases + report.neverBegun
    let names = JUnitNames(cases)
    let suites = Suite.all(of: report)
    let limit = min(
      Self.longestText, max(512, options.textLimit / max(1, 2 * cases.count)))
    var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
    output += xml.attribute("name", "qa-agent") + counts(cases)
    output += xml.attribute("time", report.duration.decimals) + ">\n"
    for suite in suites { output += text(suite, of: report, names, limit: limit) }
    output += "</testsuites>\n"
    return Array(output.utf8)
  }

  // MARK: - Suites

  /// The cases of one scenario file.
  private struct Suite {
    let file: String
    var cases: [CaseReport]

    static func all(of report: RunReport) -> [Suite] {
      var suites: [Suite] = []
      var places: [String: Int] = [:]
      for item in report.cases + report.neverBegun {
        let file = item.location?.file ?? item.id
        if let place = places[file] {
          suites[place].cases.append(item)
        } else {
          places[file] = suites.count
          suites.append(Suite(file: file, cases: [item]))
        }
      }
      return suites
    }
  }

  private func counts(_ cases: [CaseReport]) -> String {
    let counts = Counts(cases)
    return xml.attribute("tests", "\(counts.total)")
      + xml.attribute("failures", "\(counts.failures)")
      + xml.attribute("errors", "\(counts.errors)")
  }

  private func text(
    _ suite: Suite, of report: RunReport, _ names: JUnitNames, limit: Int
  ) -> String {
    var output = "  <testsuite" + xml.attribute("name", suite.file) + counts(suite.cases)
    output += xml.attribute("skipped", "\(Counts(suite.cases)[.skipped])")
    let time = suite.cases.map(\.duration).reduce(.zero, +)
    output += xml.attribute("time", time.decimals)
    if let start = report.info.start {
      let offset = suite.cases.compactMap(\.attempts.first?.start).min() ?? .zero
      output += xml.attribute("timestamp", start.advanced(by: offset).description)
    }
    if !report.info.host.isEmpty { output += xml.attribute("hostname", report.info.host) }
    output += xml.attribute("file", suite.file) + ">\n"
    output += properties(suite, of: report)
    for item in suite.cases { output += text(item, names, limit: limit) }
    return output + "  </testsuite>\n"
  }

  private func properties(_ suite: Suite, of report: RunReport) -> String {
    let unchecked = suite.cases.filter(\.isUnchecked).map(\.name)
    var pairs = [
      ("qa-agent.run", report.info.id), ("qa-agent.version", report.info.version),
      ("qa-agent.model", report.info.model),
      ("qa-agent.nothing-checked", unchecked.joined(separator: ", ")),
    ]
    var tags: [String] = []
    for tag in suite.cases.flatMap(\.tags) where !tags.contains(tag) { tags.append(tag) }
    pairs.append(("tags", tags.joined(separator: ",")))
    var seen: Set<String> = []
    for property in suite.cases.flatMap(\.properties)
    where seen.insert(property.name).inserted {
      pairs.append((property.name, property.value))
    }
    return propertyList(pairs.filter { !$0.1.isEmpty }, indent: "    ")
  }

  private func propertyList(_ pairs: [(String, String)], indent: String) -> String {
    guard !pairs.isEmpty else { return "" }
    let lines = pairs.map { name, value in
      "\(indent)  <property" + xml.attribute("name", name) + xml.attribute("value", value) + "/>\n"
    }
    return "\(indent)<properties>\n" + lines.joined() + "\(indent)</properties>\n"
  }

  // MARK: - Cases

  private func text(_ item: CaseReport, _ names: JUnitNames, limit: Int) -> String {
    var output = "    <testcase" + xml.attribute("classname", JUnitNames.className(of: item))
    output += xml.attribute("name", names.name(of: item))
    output += xml.attribute("time", item.duration.decimals)
    if options.hasLocations, let location = item.place {
      output += xml.attribute("file", location.file) + xml.attribute("line", "\(location.line)")
    }
    let elements = properties(item) + results(item, limit: limit) + log(item, limit: limit)
    return output + (elements.isEmpty ? "/>\n" : ">\n\(elements)    </testcase>\n")
  }

  private func properties(_ item: CaseReport) -> String {
    guard options.hasLocations else { return "" }
    var pairs = item.properties.map { ($0.name, $0.value) }
    if !item.tags.isEmpty { pairs.append(("tags", item.tags.joined(separator: ","))) }
    if item.isUnchecked { pairs.append(("qa-agent.nothing-checked", "true")) }
    return propertyList(pairs, indent: "      ")
  }

  /// The verdict: a failure or error for the attempt that decided, and one element for each other attempt
  /// that was in trouble.
  private func results(_ item: CaseReport, limit: Int) -> String {
    let troubled = item.attempts.filter { $0.ending.verdict.isTrouble }
    let share = max(256, limit / max(1, troubled.count))
    switch item.verdict {
    case .passed: return ""
    case .skipped:
      return "      <skipped" + xml.attribute("type", "skipped")
        + xml.attribute("message", short(item.ending.reason)) + "/>\n"
    case .flaky:
      return troubled.sorted { !$0.isError && $1.isError }
        .map { again($0, $0.isError ? "flakyError" : "flakyFailure", item, share) }.joined()
    case .failed, .timedOut: return decided(item, troubled, isError: false, share)
    case .error, .interrupted: return decided(item, troubled, isError: true, share)
    }
  }

  private func decided(
    _ item: CaseReport, _ troubled: [AttemptReport], isError: Bool, _ limit: Int
  ) -> String {
    let deciding = troubled.first { $0.isError == isError }
    let others = troubled.filter { $0.number != deciding?.number }
    let type = deciding?.failureType ?? (isError ? "error" : item.verdict.failureType)
    let name = isError ? "error" : "failure"
    let element =
      "      <\(name)" + xml.attribute("type", type)
      + xml.attribute("message", message(item.ending, deciding?.ending)) + ">"
      + xml.text(cut(details(item, deciding), to: limit)) + "</\(name)>\n"
    let failures = others.filter { !$0.isError }.map { again($0, "rerunFailure", item, limit) }
    let errors = others.filter(\.isError).map { again($0, "rerunError", item, limit) }
    return isError
      ? failures.joined() + element + errors.joined()
      : element + failures.joined() + errors.joined()
  }

  private func again(
    _ attempt: AttemptReport, _ name: String, _ item: CaseReport, _ limit: Int
  ) -> String {
    "      <\(name)" + xml.attribute("type", attempt.failureType)
      + xml.attribute("message", message(attempt.ending, nil)) + "><stackTrace>"
      + xml.text(cut(details(item, attempt), to: limit))
      + "</stackTrace><system-out>attempt \(attempt.number)</system-out></\(name)>\n"
  }

  /// One short line, never empty.
  private func message(_ ending: Ending, _ deciding: Ending?) -> String {
    let reason = ending.reason.isEmpty ? deciding?.reason ?? "" : ending.reason
    let line = short(reason)
    return line.isEmpty ? ending.verdict.rawValue : line
  }

  // A secret must go before a text is cut: half of it would not be found any more.
  private func short(_ text: String) -> String {
    XMLText.clean(xml.redactor.redact(text)).shortened(to: Self.longestMessage)
  }

  private func cut(_ text: String, to limit: Int) -> String {
    xml.redactor.redact(text).cutInTheMiddle(to: limit)
  }

  /// What went wrong, where, and the steps up to there.
  private func details(_ item: CaseReport, _ attempt: AttemptReport?) -> String {
    guard let attempt else {
      let place = item.location.map { "\nat \($0.file):\($0.line)" } ?? ""
      return item.ending.reason + place
    }
    var lines = [attempt.ending.reason.isEmpty ? item.ending.reason : attempt.ending.reason]
    if let step = attempt.decidingStep {
      lines.append(
        "step \(step.info.index + 1) of \(attempt.steps.count): \(step.info.title.inOneLine)")
      lines.append("at \(step.info.location.file):\(step.info.location.line)")
    } else if let location = item.location {
      lines.append("at \(location.file):\(location.line)")
    }
    let steps = attempt.plainText
    return (lines + (steps.isEmpty ? [] : ["", steps])).joined(separator: "\n")
  }

  // MARK: - The log of a case

  private func log(_ item: CaseReport, limit: Int) -> String {
    var lines: [String] = []
    if item.isUnchecked { lines.append("passed, but nothing was checked") }
    lines += item.warnings.map { "warning: \($0)" }
    for attempt in item.attempts {
      if item.attempts.count > 1 {
        lines.append("attempt \(attempt.number): \(attempt.ending.verdict.rawValue)")
      }
      lines.append(attempt.plainText)
      if attempt.ending.verdict.isTrouble, let output = attempt.output {
        lines.append(contentsOf: output.plainLines)
      }
    }
    let text = cut(lines.joined(separator: "\n"), to: limit)
    let attachments = self.attachments(item).map { "[[ATTACHMENT|\($0)]]\n" }.joined()
    guard !text.isEmpty || !attachments.isEmpty else { return "" }
    return "      <system-out>" + xml.text(text)
      + (attachments.isEmpty ? "" : "\n\n" + xml.text(attachments)) + "</system-out>\n"
  }

  /// The pictures that tell most of a case in trouble, the most telling first.
  private func attachments(_ item: CaseReport) -> [String] {
    guard let root = options.attachmentRoot else { return [] }
    let attempts = item.attempts.reversed().filter { $0.ending.verdict.isTrouble }
    var paths: [String] = []
    for frame in attempts.compactMap(\.tellingFrame) {
      guard let name = BlobStore.name(of: frame.blob) else { continue }
      let path = "\(item.blobFolder)/\(name)"
      let full = root.isEmpty ? path : "\(root)/\(path)"
      let isPlain = !full.contains { "[]|".contains($0) || $0.isNewline }
      if isPlain, !paths.contains(full), exists(path) { paths.append(full) }
    }
    return Array(paths.prefix(4))
  }
}

extension ApplicationOutput {
  /// What the application wrote last, for a text; nothing when it wrote nothing.
  fileprivate var plainLines: [String] {
    guard !lines.isEmpty else { return [] }
    let place = file.map { " (all of it: \($0))" } ?? ""
    let end = end.map { ", which ended \($0.words)" } ?? ""
    return ["", "the last output of the application\(end)\(place):"] + lines.map { "  \($0)" }
  }
}

extension AttemptReport {
  /// Whether it says nothing about the product.
  var isError: Bool { ending.verdict == .error || ending.verdict == .interrupted }

  /// The picture that shows best why it was no pass: the one the last check was decided on, or the last.
  var tellingFrame: FrameReference? {
    let step = decidingStep
    let evidence = step?.evidence.last { !$0.holds }?.frame
    return evidence ?? step?.lastFrame ?? allMoments.reversed().lazy.compactMap(\.frame).first
  }
}

extension Verdict {
  /// The type of a failure without any attempt.
  fileprivate var failureType: String { self == .timedOut ? "timeout" : "failure" }
}
