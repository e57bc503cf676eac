/// Where a server listens: a name and port, or the path of a unix socket.
struct HTTPServer: Hashable, Sendable {
  /// How the server is reached.
  enum Kind: Hashable, Sendable {
    /// Plain HTTP over TCP.
    case http
    /// HTTP over TLS, with the peer's certificate checked.
    case https
    /// Plain HTTP over a unix socket at this path.
    case unix(path: String)
  }

  /// How it is reached.
  let kind: Kind
  /// The authority: `host` or `host:port`; `localhost` for a unix socket.
  let authority: String
  /// The host alone, in lower case and without brackets.
  let host: String

  /// Whether requests to it must never go through a proxy.
  var isLocal: Bool {
    switch kind {
    case .unix: true
    case .http, .https:
      host == "localhost" || host == "::1" || isLoopbackNumber || host.hasSuffix(".localhost")
        || host.hasSuffix(".docker.internal")
    }
  }

  /// Whether the host is 127.x.x.x, and not a name that begins like it.
  private var isLoopbackNumber: Bool {
    host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
  }

  /// The address of a path on this server, as libcurl wants it.
  func address(_ path: String) -> String {
    kind == .https ? "https://\(authority)\(path)" : "http://\(authority)\(path)"
  }
}

/// The limits in time of one exchange.
///
/// A phase that ends late fails with `HTTPFailure.timeout`.
struct HTTPDeadlines: Hashable, Sendable {
  /// Name, TCP and TLS together.
  var connect: Duration = .seconds(5)
  /// From the start of the exchange to the first byte of the answer.
  var firstByte: Duration = .seconds(120)
  /// Between two pieces of the answer; time during which the reader is slow does not count.
  var betweenBytes: Duration = .seconds(90)
  /// The whole exchange; nil is no limit, for answers that are as long as a download.
  var total: Duration? = .seconds(600)
}

/// The limits in size of one answer.
struct HTTPLimits: Hashable, Sendable {
  /// Bytes of the body.
  var body = 16 << 20
  /// Bytes of all header lines together.
  var headers = 64 << 10
  /// The number of header lines.
  var headerCount = 200
}

/// One request.
struct HTTPRequest: Sendable {
  var server: HTTPServer
  var method = "GET"
  /// The path with its query, starting with `/`.
  var path: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  var tls = ModelTLS()
  var deadlines = HTTPDeadlines()
  var limits = HTTPLimits()
}

/// The status line and the headers of an answer.
struct HTTPHead: Sendable {
  /// 100…599.
  var status = 0
  var headers: [(name: String, value: String)] = []

  /// The value of the first header of a name, whatever its case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }?.value
  }

  /// The media type in lower case, without its parameters.
  var mediaType: String {
    let value = header("content-type") ?? ""
    return value.prefix { $0 != ";" && $0 != " " }.lowercased()
  }
}

/// The part of an exchange in which a deadline passed.
public enum ModelPhase: String, Hashable, Sendable {
  /// Looking up the name, connecting, agreeing on TLS.
  case connect
  /// Waiting for the first byte of the answer.
  case firstByte
  /// Waiting for the next byte of the answer.
  case betweenBytes
  /// The exchange as a whole.
  case total
}

/// Why an exchange did not end as it should.
enum HTTPFailure: Error, Hashable, Sendable {
  /// The server's name is unknown.
  case unknownHost(String)
  /// No connection; the text is libcurl's.
  case notConnected(String)
  /// TLS failed; the text is libcurl's.
  case insecure(TLSProblem, String)
  /// A deadline passed.
  case timeout(ModelPhase)
  /// The connection ended while the request was written.
  case closedDuringUpload(String)
  /// The connection ended before the answer began.
  case closedBeforeAnswer(String)
  /// The connection ended inside the answer.
  case closedDuringAnswer(String)
  /// The answer's body or headers are larger than allowed.
  case tooLarge(what: String, limit: Int)
  /// The server does not speak HTTP, or the request cannot be made.
  case unusable(String)
  /// The caller's task was cancelled or the exchange was given up.
  case cancelled
}
