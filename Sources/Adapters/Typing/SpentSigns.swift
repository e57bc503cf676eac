internal import Platform
internal import VNC

/// The signs outside ASCII that a server was sent as keys, over all cases and runs of this user.
///
/// Xvnc finds place for 19 of them for as long as it runs, and drops what comes later without a word, so that each
/// connection must know of those before it. One small file for each address. A server of this machine that was
/// started anew is known by its socket, and has all its places again; of others nobody knows.
struct SpentSigns: Sendable {
  /// The file; nil keeps nothing.
  let path: String?
  /// What tells this server from one that was there before it; empty for one of another machine.
  let server: String

  /// What was sent so far.
  func read() -> Set<UInt32> {
    guard let path, Files.exists(path), let bytes = try? Files.read(path, limit: 1 << 16) else {
      return []
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == server else { return [] }
    return Set(lines.dropFirst().compactMap { UInt32($0, radix: 16) })
  }

  /// Adds what was sent now; what cannot be written is known to this case alone.
  func add(_ keysyms: Set<UInt32>) {
    guard let path else { return }
    // Others may use the same server meanwhile.
    let all = read().union(keysyms)
    let lines = [server] + all.sorted().map { String($0, radix: 16) }
    try? Files.makeFolder(of: path)
    try? Files.writeAtomically(Array(lines.joined(separator: "\n").utf8), to: path)
  }
}

extension SpentSigns {
  /// What tells a server of this machine from others at the same address: the socket that it listens on.
  ///
  /// Empty for a server elsewhere.
  static func server(at address: VNCEndpoint.Address) -> String {
    let socket: String?
    switch address {
    case .unix(let path): socket = unixSocket(at: path)
    case .tcp(let host, let port):
      guard ["localhost", "127.0.0.1", "::1"].contains(host) else { return "" }
      socket = listeningSocket(at: port)
    }
    guard let socket, let boot = text("/proc/sys/kernel/random/boot_id") else { return "" }
    return "\(boot.prefix { !$0.isWhitespace }) \(socket)"
  }

  /// Of `/proc/net/tcp`: local address and port second, the state fourth, the socket tenth.
  private static func listeningSocket(at port: Int) -> String? {
    let ending = ":" + String(String(port + 0x10000, radix: 16, uppercase: true).suffix(4))
    for path in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in text(path)?.split(separator: "\n") ?? [] {
        let words = line.split(separator: " ")
        guard words.count > 9, words[1].hasSuffix(ending), words[3] == "0A" else { continue }
        return String(words[9])
      }
    }
    return nil
  }

  /// Of `/proc/net/unix`: the socket seventh, its path eighth.
  private static func unixSocket(at path: String) -> String? {
    for line in text("/proc/net/unix")?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count > 7, words[7] == path { return String(words[6]) }
    }
    return nil
  }

  private static func text(_ path: String) -> String? {
    (try? Files.read(path, limit: 4 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
