import Glibc
import Platform
import SSHServer
import Testing

@testable import SSH

/// Connections that a real host makes for us.
@Suite(.serialized) struct TunnelTests {
  private static var soon: ContinuousClock.Instant { .now + .seconds(60) }

  @Test(arguments: [Target.Kind.tcp, .unix])
  func `bytes go both ways whole and in order, and each way ends by itself`(
    _ kind: Target.Kind
  ) async throws {
    let host = try await SSHServer()
    let target = try Target(kind, in: host.folder.path)
    let session = try await host.open()
    let near = try await target.open(session)
    let far = try target.accept()
    let size = 8 << 20
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, (from, to)) in [(near, far), (far, near)].enumerated() {
        let bytes = Self.bytes(size, seed: UInt64(index + 1))
        group.addTask { try await inThread { try from.sendAll(bytes) } }
        group.addTask {
          let received = try await inThread { try to.receiveAll() }
          #expect(received == bytes)
        }
      }
      try await group.waitForAll()
    }
    await session.close()
  }

  @Test func `one way goes on when the other has ended`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    let session = try await host.open()
    let near = try await target.open(session)
    let far = try target.accept()
    near.endWriting()
    #expect(try await inThread { try far.receiveAll() } == [])
    try await inThread { try far.sendAll(Array("still here".utf8)) }
    #expect(try await inThread { try near.receiveAll() } == Array("still here".utf8))
    await session.close()
  }

  @Test func `closing our end closes the connection`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    let session = try await host.open()
    var near: Socket? = try await target.open(session)
    let far = try target.accept()
    try near?.sendSome(Array("bye".utf8))
    near = nil
    #expect(try await inThread { try far.receiveAll() } == Array("bye".utf8))
    // What the other side still says has nowhere to go, and keeps nobody.
    let again = try await target.open(session)
    let other = try target.accept()
    try again.sendSome([1])
    #expect(try await inThread { try other.receive(1) } == [1])
    await session.close()
  }

  @Test func `a tunnel that nobody reads holds up no other, and little memory`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    let session = try await host.open()
    let idle = try await target.open(session)
    let flood = try target.accept()
    let isOver = Locked(false)
    let sent = Locked(0)
    let flooding = Task.detached {
      try? await inThread {
        let bytes = [UInt8](repeating: 1, count: 1 << 16)
        while !isOver.withLock({ $0 }) {
          var entry = pollfd(fd: flood.descriptor, events: Int16(POLLOUT), revents: 0)
          guard poll(&entry, 1, 50) > 0 else { continue }
          let count = bytes.withUnsafeBytes { flood.writeSome($0) }
          if count < 0 { return }
          sent.withLock { $0 += count }
        }
      }
    }
    let busy = try await target.open(session)
    let far = try target.accept()
    let bytes = Self.bytes(4 << 20, seed: 3)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await inThread { try far.sendAll(bytes) } }
      group.addTask {
        let received = try await inThread { try busy.receiveAll() }
        #expect(received == bytes)
      }
      try await group.waitForAll()
    }
    #expect(try await session.run("echo on").output.bytes == Array("on\n".utf8))
    isOver.withLock { $0 = true }
    await flooding.value
    // Buffers of the kernel, of sshd and of ours; without back-pressure this goes on for ever.
    #expect(sent.withLock { $0 } < 32 << 20)
    _ = idle
    await session.close()
  }

  @Test func `many tunnels at once`() async throws {
    let host = try await SSHServer()
    let target = try Target(.unix, in: host.folder.path)
    let session = try await host.open()
    var pairs: [(Socket, Socket)] = []
    for _ in 0..<30 {
      let near = try await target.open(session)
      pairs.append((near, try target.accept()))
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, (near, far)) in pairs.enumerated() {
        let bytes = Self.bytes(100_000, seed: UInt64(index + 1))
        group.addTask { try await inThread { try near.sendAll(bytes) } }
        group.addTask {
          let received = try await inThread { try far.receiveAll() }
          #expect(received == bytes)
        }
      }
      try await group.waitForAll()
    }
    await session.close()
  }

  @Test func `there is a limit of channels, and a closed one makes room`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    var settings = host.settings
    settings.limits.channels = 2
    let session = try await SSHSession.open(settings)
    let first = try await target.open(session)
    var second: Socket? = try await target.open(session)
    let (_, far) = (try target.accept(), try target.accept())
    let error = try await failure { try await target.open(session) }
    #expect(error.code == .invalidRequest)
    _ = second
    second = nil
    #expect(try await inThread { try far.receiveAll() } == [])
    far.endWriting()
    while (try? await target.open(session)) == nil { await Task.yield() }
    _ = first
    await session.close()
  }

  @Test func `says where nobody listens`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let port = try SSHServer.freePort()
    let tcp = try await failure {
      try await session.tunnel(toHost: "127.0.0.1", port: port, until: Self.soon)
    }
    #expect(tcp.code == .channelRefused)
    #expect(tcp.message.contains("127.0.0.1:\(port)"), "\(tcp)")
    #expect(tcp.message.contains("\(session.address)"), "\(tcp)")
    let unix = try await failure {
      try await session.tunnel(toPath: "/nowhere/socket", until: Self.soon)
    }
    #expect(unix.code == .channelRefused)
    #expect(unix.message.contains("/nowhere/socket"), "\(unix)")
    #expect(try await session.run("echo on").output.bytes == Array("on\n".utf8))
    await session.close()
  }

  @Test func `a host that forbids forwarding says so`() async throws {
    let host = try await SSHServer(["AllowTcpForwarding no", "AllowStreamLocalForwarding no"])
    let target = try Target(.tcp, in: host.folder.path)
    let session = try await host.open()
    let error = try await failure { try await target.open(session) }
    #expect(error.code == .channelRefused)
    #expect(error.message.contains("prohibited"), "\(error)")
    #expect(error.message.contains("AllowTcpForwarding"), "\(error)")
    await session.close()
  }

  @Test func `a host that dies ends all tunnels`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    let session = try await host.open()
    let near = try await target.open(session)
    let far = try target.accept()
    try near.sendSome([1])
    #expect(try await inThread { try far.receive(1) } == [1])
    await host.kill()
    #expect(try await inThread { try near.receiveAll() } == [])
    while await session.isOpen { await Task.yield() }
    let error = try await failure { try await target.open(session) }
    #expect(error.code == .closed)
  }

  @Test func `a host that is frozen is noticed`() async throws {
    let host = try await SSHServer()
    let target = try Target(.tcp, in: host.folder.path)
    var settings = host.settings
    settings.limits.silence = .seconds(2)
    let session = try await SSHSession.open(settings)
    let near = try await target.open(session)
    let far = try target.accept()
    let processes = try await session.run("echo $PPID").output.bytes
    let child = try #require(
      pid_t(String(decoding: processes, as: UTF8.self).filter(\.isNumber)))
    try #require(kill(child, SIGSTOP) == 0)
    defer { kill(child, SIGCONT) }
    #expect(try await inThread { try near.receiveAll() } == [])
    let error = try await failure { try await session.run("true") }
    #expect(error.code == .timedOut)
    #expect(error.message.contains("not alive"), "\(error)")
    _ = far
  }

  private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}
