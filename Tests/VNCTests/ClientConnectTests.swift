import Pixels
import Testing
import VNC

/// One Xvnc after the other, so that they do not take the time from each other.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ClientDesktopTests {}

extension ClientDesktopTests {
  /// What connecting comes to.
  private func outcome(
    _ address: VNCEndpoint.Address, password: String? = nil, _ options: VNCOptions = .init()
  ) async -> Result<VNCConnection, VNCError> {
    do throws(VNCError) {
      let endpoint = VNCEndpoint(address: address, password: password)
      return .success(try await .connect(to: endpoint, options: options))
    } catch {
      return .failure(error)
    }
  }

  /// An Xvnc that wants the password `secret12`, whose hidden form this is.
  private func guardedDesktop() throws -> ClientDesktop {
    try ClientDesktop(security: ["-SecurityTypes=VncAuth", "-Password=24b5ae4ce15503c6"])
  }

  @Test func `connects to a real server and has its whole picture`() async throws {
    let desktop = try ClientDesktop(width: 640, height: 480)
    let connection = try await desktop.connect()
    let size = await connection.size
    #expect(size == PixelSize(width: 640, height: 480))
    #expect(await connection.sequence == 1)
    #expect(await connection.desktopName.isEmpty == false)
    let frame = try await connection.frame()
    #expect(frame.size == size)
    await connection.close()
  }

  @Test func `connects over a unix socket`() async throws {
    let path = "/tmp/qa-vnc-\(UInt64.random(in: 0...UInt64.max)).sock"
    let desktop = try ClientDesktop(extra: ["-rfbunixpath", path, "-rfbport=-1"])
    let connection = try await VNCConnection.connect(
      to: VNCEndpoint(address: .unix(path: path)))
    #expect(await connection.size == PixelSize(width: 640, height: 480))
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `is let in with the right password`() async throws {
    let desktop = try guardedDesktop()
    let result = await outcome(desktop.endpoint.address, password: "secret12")
    let connection = try result.get()
    #expect(await connection.size == PixelSize(width: 640, height: 480))
    await connection.close()
  }

  @Test func `says that the password is wrong without showing it`() async throws {
    let desktop = try guardedDesktop()
    let result = await outcome(desktop.endpoint.address, password: "hunter22")
    #expect(result.code == .authenticationFailed)
    #expect(result.message.contains("does not accept the password"))
    #expect(result.message.contains("127.0.0.1:\(desktop.port)"))
    #expect(!result.message.contains("hunter22"))
  }

  @Test func `says that a password is wanted`() async throws {
    let desktop = try guardedDesktop()
    #expect(await outcome(desktop.endpoint.address).code == .passwordRequired)
    #expect(await outcome(desktop.endpoint.address, password: "").code == .passwordRequired)
  }

  @Test func `does not give a password to a server that wants none`() async throws {
    let desktop = try ClientDesktop()
    let result = await outcome(desktop.endpoint.address, password: "secret12")
    #expect(result.code == .unsupportedSecurity)
    #expect(result.message.contains("asks for no password"))
  }

  @Test func `says that nobody listens`() async throws {
    let port = try ClientFakeServer().port
    let result = await outcome(.tcp(host: "127.0.0.1", port: port))
    #expect(result.code == .refused)
    #expect(result.message.contains("vnc://127.0.0.1:\(port)"))
  }

  @Test func `says that an address is no address`() async throws {
    #expect(await outcome(.unix(path: "/nowhere/vnc.sock")).code == .unreachable)
    #expect(await outcome(.unix(path: String(repeating: "x", count: 300))).code == .unreachable)
    #expect(await outcome(.tcp(host: "", port: 5900)).code == .unreachable)
    #expect(await outcome(.tcp(host: "127.0.0.1", port: 70_000)).code == .unreachable)
    #expect(await outcome(.tcp(host: "no-such-host.invalid", port: 5900)).code == .unreachable)
  }

  @Test func `descriptors beyond those that select can see are no trouble`() async throws {
    let desktop = try ClientDesktop()
    let crowd = ClientDescriptors(upTo: 1100)
    try #require(crowd.highest > 1024)
    let connection = try await desktop.connect()
    #expect(try await connection.frame().size.width == 640)
    await connection.close()
    crowd.close()
  }

  @Test func `a refresh ends with the connection`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    desktop.kill()
    let refresh = await result { () async throws(VNCError) in
      try await connection.refresh(upTo: .seconds(30))
    }
    #expect(refresh.code == .closed)
    await connection.close()
  }

  @Test func `stops connecting when the task is cancelled`() async throws {
    let server = try ClientFakeServer()
    async let served: Void = server.serve { $0.waitForEnd() }
    let address = VNCEndpoint.Address.tcp(host: "127.0.0.1", port: server.port)
    let task = Task { await outcome(address) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value.code == .cancelled)
    await served
  }

  @Test func `closing ends a wait`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    async let wait = result {
      () async throws(VNCError) in
      try await connection.waitForChange(after: 1_000_000, upTo: .seconds(30))
    }
    try await Task.sleep(for: .milliseconds(50))
    await connection.close()
    #expect(await wait.code == .closed)
    #expect(
      await result { () async throws(VNCError) in try await connection.frame() }.code == .closed)
    await connection.close()
  }

  @Test func `a server that dies ends a wait`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    async let wait = result {
      () async throws(VNCError) in
      try await connection.waitForChange(after: 1_000_000, upTo: .seconds(30))
    }
    try await Task.sleep(for: .milliseconds(50))
    desktop.kill()
    #expect(await wait.code == .closed)
    await connection.close()
  }

  @Test func `cancelling ends a wait and leaves the connection usable`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let task = Task {
      await result {
        () async throws(VNCError) in
        try await connection.waitForChange(after: 1_000_000, upTo: .seconds(30))
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value.code == .cancelled)
    #expect(try await connection.frame().size.width == 640)
    await connection.close()
  }

  /// What a call comes to, as a value.
  func result<Value: Sendable>(
    _ body: @Sendable () async throws(VNCError) -> Value
  ) async -> Result<Value, VNCError> {
    do throws(VNCError) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
