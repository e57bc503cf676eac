internal import Durations

/// Turns what went wrong on the wire into an error that says what to do.
///
/// By message before status: the engine answers 500 to requests that can never succeed.
struct ErrorClassifier: Sendable {
  /// The endpoint, for the messages.
  let endpoint: ModelEndpoint

  private var model: ModelName { endpoint.model }

  // MARK: - Answers

  /// An answer with an error status, or one whose body is an error in spite of its status.
  func error(
    status: Int, body: ErrorBody, retryAfter: Duration? = nil, isHTML: Bool = false,
    raw: [UInt8] = []
  ) -> ModelError {
    let status = body.code.flatMap { (400...599).contains($0) ? $0 : nil } ?? status
    // A proxy says in HTML that a request is too large.
    let finding = isHTML ? status == 413 ? tooLarge("") : nil : byMessage(body, status: status)
    let (kind, advice) = finding ?? byStatus(status, isHTML: isHTML)
    let said = isHTML ? "a web page" : quoted(body.message)
    let text =
      "the model endpoint \(endpoint.url) answered \(status) to a request for \(model): \(said); "
      + advice
    var error = ModelError(
      kind, redactor.text(text), status: status, retryAfter: retryAfter, body: kept(raw))
    if [.badRequest, .badSchema, .server].contains(kind), !isHTML { error.refusal = body }
    return error
  }

  private typealias Finding = (kind: ModelError.Kind, advice: String)

  private func byMessage(_ body: ErrorBody, status: Int) -> Finding? {
    let text = body.message.prefix(4096).lowercased()
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }

