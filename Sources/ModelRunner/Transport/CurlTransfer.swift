internal import Durations
internal import CCurl
internal import Glibc
internal import Platform

/// One transfer as curl's thread sees it; it never leaves that thread.
final class CurlTransfer {
  let handle: UnsafeMutableRawPointer
  let transfer: Transfer
  private let errorText: UnsafeMutablePointer<CChar>
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let started = ContinuousClock.now
  private var uploaded = 0
  private var head = HTTPHead()
  private var headerBytes = 0
  private var bodyBytes = 0
  private var isConnected = false
  private var isHeadDone = false
  private var lastByte: ContinuousClock.Instant?
  private var ownFailure: HTTPFailure?
  private var drainLimit: ContinuousClock.Instant?

  /// Makes and fills a handle; nil when libcurl refuses an option.
  init?(_ transfer: Transfer) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.transfer = transfer
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard configure() else { return nil }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  // MARK: - Setting up

  private func configure() -> Bool {
    let request = transfer.request
    let server = request.server
    var results = [
      qa_curl_set_string(handle, CURLOPT_URL, server.address(request.path)),
      qa_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
      qa_curl_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
      qa_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
      qa_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
      qa_curl_set_long(handle, CURLOPT_NETRC, 0),
      qa_curl_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1),
      qa_curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1),
      qa_curl_set_long(
        handle, CURLOPT_CONNECTTIMEOUT_MS, max(request.deadlines.connect.milliseconds, 1)),
      qa_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
      qa_curl_set_callbacks(
        handle, curlCallbacks, Unmanaged.passUnretained(self).toOpaque()),
    ]
    if case .unix(let path) = server.kind {
      results.append(qa_curl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, path))
    }
    if server.kind == .https { results.append(contentsOf: configureTLS(request.tls)) }
    if server.isLocal { results.append(qa_curl_set_string(handle, CURLOPT_PROXY, "")) }
    results.append(contentsOf: configureMethod(request))
    return results.allSatisfy { $0 == CURLE_OK } && configureHeaders(request)
  }

  private func configureTLS(_ tls: ModelTLS) -> [CURLcode] {
    var results = [
      qa_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
      qa_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
      qa_curl_set_long(handle, CURLOPT_SSLVERSION, CLong(CURL_SSLVERSION_TLSv1_2)),
    ]
    if let file = tls.caFile {
      results.append(qa_curl_set_string(handle, CURLOPT_CAINFO, file))
      // Or the machine's folder of authorities would be trusted as well.
      results.append(qa_curl_set_string(handle, CURLOPT_CAPATH, nil))
    }
    if let file = tls.clientCertificate {
      results.append(qa_curl_set_string(handle, CURLOPT_SSLCERT, file))
      results.append(qa_curl_set_string(handle, CURLOPT_SSLKEY, tls.clientKey ?? file))
      // Without one OpenSSL would ask the terminal, and wait.
      results.append(qa_curl_set_string(handle, CURLOPT_KEYPASSWD, ""))
    }
    return results
  }

  private func configureMethod(_ request: HTTPRequest) -> [CURLcode] {
    if request.method == "GET" { return [qa_curl_set_long(handle, CURLOPT_HTTPGET, 1)] }
    var results = [qa_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)]
    if request.method == "POST" || !request.body.isEmpty {
      results.append(qa_curl_set_long(handle, CURLOPT_POST, 1))
      results.append(
        qa_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
    }
    return results
  }

  private func configureHeaders(_ request: HTTPRequest) -> Bool {
    // `Expect:` removes a header that costs a round trip and that proxies get wrong.
    var lines = request.headers.map { "\($0.name): \($0.value)" }
    lines.append("Expect:")
    for line in lines {
      guard !line.utf8.contains(where: { $0 < 0x20 }),
        let longer = curl_slist_append(headerList, line)
      else { return false }
      headerList = longer
    }
    return qa_curl_set_headers(handle, headerList) == CURLE_OK
  }

  // MARK: - Deadlines

  /// The phase whose deadline has passed.
  func expired(at now: ContinuousClock.Instant) -> ModelPhase? {
    let deadlines = transfer.request.deadlines
    if let total = deadlines.total, now >= started + total { return .total }
    // The connection phase is libcurl's to limit: a reused connection has none.
    guard isConnected else { return nil }
    if transfer.isDraining {
      let limit = drainLimit ?? now + .seconds(1)
      drainLimit = limit
      return now >= limit ? .betweenBytes : nil
    }
    guard let lastByte else { return now >= started + deadlines.firstByte ? .firstByte : nil }
    if transfer.isPaused { return nil }
    return now >= lastByte + deadlines.betweenBytes ? .betweenBytes : nil
  }

  /// When `expired` has to be asked again.
  var nextDeadline: ContinuousClock.Instant {
    let deadlines = transfer.request.deadlines
    var next = started + (deadlines.total ?? .seconds(86_400))
    if let drainLimit { return min(next, drainLimit) }
    if transfer.isDraining { return ContinuousClock.now + .seconds(1) }
    if let lastByte {
      if !transfer.isPaused { next = min(next, lastByte + deadlines.betweenBytes) }
    } else {
      next = min(next, started + max(deadlines.firstByte, .milliseconds(1)))
    }
    // Before there is a connection a passed deadline must not make the thread spin.
    return isConnected ? next : max(next, ContinuousClock.now + .milliseconds(50))
  }

  /// Lets curl read again, which may call back at once.
  func unpause() {
    lastByte = ContinuousClock.now
    curl_easy_pause(handle, CURLPAUSE_CONT)
  }

  // MARK: - The end

  /// What the code that curl ended with means for the caller.
  func end(_ code: CURLcode) -> Transfer.End {
    if let ownFailure { return .failed(ownFailure) }
    if code == CURLE_OK { return isHeadDone ? .complete : .failed(.closedBeforeAnswer(text(code))) }
    return .failed(failure(code))
  }

  private func failure(_ code: CURLcode) -> HTTPFailure {
    if transfer.request.server.kind == .https, TLSProblem.isClientRefused(text(code)) {
      return .insecure(.clientCertificate, text(code))
    }
    return switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost(text(code))
    case CURLE_COULDNT_CONNECT: .notConnected(text(code))
    case CURLE_OPERATION_TIMEDOUT: .timeout(.connect)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      .insecure(TLSProblem(refusal: text(code)), text(code))
    case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE: .insecure(.ownFile, text(code))
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: .insecure(.handshake, text(code))
    case CURLE_SEND_ERROR: .closedDuringUpload(text(code))
    case CURLE_GOT_NOTHING: .closedBeforeAnswer(text(code))
    case CURLE_RECV_ERROR:
      isHeadDone ? .closedDuringAnswer(text(code)) : .closedBeforeAnswer(text(code))
    case CURLE_PARTIAL_FILE: .closedDuringAnswer(text(code))
    default: .unusable(text(code))
    }
  }

  private func text(_ code: CURLcode) -> String {
    errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
  }

  // MARK: - Callbacks

  fileprivate func connected() { isConnected = true }

  fileprivate func upload(_ target: UnsafeMutablePointer<CChar>, capacity: Int) -> Int {
    let body = transfer.request.body
    let count = min(capacity, body.count - uploaded)
    guard count > 0 else { return 0 }
    body.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      memcpy(target, base + uploaded, count)
    }
    uploaded += count
    return count
  }

  fileprivate func seek(_ offset: Int) -> Bool {
    guard (0...transfer.request.body.count).contains(offset) else { return false }
    uploaded = offset
    return true
  }

  /// Takes one header line; false ends the transfer.
  fileprivate func header(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    lastByte = ContinuousClock.now
    headerBytes += bytes.count
    let limits = transfer.request.limits
    guard headerBytes <= limits.headers, head.headers.count <= limits.headerCount else {
      ownFailure = .tooLarge(what: "headers", limit: limits.headers)
      return false
    }
    var line = String(decoding: bytes, as: UTF8.self)[...]
    while let last = line.unicodeScalars.last, last == "\r" || last == "\n" {
      line.unicodeScalars.removeLast()
    }
    if line.isEmpty { return headFinished() }
    if isHeadDone { return true }  // a trailer
    if line.hasPrefix("HTTP/") {
      head = HTTPHead(status: Self.status(line))
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      head.headers.append((String(line[..<colon]), String(value)))
    }
    return true
  }

  private func headFinished() -> Bool {
    guard !isHeadDone, head.status >= 200 else { return true }
    isHeadDone = true
    transfer.receive(head)
    return true
  }

  private static func status(_ line: Substring) -> Int {
    let parts = line.split(separator: " ", maxSplits: 2)
    return parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  }

  /// Takes a piece of the body; nil pauses, false ends the transfer.
  fileprivate func body(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    let limit = transfer.request.limits.body
    guard bodyBytes + bytes.count <= limit else {
      ownFailure = .tooLarge(what: "body", limit: limit)
      return false
    }
    switch transfer.receive(bytes) {
    case .paused: return nil
    case .refused: return false
    case .taken:
      lastByte = ContinuousClock.now
      bodyBytes += bytes.count
      return true
    }
  }
}

