import Platform
import SSH
import SSHServer
import VNC

extension VNCBenchmark {
  /// The same screen through a real sshd on this machine.
  static func throughTunnel(
    _ screen: VNCEndpoint, _ body: (VNCEndpoint) async throws -> Void
  ) async throws {
    guard case .unix(let path) = screen.address else { return }
    let server = try await SSHServer()
    let session = try await SSHSession.open(
      SSHSettings(
        address: SSHAddress(user: SSHServer.user, host: "127.0.0.1", port: server.port),
        credential: .identity(path: server.file("user")), knownHosts: server.file("known_hosts")))
    var endpoint = screen
    endpoint.dialer = VNCDialer(through: "\(session.address)") { _, deadline in
      do throws(SSHError) {
        return .success(try await session.tunnel(toPath: path, until: deadline))
      } catch {
        return .failure(VNCDialer.Failure(.refused, error.message))
      }
    }
    try await body(endpoint)
    await session.close()
  }
}
