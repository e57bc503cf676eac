/// What becomes of a command; the later one is the stricter.
public enum Decision: String, CaseIterable, Codable, Hashable, Sendable, Comparable {
  /// It may run.
  case allow
  /// A person is asked; where nobody can be, it may not run.
  case ask
  /// It may not run.
  case deny

  /// Less strict before stricter.
  public static func < (left: Decision, right: Decision) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A rule of an operator.
public struct PolicyRule: Hashable, Sendable {
  /// What it looks at.
  package enum Subject: Hashable, Sendable {
    case command(CommandPattern)
    case anyWord([Glob])
    case classes([CommandClass])
  }

  /// Its name in the file.
  public let id: String
  /// What it says.
  public let decision: Decision
  /// The file that it stands in, as people write it.
  public let file: String
  /// Its line, from 1.
  public let line: Int
  /// Why, in the operator's words.
  public let because: String?
  /// The dangerous classes that it permits on purpose.
  public let accepts: [CommandClass]
  package let subject: Subject
  /// The files that a permitted command may write by a redirection.
  let writes: [Glob]

  package init(
    id: String, decision: Decision, file: String, line: Int, subject: Subject,
    because: String? = nil,
    accepts: [CommandClass] = [], writes: [Glob] = []
  ) {
    self.id = id
    self.decision = decision
    self.file = file
    self.line = line
    self.subject = subject
    self.because = because
    self.accepts = accepts
    self.writes = writes
  }

  /// `“no-prod” (qa-agent.policy.yaml:5)`.
  public var name: String { "“\(id)” (\(file):\(line))" }

  /// What it looks at, in words.
  public var looksAt: String {
    switch subject {
    case .command(let pattern): pattern.description
    case .anyWord(let globs): "any word " + globs.map(\.text).joined(separator: ", ")
    case .classes(let classes): "class " + classes.map(\.rawValue).joined(separator: ", ")
    }
  }
}

extension Glob {
  /// As it is written.
  var text: String {
    tokens.map { token in
      switch token {
      case .literal(let scalar): String(Character(scalar))
      case .one: "?"
      case .many: "*"
      }
    }.joined()
  }
}

extension PolicyRule {
  /// Whether it fits a segment that was understood: exactly where it permits, liberally elsewhere.
  func fits(_ segment: ParsedCommand.Segment, _ finding: Classifier.Finding) -> Bool {
    guard decision == .allow else {
      if case .classes(let classes) = subject {
        return !finding.classes.isDisjoint(with: classes)
      }
      return RoughSegment.all(in: segment).contains(where: forbids)
    }
    guard segment.redirections.compactMap(\.written).allSatisfy(mayWrite) else { return false }
    switch subject {
    case .command(let pattern):
      let words = [segment.words, Classifier.unwrapped(segment.words)]
      let isSure = !(finding.isKnown && finding.classes.contains(.unknown))
      return words.contains { pattern.permits($0, anyMayBeOption: isSure) }
    case .anyWord: return false
    case .classes(let classes): return finding.classes.isSubset(of: classes)
    }
  }

  /// Whether it could fit what is only roughly known.
  func forbids(_ segment: RoughSegment) -> Bool {
    switch subject {
    case .command(let pattern): pattern.forbids(segment)
    case .anyWord(let globs):
      segment.words.contains { word in globs.contains { $0.occurs(in: word) } }
    case .classes(let classes):
      segment.programs.contains { index in
        // What is unknown could be an option, and any.
        let words = segment.words[index...].map { $0.isKnown ? $0.text : "--\($0.text)" }
        if !segment.words[index].isKnown { return true }
        return !Classifier.finding(for: ParsedCommand.Segment(words: words)).classes
          .isDisjoint(with: classes)
      }
    }
  }

  private func mayWrite(_ file: String) -> Bool {
    !Classifier.isDetour(file) && writes.contains { $0.matches(file) }
  }
}

extension PolicyRule {
  /// Whether it decides a text: all of it where it permits, any part of it elsewhere.
  package func fits(_ text: String) -> Bool {
    guard let command = try? ParsedCommand(text: text) else {
      return decision != .allow
        && RoughReader.segments(of: RoughWord(text)).contains { forbids($0) }
    }
    let fitting = command.segments.map { fits($0, Classifier.finding(for: $0)) }
    return decision == .allow ? fitting.allSatisfy { $0 } : fitting.contains(true)
  }
}
