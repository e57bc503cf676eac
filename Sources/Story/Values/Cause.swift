internal import Scenario

/// Why something ended as it did, as data; `words` is the one place that says it.
public indirect enum Cause: Hashable, Codable, Sendable {
  /// What a check or a wait came to.
  case check(CheckCause)
  /// A target is not on the screen.
  case missing(MissingCause)
  /// Something outside of the product went wrong.
  case fault(Fault)
  /// The application under test ended: how, when, and its last words.
  case application(String)
  /// A limit of the attempt is met.
  case limit(String)
  /// Somebody asked to stop.
  case stopped
  /// A person saw to it.
  case person(String)
  /// A step came to it.
  case step(StepPlace, Cause)
  /// What is nothing of these; empty where there is nothing to say.
  case told(String)

  /// The cause in a sentence.
  public var words: String {
    switch self {
    case .check(let check): check.words
    case .missing(let missing): missing.words
    case .fault(let fault): fault.message
    case .application(let words), .limit(let words), .person(let words), .told(let words): words
    case .stopped: "stopped by a signal"
    case .step(let place, let cause): place.words + ": " + cause.words(after: place.title)
    }
  }

  /// The cause in words, without what stands before it already.
  private func words(after title: String) -> String {
    if case .check(let check) = self { check.words(after: title) } else { words }
  }

  /// The step that it was, where it was one.
  public var step: StepPlace? { if case .step(let place, _) = self { place } else { nil } }
}

/// What a check came to that does not hold.
public struct CheckCause: Hashable, Codable, Sendable {
  /// What was expected, in words.
  public var expected: String
  /// What was measured, in words.
  public var measured: String
  /// Why it cannot be told whether it holds; nil when it does not.
  public var doubt: String?
  /// How much was not read, in words; nil where that says nothing more.
  public var unread: String?
  /// Whether it was waited for, and counts as no check.
  public var isWait: Bool

  /// What a check came to.
  public init(
    expected: String, measured: String, doubt: String? = nil, unread: String? = nil,
    isWait: Bool = false
  ) {
    self.expected = expected
    self.measured = measured
    self.doubt = doubt
    self.unread = unread
    self.isWait = isWait
  }

  fileprivate var words: String {
    let begin = doubt != nil ? "cannot tell: " : isWait ? "waited in vain: " : "expected: "
    return "\(begin)\(expected); \(seen)"
  }

  /// What is not said yet where a title says what was expected.
  fileprivate func words(after title: String) -> String {
    guard title.hasSuffix(expected) || isWait && isTold(by: title) else { return words }
    let begin = doubt != nil ? "cannot tell: " : isWait ? "waited in vain: " : ""
    return begin + seen
  }

  /// Whether the title of a wait names what it waits for: said again as a sentence it would read as if it were so.
  private func isTold(by title: String) -> Bool {
    guard title.hasPrefix("wait "), let end = expected.lastIndex(of: "”") else { return false }
    return title.contains(expected[...end])
  }

  private var seen: String { (doubt ?? measured) + (unread.map { "; \($0)" } ?? "") }
}

/// A target that is not on the screen.
public struct MissingCause: Hashable, Codable, Sendable {
  /// The target, in words.
  public var target: String
  /// What of it is missing, where that is known.
  public var reason: String?
  /// What is there and looks most like it.
  public var closest: [String]
  /// Why no model was asked to find it; nil where one was, or might not.
  public var noModel: String?

  /// A target that is not on the screen.
  public init(target: String, reason: String?, closest: [String], noModel: String? = nil) {
    self.target = target
    self.reason = reason
    self.closest = closest
    self.noModel = noModel
  }

  fileprivate var words: String {
    let hint =
      closest.isEmpty
      ? "" : "; closest: " + closest.prefix(5).map { "“\($0)”" }.joined(separator: ", ")
    return (reason ?? "\(target) is not on the screen\(hint)")
      + (noModel.map { " (no model: \($0))" } ?? "")
  }
}

/// The step that an attempt ended in.
public struct StepPlace: Hashable, Codable, Sendable {
  /// Counts from 0 over all phases.
  public var index: Int
  /// The part of the scenario.
  public var phase: StepInfo.Phase
  /// What a person calls it.
  public var title: String
  /// The line in its file.
  public var line: Int

  /// The place of a step.
  public init(_ info: StepInfo) {
    index = info.index
    phase = info.phase
    title = info.title
    line = info.location.line
  }

  fileprivate var words: String {
    (phase == .steps ? "" : "\(phase.rawValue): ") + "\(title) (line \(line))"
  }
}
