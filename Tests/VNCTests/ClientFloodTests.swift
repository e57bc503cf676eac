import Glibc
import Pixels
import Platform
import Testing

@testable import VNC

/// Servers that send much for little, or little for long; memory and time stay bounded.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ClientFloodTests {
  private let impatient = VNCOptions(
    connectTimeout: .milliseconds(800), stallTimeout: .milliseconds(100))

  /// Sends until the client is gone.
  private static func flood(_ peer: ClientFakePeer, _ bytes: [UInt8]) {
    while peer.sends(bytes) {}
  }

  @Test func `a message that comes byte by byte for ever is given up`() async throws {
    let server = try ClientFakeServer()
    async let served: Void = server.serve { peer in
      peer.handshake(width: 8, height: 8)
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256) + whole)
      while peer.sends([2]) { usleep(20_000) }
    }
    let connection = try await VNCConnection.connect(to: server.endpoint, options: impatient)
    let error = await #expect(throws: VNCError.self) {
      while true {
        _ = try await connection.waitForChange(after: 1_000_000, upTo: .milliseconds(20))
      }
    }
    #expect(error?.code == .timedOut(.update))
    await connection.close()
    await served
  }

  @Test func `scattered pixels do not keep us from the limit`() async throws {
    let result = try await ClientFakeServer.outcome(impatient) { peer in
      peer.handshake(width: 4096, height: 2048)
      var update: [UInt8] = [0, 0, 255, 255]
      for number in 0..<65_535 {
        let place = [number * 7919 % 4096, number * 104_729 % 2048, 1, 1]
        update += place.flatMap(ClientFakePeer.number16) + [0, 0, 0, 0, 9, 9, 9, 0]
      }
      Self.flood(peer, update)
    }
    #expect(result.code == .timedOut(.firstFrame))
  }

  @Test(arguments: [
    [[UInt8]](repeating: [0, 0, 0, 0], count: 1000),
    [[UInt8]](repeating: [2], count: 4000),
    [[UInt8]](repeating: [3, 0, 0, 0, 0, 0, 0, 2, 65, 66], count: 400),
    [[UInt8]](repeating: [248, 0, 0, 0, 0x80, 0, 0, 1, 0], count: 400),
    [[UInt8]](repeating: [150], count: 4000),
  ])
  func `a flood of small messages hides nothing and ends`(messages: [[UInt8]]) async throws {
    let bytes = messages.flatMap(\.self)
    let result = try await ClientFakeServer.outcome { peer in
      peer.handshake(width: 8, height: 8)
      for _ in 0..<20 { peer.send(bytes) }
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256))
      peer.waitForEnd()
    }
    #expect(result.code == nil, "the picture came after the flood")
    let endless = try await ClientFakeServer.outcome(impatient) { peer in
      peer.handshake(width: 8, height: 8)
      Self.flood(peer, bytes)
    }
    #expect(
      [.timedOut(.firstFrame), .timedOut(.send)].contains(endless.code), "\(endless.message)")
  }

  @Test func `a few bytes that order much painting leave room for others`() async throws {
    let server = try ClientFakeServer()
    async let served: Void = server.serve { peer in
      peer.handshake(width: 1024, height: 1024)
      var pixels = (0..<1021).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      while pixels.count < 1024 * 1024 * 4 { pixels += pixels }
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 1024, height: 1024, encoding: 0)
      peer.send(whole + pixels[..<(1024 * 1024 * 4)])
      let copy = ClientFakePeer.update(x: 1, y: 1, width: 1023, height: 1023, encoding: 1)
      Self.flood(peer, Array(repeating: copy + [0, 0, 0, 0], count: 500).flatMap(\.self))
    }
    let connection = try await VNCConnection.connect(to: server.endpoint)
    let first = await connection.sequence
    // Both need their turn on the thread that paints.
    #expect(try await connection.waitForChange(after: first, upTo: .seconds(10)))
    #expect(await connection.sequence > first)
    await connection.close()
    await served
  }

  @Test func `what is closed takes nothing in any more`() async throws {
    let server = try ClientFakeServer()
    let isCutOff = Locked(false)
    async let served: Void = server.serve { peer in
      peer.handshake(width: 8, height: 8)
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256))
      while peer.sends([UInt8](repeating: 2, count: 65_536)) {}
      isCutOff.withLock { $0 = errno == EPIPE || errno == ECONNRESET }
    }
    let connection = try await VNCConnection.connect(to: server.endpoint)
    await connection.close()
    await served
    #expect(isCutOff.withLock { $0 })
    // The connection itself is still there.
    #expect(await connection.sequence > 0)
  }

  @Test(arguments: [1 << 21, 0xFFFF_FFFF])
  func `a desktop name without end is refused`(length: Int) async throws {
    for security in [VNCSecurity(), VNCSecurity(accepted: [.none])] {
      let result = try await ClientFakeServer.outcome(impatient, security: security) { peer in
        peer.handshake(width: 8, height: 8, announcing: length)
        peer.waitForEnd()
      }
      #expect(result.code == .protocolViolation)
    }
  }

  @Test func `too many attempts are said to be that`() async throws {
    for security in [VNCSecurity(), VNCSecurity(accepted: [.vnc])] {
      let result = try await ClientFakeServer.outcome(password: "hunter22", security: security) {
        peer in
        peer.send("RFB 003.008\n")
        peer.receive(12)
        peer.send([1, 2])
        peer.receive(1)
        peer.send([UInt8](repeating: 5, count: 16))
        peer.receive(16)
        let reason = "Too many security failures"
        peer.send([0, 0, 0, 1] + ClientFakePeer.number32(reason.utf8.count) + Array(reason.utf8))
        peer.waitForEnd()
      }
      #expect(result.code == .authenticationFailed)
      #expect(result.message.contains("Too many security failures"))
      #expect(!result.message.contains("hunter22"))
    }
  }
}

extension ClientDesktopTests {
  @Test func `says so when another viewer takes the screen for itself`() async throws {
    let desktop = try ClientDesktop(extra: ["-NeverShared", "-AlwaysShared=0"])
    let first = try await desktop.connect()
    let second = try await desktop.connect()
    let wait = await result { () async throws(VNCError) in
      try await first.waitForChange(after: 1_000_000, upTo: .seconds(30))
    }
    #expect(wait.code == .closed)
    #expect(wait.message.contains("another viewer"))
    await first.close()
    await second.close()
  }
}
