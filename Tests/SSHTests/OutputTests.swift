import Testing

@testable import SSH

struct OutputTests {
  @Test func `keeps the beginning and the end, whatever the pieces`() {
    let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
    for piece in [1, 7, 64, 99, 100, 101, 5_000] {
      for total in [0, 1, 99, 100, 101, 199, 200, 201, 350, 5_000] {
        var output = SSHOutput(limit: 100)
        var start = 0
        while start < total {
          let end = min(start + piece, total)
          bytes[start..<end].withUnsafeBytes { output.append($0) }
          start = end
        }
        #expect(output.total == total)
        #expect(output.head == Array(bytes[..<min(total, 100)]))
        #expect(output.tail == Array(bytes[max(100, total - 100)..<max(100, total)].suffix(100)))
        #expect(output.isTruncated == (total > 200))
        if total <= 200 { #expect(output.bytes == Array(bytes[..<total])) }
      }
    }
  }
}
