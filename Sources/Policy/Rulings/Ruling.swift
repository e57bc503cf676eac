/// What was decided about a command, by whom, and why.
public struct Ruling: Hashable, Sendable {
  /// What becomes of it.
  public var decision: Decision
  /// The rule that decided, with its file and line; nil where none did.
  public var rule: PolicyRule?
  /// Why, in one sentence.
  public var reason: String
  /// What runs where it is permitted; nil where it was not understood.
  public var command: ParsedCommand?
  /// How each program of it was decided.
  public var segments: [SegmentRuling] = []

  /// The same where nobody can be asked: what would be asked is denied.
  public var withoutPerson: Ruling {
    guard decision == .ask else { return self }
    var ruling = self
    ruling.decision = .deny
    ruling.reason += "; a person would be asked, and nobody is there"
    return ruling
  }
}

/// How one program of a command was decided.
public struct SegmentRuling: Hashable, Sendable {
  /// What runs.
  public var segment: ParsedCommand.Segment
  /// What it can do, the worst last.
  public var classes: [CommandClass]
  /// Why it is of these classes.
  public var classReason: String
  /// What becomes of it.
  public var decision: Decision
  /// The rule that decided; nil where none did.
  public var rule: PolicyRule?
  /// Why, in one sentence.
  public var reason: String
  /// Each rule, and whether it fits.
  public var rules: [(rule: PolicyRule, fits: Bool)] = []

  /// By all but the list of rules, which follows from the rest.
  public static func == (left: SegmentRuling, right: SegmentRuling) -> Bool {
    left.segment == right.segment && left.decision == right.decision && left.rule == right.rule
      && left.reason == right.reason && left.classes == right.classes
  }

  /// By what runs and what becomes of it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(segment)
    hasher.combine(decision)
  }
}

extension Policy {
  /// Decides what a model wants to run, as a text.
  ///
  /// - Parameter permissions: what the scenario permits of it; nil looks at the operator alone.
  public func ruling(
    forText text: String, permissions: ScenarioPermissions? = nil
  ) -> Ruling {
    do throws(CommandRefusal) {
      return ruling(for: try ParsedCommand(text: text), permissions)
    } catch {
      return Ruling(decision: .deny, reason: "not understood, and so not run: \(error)")
    }
  }

  /// Decides what a model wants to run, as a program and its arguments.
  public func ruling(
    forWords words: [String], permissions: ScenarioPermissions? = nil
  ) -> Ruling {
    do throws(CommandRefusal) {
      return ruling(for: try ParsedCommand(words: words), permissions)
    } catch {
      return Ruling(decision: .deny, reason: "not understood, and so not run: \(error)")
    }
  }

  private func ruling(for command: ParsedCommand, _ permissions: ScenarioPermissions?) -> Ruling {
    let segments = command.segments.map { segment in
      let ruling = ruling(for: segment)
      return permissions.map { $0.narrowed(ruling) } ?? ruling
    }
    let strictest = segments.map(\.decision).max() ?? .deny
    let decisive = segments.first { $0.decision == strictest }
    let prefix = segments.count > 1 ? (decisive.map { "\($0.segment.line): " } ?? "") : ""
    return Ruling(
      decision: strictest, rule: decisive?.rule, reason: prefix + (decisive?.reason ?? ""),
      command: command, segments: segments)
  }

  private func ruling(for segment: ParsedCommand.Segment) -> SegmentRuling {
    let finding = Classifier.finding(for: segment)
    let fits = rules.map { (rule: $0, fits: $0.fits(segment, finding)) }
    let classes = finding.classes.sorted()
    func result(_ decision: Decision, _ rule: PolicyRule?, _ reason: String) -> SegmentRuling {
      SegmentRuling(
        segment: segment, classes: classes, classReason: finding.because, decision: decision,
        rule: rule, reason: reason, rules: fits)
    }
    for decision in [Decision.deny, .ask] {
      guard let rule = fits.first(where: { $0.fits && $0.rule.decision == decision })?.rule else {
        continue
      }
      let verb = decision == .deny ? "denied by" : "to be asked by"
      return result(decision, rule, "\(verb) \(rule.name)" + (rule.because.map { ": \($0)" } ?? ""))
    }
    let allowing = fits.filter { $0.fits && $0.rule.decision == .allow }.map(\.rule)
    let missing = allowing.map { rule in
      classes.filter { $0.mustBeAccepted && !rule.accepts.contains($0) }
    }
    if let index = missing.firstIndex(where: \.isEmpty) {
      let rule = allowing[index]
      if target == .persistent, classes.contains(.destroy) {
        return result(
          .ask, rule, "permitted by \(rule.name), but it destroys on a host that is kept")
      }
      return result(.allow, rule, "permitted by \(rule.name)")
    }
    let decision = classes.map { byDefault($0) }.max() ?? .deny
    if let rule = allowing.first, let worst = missing.first {
      let names = worst.map(\.rawValue).joined(separator: ", ")
      return result(
        decision, nil,
        "\(rule.name) fits but does not accept the class \(names): \(finding.because)")
    }
    if decision == .allow { return result(.allow, nil, "permitted by default: \(finding.because)") }
    return result(decision, nil, "no rule permits it: \(finding.because)")
  }
}

extension ScenarioPermissions {
  /// The stricter of what the operator and the scenario say.
  func narrowed(_ ruling: SegmentRuling) -> SegmentRuling {
    var ruling = ruling
    guard ruling.decision != .deny else { return ruling }
    func denied(_ reason: String) -> SegmentRuling {
      ruling.decision = .deny
      ruling.rule = nil
      ruling.reason = reason
      return ruling
    }
    let rough = RoughSegment.all(in: ruling.segment)
    if let found = deny.first(where: { entry in rough.contains { entry.pattern.forbids($0) } }) {
      return denied("denied by the scenario's permissions: “\(found.text)”")
    }
    guard allow.contains(where: { permits($0.entry, ruling) }) else {
      return denied(
        allow.isEmpty
          ? "the scenario permits no commands; “permissions: ssh: allow” names those that a model may run"
          : "none of what the scenario permits fits it")
    }
    return ruling
  }

  private func permits(_ entry: Entry, _ ruling: SegmentRuling) -> Bool {
    switch entry {
    case .rule(let id): return ruling.rules.contains { $0.fits && $0.rule.id == id }
    case .commandClass(let found):
      return ruling.classes.allSatisfy { $0 == found || $0 == .read && found == .probe }
    case .pattern(let pattern):
      return [ruling.segment.words, Classifier.unwrapped(ruling.segment.words)]
        .contains { pattern.permits($0) }
    }
  }
}
