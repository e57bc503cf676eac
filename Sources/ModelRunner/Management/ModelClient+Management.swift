internal import JSONCoding

extension ModelClient {
  // MARK: - What is there

  /// All models that the runner has.
  public func models() async throws(ModelError) -> [ModelInfo] {
    let json = try await call("GET", rootPath("/models"))
    guard let list = json.array else { throw malformed("the list of models", "it is no list") }
    return list.compactMap(ModelInfo.init)
  }

  /// What the runner knows about this endpoint's model; throws `modelNotFound` when it is not there.
  public func inspect() async throws(ModelError) -> ModelInfo {
    let json = try await call("GET", rootPath("/models/\(pathName)"))
    guard let info = ModelInfo(json) else { throw malformed("a model's details", "it has no id") }
    return info
  }

  /// The models that are loaded or being loaded.
  public func running() async throws(ModelError) -> [RunningModel] {
    let json = try await call("GET", rootPath("/engines/ps"))
    guard let list = json.array else { throw malformed("the loaded models", "it is no list") }
    return list.compactMap(RunningModel.init)
  }

  /// The model's name in a path: names have no other characters, and the slashes stay.
  private var pathName: String {
    let kept = Array("-._~/:@".utf8)
    var result = ""
    for byte in endpoint.model.text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if kept.contains(byte)
        || scalar.isASCII
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  // MARK: - Loading

  /// Loads the model and waits until it can answer, so that no later request has to.
  ///
  /// Whoever asks first owns the load: leaving early ends it for everybody.
  public func preload(
    onDelta: @escaping @Sendable (ChatDelta) -> Void = { _ in }
  ) async throws(ModelError) {
    // An engine that does not know the header answers; one token is enough.
    let body: JSON = ["model": .string(endpoint.model.text), "messages": [], "max_tokens": 1]
    _ = try await repeated(newPlan, onDelta: onDelta) { _ throws(ModelError) in
      try await call(
        "POST", endpoint.address.inference + "/chat/completions", body: body,
        headers: [("X-Preload-Only", "true")], within: endpoint.timeouts.preload)
    }
  }

  /// Unloads this endpoint's model if it is idle, and returns how many runners ended.
  @discardableResult
  public func unload() async throws(ModelError) -> Int {
    let json = try await call(
      "POST", rootPath("/engines/unload"),
      body: ["models": [.string(endpoint.model.text)]])
    return json["unloaded_runners"]?.integer ?? 0
  }

  /// Sets how the model is run, from its next load on.
  ///
  /// - Throws: `capacity` when the model is in use with other settings.
  public func configure(_ configuration: ModelConfiguration) async throws(ModelError) {
    _ = try await call(
      "POST", rootPath("/engines/_configure"), body: configuration.json(model: endpoint.model))
  }

  /// The context that was configured for the model, in tokens; nil when none was.
  func configuredContext() async throws(ModelError) -> Int? {
    let json = try await call("GET", rootPath("/engines/_configure"))
    let entry = (json.array ?? []).first { entry in
      entry["Model"]?.string.flatMap(ModelName.init) == endpoint.model
    }
    return entry?["Config"]?["context-size"]?.integer
  }

  /// The context of the model in tokens, from whoever says: the engine itself, its configuration, its
  /// package; nil when nobody does.
  public func contextSize() async -> Int? {
    if let props = try? await call("GET", rootPath("/props")),
      let size = props["default_generation_settings"]?["n_ctx"]?.integer, size > 0
    {
      return size
    }
    if let size = try? await configuredContext(), size > 0 { return size }
    return (try? await inspect())?.contextSize
  }

  // MARK: - Getting and removing

  /// Downloads this endpoint's model, going on after interruptions where it stopped.
  ///
  /// - Parameters:
  ///   - token: for models that Hugging Face hands out to known people only.
  ///   - onProgress: hears of each step; called on no particular thread, in order.
  public func pull(
    token: APIKey? = nil, onProgress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws(ModelError) {
    var plan = RetryPlan(loading: .zero)
    plan.attempts = 5
    while true {
      do {
        return try await pullOnce(token: token, onProgress: onProgress)
      } catch {
        let decision = plan.decide(
          after: error, at: clock.now(), random: clock.random(), budget: RetryBudget())
        guard case .wait(let time) = decision else { throw error }
        do { try await clock.sleep(time) } catch {
          throw ModelError(.cancelled, "the pull of \(endpoint.model) was cancelled")
        }
      }
    }
  }

  private func pullOnce(
    token: APIKey?, onProgress: @Sendable (PullProgress) -> Void
  ) async throws(ModelError) {
    let request = pullRequest(token: token)
    let exchange = try await send(request)
    guard exchange.head.status == 200 else {
      throw pullError(failure(exchange.head, try await wholeBody(exchange, request)))
    }
    var reader = PullReader()
    while let piece = try await piece(exchange, request) {
      if let progress = reader.feed(piece) { onProgress(progress) }
    }
    switch reader.finish() {
    case .succeeded: return
    case .failed(let message):
      let body = ErrorBody(Array(message.utf8))
      // The status was sent before anything failed, so a retry, which resumes, is worth it.
      throw pullError(ErrorClassifier(endpoint: endpoint).error(status: 502, body: body))
    case .cut where reader.isEscaped:
      throw malformed(
        "a pull", "its lines are escaped for HTML, so something changed the Accept header")
    case .cut:
      throw ModelError(
        .truncatedReply, "the pull of \(endpoint) ended before it was complete; pull again to go on"
      )
    }
  }

  private func pullRequest(token: APIKey?) -> HTTPRequest {
    // The runner compares this header as a whole and writes HTML for any other.
    var request = request("POST", rootPath("/models/create"), accept: "application/json")
    var body = JSONObject([("from", .string(endpoint.model.text))])
    if let token { body["bearer-token"] = .string(token.reveal()) }
    request.body = JSON.object(body).bytes
    request.headers.append(("Content-Type", "application/json"))
    request.deadlines.firstByte = endpoint.timeouts.pullStart
    request.deadlines.betweenBytes = endpoint.timeouts.pullLine
    request.deadlines.total = nil
    // Progress comes ten times a second for as long as it takes, and is read line by line.
    request.limits.body = 1 << 30
    return request
  }

  /// An error of a pull: that a model is not there means another thing here.
  private func pullError(_ error: ModelError) -> ModelError {
    switch error.kind {
    case .modelNotFound:
      return error.saying(
        "no registry has the model \(endpoint.model); check its name at https://hub.docker.com/u/ai"
      )
    case .engineCrashed:
      var error = error.saying("the pull of \(endpoint) failed: \(error.message)")
      error.kind = .server
      return error
    default: return error
    }
  }
}
