public import Pixels

extension ModelClient {
  /// Asks the model questions with known answers, one after the other.
  ///
  /// A probe that meets an error is `unknown`, except where the error is the answer: a model that cannot
  /// see, or cannot be given tools. Nothing is asked any more once the endpoint itself is gone.
  ///
  /// - Parameters:
  ///   - plan: the questions.
  ///   - encode: makes a PNG of a frame.
  ///   - onFinding: hears each finding when it is known.
  /// - Throws: `ModelError` of the kind `cancelled` only.
  public func preflight(
    _ plan: Preflight, encode: @Sendable (Frame) -> EncodedImage?,
    onFinding: @Sendable (ProbeFinding) -> Void = { _ in }
  ) async throws(ModelError) -> [ProbeFinding] {
    var run = PreflightRun(client: self, plan: plan)
    for kind in ProbeKind.allCases {
      let finding = try await run.probe(kind, encode: encode)
      onFinding(finding)
      run.findings.append(finding)
    }
    return run.findings
  }
}

/// One run of the probes.
private struct PreflightRun {
  let client: ModelClient
  let plan: Preflight
  var findings: [ProbeFinding] = []
  private var replies: [ChatReply] = []
  private var lost: ModelError?

  init(client: ModelClient, plan: Preflight) {
    self.client = client
    self.plan = plan
  }

  mutating func probe(
    _ kind: ProbeKind, encode: (Frame) -> EncodedImage?
  ) async throws(ModelError) -> ProbeFinding {
    do throws(ModelError) {
      if let lost { throw lost }
      switch kind {
      case .vision:
        guard let picture = plan.visionPicture.frame().flatMap(encode) else {
          return noPicture(kind)
        }
        return plan.judgeVision(try await ask(plan.visionRequest(picture)))
      case .coordinates: return try await coordinates(encode: encode)
      case .tools: return plan.judgeTools(try await ask(plan.toolRequest))
      case .turns: return try await turns(encode: encode)
      case .schema: return plan.judgeSchema(try await ask(plan.schemaRequest))
      case .cache: return try await cache(encode: encode)
      case .speed: return plan.judgeSpeed(replies)
      case .context: return plan.judgeContext(await client.contextSize())
      case .server: return plan.judgeServer(client.manners)
      }
    } catch {
      if error.kind == .cancelled { throw error }
      if [.connection, .unauthorised, .modelNotFound, .notAnEndpoint, .loadFailed].contains(
        error.kind)
      {
        lost = error
      }
      return finding(kind, error)
    }
  }

  private func finding(_ kind: ProbeKind, _ error: ModelError) -> ProbeFinding {
    let isAnswer =
      switch (kind, error.kind) {
      case (.vision, .noVision), (.coordinates, .noVision), (.tools, .noTools),
        (.tools, .toolFormat), (.turns, .noTools), (.turns, .badRequest),
        (.schema, .badSchema):
        true
      default: false
      }
    return ProbeFinding(kind, isAnswer ? .fails : .unknown, error.message)
  }

  private func noPicture(_ kind: ProbeKind) -> ProbeFinding {
    ProbeFinding(kind, .unknown, "the picture for this probe could not be encoded")
  }

  private mutating func ask(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
    let reply = try await client.chat(request)
    replies.append(reply)
    return reply
  }

  private mutating func turns(
    encode: (Frame) -> EncodedImage?
  ) async throws(ModelError) -> ProbeFinding {
    guard let picture = plan.visionPicture.frame().flatMap(encode) else { return noPicture(.turns) }
    var request = plan.turnsRequest(picture)
    if plan.family.dialect != .native || !client.manners.takesTools { request = request.asSchema() }
    do throws(ModelError) {
      _ = try await ask(request)
    } catch {
      switch error.kind {
      case .tooManyPictures(let limit): client.note(pictures: limit ?? 1)
      case .noTools:
        client.noteNoTools()
        throw error
      default: throw error
      }
    }
    let words = client.manners.pictures.map { "at most \($0) at once" }
    return ProbeFinding(
      .turns, .holds, "a picture may follow the result of a call\(words.map { ", \($0)" } ?? "")")
  }

  private mutating func coordinates(
    encode: (Frame) -> EncodedImage?
  ) async throws(ModelError) -> ProbeFinding {
    guard let picture = plan.coordinatePicture.frame().flatMap(encode) else {
      return noPicture(.coordinates)
    }
    var samples: [CoordinateFit.Sample] = []
    for (color, _) in plan.targets {
      let reply = try await ask(plan.coordinateRequest(picture, color))
      if let sample = plan.sample(reply, for: color) { samples.append(sample) }
    }
    return plan.judgeCoordinates(samples)
  }

  private mutating func cache(
    encode: (Frame) -> EncodedImage?
  ) async throws(ModelError) -> ProbeFinding {
    guard let picture = plan.visionPicture.frame().flatMap(encode) else { return noPicture(.cache) }
    var request = plan.visionRequest(picture)
    let first = try await ask(request)
    request.messages += [first.message, .user("Say it again.")]
    return plan.judgeCache(first: first, second: try await ask(request))
  }
}
