import Glibc
import Platform
import SSHServer
import Testing

@testable import SSH

/// A listener at the far end of tunnels.
final class Target: Sendable {
  enum Kind: Sendable { case tcp, unix }

  private let descriptor: CInt
  private let kind: Kind
  private let port: Int
  private let path: String

  init(_ kind: Kind, in folder: String) throws {
    self.kind = kind
    path = folder + "/target"
    let family = kind == .tcp ? AF_INET : AF_UNIX
    descriptor = socket(family, CInt(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    switch kind {
    case .tcp:
      // The system chooses a port that nobody has; one that was looked for first may be taken meanwhile.
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      try Self.bind(descriptor, withUnsafeBytes(of: &address) { Array($0) })
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let opened = descriptor
      let code = withUnsafeMutableBytes(of: &address) { bytes in
        bytes.baseAddress.map {
          getsockname(opened, $0.assumingMemoryBound(to: sockaddr.self), &length)
        } ?? -1
      }
      try #require(code == 0)
      port = Int(UInt16(bigEndian: address.sin_port))
    case .unix:
      port = 0
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      try Self.bind(descriptor, withUnsafeBytes(of: &address) { Array($0) })
    }
    try #require(listen(descriptor, 64) == 0)
  }

  deinit { close(descriptor) }

  private static func bind(_ descriptor: CInt, _ address: [UInt8]) throws {
    let code = address.withUnsafeBytes { bytes -> CInt in
      guard let name = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
      return Glibc.bind(descriptor, name, socklen_t(bytes.count))
    }
    try #require(code == 0, "errno \(errno)")
  }

  /// A tunnel to it.
  func open(_ session: SSHSession) async throws -> Socket {
    let deadline = ContinuousClock.now + .seconds(60)
    return switch kind {
    case .tcp: try await session.tunnel(toHost: "127.0.0.1", port: port, until: deadline)
    case .unix: try await session.tunnel(toPath: path, until: deadline)
    }
  }

  /// Our side of the next connection; there is one when `open` has returned.
  func accept() throws -> Socket {
    let accepted = Glibc.accept(descriptor, nil, nil)
    try #require(accepted >= 0)
    return Socket(adopting: accepted)
  }
}

extension Socket {
  private static var soon: ContinuousClock.Instant { .now + .seconds(120) }

  func sendSome(_ bytes: [UInt8]) throws {
    var sent = 0
    try write(bytes, until: Self.soon, counting: &sent)
  }

  /// Writes all of it and then the end.
  func sendAll(_ bytes: [UInt8]) throws {
    try sendSome(bytes)
    endWriting()
  }

  /// Reads up to the end.
  func receiveAll() throws -> [UInt8] { try receive(.max) }

  /// Reads so many bytes, or up to the end.
  func receive(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < count {
      let reading = room.withUnsafeMutableBytes { room in
        read(into: UnsafeMutableRawBufferPointer(rebasing: room.prefix(min(count, room.count))))
      }
      switch reading {
      case .bytes(let part): bytes += room.prefix(part)
      case .nothingYet: try wait(for: POLLIN, until: Self.soon)
      case .ended, .failed, .broken: return bytes
      }
    }
    return bytes
  }
}

/// Runs what blocks on a thread of its own.
func inThread<Result: Sendable>(
  _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  let thread = BlockingThread()
  return try await thread.run(body)
}

private actor BlockingThread {
  private let executor = ThreadExecutor(name: "test")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func run<Result: Sendable>(_ body: @Sendable () throws -> Result) throws -> Result { try body() }
}
