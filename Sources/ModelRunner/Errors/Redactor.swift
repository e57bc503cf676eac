/// Takes keys out of what a server said, which may repeat the request's own header.
struct Redactor: Sendable {
  private let key: [UInt8]
  private let keyText: [UInt8]

  /// - Parameter key: the endpoint's key; one of less than four bytes stands in too many words.
  init(key: APIKey?) {
    let value = Array((key?.reveal() ?? "").utf8)
    self.key = value.count >= 4 ? value : []
    keyText = Array((key?.description ?? "").utf8)
  }

  /// The text without the key and without what follows any `Bearer`.
  func text(_ text: String) -> String {
    String(decoding: bytes(Array(text.utf8), limit: .max), as: UTF8.self)
  }

  /// At most so many bytes of a body as text; what is no UTF-8 is replaced.
  func text(_ body: [UInt8], limit: Int) -> String {
    String(decoding: bytes(body, limit: limit), as: UTF8.self)
  }

  /// Reads past the limit, so that a key that it would cut is known for one.
  private func bytes(_ body: [UInt8], limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < body.count, result.count < limit {
      if let end = keyEnd(body, index) {
        result += keyText
        index = end
      } else if let end = bearerEnd(body, index) {
        result += Array("Bearer ‹redacted›".utf8)
        index = end
      } else {
        result.append(body[index])
        index += 1
      }
    }
    return result.count > limit ? Array(result.prefix(limit)) : result
  }

  /// Where the key, or what the body's end left of it, ends; nil when it does not begin at `index`.
  private func keyEnd(_ body: [UInt8], _ index: Int) -> Int? {
    guard let first = key.first, body[index] == first else { return nil }
    let length = min(key.count, body.count - index)
    guard length >= 4, body[index..<index + length].elementsEqual(key[..<length]) else {
      return nil
    }
    return index + length
  }

  /// Where `Bearer`, blanks and a token that begin at `index` end; nil when they do not.
  private func bearerEnd(_ body: [UInt8], _ index: Int) -> Int? {
    let word = Self.bearer
    guard body.count - index > word.count,
      zip(body[index...], word).allSatisfy({ $0 | 0x20 == $1 })
    else { return nil }
    var end = index + word.count
    while end < body.count, body[end] == 0x20 || body[end] == 0x09 { end += 1 }
    let start = end
    while end < body.count, Self.isTokenByte(body[end]) { end += 1 }
    return start > index + word.count && end > start ? end : nil
  }

  private static let bearer = Array("bearer".utf8)

  /// Anything that a header's value may hold, up to a blank or a quote.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F && !"\"'\\<>,;)".utf8.contains(byte)
  }
}
