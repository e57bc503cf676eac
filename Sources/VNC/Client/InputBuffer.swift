/// Bytes from the server that have not been understood yet.
final class InputBuffer {
  /// Holds the largest piece the parser waits for, a row of 8192 pixels, several times.
  static let capacity = 256 * 1024

  private let memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: capacity, alignment: 16)
  private var start = 0
  private var end = 0

  deinit { memory.deallocate() }

  /// Where the next bytes go; never empty, because what is left over is short.
  var room: UnsafeMutableRawBufferPointer {
    if start > 0 {
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      end -= start
      start = 0
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
  }

  /// What waits to be parsed.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  func filled(_ count: Int) { end += count }

  func used(_ count: Int) { start += count }
}
