internal import Platform
internal import FoundationEssentials

extension KnownHosts {
  /// Reads one line: markers, hosts, the type of the key, the key in base64, a comment.
  ///
  /// Nil for an empty line and a comment.
  static func entry(_ bytes: ArraySlice<UInt8>, number: Int) throws(Malformed) -> Entry? {
    guard let line = String(validating: bytes, as: UTF8.self), !line.utf8.contains(0) else {
      throw Malformed(line: number, reason: "is no text")
    }
    var fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }[...]
    guard let first = fields.first, !first.hasPrefix("#") else { return nil }
    var marker = Marker.trusted
    if first.hasPrefix("@") {
      switch first {
      case "@cert-authority": marker = .authority
      case "@revoked": marker = .revoked
      default: throw Malformed(line: number, reason: "has the unknown marker “\(shown(first))”")
      }
      fields.removeFirst()
    }
    guard fields.count >= 3 else {
      throw Malformed(line: number, reason: "lacks hosts, a type of key or a key")
    }
    let (names, type, text) = (
      fields[fields.startIndex], fields[fields.startIndex + 1], fields[fields.startIndex + 2]
    )
    guard let hosts = HostPattern(names) else {
      throw Malformed(line: number, reason: "does not begin with hosts: “\(shown(names))”")
    }
    guard let blob = Data(base64Encoded: String(text)), let key = HostKey(blob: Array(blob)) else {
      throw Malformed(line: number, reason: "has no key in base64 behind “\(shown(type))”")
    }
    guard key.type == type else {
      throw Malformed(
        line: number, reason: "says “\(shown(type))” and holds a key of type \(key.type)")
    }
    return Entry(line: number, marker: marker, hosts: hosts, key: key)
  }

  /// A field in a message, cut and free of control characters.
  private static func shown(_ field: Substring) -> String { printable(field.utf8.prefix(40)) }
}
