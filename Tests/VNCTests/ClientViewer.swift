import Glibc
import Testing

/// A second viewer that changes the size of the screen, as a person's own viewer may.
struct ClientViewer {
  private let peer: ClientFakePeer

  /// Connects to a server without a password.
  init(port: Int) throws {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, length)
      }
    }
    try #require(code == 0)
    peer = ClientFakePeer(descriptor: descriptor)
    peer.receive(12)
    peer.send("RFB 003.008\n")
    let types = try #require(peer.receive(1).first)
    peer.receive(Int(types))
    peer.send([1])
    peer.receive(4)
    peer.send([1])
    let session = peer.receive(24)
    peer.receive(Int(session[22]) << 8 | Int(session[23]))
  }

  /// Asks for another size of the screen (SetDesktopSize with one screen, number 0).
  func resize(width: Int, height: Int) {
    let encodings: [Int32] = [0, -308]
    peer.send(
      [2, 0, 0, 2]
        + encodings.flatMap { ClientFakePeer.number32(Int(UInt32(bitPattern: $0))) })
    let size = ClientFakePeer.number16(width) + ClientFakePeer.number16(height)
    let screen = [0, 0, 0, 0, 0, 0, 0, 0] + size + [0, 0, 0, 0]
    peer.send([251, 0] + size + [1, 0] + screen)
  }

  func close() { _ = Glibc.close(peer.descriptor) }
}
