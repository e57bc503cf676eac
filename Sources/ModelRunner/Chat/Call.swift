internal import Platform

extension ModelClient {
  /// One call: the attempts at an answer, each as the server wants it by then.
  struct Call: Sendable {
    let client: ModelClient
    let id: RequestID
    let onDelta: @Sendable (ChatDelta) -> Void
    private let failures = Locked([ModelError]())

    init(client: ModelClient, id: RequestID, onDelta: @escaping @Sendable (ChatDelta) -> Void) {
      self.client = client
      self.id = id
      self.onDelta = onDelta
    }

    /// So many things may be asked otherwise in one call.
    private static let mostChanges = 8

    /// Asks, and learns from each refusal how to ask.
    func answer(to request: ChatRequest) async throws(ModelError) -> ChatReply {
      var changes: [String] = []
      while true {
        let manners = client.book.manners
        do {
          var reply = try await answer(to: request, manners)
          reply.changes = changes
          return reply
        } catch {
          guard changes.count < Self.mostChanges,
            let change = change(after: error, to: request.suited(to: manners), manners)
          else { throw error }
          changes.append(change)
          onDelta(.changed(change, because: error))
        }
      }
    }

    /// What is asked otherwise after a refusal; nil when nothing is.
    private func change(
      after error: ModelError, to request: ChatRequest, _ manners: ServerManners
    ) -> String? {
      guard let refusal = error.refusal, let status = error.status else { return nil }
      let sent = request.fields
      let demand = DemandReader(refusal, status: status).demand(
        sent: sent, maximumTokens: request.maxTokens)
      return demand.flatMap { client.book.yield(to: $0, sent: sent, used: manners) }
    }

    // MARK: - A server that cannot read the conversation

    /// Asks; where the server fails twice in the same way, in plain words, and at last without the model's last turn.
    private func answer(
      to request: ChatRequest, _ manners: ServerManners
    ) async throws(ModelError) -> ChatReply {
      do {
        return try await attempt(request.suited(to: manners), like: request, plan: client.newPlan)
      } catch {
        let last = failures.withLock { Array($0.suffix(2)) }
        guard last.count == 2, last[0].isSameServerFailure(as: last[1]),
          let shorter = request.withoutLastTurn()
        else { throw error }
        return try await answer(to: request, or: shorter, manners, because: error)
      }
    }

    private func answer(
      to request: ChatRequest, or shorter: ChatRequest, _ manners: ServerManners,
      because error: ModelError
    ) async throws(ModelError) -> ChatReply {
      var plan = client.newPlan
      plan.attempts = 1
      let words = request.inWords().suited(to: manners)
      if words != request.suited(to: manners) {
        onDelta(.changed("in plain words", because: error))
        do {
          return try await attempt(words, like: request, plan: plan)
        } catch {
          // Only what the model said may be the reason why it cannot be read in any form.
          guard error.kind == .server else { throw error }
        }
      }
      onDelta(.droppedTurn(because: error))
      do {
        var reply = try await attempt(shorter.suited(to: manners), like: request, plan: plan)
        reply.hasDroppedTurn = true
        return reply
      } catch {
        throw error.saying("\(error.message) (also without the model's last turn)")
      }
    }

    private func attempt(
      _ request: ChatRequest, like asked: ChatRequest, plan: RetryPlan
    ) async throws(ModelError) -> ChatReply {
      let body = try client.checkedBody(request)
      let exchange = ChatExchange(
        client: client, id: id, isStreamed: request.stream, onDelta: onDelta)
      let before = failures.withLock { $0.count }
      let failures = failures
      let (result, attempts) = try await client.repeated(plan, onDelta: onDelta) {
        (attempt) throws(ModelError) in
        do throws(ModelError) {
          return try await exchange.run(body, attempt: before + attempt)
        } catch {
          failures.withLock { $0.append(error) }
          throw error
        }
      }
      var reply = result
      reply.requestID = id
      reply.attempts = before + attempts
      if request != asked { reply.sent = request }
      return reply
    }
  }
}
