import Glibc
import Pixels
import Platform
import Props
import Testing

@testable import VNC

/// Servers that lie, babble or fall silent; each must end in an error that says what is wrong.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ClientHostileTests {
  private let impatient = VNCOptions(
    connectTimeout: .milliseconds(400), stallTimeout: .milliseconds(200))

  @Test func `refuses a screen that is too large`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 65535, height: 65535)
      peer.waitForEnd()
    }
    #expect(result.code == .tooLarge)
    #expect(result.message.contains("65535x65535"))
  }

  @Test func `refuses a screen whose sides are fine but whose area is not`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 8192, height: 8193)
      peer.waitForEnd()
    }
    #expect(result.code == .tooLarge)
  }

  @Test func `refuses a screen without pixels`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 0, height: 480)
      peer.waitForEnd()
    }
    #expect(result.code == .protocolViolation)
  }

  @Test func `tells a server of another kind from a VNC server`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.send("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
      peer.waitForEnd()
    }
    #expect(result.code == .protocolViolation)
    #expect(result.message.contains("is no VNC server"))
    #expect(result.message.contains("127.0.0.1"))
  }

  @Test func `does not wait for ever for the first word`() async throws {
    let result = try await ClientFakeServer.outcome(impatient) { $0.waitForEnd() }
    #expect(result.code == .timedOut(.handshake))
  }

  @Test func `does not wait for ever for a handshake that comes byte by byte`() async throws {
    let result = try await ClientFakeServer.outcome(impatient) { peer in
      peer.send("RFB 003")
      peer.waitForEnd()
    }
    #expect(result.code == .timedOut(.handshake))
  }

  @Test func `does not wait for ever for the first picture`() async throws {
    let result = try await ClientFakeServer.outcome(impatient) { peer in
      peer.handshake(width: 64, height: 64)
      peer.waitForEnd()
    }
    #expect(result.code == .timedOut(.firstFrame))
  }

  @Test func `does not take half a picture for a whole one`() async throws {
    let result = try await ClientFakeServer.outcome(impatient) { peer in
      peer.handshake(width: 64, height: 64)
      let half = ClientFakePeer.update(x: 0, y: 0, width: 64, height: 32, encoding: 0)
      peer.send(half + [UInt8](repeating: 9, count: 64 * 32 * 4))
      peer.waitForEnd()
    }
    #expect(result.code == .timedOut(.firstFrame))
  }

  @Test func `ends at a server that goes away in the handshake`() async throws {
    let result = try await ClientFakeServer.outcome { $0.send("RFB 003.008\n") }
    #expect(result.code == .closed)
  }

  @Test func `passes on why a server turns us away`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.send("RFB 003.008\n")
      peer.receive(12)
      let reason = "The display is in use\u{1B}[31m"
      peer.send([0] + ClientFakePeer.number32(reason.utf8.count) + Array(reason.utf8))
      peer.waitForEnd()
    }
    #expect(result.code == .refused)
    #expect(result.message.contains("The display is in use"))
    #expect(!result.message.contains("\u{1B}"))
  }

  @Test func `names the security types it cannot speak`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.send("RFB 003.008\n")
      peer.receive(12)
      peer.send([2, 19, 30])
      peer.waitForEnd()
    }
    #expect(result.code == .unsupportedSecurity)
    #expect(result.message.contains("VeNCrypt (19), Apple (30)"))
    #expect(result.message.contains("accepted is only None"))
  }

  @Test func `sends no password to a server that wants none`() async throws {
    let result = try await ClientFakeServer.outcome(password: "hunter22") { peer in
      peer.handshake(width: 8, height: 8)
      peer.waitForEnd()
    }
    #expect(result.code == .unsupportedSecurity)
    #expect(!result.message.contains("hunter22"))
  }

  @Test(arguments: [
    ClientFakePeer.update(x: 60, y: 0, width: 5, height: 1, encoding: 0),
    ClientFakePeer.update(x: 0, y: 0, width: 65535, height: 65535, encoding: 5),
    ClientFakePeer.update(x: 0, y: 0, width: 64, height: 64, encoding: 1) + [0, 1, 0, 0],
    ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 7),
    ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 16),
    ClientFakePeer.update(x: 0, y: 0, width: 0, height: 9, encoding: -308) + [0, 0, 0, 0],
    ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: -257),
    ClientFakePeer.update(x: 0, y: 0, width: 65535, height: 65535, encoding: -239),
    [3, 0, 0, 0, 0x7F, 255, 255, 255], [3, 0, 0, 0, 0x80, 0, 0, 0], [77],
    [248, 0, 0, 0, 0, 0, 0, 0, 65],
  ])
  func `hangs up on what the protocol does not allow`(message: [UInt8]) async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 64, height: 64)
      peer.send(message)
      peer.waitForEnd()
    }
    #expect(result.code == .protocolViolation)
  }

  @Test func `hangs up on a screen that grows too large`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 64, height: 64)
      peer.send(ClientFakePeer.update(x: 0, y: 0, width: 9000, height: 10, encoding: -223))
      peer.waitForEnd()
    }
    #expect(result.code == .tooLarge)
  }

  @Test func `hangs up on a storm of sizes`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 64, height: 64)
      for width in 1...200 {
        peer.send(ClientFakePeer.update(x: 0, y: 0, width: width, height: 10, encoding: -223))
      }
      peer.waitForEnd()
    }
    #expect(result.code == .protocolViolation)
  }

  @Test func `hangs up on an update that paints without end`() async throws {
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 64, height: 64)
      let rect = ClientFakePeer.update(x: 0, y: 0, width: 64, height: 32, encoding: 1).dropFirst(4)
      peer.send([0, 0, 255, 255])
      for _ in 0..<100 { peer.send(rect + [0, 0, 0, 32]) }
      peer.waitForEnd()
    }
    #expect(result.code == .protocolViolation)
  }

  @Test func `half an update is no picture, and its rest is not awaited for ever`() async throws {
    let server = try ClientFakeServer()
    let options = VNCOptions(stallTimeout: .milliseconds(200))
    async let served: Void = server.serve { peer in
      peer.handshake(width: 8, height: 8)
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256))
      peer.send(whole + [UInt8](repeating: 2, count: 100))
      peer.waitForEnd()
    }
    let connection = try await VNCConnection.connect(to: server.endpoint, options: options)
    let stopped = try await eventually {
      do throws(VNCError) {
        let frame = try await connection.frame()
        #expect(frame.pixels.allSatisfy { $0 == 1 || $0 == 0 }, "half an update is no picture")
        return false
      } catch {
        return error.code == .timedOut(.update)
      }
    }
    #expect(stopped)
    await connection.close()
    await served
  }

  @Test func `a server that takes nothing any more is noticed`() async throws {
    let server = try ClientFakeServer()
    let options = VNCOptions(stallTimeout: .milliseconds(200))
    let isOver = Locked(false)
    async let served: Void = server.serve { peer in
      peer.handshake(width: 8, height: 8)
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256))
      while !isOver.withLock({ $0 }) { usleep(1000) }
    }
    let connection = try await VNCConnection.connect(to: server.endpoint, options: options)
    let text = String(repeating: "x", count: 200_000)
    let error = await #expect(throws: VNCError.self) {
      for _ in 0..<1000 { try await connection.setClipboard(text) }
    }
    #expect(error?.code == .timedOut(.send))
    isOver.withLock { $0 = true }
    await connection.close()
    await served
  }
}
