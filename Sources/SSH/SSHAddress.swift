/// Where an SSH host is, and as whom we sign in.
public struct SSHAddress: Hashable, Sendable, CustomStringConvertible {
  /// The user.
  public let user: String
  /// The host: a name or an address, IPv6 without brackets.
  public let host: String
  /// The TCP port, 1…65535.
  public let port: Int

  /// An address.
  public init(user: String, host: String, port: Int = 22) {
    self.user = user
    self.host = host
    self.port = port
  }

  /// Reads `ssh://user@host:port`, also without the scheme or the port; nil for anything else.
  public init?(parsing text: String) {
    var rest = text[...]
    if rest.hasPrefix("ssh://") { rest = rest.dropFirst(6) }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard let at = rest.lastIndex(of: "@") else { return nil }
    let user = rest[..<at]
    guard Self.isUsable(user), !user.contains(":"),
      let (host, port) = Self.place(rest[rest.index(after: at)...])
    else { return nil }
    self.init(user: String(user), host: host, port: port)
  }

  private static func place(_ text: Substring) -> (host: String, port: Int)? {
    var host = text
    var port: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    guard isUsable(host) else { return nil }
    guard let port else { return (String(host), 22) }
    guard let number = Int(port), (1...65_535).contains(number) else { return nil }
    return (String(host), number)
  }

  private static func isUsable(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 255
      && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "/" }
  }

  /// `ssh://user@host:port`.
  public var description: String {
    "ssh://\(user)@\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}
