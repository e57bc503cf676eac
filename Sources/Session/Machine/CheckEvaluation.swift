internal import Numbers
internal import Pattern
public import Scenario
public import Story

/// A check taken apart into leaves, and put together again from what is known of them.
struct CheckTree: Hashable, Sendable {
  /// The leaves, in the order in which they are written.
  let leaves: [Check]
  private let root: Check

  init(_ check: Check) {
    root = check
    leaves = Self.leaves(of: check)
  }

  /// Whether the screen must be quiet before it is looked at.
  ///
  /// What is not there yet is not absent, and a judge is not asked about half a picture.
  var needsQuiet: Bool {
    leaves.contains { leaf in
      switch leaf {
      case .absent, .never, .unchanged: true
      // What is not written yet is not left out.
      case .log(let log): log.never != nil || root.hasNegation
      default: leaf.isJudged
      }
    }
  }

  /// Whether a group in it holds no check: `all` of nothing would hold.
  var hasEmptyGroup: Bool { Self.hasEmptyGroup(root) }

  private static func hasEmptyGroup(_ check: Check) -> Bool {
    switch check {
    case .not(let inner): hasEmptyGroup(inner)
    case .all(let checks), .any(let checks): checks.isEmpty || checks.contains(where: hasEmptyGroup)
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .ssh, .file, .application,
      .log, .value:
      false
    }
  }

  /// What is known of the whole; nil while leaves that could decide it are not asked yet.
  ///
  /// A leaf in doubt decides nothing: what does not depend on it is decided by the others.
  func evaluate(_ known: [Answer?]) -> Answer? {
    var next = 0
    return Self.evaluate(root, known, &next)
  }

  private static func leaves(of check: Check) -> [Check] {
    switch check {
    case .not(let inner): leaves(of: inner)
    case .all(let checks), .any(let checks): checks.flatMap(leaves(of:))
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .ssh, .file, .application,
      .log, .value:
      [check]
    }
  }

  private static func evaluate(_ check: Check, _ known: [Answer?], _ next: inout Int) -> Answer? {
    switch check {
    case .not(let inner): return evaluate(inner, known, &next).map(\.opposite)
    case .all(let checks): return decide(checks.map { evaluate($0, known, &next) }, by: .no)
    case .any(let checks): return decide(checks.map { evaluate($0, known, &next) }, by: .yes)
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .ssh, .file, .application,
      .log, .value:
      defer { next += 1 }
      return known[next]
    }
  }

  /// A group that one answer decides, whatever the others are.
  private static func decide(_ answers: [Answer?], by decisive: Answer) -> Answer? {
    if answers.contains(decisive) { return decisive }
    if answers.contains(nil) { return nil }
    return answers.contains(.unclear) ? .unclear : decisive.opposite
  }
}

/// Comparing values, which needs no screen.
public enum ValueCheck {
  /// Whether `value` compares so; throws what is wrong with the comparison.
  ///
  /// - Parameter text: the text of what it is compared with: with the values of secrets at the edge, with their
  ///   names elsewhere.
  public static func holds(
    _ value: String, _ comparison: Check.Comparison,
    text: (Template) throws(Fault) -> String = { $0.description }
  ) throws(Fault) -> Bool {
    switch comparison {
    case .equals(let other): value == (try text(other))
    case .notEquals(let other): value != (try text(other))
    case .contains(let part): value.contains(try text(part))
    case .matches(let pattern): try matches(value, pattern)
    case .lessThan(let limit): try number(value) < limit
    case .greaterThan(let limit): try number(value) > limit
    }
  }

  /// The part of `text` that a pattern matches: its first group if it has one; nil when it does not match.
  static func match(_ text: String, _ pattern: String) throws(Fault) -> String? {
    do throws(PatternError) {
      guard let match = try Pattern(pattern).firstMatch(in: text) else { return nil }
      return match.groups.lazy.compactMap { $0 }.first ?? match.text
    } catch {
      throw Fault(.scenario, "the pattern /\(pattern)/ cannot be used: \(error)")
    }
  }

  private static func matches(_ text: String, _ pattern: String) throws(Fault) -> Bool {
    try match(text, pattern) != nil
  }

  /// The number that a value is, whole: `1 2` is two, and `0x10` is none.
  private static func number(_ text: String) throws(Fault) -> Double {
    let number = NumberScanner.whole(text, .point)?.value ?? plain(text)
    guard let number, number.isFinite else {
      throw Fault(.scenario, "“\(text)” is no number, so it cannot be compared with one")
    }
    return number
  }

  /// What programs print: zeros in front, powers of ten.
  private static func plain(_ text: String) -> Double? {
    let digits = text.trimmed
    guard digits.allSatisfy({ $0.isASCIIDigit || "+-.eE".contains($0) }) else { return nil }
    return Double(digits)
  }
}

extension Check.Comparison {
  /// The text that is compared with; nil for a pattern or a number.
  var operand: Template? {
    switch self {
    case .equals(let other), .notEquals(let other), .contains(let other): other
    case .matches, .lessThan, .greaterThan: nil
    }
  }
}

extension String {
  fileprivate var trimmed: Substring {
    let rest = drop { $0.isWhitespace }
    guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return rest[...last]
  }
}
