internal import FoundationEssentials
internal import Glibc
internal import Platform

/// A private key in a file.
struct IdentityFile {
  /// Why a file cannot be used, as the middle of a sentence about it.
  struct Failure: Error, Hashable {
    let reason: String
  }

  /// The text of the file, which libssh2 reads.
  let bytes: [UInt8]

  private static let limit = 64 << 10

  /// Reads a key that only its owner can read and that has no passphrase.
  init(reading path: String) throws(Failure) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Failure(reason: "cannot be read: \(SystemError(code: errno))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "is no file") }
    guard status.st_mode & 0o077 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw Failure(reason: "can be read by others (mode 0\(mode)): chmod 600 \(path)")
    }
    guard let bytes = try? Files.read(path, limit: Self.limit) else {
      throw Failure(reason: "cannot be read, or is no key")
    }
    try self.init(bytes, path: path)
  }

  /// Looks at the text of a key.
  init(_ bytes: [UInt8], path: String) throws(Failure) {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    let head = lines.first { $0.hasPrefix("-----BEGIN ") }
    if lines.contains(where: { $0.contains("ENCRYPTED") }) { throw Self.encrypted(path) }
    switch head {
    case "-----BEGIN OPENSSH PRIVATE KEY-----"?:
      let text = lines.filter { !$0.hasPrefix("-") }.joined()
      guard let data = Data(base64Encoded: text) else { throw Failure(reason: "is damaged") }
      try Self.check(container: Array(data), path: path)
    case "-----BEGIN EC PRIVATE KEY-----"?: break
    case "-----BEGIN RSA PRIVATE KEY-----"?: throw Self.rsa
    case nil: throw Failure(reason: "is no private key")
    default:
      throw Failure(
        reason: "is a private key in a format that is not read here: ssh-keygen -p -f \(path) "
          + "writes it anew")
    }
    self.bytes = bytes
  }

  /// Looks into OpenSSH's own format (PROTOCOL.key): a magic word, the cipher, how its key is made, and the
  /// public key.
  private static func check(container: [UInt8], path: String) throws(Failure) {
    var reader = WireReader(container)
    guard reader.take(15) == Array("openssh-key-v1\0".utf8)[...], let cipher = reader.string(),
      reader.string() != nil, reader.string() != nil, reader.number() != nil,
      let key = reader.string().flatMap({ HostKey(blob: Array($0)) })
    else { throw Failure(reason: "is damaged") }
    guard Array(cipher) == Array("none".utf8) else { throw encrypted(path) }
    if key.type == "ssh-rsa" { throw rsa }
    guard Algorithms.hostKeys.contains(key.type) else {
      throw Failure(reason: "is a key of type \(key.type), which is not supported: use ed25519")
    }
  }

  private static func encrypted(_ path: String) -> Failure {
    Failure(
      reason: "is encrypted, and nobody is asked for its passphrase: give it to an agent "
        + "(ssh-add \(path)) and write agent: true instead")
  }

  private static let rsa = Failure(
    reason: "is an RSA key, with which this version could only sign in by SHA-1: use an ed25519 or "
      + "ecdsa key")
}
