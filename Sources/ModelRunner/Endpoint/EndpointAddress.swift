/// An endpoint's address taken apart: the server, and the two places on it that requests go to.
struct EndpointAddress: Hashable, Sendable {
  /// The server.
  let server: HTTPServer
  /// What comes before `/models` and `/engines/…`; empty or `/…` without a final slash.
  let root: String
  /// What comes before `/chat/completions`; `/…` without a final slash.
  let inference: String

  /// Why a text is no address.
  struct Problem: Error, Hashable, Sendable {
    let reason: String
  }

  /// Reads `http://host[:port][/path]`, `https://…` or `unix:///path/to.sock[:/path]`.
  ///
  /// The path may be the one that OpenAI clients are given (`…/engines/v1`, `…/v1`) or the server's
  /// own, in which case `/engines/v1` is added for inference.
  init(_ text: String) throws(Problem) {
    let trimmed = text.drop { $0 == " " }
    guard !trimmed.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw Problem(reason: "it contains a space or a control character")
    }
    guard let separator = trimmed.utf8.firstRange(of: "://".utf8) else {
      throw Problem(reason: "it has no scheme; did you mean http://\(trimmed)?")
    }
    let rest = trimmed[separator.upperBound...]
    let path: Substring
    switch trimmed[..<separator.lowerBound].lowercased() {
    case "http": (server, path) = try Self.network(rest, kind: .http)
    case "https": (server, path) = try Self.network(rest, kind: .https)
    case "unix": (server, path) = try Self.socket(rest)
    case let scheme:
      throw Problem(reason: "\"\(scheme)\" is none of http, https and unix")
    }
    (root, inference) = try Self.places(path)
  }

  private static func network(
    _ text: Substring, kind: HTTPServer.Kind
  ) throws(Problem) -> (HTTPServer, Substring) {
    let end = text.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? text.endIndex
    let authority = text[..<end]
    guard !authority.contains("@") else {
      throw Problem(
        reason: "it carries a user name or password; give the API key as a setting instead")
    }
    let (host, port) = try hostAndPort(authority)
    guard !host.isEmpty else { throw Problem(reason: "it names no host") }
    if let port {
      guard let number = Int(port), (1...65_535).contains(number) else {
        throw Problem(reason: "the port \"\(port)\" is not in 1…65535")
      }
    }
    let server = HTTPServer(kind: kind, authority: String(authority), host: host.lowercased())
    return (server, text[end...])
  }

  private static func hostAndPort(
    _ authority: Substring
  ) throws(Problem) -> (host: Substring, port: Substring?) {
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else {
        throw Problem(reason: "the bracket around the IPv6 address is not closed")
      }
      let host = authority[authority.index(after: authority.startIndex)..<close]
      let rest = authority[authority.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw Problem(reason: "\"\(rest)\" after the IPv6 address is no port")
      }
      return (host, rest.isEmpty ? nil : rest.dropFirst())
    }
    guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }

  /// A socket's path ends at the first `:/`, or after a component that ends in `.sock`.
  private static func socket(_ text: Substring) throws(Problem) -> (HTTPServer, Substring) {
    guard text.hasPrefix("/") else {
      throw Problem(reason: "a socket's path is absolute: unix:///path/to.sock")
    }
    var path = text
    var rest: Substring = ""
    if let colon = text.utf8.firstRange(of: ":/".utf8) {
      path = text[..<colon.lowerBound]
      rest = text[text.utf8.index(after: colon.lowerBound)...]
    } else if let end = text.utf8.firstRange(of: ".sock/".utf8) {
      let slash = text.utf8.index(before: end.upperBound)
      path = text[..<slash]
      rest = text[slash...]
    }
    // The kernel's limit for a socket's path is 108 bytes with its terminator.
    guard path.utf8.count < 108 else {
      throw Problem(reason: "the socket's path is longer than 107 bytes")
    }
    let server = HTTPServer(
      kind: .unix(path: String(path)), authority: "localhost", host: "localhost")
    return (server, rest)
  }

  private static func places(
    _ path: Substring
  ) throws(Problem) -> (root: String, inference: String) {
    guard !path.contains("?"), !path.contains("#") else {
      throw Problem(reason: "it has a query or a fragment")
    }
    var parts = path.split(separator: "/")
    if parts.suffix(2) == ["chat", "completions"] { parts.removeLast(2) }
    guard let last = parts.last else { return ("", "/engines/v1") }
    let joined = "/" + parts.joined(separator: "/")
    guard last == "v1" else {
      if last == "engines" { return (Self.path(parts.dropLast()), joined + "/v1") }
      // A prefix in front of a model runner, as on Docker's own socket.
      return (joined, joined + "/engines/v1")
    }
    var before = parts.dropLast()
    if before.last == "engines" {
      before.removeLast()
    } else if before.dropLast().last == "engines" {
      before.removeLast(2)
    }
    return (Self.path(before), joined)
  }

  private static func path(_ parts: ArraySlice<Substring>) -> String {
    parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
  }
}

extension Substring.UTF8View {
  /// Where `pattern` stands first.
  fileprivate func firstRange(of pattern: String.UTF8View) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      if self[start...].starts(with: pattern) {
        return start..<index(start, offsetBy: pattern.count)
      }
      formIndex(after: &start)
    }
    return nil
  }
}
