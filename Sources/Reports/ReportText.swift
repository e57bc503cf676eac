internal import Durations
internal import Recording
internal import Scenario
internal import Story

extension Verdict {
  /// One character for plain text.
  var sign: String {
    switch self {
    case .passed: "✓"
    case .failed: "✗"
    case .error: "!"
    case .skipped: "–"
    case .flaky: "±"
    case .timedOut: "⏱"
    case .interrupted: "■"
    }
  }
}

extension Duration {
  /// Seconds with three decimals, whatever the locale: `61.002`.
  var decimals: String {
    let milliseconds = max(0, milliseconds)
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}

extension String {
  /// The text in at most `limit` bytes: too long a text loses its middle, and says how much.
  func cutInTheMiddle(to limit: Int) -> String {
    let bytes = utf8
    guard bytes.count > limit else { return self }
    let half = max(0, limit - 48) / 2
    let head = String(decoding: Array(bytes.prefix(half)), as: UTF8.self)
    let tail = String(decoding: Array(bytes.suffix(half)), as: UTF8.self)
    // Bytes of a character cut in two become replacement characters: they go.
    let marks: (Character) -> Bool = { $0 == "\u{FFFD}" }
    let start = head.last.map(marks) == true ? String(head.dropLast()) : head
    let end = String(tail.drop(while: marks))
    return start + "\n… \(bytes.count - 2 * half) bytes left out …\n" + end
  }

  /// The text in one line: every run of white space is one space.
  var inOneLine: String { Self.oneLine(unicodeScalars[...]) }

  /// The text in one line of at most `limit` scalars, however long it is.
  func shortened(to limit: Int) -> String {
    let start = unicodeScalars.prefix(limit * 4)
    let line = Self.oneLine(start)
    let isWhole = start.endIndex == unicodeScalars.endIndex
    guard !isWhole || line.unicodeScalars.count > limit else { return line }
    return String(String.UnicodeScalarView(line.unicodeScalars.prefix(limit - 1))) + "…"
  }

  private static func oneLine(_ scalars: Substring.UnicodeScalarView) -> String {
    scalars.split { $0.properties.isWhitespace }.map { String(Substring($0)) }
      .joined(separator: " ")
  }

  /// The text with scalars replaced one by one: a combining mark behind `<` or a quote makes both one
  /// character, which a replacement of characters would not find.
  func replacingScalars(_ replacements: [Unicode.Scalar: String]) -> String {
    var output = ""
    for scalar in unicodeScalars {
      if let replacement = replacements[scalar] {
        output += replacement
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// The text as one word of a shell command.
  var shellQuoted: String {
    let plain = "-_./:=@,+%"
    let isPlain =
      !isEmpty
      && unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
          || plain.unicodeScalars.contains($0)
      }
    return isPlain ? self : "'" + replacingScalars(["'": #"'\''"#]) + "'"
  }
}

extension String {
  /// A path without the line behind it.
  fileprivate var withoutLine: String {
    guard let colon = lastIndex(of: ":"), self[index(after: colon)...].allSatisfy(\.isNumber),
      index(after: colon) < endIndex, !contains("//")
    else { return self }
    return String(self[..<colon])
  }
}

extension RunInfo {
  /// The command that runs again what did not pass, with the flags of this run.
  var rerunCommand: String {
    var words = commandLine
    if let first = words.first, first == "qa-agent" || first.hasSuffix("/qa-agent") {
      words.removeFirst()
    }
    // A debugger's command names one scenario and perhaps a line to stop at; its run is no other run.
    let isDebugged = words.first == "debug"
    if isDebugged || words.first == "run" { words.removeFirst() }
    let withoutSelection = Self.removing(
      ["--rerun", "--shard"],
      flags: ["--last-failed", "--debug", "--debug-on-failure"] + (isDebugged ? ["--json"] : []),
      from: isDebugged ? words.map(\.withoutLine) : words)
    return (["qa-agent", "run"] + withoutSelection + ["--rerun", id])
      .map(\.shellQuoted).joined(separator: " ")
  }

  private static func removing(
    _ options: [String], flags: [String], from words: [String]
  ) -> [String] {
    var kept: [String] = []
    var skipsNext = false
    for word in words {
      defer { skipsNext = options.contains(word) }
      let isInline = options.contains { word.hasPrefix($0 + "=") }
      if !skipsNext, !isInline, !options.contains(word), !flags.contains(word) {
        kept.append(word)
      }
    }
    return kept
  }

  /// When the run began.
  var start: UTCTime? { UTCTime(startedAt) }
}

extension CaseReport {
  /// The command that runs this case alone.
  var command: String {
    ["qa-agent", "run", location?.file ?? id].map(\.shellQuoted).joined(separator: " ")
  }
}

extension AttemptReport {
  /// The steps, one a line, with what went wrong below: for logs and tickets.
  var plainText: String {
    var lines: [String] = []
    for step in steps {
      let number = step.info.index + 1
      let lane = step.lane.map { ", \($0.rawValue)" } ?? ""
      lines.append(
        "\(step.ending.verdict.sign) \(number). \(step.info.title.inOneLine) "
          + "(\(step.duration.elapsed)\(lane))")
      if step.ending.verdict != .passed, !step.ending.reason.isEmpty {
        lines.append("    \(step.ending.reason.inOneLine)")
      }
      for evidence in step.evidence where !evidence.holds {
        lines.append("    expected: \(evidence.expected.inOneLine)")
        lines.append("    measured: \(evidence.measured.inOneLine)")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What a failure is filed under: what decided it.
  var failureType: String {
    switch ending.verdict {
    case .timedOut: "timeout"
    case .interrupted: "interrupted"
    case .error:
      allMoments.reversed().lazy.compactMap {
        if case .fault(let fault) = $0.kind { fault.domain.rawValue } else { nil }
      }.first ?? "error"
    case .failed, .passed, .skipped, .flaky:
      decidingStep?.info.keyword == "expect" ? "check" : "action"
    }
  }

  /// Everything that happened, step by step.
  var allMoments: [Moment] { moments + steps.flatMap(\.moments) }
}

extension CaseReport {
  /// Where to look: at the step that decided, or else at the scenario.
  var place: SourceLocation? {
    guard verdict.isTrouble else { return location }
    return attempts.last { $0.ending.verdict.isTrouble }?.decidingStep?.info.location ?? location
  }

  /// What was not as it should be in any attempt, each once and with its step's line.
  var warnings: [String] {
    var warnings: [String] = []
    func add(_ moments: [Moment], _ place: String) {
      for case .warning(let text) in moments.map(\.kind) where !warnings.contains(text + place) {
        warnings.append(text + place)
      }
    }
    for attempt in attempts {
      add(attempt.moments, "")
      for step in attempt.steps { add(step.moments, " (line \(step.info.location.line))") }
    }
    return Array(warnings.prefix(Self.mostWarnings))
  }

  private static let mostWarnings = 20
}
