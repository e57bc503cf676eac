internal import Glibc

/// What the kernel answered: an errno value and its text.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The errno value.
  public let code: Int32

  /// An errno value.
  public init(code: Int32) { self.code = code }

  /// The value that the calling thread's last call left.
  static var last: SystemError { SystemError(code: errno) }

  /// `No such file or directory`.
  public var description: String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
