internal import CSSH2

/// The algorithms that are offered, the best first; what is not here is never used.
///
/// libssh2 1.10 knows no AES-GCM, no encrypt-then-MAC, and RSA only with SHA-1, so that the SHA-1, CBC,
/// RC4, 3DES and MD5 it also knows are all that is left out. CTR with encrypt-and-MAC is not open to the
/// Terrapin attack (CVE-2023-48795), which needs ChaCha20-Poly1305 or CBC with encrypt-then-MAC.
enum Algorithms {
  static let keyExchange = [
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
  ]
  static let hostKeys = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
  ]
  static let ciphers = ["aes256-ctr", "aes192-ctr", "aes128-ctr"]
  static let macs = ["hmac-sha2-512", "hmac-sha2-256"]

  /// The lists for libssh2; the types that the host is known by come first, so that it shows such a key.
  static func preferences(known: [String]) -> [(method: CInt, names: [String])] {
    let keys = hostKeys.filter(known.contains) + hostKeys.filter { !known.contains($0) }
    return [
      (LIBSSH2_METHOD_KEX, keyExchange), (LIBSSH2_METHOD_HOSTKEY, keys),
      (LIBSSH2_METHOD_CRYPT_CS, ciphers), (LIBSSH2_METHOD_CRYPT_SC, ciphers),
      (LIBSSH2_METHOD_MAC_CS, macs), (LIBSSH2_METHOD_MAC_SC, macs),
      (LIBSSH2_METHOD_COMP_CS, ["none"]), (LIBSSH2_METHOD_COMP_SC, ["none"]),
    ]
  }
}
