/// An SSH host, and all that is needed to trust it and to be let in.
public struct SSHSettings: Sendable {
  /// How we prove who we are.
  ///
  /// Nothing but the one that is set is ever offered.
  public enum Credential: Sendable {
    /// The path of a private key without a passphrase, readable by its owner only.
    case identity(path: String)
    /// A password; also the answer to a keyboard-interactive prompt.
    case password(String)
    /// An SSH agent, by the path of its socket.
    case agent(socket: String)
  }

  /// Where the host is.
  public var address: SSHAddress
  /// How we prove who we are.
  public var credential: Credential
  /// The path of the file of known hosts; it is only read.
  public var knownHosts: String
  /// The hosts to go through, the first one first.
  public var jumps: [SSHSettings]
  /// The limits.
  public var limits: SSHLimits

  /// Settings; the paths are absolute.
  public init(
    address: SSHAddress, credential: Credential, knownHosts: String, jumps: [SSHSettings] = [],
    limits: SSHLimits = SSHLimits()
  ) {
    self.address = address
    self.credential = credential
    self.knownHosts = knownHosts
    self.jumps = jumps
    self.limits = limits
  }
}

/// How long a host may take, and how much it may ask of us.
public struct SSHLimits: Sendable {
  /// For the connection, the exchange of keys and the look at the host's key.
  public var connect: Duration = .seconds(15)
  /// For being let in.
  public var authentication: Duration = .seconds(15)
  /// For the answer to the opening of a channel.
  public var opening: Duration = .seconds(15)
  /// After how much silence a host is asked for a sign of life, at least 2 s; after three times as long it
  /// counts as dead.
  public var silence: Duration = .seconds(15)
  /// Channels at one time: commands, tunnels, and those that are being closed.
  public var channels = 64
  /// Bytes that libssh2 may hold for the session.
  public var memory = 96 << 20

  /// The default limits.
  public init() {}
}
