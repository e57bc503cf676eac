internal import Digests
internal import FoundationEssentials

/// The first field of a line of known hosts: names, patterns, or one hashed name (sshd(8)).
enum HostPattern: Hashable, Sendable {
  /// Patterns with `*` and `?`, in small letters; `!` in front forbids a match.
  case names([String])
  /// The salt and the HMAC-SHA1 of the name.
  case hashed(salt: [UInt8], digest: [UInt8])

  /// Reads the field; nil when it is malformed.
  init?(_ text: Substring) {
    guard text.hasPrefix("|") else {
      let names = text.lowercased().split(separator: ",", omittingEmptySubsequences: true)
      guard !names.isEmpty else { return nil }
      self = .names(names.map(String.init))
      return
    }
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1] == "1",
      let salt = Data(base64Encoded: String(parts[2])), salt.count == 20,
      let digest = Data(base64Encoded: String(parts[3])), digest.count == 20
    else { return nil }
    self = .hashed(salt: Array(salt), digest: Array(digest))
  }

  /// Whether it means a name in small letters: a host, or `[host]:port`.
  func matches(_ name: String) -> Bool {
    switch self {
    case .hashed(let salt, let digest):
      return KeyedSHA1.digest(of: Array(name.utf8), key: salt) == digest
    case .names(let patterns):
      let text = Array(name.utf8)
      var isMatch = false
      for pattern in patterns {
        let isNegated = pattern.hasPrefix("!")
        guard Self.matches(Array((isNegated ? pattern.dropFirst() : pattern[...]).utf8), text)
        else { continue }
        if isNegated { return false }
        isMatch = true
      }
      return isMatch
    }
  }

  /// `*` stands for any text, `?` for one character; takes time in proportion to both at most.
  private static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var (p, t) = (0, 0)
    var retry: (p: Int, t: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        retry = (p + 1, t)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
        (p, t) = (p + 1, t + 1)
      } else if let again = retry {
        retry = (again.p, again.t + 1)
        (p, t) = (again.p, again.t + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
