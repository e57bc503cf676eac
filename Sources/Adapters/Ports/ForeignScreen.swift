internal import SSH
internal import Scenario
internal import Story
internal import VNC

/// Somebody else's VNC server, reached directly or through an SSH host.
struct ForeignScreen: ScreenSource {
  let endpoint: VNCEndpoint
  /// The host that it is reached through; nil where this machine reaches it by itself.
  private let line: SSHLine?

  /// The VNC server that a target names; nil when it names none.
  ///
  /// - Parameters:
  ///   - root: where relative paths start.
  ///   - secrets: the values of secrets, by name.
  ///   - line: the line to the target's SSH host; used only where the screen is reached through it.
  init?(
    _ target: TargetSpec, root: String, secrets: [String: String], over line: SSHLine?
  ) throws(Fault) {
    guard case .vnc(let address, let password, let protection, _) = target.screen else {
      return nil
    }
    let values = SecretValues(secrets)
    var endpoint = try VNCAddress.parse(
      try values.fill(address), password: try values.fill(password))
    endpoint.security = try VNCSecurity(protection, values, root: root)
    self.line = target.isReachedByHost ? line : nil
    endpoint.dialer = self.line?.dialer
    self.endpoint = endpoint
  }

  /// What a typing profile for it is kept under.
  var typingKey: String { endpoint.description }

  /// Where this machine reaches it by itself; nil where an SSH host does.
  var ownAddress: VNCEndpoint.Address? { line == nil ? endpoint.address : nil }

  var drawsLater: Bool { false }

  /// Signs in to the host first, if there is one, which has limits of its own.
  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    do throws(SSHError) {
      _ = try await line?.open()
    } catch {
      throw Fault(
        .host, "\(endpoint) cannot be reached: \(error.message)", isTransient: error.mayPass)
    }
    return (endpoint, endpoint.description)
  }

  func stop() async { await line?.close() }
}

extension VNCSecurity {
  /// What a target says about the protection of its connection.
  init(
    _ protection: TargetSpec.VNCProtection, _ values: SecretValues, root: String
  ) throws(Fault) {
    let types = protection.accepted.compactMap(VNCSecurityType.init(named:))
    self.init(
      accepted: types.isEmpty ? nil : types,
      caFile: protection.caFile.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 },
      fingerprint: protection.fingerprint.flatMap(CertificateFingerprint.init),
      userName: try values.fill(protection.user))
  }
}
