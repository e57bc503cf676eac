internal import CCrypto

/// A SHA-256 digest.
public struct SHA256: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// The digest of some bytes.
  public init(of data: [UInt8]) {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = qa_crypto_sha256(data, data.count, &digest)
    precondition(status == 0, "libcrypto does not offer SHA-256")
    bytes = digest
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether a text is 64 lower-case hexadecimal digits.
  public static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