// MARK: - C callbacks

private let curlCallbacks = qa_curl_callbacks(
  body: { bytes, size, count, context in
    let pieces = borrowed(bytes, size * count)
    switch transfer(context).body(pieces) {
    case true?: return pieces.count
    case false?: return pieces.count == 0 ? 1 : 0
    case nil: return Int(CURL_WRITEFUNC_PAUSE)
    }
  },
  header: { bytes, size, count, context in
    transfer(context).header(borrowed(bytes, size * count)) ? size * count : 0
  },
  upload: { bytes, size, count, context in
    transfer(context).upload(bytes, capacity: size * count)
  },
  seek: { context, offset, origin in
    let isFromStart = origin == SEEK_SET
    return isFromStart && transfer(context).seek(Int(clamping: offset))
      ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
  },
  connected: { context, _, _, _, _ in
    transfer(context).connected()
    return CURL_PREREQFUNC_OK
  })

/// The object whose address curl was given; the loop keeps it alive as long as the handle runs.
private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
  guard let context else { preconditionFailure("curl called back without its context") }
  return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
}

private func borrowed(
  _ bytes: UnsafeMutablePointer<CChar>, _ count: Int
) -> UnsafeBufferPointer<UInt8> {
  UnsafeBufferPointer(
    start: UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self), count: count)
}
