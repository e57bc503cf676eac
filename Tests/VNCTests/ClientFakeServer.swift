import Glibc
import Platform
import Testing
import VNC

/// A server that says what a test wants it to say, true or not.
actor ClientFakeServer {
  private let executor = ThreadExecutor(name: "fake-vnc")
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private let listener: CInt
  nonisolated let port: Int

  /// Listens on a free port.
  init() throws {
    listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
    }
    try #require(bound == 0 && listen(listener, 4) == 0)
    var actual = sockaddr_in()
    var actualLength = length
    _ = withUnsafeMutablePointer(to: &actual) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(socket, $0, &actualLength)
      }
    }
    port = Int(UInt16(bigEndian: actual.sin_port))
  }

  deinit { close(listener) }

  nonisolated var endpoint: VNCEndpoint {
    VNCEndpoint(address: .tcp(host: "127.0.0.1", port: port))
  }

  /// Accepts one connection and follows the script.
  func serve(_ script: @Sendable (ClientFakePeer) -> Void) {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    let peer = ClientFakePeer(descriptor: descriptor)
    script(peer)
    close(descriptor)
  }

  /// What comes of connecting to a server that follows the script.
  static func outcome(
    _ options: VNCOptions = .init(), password: String? = nil,
    security: VNCSecurity = VNCSecurity(), _ script: @escaping @Sendable (ClientFakePeer) -> Void
  ) async throws -> Result<VNCConnection, VNCError> {
    let server = try ClientFakeServer()
    var endpoint = server.endpoint
    endpoint.password = password
    endpoint.security = security
    let target = endpoint
    return await withTaskGroup(of: Result<VNCConnection, VNCError>?.self) { group in
      group.addTask {
        await server.serve(script)
        return nil
      }
      group.addTask {
        do throws(VNCError) {
          let connection = try await VNCConnection.connect(to: target, options: options)
          await connection.close()
          return .success(connection)
        } catch {
          return .failure(error)
        }
      }
      var result: Result<VNCConnection, VNCError>?
      for await one in group { result = one ?? result }
      return result ?? .failure(VNCError(.closed, "nothing came of it"))
    }
  }
}

/// The server's end of a connection.
///
/// Sending and receiving give up after some seconds.
struct ClientFakePeer: Sendable {
  let descriptor: CInt

  init(descriptor: CInt) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    let length = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, length)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, length)
  }

  func send(_ bytes: [UInt8]) { _ = sends(bytes) }

  /// Sends; false when the client is gone.
  func sends(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  @discardableResult
  func receive(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    while got < count {
      let part = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress?.advanced(by: got), count - got, 0)
      }
      guard part > 0 else { break }
      got += part
    }
    return Array(bytes[..<got])
  }

  /// Reads until the client is gone.
  func waitForEnd() {
    while !receive(1).isEmpty {}
  }

  /// A handshake without a password, up to the client's first message.
  ///
  /// - Parameter length: how long the name is said to be, if not as long as it is.
  func handshake(width: Int, height: Int, name: String = "fake", announcing length: Int? = nil) {
    send("RFB 003.008\n")
    receive(12)
    send([1, 1])
    receive(1)
    send([0, 0, 0, 0])
    receive(1)
    let format: [UInt8] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
    let bytes = Array(name.utf8)
    send(
      Self.number16(width) + Self.number16(height) + format
        + Self.number32(length ?? bytes.count) + bytes)
  }

  /// An update of one rectangle, as far as its header goes.
  static func update(x: Int, y: Int, width: Int, height: Int, encoding: Int32) -> [UInt8] {
    [0, 0, 0, 1] + [x, y, width, height].flatMap(number16)
      + number32(Int(UInt32(bitPattern: encoding)))
  }

  static func number16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

  static func number32(_ value: Int) -> [UInt8] {
    number16(value >> 16 & 65535) + number16(value & 65535)
  }
}

extension Result where Failure == VNCError {
  var code: VNCError.Code? {
    guard case .failure(let error) = self else { return nil }
    return error.code
  }

  var message: String {
    guard case .failure(let error) = self else { return "" }
    return error.message
  }
}
