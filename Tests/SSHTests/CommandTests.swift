import Glibc
import Platform
import SSHServer
import Testing

@testable import SSH

/// Commands on a real host.
@Suite(.serialized) struct CommandTests {
  @Test func `runs a command and says how it ended`() async throws {
    let host = try await SSHServer(["LogLevel VERBOSE"])
    let session = try await host.open()
    let good = try await session.run("echo out; echo err >&2")
    #expect(good.ending == .exited(0))
    #expect(good.output.bytes == Array("out\n".utf8))
    #expect(good.errors.bytes == Array("err\n".utf8))
    #expect(try await session.run("exit 3").ending == .exited(3))
    #expect(try await session.run("kill -KILL $$").ending == .signalled("KILL"))
    #expect(try await session.run("exit 255").ending == .exited(255))
    await session.close()
  }

  @Test func `bytes come as they are`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let result = try await session.run(#"printf '\377\376\000\033[31m\n'"#)
    #expect(result.output.bytes == [0xFF, 0xFE, 0x00, 0x1B] + Array("[31m\n".utf8))
    await session.close()
  }

  @Test func `feeds a command and ends its input`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var limits = SSHCommandLimits()
    limits.kept = 4 << 20
    let result = try await session.run("cat", stdin: bytes, limits: limits)
    #expect(result.ending == .exited(0))
    #expect(result.output.bytes == bytes)
    await session.close()
  }

  @Test func `a command that reads nothing ends all the same`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let result = try await session.run("exit 4", stdin: [UInt8](repeating: 7, count: 4 << 20))
    #expect(result.ending == .exited(4))
    await session.close()
  }

  @Test func `both outputs are read at once`() async throws {
    let host = try await SSHServer(["LogLevel VERBOSE"])
    let session = try await host.open()
    let result = try await session.run(
      "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; echo end")
    #expect(result.ending == .exited(0))
    #expect(result.errors.total == 3_000_000)
    #expect(result.output.total == 3_000_004)
    #expect(result.output.tail.suffix(4) == Array("end\n".utf8)[...])
    #expect(result.output.isTruncated && result.errors.isTruncated)
    await session.close()
  }

  @Test func `endless output is stopped, and the session goes on`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let result = try await session.run("yes")
    #expect(result.ending == .tooMuchOutput)
    #expect(result.output.isTruncated)
    #expect(result.output.head.count == 256 << 10)
    #expect(result.output.tail.count == 256 << 10)
    #expect(try await session.run("echo on").output.bytes == Array("on\n".utf8))
    await session.close()
  }

  @Test func `a command whose time is up leaves what it said, and the session goes on`()
    async throws
  {
    let host = try await SSHServer()
    let session = try await host.open()
    var limits = SSHCommandLimits()
    limits.time = .seconds(2)
    let result = try await session.run("echo begun; exec sleep 600", limits: limits)
    #expect(result.ending == .timedOut)
    #expect(result.output.bytes == Array("begun\n".utf8))
    #expect(try await session.run("echo on").output.bytes == Array("on\n".utf8))
    await session.close()
  }

  @Test func `cancelling ends the wait, and the session goes on`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let mark = host.file("mark")
    let task = Task { try await session.run("echo > \(mark); exec sleep 600") }
    while access(mark, F_OK) != 0 { await Task.yield() }
    task.cancel()
    let error = try await failure { try await task.value }
    #expect(error.code == .cancelled)
    #expect(try await session.run("echo on").output.bytes == Array("on\n".utf8))
    await session.close()
  }

  @Test func `many commands run at once`() async throws {
    let host = try await SSHServer(["MaxSessions 20"])
    let session = try await host.open()
    let results = try await withThrowingTaskGroup(of: (Int, SSHCommandResult).self) { group in
      for number in 0..<16 {
        group.addTask {
          (number, try await session.run("cat; exit \(number)", stdin: [UInt8(number)]))
        }
      }
      return try await group.reduce(into: [Int: SSHCommandResult]()) { $0[$1.0] = $1.1 }
    }
    for number in 0..<16 {
      #expect(results[number]?.ending == .exited(UInt32(number)))
      #expect(results[number]?.output.bytes == [UInt8(number)])
    }
    await session.close()
  }

  @Test func `a host that dies leaves the outcome open, and says so`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let mark = host.file("mark")
    let task = Task { try await session.run("echo > \(mark); exec sleep 600") }
    while access(mark, F_OK) != 0 { await Task.yield() }
    await host.kill()
    let error = try await failure { try await task.value }
    #expect(error.code == .closed)
    #expect(error.message.contains("unknown"))
    let later = try await failure { try await session.run("true") }
    #expect(later.code == .closed)
    #expect(await !session.isOpen)
  }

  @Test func `keys are exchanged anew in the middle of a command`() async throws {
    let host = try await SSHServer(["RekeyLimit 1M"])
    let session = try await host.open()
    let bytes = [UInt8](repeating: 42, count: 6 << 20)
    var limits = SSHCommandLimits()
    limits.kept = 8 << 20
    limits.output = 16 << 20
    let result = try await session.run("cat", stdin: bytes, limits: limits)
    #expect(result.output.bytes == bytes)
    #expect(host.log.count(of: "rekey") > 0 || host.log.count(of: "SSH2_MSG_KEXINIT sent") > 1)
    await session.close()
  }

  @Test func `a forced command runs instead`() async throws {
    let host = try await SSHServer(["ForceCommand exit 9"])
    let session = try await host.open()
    #expect(try await session.run("exit 0").ending == .exited(9))
    await session.close()
  }

  @Test(arguments: ["", String(repeating: "x", count: 16_385), "a\0b"])
  func `what is no command is not sent`(_ command: String) async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    let error = try await failure { try await session.run(command) }
    #expect(error.code == .invalidRequest)
    await session.close()
  }

  @Test func `forwards nothing, and hands over no environment`() async throws {
    let host = try await SSHServer(["AcceptEnv *", "AllowAgentForwarding yes", "X11Forwarding yes"])
    let session = try await host.open()
    let result = try await session.run("env")
    let text = String(decoding: result.output.bytes, as: UTF8.self)
    #expect(text.contains("SSH_CONNECTION="))
    for name in ["SSH_AUTH_SOCK=", "DISPLAY=", "LANG=", "LC_"] {
      #expect(!text.split(separator: "\n").contains { $0.hasPrefix(name) }, "\(text)")
    }
    #expect(!host.log.all.contains("auth-agent-req"))
    #expect(!host.log.all.contains("x11-req"))
    await session.close()
  }
}
