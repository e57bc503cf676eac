internal import SSH
internal import Session
internal import VNC

/// Somebody else's VNC server, reached through an SSH host.
struct TunnelledScreen: ScreenSource {
  private let endpoint: VNCEndpoint
  private let line: SSHLine

  init(endpoint: VNCEndpoint, through settings: SSHSettings) {
    line = SSHLine(settings)
    var endpoint = endpoint
    endpoint.dialer = line.dialer
    self.endpoint = endpoint
  }

  var drawsLater: Bool { false }

  /// Signs in to the host first, which has limits of its own.
  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    do throws(SSHError) {
      _ = try await line.open()
    } catch {
      throw Fault(
        .host, "\(endpoint) cannot be reached: \(error.message)", isTransient: error.mayPass)
    }
    return (endpoint, endpoint.description)
  }

  func applicationProblem() async -> String? { nil }

  func stop() async { await line.close() }
}
