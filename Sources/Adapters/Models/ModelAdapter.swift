internal import JSONCoding
internal import ModelRunner
internal import Pixels
internal import Platform
internal import Runner
internal import Driving
internal import Session
internal import Story

/// The model port of one attempt: which model is asked, in its own words and pictures, within its context.
struct ModelAdapter: ModelPort {
  private let roles: ModelRoles
  private let keep: RequestKeeping
  private let state: Locked<State>

  /// What is remembered from call to call.
  private struct State {
    var album = PictureAlbum()
    var budgets: [String: ContextBudget] = [:]
    var cuts: [String: ContextCut] = [:]
  }

  init(roles: ModelRoles, keep: @escaping RequestKeeping) {
    self.roles = roles
    self.keep = keep
    state = Locked(State())
  }

  func think(
    role: String, conversation: [Message], tools: [ToolName], frame: KeptFrame?
  ) async throws(Fault) -> ModelReply {
    let definitions = tools.map(Acting.tool).map { tool in
      ToolDefinition(name: tool.name, description: tool.purpose, parameters: tool.parameters)
    }
    return try await ask(role, conversation, frame, tools: definitions)
  }

  func judge(
    _ messages: [Message], vote: Int, frame: KeptFrame
  ) async throws(Fault) -> ModelReply {
    // Each judgement is a conversation of its own, so nothing of an earlier one is left out.
    state.withLock { $0.cuts["judge"] = nil }
    return try await ask(
      "judge", messages, frame, format: .jsonSchema(name: "judgement", Judge.schema), draw: vote)
  }

  // MARK: - Who is asked

  private func ask(
    _ role: String, _ conversation: [Message], _ frame: KeptFrame?,
    tools: [ToolDefinition] = [], format: ChatRequest.ResponseFormat = .text, draw: Int = 1
  ) async throws(Fault) -> ModelReply {
    let question = Question(
      conversation: conversation, frame: frame, tools: tools, format: format, purpose: role,
      draw: draw)
    let answer: ModelRouter.Answer<ModelReply>
    do throws(ModelError) {
      answer = try await roles.router.ask(role) { (name, client) async throws(ModelError) in
        try await reply(to: question, by: client, name)
      }
    } catch {
      throw Fault(.model, error.message, detail: error.detail)
    }
    var result = answer.value
    result.role = answer.role
    result.asked += answer.failures.count
    result.remarks =
      answer.failures.map { "the model of “\($0.role)” gave no answer: \($0.error.message)" }
      + result.remarks
    return result
  }

  /// What a model is asked, in nobody's words yet.
  private struct Question: Sendable {
    let conversation: [Message]
    let frame: KeptFrame?
    let tools: [ToolDefinition]
    let format: ChatRequest.ResponseFormat
    let purpose: String
    /// Which of several answers to the same question this is, from 1.
    let draw: Int

    /// Whether one of these calls was made and done in the model's last turn.
    func wasDone(_ calls: [ToolCall]) -> Bool {
      guard let turn = conversation.lastIndex(where: { $0.role == .assistant }) else {
        return false
      }
      let results = conversation[turn...].filter { $0.role == .tool }
      let done = conversation[turn].calls.filter { call in
        results.contains { $0.callID == call.id && $0.saysDone }
      }
      return calls.contains { call in
        done.contains { Self.action($0.arguments) == Self.action(call.argumentsText) }
      }
    }

