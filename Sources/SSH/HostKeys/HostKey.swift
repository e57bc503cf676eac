internal import Digests
internal import FoundationEssentials

/// A server's public key as it goes over the wire (RFC 4253, 6.6).
struct HostKey: Hashable, Sendable {
  /// The algorithm, such as `ssh-ed25519`.
  let type: String
  /// The key, its algorithm in front.
  let blob: [UInt8]

  /// Reads a key; nil for what does not begin with the name of an algorithm.
  init?(blob: [UInt8]) {
    guard blob.count > 4 else { return nil }
    let length = blob[0..<4].reduce(0) { $0 << 8 | Int($1) }
    guard (1...64).contains(length), blob.count > 4 + length else { return nil }
    let name = blob[4..<4 + length]
    guard name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    type = String(decoding: name, as: UTF8.self)
    self.blob = blob
  }

  /// `SHA256:…` as OpenSSH prints it: base64 without padding.
  var fingerprint: String {
    let text = Data(SHA256(of: blob).bytes).base64EncodedString()
    return "SHA256:" + text.prefix { $0 != "=" }
  }
}
