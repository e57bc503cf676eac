import CZlib

/// The messages of the extended clipboard, which carries Unicode where plain RFB carries Latin-1.
///
/// Source: "Extended Clipboard Pseudo-Encoding" of the community's RFB document.
enum ExtendedClipboard {
  static let text: UInt32 = 1
  static let capabilities: UInt32 = 1 << 24
  static let request: UInt32 = 1 << 25
  static let notify: UInt32 = 1 << 27
  static let provide: UInt32 = 1 << 28

  /// Says that we understand text, and nothing that the server would have to send unasked.
  static var ourCapabilities: [UInt8] {
    payload(capabilities | request | notify | provide | text) { $0.append32(0) }
  }

  /// Says that we have a text.
  static var announcement: [UInt8] { payload(notify | text) { _ in } }

  /// Says that we have nothing any more.
  static var withdrawal: [UInt8] { payload(notify) { _ in } }

  /// Asks for the server's text.
  static var question: [UInt8] { payload(request | text) { _ in } }

  /// Hands the text over: its length, its bytes and a zero, as a zlib stream of stored blocks.
  static func provision(_ string: String) -> [UInt8] {
    var inner = WireBytes()
    let utf8 = Array(windowsLines(string).utf8) + [0]
    inner.append32(UInt32(clamping: utf8.count))
    inner.raw += utf8
    return payload(provide | text) { $0.raw += storedZlib(inner.raw) }
  }

  /// The text that the server provides, its lines ended by line feeds; nil when there is none in it.
  static func text(in compressed: [UInt8], limit: Int = 4 << 20) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let result = compressed.withUnsafeBytes { input in
        qa_zlib_inflate(input.baseAddress, input.count, buffer.baseAddress, buffer.count)
      }
      count = max(result, 0)
    }
    guard bytes.count >= 4 else { return nil }
    let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - 4 else { return nil }
    let text = bytes[4..<4 + length].prefix { $0 != 0 }
    return String(validating: text, as: UTF8.self)?.replacing("\r\n", with: "\n")
  }

  private static func payload(_ flags: UInt32, _ rest: (inout WireBytes) -> Void) -> [UInt8] {
    var wire = WireBytes()
    wire.append32(flags)
    rest(&wire)
    return wire.raw
  }

  /// The extension wants lines to end as on Windows.
  private static func windowsLines(_ string: String) -> String {
    var result = ""
    for character in string {
      if character == "\n" || character == "\r" {
        result += "\r\n"
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// A zlib stream (RFC 1950) that stores instead of compressing.
  static func storedZlib(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(65535)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      stream.append(rest.isEmpty ? 1 : 0)
      for number in [length, ~length] { stream += [UInt8(number & 0xFF), UInt8(number >> 8)] }
      stream += block
    } while !rest.isEmpty
    var sum = WireBytes()
    sum.append32(adler32(bytes))
    return stream + sum.raw
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
