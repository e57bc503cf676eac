import ModelDouble
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct LastTurnTests {
  private let call = ToolCall(id: "c1", name: "click", argumentsText: #"{"x":5"#)

  private var conversation: ChatRequest {
    var request = question()
    request.messages = [
      .system("You test."), .user("Sign in."), .assistant("I look."), .user("Go on."),
      .assistant("", toolCalls: [call]), .tool("clicked", answering: "c1"),
      .user("The new screen."),
    ]
    return request
  }

  @Test func `the last turn goes, and what its calls came to is told in the user's words`() {
    let shorter = conversation.withoutLastTurn()
    #expect(
      shorter?.messages == [
        .system("You test."), .user("Sign in."), .assistant("I look."),
        ChatMessage(
          role: .user, parts: [.text("Go on."), .text("clicked"), .text("The new screen.")]),
      ])
    #expect(
      shorter?.withoutLastTurn()?.messages == [
        .system("You test."),
        ChatMessage(
          role: .user,
          parts: [
            .text("Sign in."), .text("Go on."), .text("clicked"), .text("The new screen."),
          ]),
      ])
    #expect(shorter?.withoutLastTurn()?.withoutLastTurn() == nil)
  }

  @Test func `a turn that nobody answered goes too`() {
    var request = question()
    request.messages.append(.assistant("Hello"))
    #expect(request.withoutLastTurn()?.messages == question().messages)
    request.messages = [.system("You test."), .assistant("Hello")]
    #expect(request.withoutLastTurn() == nil)
  }

  private func fails(with answers: [DoubleAnswer]) throws -> ModelDouble {
    try ModelDouble.start(
      override: { $0.isChat && $0.index < answers.count ? answers[$0.index] : nil },
      ModelDouble.plain)
  }

  private static let unrendered = DoubleAnswer.error(
    500, "Failed to parse messages: unexpected end")

  @Test func `what a server cannot read twice is told in plain words first`() async throws {
    let double = try fails(with: [Self.unrendered, Self.unrendered])
    defer { double.stop() }
    let reply = try await client(of: double).chat(conversation)
    #expect(!reply.hasDroppedTurn)
    let told = try #require(double.chats.last?.messages)
    #expect(told.map(\.role) == ["system", "user", "assistant", "user", "assistant", "user"])
    #expect(told.allSatisfy { $0.toolCalls.isEmpty })
    #expect(told.last?.text == "clicked\nThe new screen.")
  }

  @Test(arguments: [true, false]) func `the same failure in any words costs the last turn`(
    stream: Bool
  ) async throws {
    let double = try fails(with: [Self.unrendered, Self.unrendered, Self.unrendered])
    defer { double.stop() }
    var request = conversation
    request.stream = stream
    let deltas = Deltas()
    let reply = try await client(of: double).chat(request, onDelta: deltas.take)
    #expect(reply.text == "ok")
    #expect(reply.hasDroppedTurn)
    #expect(reply.attempts == 4)
    #expect(double.chats.map { $0.messages.count } == [7, 7, 6, 4])
    #expect(Set(double.chats.compactMap { $0.header("x-request-id") }).count == 4)
    let dropped = deltas.all.compactMap { delta in
      if case .droppedTurn(let error) = delta { error } else { nil }
    }
    #expect(dropped.count == 1)
    #expect(dropped.first?.message.contains("Failed to parse messages") == true)
  }

  @Test func `what failed before does not matter`() async throws {
    let double = try fails(
      with: [
        .error(503, "Loading model"), .error(503, "Loading model"), Self.unrendered,
        Self.unrendered, Self.unrendered,
      ])
    defer { double.stop() }
    let reply = try await client(of: double).chat(conversation)
    #expect(reply.hasDroppedTurn)
    #expect(reply.attempts == double.chats.count)
  }

  @Test func `it is done once`() async throws {
    let double = try fails(with: [DoubleAnswer](repeating: Self.unrendered, count: 9))
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(conversation) }
    #expect(error?.kind == .server)
    #expect(error?.message.contains("also without the model's last turn") == true)
    #expect(double.chats.count == 4)
  }

  @Test(arguments: [
    [DoubleAnswer.error(500, "one"), .error(500, "another"), .text("late")],
    [.error(500, "one"), .text("in time")],
    [.error(502, "one"), .error(502, "one"), .text("in time")],
    [.error(400, "one"), .error(400, "one"), .text("late")],
  ]) func `anything else leaves the conversation alone`(answers: [DoubleAnswer]) async throws {
    let double = try fails(with: answers)
    defer { double.stop() }
    let reply = try? await client(of: double).chat(conversation)
    #expect(reply?.hasDroppedTurn != true)
    #expect(double.chats.allSatisfy { $0.messages.count == 7 })
  }

  @Test func `without a turn of the model there is nothing to drop`() async throws {
    let double = try fails(with: [Self.unrendered, Self.unrendered, .text("late")])
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .server)
    #expect(double.chats.count == 2)
  }
}
