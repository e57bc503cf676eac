/// A policy as recordings keep it: what the operator wrote, without examples.
///
/// A recorded session is decided again by what was permitted then.
public struct PolicyRecord: Hashable, Codable, Sendable {
  /// A rule as it was written.
  public struct Rule: Hashable, Codable, Sendable {
    /// Its name.
    public var id: String
    /// What it says.
    public var decision: Decision
    /// Where it stands.
    public var file: String
    /// Its line, from 1.
    public var line: Int
    /// A pattern of commands as one text.
    public var command: String?
    /// A pattern of commands as words.
    public var words: [String]?
    /// Patterns of single words.
    public var anyWord: [String]?
    /// Classes.
    public var classes: [CommandClass]?
    /// Why.
    public var because: String?
    /// Dangerous classes that are meant.
    public var accepts: [CommandClass]
    /// Files that may be written by a redirection.
    public var writes: [String]
  }

  /// The file.
  public var file: String?
  /// What becomes of the hosts.
  public var target: Policy.Target
  /// What becomes of the classes, by name.
  public var defaults: [String: Decision]
  /// The rules in order.
  public var rules: [Rule]
  /// Limits.
  public var limits: Policy.Limits
}

extension Policy {
  /// What recordings keep of it.
  public var record: PolicyRecord {
    PolicyRecord(
      file: file, target: target,
      defaults: Dictionary(
        defaults.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }),
      rules: rules.map(PolicyRecord.Rule.init), limits: limits)
  }

  /// The policy that was recorded; nil where the record makes none.
  public init?(_ record: PolicyRecord) {
    self.init()
    file = record.file
    target = record.target
    limits = record.limits
    for (name, decision) in record.defaults {
      guard let commandClass = CommandClass(rawValue: name) else { return nil }
      defaults[commandClass] = decision
    }
    for entry in record.rules {
      guard let rule = PolicyRule(entry) else { return nil }
      rules.append(rule)
    }
  }
}

extension PolicyRecord.Rule {
  init(_ rule: PolicyRule) {
    self.init(
      id: rule.id, decision: rule.decision, file: rule.file, line: rule.line, because: rule.because,
      accepts: rule.accepts, writes: rule.writes.map(\.text))
    switch rule.subject {
    case .command(let pattern):
      words = pattern.list
      command = pattern.list == nil ? pattern.description : nil
    case .anyWord(let globs): anyWord = globs.map(\.text)
    case .classes(let found): classes = found
    }
  }

  fileprivate var subject: PolicyRule.Subject? {
    if let words { return (try? CommandPattern(words: words)).map { .command($0) } }
    if let command { return (try? CommandPattern(command)).map { .command($0) } }
    if let anyWord { return .anyWord(anyWord.map { Glob($0) }) }
    return classes.map { .classes($0) }
  }
}

extension PolicyRule {
  fileprivate init?(_ record: PolicyRecord.Rule) {
    guard let subject = record.subject else { return nil }
    self.init(
      id: record.id, decision: record.decision, file: record.file, line: record.line,
      subject: subject, because: record.because, accepts: record.accepts,
      writes: record.writes.map { Glob($0) })
  }
}
