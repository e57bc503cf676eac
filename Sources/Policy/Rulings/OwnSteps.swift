public import Scenario

extension Policy {
  /// Why a command that the scenario itself writes may not run; nil where nothing is against it.
  ///
  /// A scenario's own commands need no permission, but a `deny` of the operator holds for them, too. Where a
  /// text is more than the strict grammar, a rule that could fit it forbids it.
  ///
  /// - Parameter command: what is to run; secrets and results in it are unknown.
  public func denial(of command: SSHCommand) -> Ruling? {
    let denying = rules.filter { $0.decision == .deny }
    guard !denying.isEmpty else { return nil }
    if let words = command.arguments, words.allSatisfy(\.isKnown),
      let parsed = try? ParsedCommand(words: words.map(\.description))
    {
      return denial(of: parsed, by: denying)
    }
    if command.arguments == nil, command.run.isKnown,
      let parsed = try? ParsedCommand(text: command.run.description)
    {
      return denial(of: parsed, by: denying)
    }
    return roughDenial(of: command, by: denying)
  }

  private func denial(of command: ParsedCommand, by rules: [PolicyRule]) -> Ruling? {
    for segment in command.segments {
      let finding = Classifier.finding(for: segment)
      guard let rule = rules.first(where: { $0.fits(segment, finding) }) else { continue }
      return Ruling(
        decision: .deny, rule: rule, reason: Self.reason(rule, "`\(segment.line)` is denied by"),
        command: command)
    }
    return nil
  }

  private func roughDenial(of command: SSHCommand, by rules: [PolicyRule]) -> Ruling? {
    let segments = RoughSegment.all(in: command)
    guard let rule = rules.first(where: { rule in segments.contains { rule.forbids($0) } }) else {
      return nil
    }
    let text = "`\(command.run)` could be what is denied by"
    return Ruling(
      decision: .deny, rule: rule,
      reason: Self.reason(rule, text)
        + "; write it without what the shell or another step fills in, or as a list of words, so that it can be told"
    )
  }

  private static func reason(_ rule: PolicyRule, _ text: String) -> String {
    "\(text) \(rule.name)" + (rule.because.map { ": \($0)" } ?? "")
  }
}

extension RoughSegment {
  /// What a command of a scenario may run.
  static func all(in command: SSHCommand) -> [RoughSegment] {
    guard let arguments = command.arguments else {
      return RoughReader.segments(of: RoughWord(command.run))
    }
    let words = arguments.map { RoughWord($0) }
    let programs = words.indices.filter { $0 == 0 || words[$0].isKnown }
    return [RoughSegment(words: words, programs: programs)]
      + words.dropFirst().filter(\.isKnown).flatMap { nested(in: $0.text, depth: 1) }
  }
}

extension Template {
  fileprivate var isKnown: Bool {
    segments.allSatisfy { if case .literal = $0 { true } else { false } }
  }
}

extension RoughWord {
  /// A text in which secrets and results are unknown.
  fileprivate init(_ template: Template) {
    signs = template.segments.flatMap { segment -> [Unicode.Scalar?] in
      if case .literal(let text) = segment { return Array(text.unicodeScalars) }
      return [nil]
    }
  }
}
