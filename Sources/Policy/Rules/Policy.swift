internal import Diagnostics

/// What an operator permits on hosts.
///
/// A value that decides and does nothing; what the scenario says can only narrow it.
public struct Policy: Hashable, Sendable {
  /// What becomes of a host after the tests.
  public enum Target: String, CaseIterable, Hashable, Codable, Sendable {
    /// It may be thrown away.
    case disposable
    /// It is kept.
    case persistent
  }

  /// Limits of the commands of a case.
  public struct Limits: Hashable, Codable, Sendable {
    /// The time of one command.
    public var timeout: Duration?
    /// Bytes of output of one command.
    public var output: Int?
    /// Commands of one case.
    public var commands: Int?

    /// Limits; nil leaves one to who runs commands.
    public init(timeout: Duration? = nil, output: Int? = nil, commands: Int? = nil) {
      self.timeout = timeout
      self.output = output
      self.commands = commands
    }
  }

  /// The file it was read from; nil where there is none.
  public package(set) var file: String?
  /// What becomes of the hosts.
  public package(set) var target = Target.disposable
  /// The rules, in the order of the file: deny, ask, allow.
  public package(set) var rules: [PolicyRule] = []
  /// Limits.
  public package(set) var limits = Limits()
  package var defaults: [CommandClass: Decision] = [:]

  /// The policy where an operator has written none: nothing is permitted.
  public init() {}

  /// What a command of a class becomes that no rule speaks of.
  public func byDefault(_ commandClass: CommandClass) -> Decision {
    let usual: Decision = commandClass <= .probe ? .ask : Self.loosest(commandClass, target)
    return defaults[commandClass] ?? usual
  }

  /// The loosest that `defaults` may make of a class.
  package static func loosest(_ commandClass: CommandClass, _ target: Target) -> Decision {
    switch commandClass {
    case .read, .probe: .allow
    case .write, .unknown: .ask
    case .destroy: target == .persistent ? .deny : .ask
    case .network, .interpret, .escalate: .deny
    }
  }
}

/// What a scenario permits a model, out of what the operator permits.
public struct ScenarioPermissions: Hashable, Sendable {
  /// One entry of its `allow`.
  enum Entry: Hashable, Sendable {
    case pattern(CommandPattern)
    case rule(String)
    case commandClass(CommandClass)
  }

  let allow: [(text: String, entry: Entry)]
  let deny: [(text: String, pattern: CommandPattern)]

  /// Reads the entries of `permissions: ssh:`.
  ///
  /// - Throws: the first entry that means nothing, and why.
  public init(
    allow: [String], deny: [String], policy: Policy
  ) throws(ScenarioPermissionsFault) {
    var entries: [(String, Entry)] = []
    for text in allow {
      do throws(CommandPattern.Fault) {
        entries.append((text, try Self.entry(text, policy)))
      } catch {
        throw ScenarioPermissionsFault(key: "allow", text: text, message: error.message)
      }
    }
    var patterns: [(String, CommandPattern)] = []
    for text in deny {
      do throws(CommandPattern.Fault) {
        patterns.append((text, try CommandPattern(text)))
      } catch {
        throw ScenarioPermissionsFault(key: "deny", text: text, message: error.message)
      }
    }
    self.allow = entries
    self.deny = patterns
  }

  private static func entry(_ text: String, _ policy: Policy) throws(CommandPattern.Fault) -> Entry
  {
    if text.hasPrefix("rule:") {
      let id = String(text.dropFirst(5))
      let ids = policy.rules.filter { $0.decision == .allow }.map(\.id)
      guard ids.contains(id) else {
        throw CommandPattern.Fault(
          message: "the operator's policy has no allow rule “\(id)”"
            + (Suggestion.question(for: id, among: ids).map { "; " + $0 } ?? ""))
      }
      return .rule(id)
    }
    if text.hasPrefix("class:") {
      let name = String(text.dropFirst(6))
      guard let found = CommandClass(rawValue: name) else {
        throw CommandPattern.Fault(
          message: "there is no class “\(name)”; the classes are "
            + CommandClass.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return .commandClass(found)
    }
    return .pattern(try CommandPattern(text))
  }

  /// Equal texts mean equal permissions.
  public static func == (left: ScenarioPermissions, right: ScenarioPermissions) -> Bool {
    left.allow.map(\.text) == right.allow.map(\.text)
      && left.deny.map(\.text) == right.deny.map(\.text)
  }

  /// By the texts.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(allow.map(\.text))
    hasher.combine(deny.map(\.text))
  }
}

/// An entry of a scenario's permissions that means nothing.
public struct ScenarioPermissionsFault: Error, Hashable, Sendable {
  /// `allow` or `deny`.
  public var key: String
  /// The entry.
  public var text: String
  /// What is wrong, and what to do.
  public var message: String
}
