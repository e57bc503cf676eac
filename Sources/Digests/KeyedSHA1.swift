internal import CCrypto

/// HMAC-SHA1 (RFC 2104), which hides the names in OpenSSH's files of known hosts.
///
/// SHA-1 is broken where somebody profits from two texts with one digest; nothing else here uses it.
public enum KeyedSHA1 {
  /// The 20 bytes for some text under a key.
  public static func digest(of data: [UInt8], key: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    let status = qa_crypto_hmac_sha1(key, key.count, data, data.count, &digest)
    precondition(status == 0, "libcrypto does not offer HMAC-SHA1")
    return digest
  }
}
