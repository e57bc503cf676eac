import Platform
import Synchronization
import Testing

@testable import VNC

/// Connections that somebody else makes for us.
@Suite(.serialized, .timeLimit(.minutes(5)))
final class ClientDialerTests {
  private let certificates: ClientCertificates

  init() throws { certificates = try ClientCertificates() }

  private func failure(_ endpoint: VNCEndpoint) async -> VNCError? {
    do throws(VNCError) {
      let connection = try await VNCConnection.connect(to: endpoint)
      await connection.close()
      return nil
    } catch {
      return error
    }
  }

  @Test func `the address is left to the dialer, and a reconnect asks it again`() async throws {
    let desktop = try ClientDesktop()
    let calls = Calls()
    var endpoint = VNCEndpoint(address: .unix(path: "/on/the/host"))
    endpoint.dialer = calls.way(to: desktop)
    let connection = try await VNCConnection.connect(to: endpoint)
    #expect(connection.endpoint.description == "unix:/on/the/host via a tunnel")
    let again = try await connection.reconnect()
    #expect(calls.all == [endpoint.address, endpoint.address])
    await again.close()
  }

  @Test func `a way that fails is an error that names both ends`() async throws {
    var endpoint = VNCEndpoint(address: .tcp(host: "shop", port: 5901))
    endpoint.dialer = VNCDialer(through: "a tunnel") { _, _ in
      .failure(VNCDialer.Failure(.untrusted, "the way is closed"))
    }
    let error = await failure(endpoint)
    #expect(error?.code == .untrusted)
    #expect(
      error?.message == "vnc://shop:5901 via a tunnel cannot be reached: the way is closed")
  }

  @Test func `TLS through a dialer still wants the name in the address`() async throws {
    let desktop = try ClientDesktop(
      security: [
        "-SecurityTypes=X509None", "-X509Key=\(certificates.file("server.key"))",
        "-X509Cert=\(certificates.file("server.pem"))",
      ])
    let calls = Calls()
    var endpoint = VNCEndpoint(
      address: .tcp(host: "localhost", port: 1),
      security: VNCSecurity(caFile: certificates.file("ca.pem")))
    endpoint.dialer = calls.way(to: desktop)
    let connection = try await VNCConnection.connect(to: endpoint)
    #expect(await connection.security == .x509None)
    await connection.close()

    endpoint.address = .tcp(host: "shop.example", port: 1)
    let error = await failure(endpoint)
    #expect(error?.code == .untrusted)
    #expect(error?.message.contains("shop.example") == true)
  }
}

/// The addresses that a dialer was asked for.
private final class Calls: Sendable {
  private let addresses = Mutex<[VNCEndpoint.Address]>([])

  var all: [VNCEndpoint.Address] { addresses.withLock { $0 } }

  /// A way that leads to a desktop of this machine, whatever the address says.
  func way(to desktop: ClientDesktop) -> VNCDialer {
    let port = desktop.port
    return VNCDialer(through: "a tunnel") { [self] address, deadline in
      addresses.withLock { $0.append(address) }
      do throws(Socket.Failure) {
        return .success(try .connect(host: "127.0.0.1", port: port, until: deadline) { _ in })
      } catch {
        return .failure(VNCDialer.Failure(.refused, "\(error)"))
      }
    }
  }
}