    /// What a call does, without why.
    private static func action(_ arguments: String) -> JSON? {
      guard var object = (try? JSON(parsing: arguments))?.object else { return nil }
      object["reason"] = nil
      return .object(JSONObject(object.pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    /// How many pictures of the conversation a cut leaves out.
    func pictures(leftOutBy cut: ContextCut) -> Int {
      conversation.enumerated().reduce(0) { count, entry in
        guard cut.pictures.contains(entry.offset) || cut.turns.contains(entry.offset) else {
          return count
        }
        return count
          + entry.element.parts.count {
            switch $0 {
            case .image, .detail: true
            case .text, .coordinates: false
            }
          }
      }
    }
  }

  // MARK: - One model

  /// Asks one model; a conversation that proves too long is cut, once, and asked again.
  private func reply(
    to question: Question, by client: ModelClient, _ role: String
  ) async throws(ModelError) -> ModelReply {
    let key = question.purpose == "judge" ? "judge" : role
    var budget = state.withLock { $0.budgets[key] } ?? newBudget(client, role)
    var cut = state.withLock { $0.cuts[key] } ?? ContextCut()
    var remarks: [String] = []
    let messages = try render(question, client.endpoint, beside: cut)
    if let further = budget.cut(messages, tools: question.tools, beside: cut) {
      cut = further
    }
    var asked = 1
    var inSchema = !client.manners.takesTools && !question.tools.isEmpty
    while true {
      let sent = cut.applied(to: messages)
      do {
        var request = request(sent, question, client, role)
        if inSchema { request = request.asSchema() }
        let reply = try await client.chat(request)
        budget.learn(counted: reply.usage.prompt, for: sent, tools: question.tools)
        state.withLock { [budget, cut] state in
          state.budgets[key] = budget
          state.cuts[key] = cut
        }
        remarks += reply.changes.map { "\(client.endpoint.model) is asked otherwise now: \($0)" }
        var result = try made(reply, question, client, remarks, asked: asked, inSchema: inSchema)
        result.sent = await self.sent(request, for: reply, question, client, cut)
        return result
      } catch {
        asked += 1
        guard asked <= Self.mostQuestions else { throw error }
        if [.toolFormat, .noTools].contains(error.kind), !inSchema, !question.tools.isEmpty {
          inSchema = true
          if error.kind == .noTools { client.noteNoTools() }
          remarks.append(
            "\(client.endpoint.model) was asked for JSON instead of a call: \(error.message)")
          continue
        }
        let before = cut
        guard let further = cutAfter(error, messages, question, before, client, &budget),
          further != before
        else { throw error }
        cut = further
        remarks.append(
          "the conversation was too long for \(client.endpoint.model), so older parts of it were left out: "
            + error.message)
      }
    }
  }

  /// So often a model is asked one question at most, each time in less or in other words.
  private static let mostQuestions = 5

  /// What was really sent for a reply.
  private func sent(
    _ request: ChatRequest, for reply: ChatReply, _ question: Question, _ client: ModelClient,
    _ cut: ContextCut
  ) async -> SentRequest {
    let sent = reply.sent ?? request
    let model = client.endpoint.model.text
    let (digest, blob) = await keep(sent.outline(model: model))
    let temperature = sent.temperature.flatMap { $0.isFinite ? $0 : nil }
    return SentRequest(
      model: model, modelDigest: roles.digest(of: client.endpoint), temperature: temperature,
      seed: sent.extra["seed"]?.integer, maximumTokens: sent.maxTokens,
      picturesLeftOut: question.pictures(leftOutBy: cut),
      messagesLeftOut: cut.turns.count + (reply.hasDroppedTurn ? 1 : 0),
      digest: digest, blob: blob)
  }

  private func newBudget(_ client: ModelClient, _ role: String) -> ContextBudget {
    let manners = client.manners
    return ContextBudget(
      family: client.endpoint.family,
      limit: min(roles.context(for: role), manners.context ?? .max),
      answer: roles.settings(for: role)?.maximumTokens ?? 1024,
      bodyLimit: min(client.endpoint.bodyLimit, manners.bodyBytes ?? .max),
      pictures: manners.pictures)
  }

  /// What to leave out after an error that says that the conversation is too long; nil after any other.
  ///
  /// What the server states is believed for the rest of the run.
  private func cutAfter(
    _ error: ModelError, _ messages: [ChatMessage], _ question: Question, _ cut: ContextCut,
    _ client: ModelClient, _ budget: inout ContextBudget
  ) -> ContextCut? {
    let sent = cut.applied(to: messages)
    var counted: (prompt: Int?, limit: Int?)
    switch error.kind {
    case .contextExceeded(let prompt, let limit):
      client.note(context: limit)
      counted = (prompt, limit)
    case .payloadTooLarge(let limit):
      client.note(bodyBytes: limit)
      // Without a number, what was sent is too much.
      budget.believe(bodyBytes: limit ?? budget.size(of: sent) * 3 / 4)
    case .tooManyPictures(let limit):
      let images = sent.reduce(0) { $0 + $1.images.count }
      client.note(pictures: limit)
      budget.believe(pictures: limit ?? images / 2)
    default: return nil
    }
    return budget.cut(
      messages, tools: question.tools, beside: cut, afterOverflow: counted.prompt,
      limit: counted.limit)
  }

  private func request(
    _ messages: [ChatMessage], _ question: Question, _ client: ModelClient, _ role: String
  ) -> ChatRequest {
    var request = ChatRequest(messages: messages, extra: roles.extra(for: role))
    request.tools = question.tools
    request.allowsSeveralCalls = client.endpoint.family.makesSeveralCalls
    request.responseFormat = question.format
    if let settings = roles.settings(for: role) {
      request.temperature = settings.temperature
      request.maxTokens = settings.maximumTokens
    }
    if question.draw > 1 {
      // The most likely answer, asked for again, would be the same vote twice.
      request.temperature = max(request.temperature ?? 0, Self.drawingTemperature)
      request.extra["seed"] = .integer(question.draw)
    }
    guard !question.tools.isEmpty else { return request }
    switch client.endpoint.family.dialect {
    case .native: return request
    case .schema: return request.asSchema()
    case .actionText:
      // Such models know the screen's actions, and no other tool.
      request.tools = Array(question.tools.prefix(1))
      return ActionText.asActionText(request)
    }
  }

  /// At which temperature answers to the same question differ where a model is not sure.
  private static let drawingTemperature = 0.7

  // MARK: - The conversation in a model's words

  private func render(
    _ question: Question, _ endpoint: ModelEndpoint, beside cut: ContextCut
  ) throws(ModelError) -> [ChatMessage] {
    do throws(Fault) {
      let (messages, album) = try state.withLock(\.album).rendered(
        question.conversation, for: endpoint, frame: question.frame, beside: cut,
        keepsOriginals: roles.router.roles.count > 1)
      state.withLock { $0.album = album }
      return messages
    } catch {
      throw ModelError(.badImage, error.message)
    }
  }

  // MARK: - The answer in ours

  private func made(
    _ reply: ChatReply, _ question: Question, _ client: ModelClient, _ remarks: [String],
    asked: Int, inSchema: Bool
  ) throws(ModelError) -> ModelReply {
    let family = client.endpoint.family
    let calls = calls(of: reply, to: question, family, inSchema ? .schema : family.dialect)
    if reply.hasDroppedTurn, question.wasDone(calls) { throw Self.repeating(client) }
    return ModelReply(
      text: reply.text, reasoning: reply.reasoning,
      calls: calls.map { ToolRequest(id: $0.id, name: $0.name, arguments: $0.argumentsText) },
      isComplete: !reply.isTruncated && calls.allSatisfy(\.isComplete),
      model: client.endpoint.model.text,
      space: question.frame.map { family.space(for: $0.reference.size) },
      requestID: reply.requestID?.text ?? "",
      asked: asked, remarks: remarks + (reply.hasDroppedTurn ? [Self.dropped] : []),
      promptTokens: reply.usage.prompt, cachedTokens: reply.usage.cached,
      completionTokens: reply.usage.completion, duration: reply.duration)
  }

  /// A model that was not told its last turn in its own words, and would do the same once more.
  private static func repeating(_ client: ModelClient) -> ModelError {
    ModelError(
      .badRequest,
      "\(client.endpoint) cannot read the model's last turn, and without it the model would do again what it "
        + "has done; nothing was done a second time; set the model's turns to words")
  }

  private static let dropped =
    "the engine could not read the model's last words again, so they were left out"

  /// The calls of a reply; a call that the model wrote as text, as many do, is one too.
  ///
  /// Only where tools were offered, and only when it is beyond doubt what is called with what. What the
  /// protocol itself says is a call stays one, for the session to say what is wrong with it.
  private func calls(
    of reply: ChatReply, to question: Question, _ family: ModelFamily,
    _ dialect: ModelFamily.Dialect
  ) -> [ToolCall] {
    guard let tool = question.tools.first else { return reply.toolCalls }
    let isActionText = dialect == .actionText && reply.toolCalls.isEmpty
    let decoder = ReplyDecoder(
      dialect: dialect, tools: isActionText ? ActionText.tools : question.tools,
      order: family.order)
    guard let decoded = try? decoder.decode(reply) else { return reply.toolCalls }
    return decoded.calls.enumerated().compactMap { index, call in
      let arguments =
        isActionText ? ActionText.arguments(of: call, thought: decoded.text) : call.arguments
      guard let arguments else { return nil }
      return ToolCall(
        id: call.id ?? "text-\(question.conversation.count)-\(index)",
        name: isActionText ? tool.name : call.name, argumentsText: JSON.object(arguments).text)
    }
  }
}

extension ModelError {
  /// What the journal keeps beside the message: the call's name and what the server said.
  fileprivate var detail: String? {
    let parts = [requestID.map { "request \($0)" }, body].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ": ")
  }
}

extension Message {
  /// Whether it tells that an action was done.
  fileprivate var saysDone: Bool {
    parts.contains { if case .text(let text) = $0 { text.hasPrefix("Done: ") } else { false } }
  }
}
