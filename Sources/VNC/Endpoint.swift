/// Where an RFB server listens and what proves that we may connect.
public struct VNCEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// The two kinds of address.
  public enum Address: Hashable, Sendable {
    /// A host and a TCP port, 1…65535.
    case tcp(host: String, port: Int)
    /// The path of a unix socket.
    case unix(path: String)
  }

  /// The address.
  public var address: Address
  /// The password; of a VNC password servers look at the first eight bytes only.
  public var password: String?
  /// What the server must prove, and how we may prove ourselves.
  public var security: VNCSecurity
  /// What leads to the address; nil when this machine reaches it by itself.
  public var dialer: VNCDialer?

  /// An endpoint.
  public init(
    address: Address, password: String? = nil, security: VNCSecurity = VNCSecurity(),
    dialer: VNCDialer? = nil
  ) {
    self.address = address
    self.password = password
    self.security = security
    self.dialer = dialer
  }

  /// The address and the way to it: never the password.
  public var description: String {
    let place =
      switch address {
      case .tcp(let host, let port): "vnc://\(host):\(port)"
      case .unix(let path): "unix:\(path)"
      }
    return dialer.map { "\(place) via \($0)" } ?? place
  }
}
