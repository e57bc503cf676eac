import Glibc
import Platform
import Testing

struct SocketTests {
  private func read(_ socket: Socket) -> (Socket.Reading, [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: 16)
    let reading = bytes.withUnsafeMutableBytes { socket.read(into: $0) }
    return (reading, bytes)
  }

  @Test func `each of a pair reads what is written to the other, until it is ended`() throws {
    let (left, right) = try Socket.pair()
    #expect(read(right).0 == .nothingYet)
    #expect([UInt8]("hello".utf8).withUnsafeBytes { left.writeSome($0) } == 5)
    left.endWriting()
    let (reading, bytes) = read(right)
    #expect(reading == .bytes(5))
    #expect(bytes.prefix(5) == Array("hello".utf8)[...])
    #expect(read(right).0 == .ended)
    #expect([1].withUnsafeBytes { right.writeSome($0) } > 0)
    #expect(read(left).0 != .ended)
  }

  @Test func `writes what there is room for and no more`() throws {
    let (left, right) = try Socket.pair()
    let bytes = [UInt8](repeating: 7, count: 1 << 20)
    var sent = 0
    while true {
      let count = bytes.withUnsafeBytes { left.writeSome($0) }
      if count == 0 { break }
      try #require(count > 0)
      sent += count
    }
    #expect(sent > 0)
    right.breakOff()
    #expect(bytes.withUnsafeBytes { left.writeSome($0) } == -Int(EPIPE))
  }

  @Test func `a watch tells which descriptor is ready, and which is hung up`() throws {
    let watch = DescriptorWatch()
    let (left, right) = try Socket.pair()
    let (other, _) = try Socket.pair()
    watch.set(right.descriptor, reads: true, writes: false)
    #expect(watch.ready() == [])
    _ = [1].withUnsafeBytes { left.writeSome($0) }
    #expect(watch.ready().map(\.descriptor) == [right.descriptor])
    #expect(watch.ready().map(\.isHungUp) == [false])
    watch.set(right.descriptor, reads: false, writes: false)
    #expect(watch.ready() == [])
    watch.set(right.descriptor, reads: false, writes: true)
    #expect(watch.ready().map(\.descriptor) == [right.descriptor])
    watch.remove(right.descriptor)
    #expect(watch.ready() == [])
    // The far end of this one is closed already.
    watch.set(other.descriptor, reads: false, writes: false)
    #expect(watch.ready().map(\.isHungUp) == [true])
  }
}