    if body.type == "exceed_context_size_error" || says("context size has been exceeded")
      || says("exceeds the available context size", "maximum context length", "exceeds context")
      || says(
        "prompt is too long", "exceeds the maximum number of tokens", "context_length_exceeded")
      || says("exceeds the context", "context window")
    {
      return context(body, text)
    }
    if says("origin not allowed") {
      return (.unauthorised, "the runner refuses the Origin of a proxy in between; see DMR_ORIGINS")
    }
    if status == 413
      || says("request too large", "request body too large", "request entity too large")
      || says("payload too large", "content length too large", "body size limit")
    {
      let isInTokens = says("tokens") && StatedNumbers.bytes(in: text) == nil
      return isInTokens ? context(body, text) : tooLarge(text)
    }
    return model(says: says, status: status) ?? pictures(text) ?? content(says: says)
      ?? turns(body, status)
  }

  /// What is said about the size of a body; Docker Model Runner says these words, and no number.
  private func tooLarge(_ text: String) -> Finding {
    let limit =
      StatedNumbers.bytes(in: text) ?? (text.contains("request too large") ? 10 << 20 : nil)
    return (.payloadTooLarge(limit: limit), "send fewer or smaller pictures")
  }

  /// What is said about the number of pictures.
  private func pictures(_ text: String) -> Finding? {
    guard case .some(let limit) = StatedNumbers.pictures(in: text) else { return nil }
    // None at all is a model that does not see.
    if limit == 0 { return noVision }
    return (
      .tooManyPictures(limit: limit),
      "set the model's pictures to what the server takes, so that fewer are sent"
    )
  }

  private var noVision: Finding {
    (
      .noVision,
      "this package of the model cannot see: use a vision model, with docker model pull ai/qwen3-vl"
    )
  }

  /// What is said about who speaks when; said with any status, and it never becomes better.
  private func turns(_ body: ErrorBody, _ status: Int) -> Finding? {
    guard DemandReader(body, status: status).conversation != nil else { return nil }
    return (.badRequest, "set the model's turns to words if this does not end")
  }

  /// What is said about the model and its engine.
  private func model(says: (String...) -> Bool, status: Int) -> Finding? {
    // First, because what follows these words is the engine's own log, which says anything.
    if says("unable to load runner") { return loading(says: says) }
    if says("model not found", "no such model") || status == 404 && says("does not exist") {
      return (.modelNotFound, "get it with: docker model pull \(model)")
    }
    if says("is not installed") {
      return (.backendMissing, "install the engine as the message says")
    }
    if says("installation failed") {
      return (.backendMissing, "look at: docker model logs")
    }
    if says("backend not found") {
      return (.backendMissing, "take the engine's name out of the endpoint's path")
    }
    if says("failed to load model") { return loading(says: says) }
    if says("loading model", "installer not started", "service unavailable") {
      return (.modelLoading, "it should answer when the model is loaded")
    }
    if says("terminated unexpectedly") {
      return (.engineCrashed, "the engine restarts on the next request; look at: docker model logs")
    }
    if says("resource conflict") {
      return (.capacity, "remove its other names first, or force it")
    }
    if says("runner already active", "too many requests", "rate limit", "overloaded") {
      return (.capacity, "wait, or let fewer workers use the model at once")
    }
    return nil
  }

  /// Why a load did not end well.
  private func loading(says: (String...) -> Bool) -> Finding {
    if says("took too long to initialize", "context canceled", "context cancelled") {
      return (.loadInterrupted, "load it ahead of the run with: docker model run --detach \(model)")
    }
    if says("not enough gpu memory", "out of memory") {
      return (
        .loadFailed, "use a smaller model or a smaller context, or unload others: docker model ps"
      )
    }
    return (.loadFailed, "look at: docker model logs; then try another model or a smaller context")
  }

  /// What is said about the request's content.
  private func content(says: (String...) -> Bool) -> Finding? {
    if says("image input is not supported", "does not support image", "no mmproj")
      || says("not a multimodal model", "support image input", "does not support vision")
    {
      return noVision
    }
    if says("failed to load image", "invalid uri", "base64", "failed to process image") {
      return (.badImage, "send PNG or JPEG")
    }
    if says("requires --jinja", "enable-auto-tool-choice", "tool use is not supported")
      || says("does not support tool", "not support function", "tools are not supported")
      || says("tools is not supported", "'tools' is not supported", "support tool use")
      || says("unsupported parameter: 'tools'", "argument supplied: tools", "tool calling is not")
    {
      return (
        .noTools,
        "configure the runtime flag --jinja, use a newer engine, or set the model's calls to json"
      )
    }
    if says("failed to parse grammar", "schema conversion", "json schema error", "\"json_schema\"")
    {
      return (
        .badSchema,
        "correct or simplify the schemas of the tools and of the answer; a bound above 2000 is too much"
      )
    }
    // The engine reads the calls of the past again, each time.
    if says("failed to parse tool call arguments") {
      return (.badRequest, "take the call whose arguments are no JSON out of the conversation")
    }
    if says("does not match the expected", "invalid diff") {
      return (.toolFormat, "ask again, or set the model's calls to json")
    }
    return nil
  }

  private func context(_ body: ErrorBody, _ text: String) -> Finding {
    let said = StatedNumbers.context(in: text)
    let known = (prompt: body.promptTokens ?? said.prompt, limit: body.contextTokens ?? said.limit)
    let numbers =
      if let prompt = known.prompt, let limit = known.limit {
        "the conversation has \(prompt) tokens and the context holds \(limit); "
      } else {
        "requests that run at once share the context; "
      }
    return (
      .contextExceeded(prompt: known.prompt, limit: known.limit),
      numbers + "keep fewer pictures, or give it more with: docker model configure "
        + "--context-size 16384 \(model)"
    )
  }

  private func byStatus(_ status: Int, isHTML: Bool) -> Finding {
    if isHTML {
      return (.notAnEndpoint, "something else listens there, or a proxy wants a login")
    }
    switch status {
    case 200...299:
      return (.malformedReply, "the answer is neither JSON nor an event stream")
    case 300...399:
      return (.notAnEndpoint, "redirects are not followed; give the address it points to")
    case 401, 403:
      return endpoint.apiKey == nil
        ? (.unauthorised, "set an API key for this model")
        : (.unauthorised, "check the API key")
    case 404, 405:
      return (
        .notAnEndpoint,
        "check the endpoint's path; Docker Model Runner's is /engines/v1, that of most others is /v1"
      )
    case 408, 504: return (.server, "something between here and the model gave up; try again")
    case 429: return (.capacity, "wait, or let fewer workers use the model at once")
    case 502: return (.engineCrashed, "look at: docker model logs")
    case 503: return (.modelLoading, "it should answer when the model is loaded")
    case 400...499: return (.badRequest, "this is a mistake in the request, not in the model")
    case 500: return (.server, "look at: docker model logs")
    default: return (.server, "look at the server's log")
    }
  }

  private func quoted(_ message: String) -> String {
    // Taken out before it is cut: half a key is a secret too.
    message.isEmpty ? "nothing" : "\"\(redactor.text(message).excerpt(500))\""
  }

  /// What of an answer's bytes an error keeps.
  func kept(_ raw: [UInt8]) -> String? {
    raw.isEmpty ? nil : redactor.text(raw, limit: ModelError.bodyLimit)
  }

  // MARK: - The wire

  /// An exchange that did not end as it should.
  func error(_ failure: HTTPFailure, bodyBytes: Int = 0, phaseLimit: Duration? = nil) -> ModelError
  {
    let (kind, text): (ModelError.Kind, String) =
      switch failure {
      case .cancelled: (.cancelled, "the request to \(endpoint.url) was cancelled")
      case .timeout(let phase): (.timeout(phase), late(phase, phaseLimit))
      case .closedDuringUpload where bodyBytes > 10 << 20:
        (
          .payloadTooLarge(limit: 10 << 20),
          "\(endpoint.url) closed the connection during a request of \(bodyBytes) bytes; send fewer or "
            + "smaller pictures"
        )
      default: otherwise(failure)
      }
    return ModelError(kind, redactor.text(text))
  }

  private func otherwise(_ failure: HTTPFailure) -> (ModelError.Kind, String) {
    let url = endpoint.url
    return switch failure {
    case .unknownHost(let text):
      (.connection, "the host of \(url) is unknown (\(text)); check the model endpoint's name")
    case .notConnected(let text):
      (
        .connection,
        "nothing answers at \(url) (\(text)); is Docker Model Runner on? Enable it with TCP: "
          + "docker desktop enable model-runner --tcp 12434"
      )
    case .insecure(let problem, let text):
      (
        problem == .handshake ? .connection : .untrusted,
        "TLS with \(url) failed (\(text.excerpt(300))); \(advice(problem))"
      )
    case .closedBeforeAnswer(let text), .closedDuringUpload(let text):
      (
        .engineCrashed,
        "\(url) closed the connection without an answer (\(text)); look at: docker model logs"
      )
    case .closedDuringAnswer(let text):
      (
        .truncatedReply,
        "\(url) closed the connection inside an answer (\(text)); look at: docker model logs"
      )
    case .tooLarge(let what, let limit):
      (.malformedReply, "the \(what) of an answer from \(url) is larger than \(limit) bytes")
    case .unusable(let text):
      (.notAnEndpoint, "\(url) does not answer as a model endpoint (\(text)); check the address")
    case .cancelled, .timeout: (.cancelled, "the request to \(url) was cancelled")
    }
  }

  private func advice(_ problem: TLSProblem) -> String {
    let tls = endpoint.tls
    return switch problem {
    case .handshake:
      "check that the server speaks TLS 1.2 or later there, or use http://; if it asks who we are, set "
        + "the model's client_certificate"
    case .expired: "renew the server's certificate, or set this machine's clock"
    case .wrongName:
      "use a name that stands in the server's certificate, or have it issued for this one"
    case .untrusted:
      if let file = tls.caFile {
        "none of the certificates in \(file) signed the server's: check the model's ca_file"
      } else {
        "give the certificate of the authority that signed the server's as the model's ca_file"
      }
    case .ownFile:
      "check that the model's ca_file, client_certificate and client_key are PEM files that can be "
        + "read and want no passphrase"
    case .clientCertificate:
      if let file = tls.clientCertificate {
        "the server does not accept the certificate in \(file): check the model's client_certificate"
      } else {
        "the server asks who we are: set the model's client_certificate and client_key"
      }
    }
  }

  private func late(_ phase: ModelPhase, _ limit: Duration?) -> String {
    let within = limit.map { " within \($0.brief)" } ?? ""
    return switch phase {
    case .connect:
      "no connection to \(endpoint.url)\(within); check the address and the network"
    case .firstByte:
      "\(model) at \(endpoint.url) began no answer\(within); it may be loading or busy: docker model ps"
    case .betweenBytes:
      "\(model) at \(endpoint.url) stopped in the middle of an answer\(within)"
    case .total:
      "\(model) at \(endpoint.url) did not finish an answer\(within); lower max_tokens or raise the "
        + "timeout"
    }
  }

  private var redactor: Redactor { Redactor(key: endpoint.apiKey) }
}
