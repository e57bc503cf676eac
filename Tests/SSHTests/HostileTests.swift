import Platform
import SSHServer
import Testing

@testable import SSH

/// Passwords, and servers that misbehave: `Fixtures/double.py`.
@Suite(.serialized) struct HostileTests {
  @Test func `signs in with a password, which is offered once`() async throws {
    let double = try await Double("password")
    let session = try await double.open()
    #expect(try await session.run("status 7").ending == .exited(7))
    try await double.log.wait(for: "password tester correct horse")
    #expect(double.log.count(of: "password tester correct horse") == 1)
    #expect(double.log.count(of: "key") == 0)
    await session.close()
  }

  @Test func `a wrong password is said to be that, without it`() async throws {
    let double = try await Double("password")
    var settings = double.settings
    settings.credential = .password("battery staple")
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(error.code == .authenticationFailed)
    #expect(!error.message.contains("battery"))
    try await double.log.wait(for: "password tester")
    #expect(double.log.count(of: "password tester") == 1)
  }

  @Test func `answers a single hidden prompt with the password`() async throws {
    let double = try await Double("keyboard")
    let session = try await double.open()
    try await double.log.wait(for: "responses 'correct horse'")
    await session.close()
  }

  @Test func `gives no password to a server that asks for more`() async throws {
    let double = try await Double("prompts")
    let error = try await failure { try await double.open() }
    #expect(error.code == .authenticationFailed)
    #expect(!double.log.all.contains("correct horse"))
  }

  @Test func `a password is not given to a server with another key`() async throws {
    let double = try await Double("password")
    let other = try await Double("password")
    var settings = double.settings
    settings.knownHosts = other.settings.knownHosts
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(error.code == .hostKeyUnknown)
    #expect(!double.log.all.contains("password"))
  }

  @Test(arguments: [
    "silence", "silence after banner", "endless banner", "endless line",
  ])
  func `does not wait for ever for a handshake`(_ mode: String) async throws {
    let double = try await Double(mode)
    var settings = double.settings
    settings.limits.connect = .seconds(2)
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect([.timedOut, .protocolViolation, .closed].contains(error.code), "\(error)")
    #expect(error.message.contains("\(settings.address)"))
  }

  @Test(arguments: [
    "huge packet", "zero packet", "padding", "short kexinit", "disconnect", "hang up", "no ssh",
  ])
  func `hangs up on what is no handshake`(_ mode: String) async throws {
    let double = try await Double(mode)
    var settings = double.settings
    settings.limits.connect = .seconds(5)
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(
      [.protocolViolation, .closed, .noCommonAlgorithm, .timedOut].contains(error.code), "\(error)")
  }

  @Test func `cancelling ends a handshake`() async throws {
    let double = try await Double("silence")
    let settings = double.settings
    let task = Task { try await SSHSession.open(settings) }
    try await double.log.wait(for: "greeted")
    task.cancel()
    let error = try await failure { try await task.value }
    #expect(error.code == .cancelled)
  }

  @Test func `a missing exit status is no success`() async throws {
    let double = try await Double("password")
    let session = try await double.open()
    let result = try await session.run("no status")
    #expect(result.ending == .unknown)
    #expect(result.output.bytes == Array("done\n".utf8))
    await session.close()
  }

  @Test(arguments: ["never ends", "end but no close"])
  func `a command that never ends has its limit`(_ command: String) async throws {
    let double = try await Double("password")
    let session = try await double.open()
    var limits = SSHCommandLimits()
    limits.time = .seconds(2)
    let result = try await session.run(command, limits: limits)
    #expect(result.ending == .timedOut)
    #expect(result.output.total > 0)
    await session.close()
  }

  @Test func `refuses every channel that the server opens`() async throws {
    let double = try await Double("password")
    let session = try await double.open()
    #expect(try await session.run("open channels").ending == .exited(0))
    try await double.log.wait(for: "refused", moreThan: 3)
    #expect(double.log.count(of: "refused") == 4)
    #expect(!double.log.all.contains("opened"))
    #expect(!double.log.all.contains("-request"))
    await session.close()
  }

  @Test func `a server that runs no commands is told apart`() async throws {
    let double = try await Double("no-exec")
    let session = try await double.open()
    let error = try await failure { try await session.run("true") }
    #expect(error.code == .channelRefused)
    await session.close()
  }

  @Test func `a server that opens no channels is told apart`() async throws {
    let double = try await Double("no-channels")
    let session = try await double.open()
    let error = try await failure { try await session.run("true") }
    #expect(error.code == .channelRefused)
    #expect(error.message.contains("shortage"), "\(error)")
    await session.close()
  }

  @Test func `a connection that is lost in a command leaves its outcome unknown`() async throws {
    let double = try await Double("password")
    let session = try await double.open()
    let error = try await failure { try await session.run("vanish") }
    #expect(error.code == .closed)
    #expect(error.message.contains("unknown"))
  }

  @Test(arguments: ["ignore flood", "global flood"])
  func `a flood of messages keeps nobody from the limit, and no memory`(
    _ command: String
  ) async throws {
    let double = try await Double("password")
    var settings = double.settings
    settings.limits.memory = 16 << 20
    let session = try await SSHSession.open(settings)
    var limits = SSHCommandLimits()
    limits.time = .seconds(3)
    do throws(SSHError) {
      let result = try await session.run(command, limits: limits)
      #expect(result.ending == .timedOut)
    } catch {
      #expect(error.code == .protocolViolation, "\(error)")
      #expect(error.message.contains("16 MiB"), "\(error)")
    }
    await session.close()
  }

  @Test func `says that nobody listens, and that there is no such host`() async throws {
    let double = try await Double("hang up")
    let known = double.settings.knownHosts
    let port = try SSHServer.freePort()
    let nobody = SSHSettings(
      address: SSHAddress(user: "tester", host: "127.0.0.1", port: port),
      credential: .password("x"), knownHosts: known)
    let refused = try await failure { try await SSHSession.open(nobody) }
    #expect(refused.code == .refused)
    #expect(refused.message.contains("ssh://tester@127.0.0.1:\(port)"))
    let nowhere = SSHSettings(
      address: SSHAddress(user: "tester", host: "no-such-host.invalid"),
      credential: .password("x"), knownHosts: known)
    let unreachable = try await failure { try await SSHSession.open(nowhere) }
    #expect(unreachable.code == .unreachable)
  }
}
