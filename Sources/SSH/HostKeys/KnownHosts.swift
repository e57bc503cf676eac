/// The keys that hosts are known by: a file in the format of OpenSSH (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
///
/// It decides alone whether a server is the one we mean. What it cannot read is an error, and nothing in
/// it is ever guessed.
struct KnownHosts: Sendable {
  /// What a line says about its key.
  enum Marker: Hashable, Sendable {
    /// Hosts have this key.
    case trusted
    /// The key is of an authority that certifies hosts; that is not checked here, and no plain key matches.
    case authority
    /// The key must not be used any more.
    case revoked
  }

  /// One line.
  struct Entry: Sendable {
    let line: Int
    let marker: Marker
    let hosts: HostPattern
    let key: HostKey
  }

  /// Why a file cannot be used.
  struct Malformed: Error, Hashable {
    let line: Int
    let reason: String
  }

  /// What the file says about a server's key.
  enum Verdict: Hashable, Sendable {
    /// The host has this key.
    case match
    /// The host has no key of this type in the file; `others` are the types that it has.
    case unknown(others: [String], authorities: [Int])
    /// The host has another key of the same type.
    case changed(known: [Known])
    /// The key must not be used any more.
    case revoked(line: Int)
  }

  /// A key and where it stands.
  struct Known: Hashable, Sendable {
    let fingerprint: String
    let line: Int
  }

  let entries: [Entry]

  /// Reads the bytes of a file.
  init(_ bytes: [UInt8]) throws(Malformed) {
    var entries: [Entry] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let entry = try Self.entry(line, number: index + 1) { entries.append(entry) }
    }
    self.entries = entries
  }

  /// The lines about a server; a port other than 22 is only meant by `[host]:port`.
  func entries(host: String, port: Int) -> [Entry] {
    let name = Self.name(host: host, port: port)
    return entries.filter { $0.hosts.matches(name) }
  }

  /// The types of the keys that a server is known by, without those that are revoked.
  func types(host: String, port: Int) -> [String] {
    let entries = entries(host: host, port: port)
    let revoked = entries.filter { $0.marker == .revoked }.map(\.key)
    return entries.filter { $0.marker == .trusted && !revoked.contains($0.key) }.map(\.key.type)
  }

  /// Whether a server is known by a key.
  func verdict(on key: HostKey, host: String, port: Int) -> Verdict {
    let entries = entries(host: host, port: port)
    if let entry = entries.first(where: { $0.marker == .revoked && $0.key == key }) {
      return .revoked(line: entry.line)
    }
    let trusted = entries.filter { $0.marker == .trusted }
    if trusted.contains(where: { $0.key == key }) { return .match }
    let same = trusted.filter { $0.key.type == key.type }
    guard same.isEmpty else {
      return .changed(known: same.map { Known(fingerprint: $0.key.fingerprint, line: $0.line) })
    }
    return .unknown(
      others: trusted.map(\.key.type),
      authorities: entries.filter { $0.marker == .authority }.map(\.line))
  }

  /// The name that a file knows a server by.
  static func name(host: String, port: Int) -> String {
    let host = host.lowercased()
    return port == 22 ? host : "[\(host)]:\(port)"
  }
}
