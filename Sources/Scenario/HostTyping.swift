/// Commands on a target's SSH host that type texts, and show what was typed, where keys do not suffice.
public struct HostTyping: Hashable, Codable, Sendable {
  /// Types what it reads from its standard input.
  public var with: String?
  /// Prints what is selected on the screen; calibration reads fields by it.
  public var read: String?
  /// Whether `with` types every text, and not only what keys cannot.
  public var all: Bool

  /// The commands.
  public init(with: String? = nil, read: String? = nil, all: Bool = false) {
    self.with = with
    self.read = read
    self.all = all
  }
}
