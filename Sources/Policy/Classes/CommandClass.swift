/// What a command can do, at worst.
public enum CommandClass: String, CaseIterable, Codable, Hashable, Sendable, Comparable {
  /// Cannot change anything, with the options that it has.
  case read
  /// Reads, and may take long or print much.
  case probe
  /// Changes files or state in a way that can be undone.
  case write
  /// Nobody has said what it does.
  case unknown
  /// Deletes, formats, ends programs or machines, rewrites what was.
  case destroy
  /// Opens a line to elsewhere.
  case network
  /// Runs what is given as data.
  case interpret
  /// Takes more rights than the account has.
  case escalate

  /// In the order above.
  public static func < (left: CommandClass, right: CommandClass) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// What it means, in a few words.
  public var meaning: String {
    switch self {
    case .read: "only reads"
    case .probe: "reads, and may take long or print much"
    case .write: "changes files or state"
    case .unknown: "nobody has said what it does with these words"
    case .destroy: "deletes, ends or rewrites"
    case .network: "opens a line to elsewhere"
    case .interpret: "runs what is given to it as data"
    case .escalate: "takes more rights"
    }
  }

  /// Whether a rule must name the class to permit it.
  public var mustBeAccepted: Bool {
    switch self {
    case .read, .probe, .write, .unknown: false
    case .destroy, .network, .interpret, .escalate: true
    }
  }
}
