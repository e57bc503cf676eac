/// Bytes that were taken in and not yet passed on.
struct ByteQueue {
  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  /// Adds bytes at the end.
  mutating func append(_ more: some Collection<UInt8>) { bytes += more }

  /// Shows what is there to `body`, which says how many bytes it has taken.
  mutating func passOn<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    var taken = 0
    var failure: Failure?
    bytes.withUnsafeBytes { buffer in
      do throws(Failure) {
        taken = try body(UnsafeRawBufferPointer(rebasing: buffer[start...]))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    start += taken
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    } else if start >= 1 << 18 {
      bytes.removeFirst(start)
      start = 0
    }
    return taken
  }
}
