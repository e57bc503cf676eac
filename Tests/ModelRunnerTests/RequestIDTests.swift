import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct RequestIDTests {
  private let id = RequestID(random: { 0.5 })

  @Test func `comes from the chance that is given`() {
    let numbers = Locked([0.0, 0.5, 1 - 0x1p-33, 0.9])
    let id = RequestID(random: { numbers.withLock { $0.removeFirst() } })
    #expect(id.text == "0000000080000000ffffffffe6666666")
    #expect(RequestID(random: { .nan }).text == String(repeating: "0", count: 32))
    #expect(RequestID(random: { 7 }).text == String(repeating: "f", count: 32))
  }

  @Test(arguments: ["", "x", String(repeating: "g", count: 32), String(repeating: "F", count: 32)])
  func `takes nothing else for an ID`(text: String) {
    #expect(RequestID(text) == nil)
    #expect(RequestID(id.text) == id)
  }

  @Test func `a call has one ID, and each attempt its own header`() async throws {
    let double = try ModelDouble.start(
      override: { $0.isChat && $0.index < 2 ? .error(503, "Loading model") : nil },
      ModelDouble.plain)
    defer { double.stop() }
    let deltas = Deltas()
    let reply = try await client(of: double).chat(question(), onDelta: deltas.take)
    #expect(reply.requestID == id)
    #expect(
      double.chats.map { $0.header("x-request-id") } == ["\(id)-1", "\(id)-2", "\(id)-3"])
    let told = deltas.all.compactMap { delta in
      if case .retrying(_, _, let error) = delta { error.requestID } else { nil }
    }
    #expect(told == [id, id])
  }

  @Test func `the caller may name a call`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let own = try #require(RequestID("0123456789abcdef0123456789abcdef"))
    #expect(try await client(of: double).chat(question(), id: own).requestID == own)
    #expect(double.chats.first?.header("x-request-id") == "0123456789abcdef0123456789abcdef-1")
  }

  @Test func `an error before the first byte has the ID too`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let small = try client(of: double) { $0.bodyLimit = 10 }
    let error = await modelError { () throws(ModelError) in try await small.chat(question()) }
    #expect(error?.requestID == id)
    #expect(error?.body == nil)
  }
}

@Suite(.timeLimit(.minutes(5))) struct ErrorBodyTests {
  private let key = APIKey(name: "MODEL_KEY", value: "sk-hunter2-hunter2")

  private func error(_ answer: DoubleAnswer, stream: Bool = true) async throws -> ModelError? {
    let double = try ModelDouble.start(override: { $0.isChat ? answer : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double, key: key)
    return await modelError { () throws(ModelError) in
      try await client.chat(question(stream: stream))
    }
  }

  @Test func `an error keeps what the server said, without keys`() async throws {
    let error = try await error(
      .error(400, "Bad header Authorization: Bearer sk-hunter2-hunter2, or bearer  other-secret"))
    let body = try #require(error?.body)
    #expect(body.contains(#""type":"server_error""#))
    for text in [body, error?.message ?? ""] {
      #expect(text.contains("Bearer ‹"))
      #expect(!text.contains("hunter2") && !text.contains("other-secret"))
    }
  }

  @Test func `a long body is cut, and no key at the cut is left in half`() async throws {
    for length in [4070, 4080, 4090, 4095, 5000] {
      let filler = String(repeating: "x", count: length)
      let error = try await error(.status(400, filler + "sk-hunter2-hunter2" + filler))
      let body = try #require(error?.body)
      #expect(body.utf8.count <= ModelError.bodyLimit + 2)
      #expect(!body.contains("sk-h"))
    }
  }

  @Test func `a message cut inside a key does not show half of it`() async throws {
    for length in 480...500 {
      let error = try await error(
        .status(400, String(repeating: "x", count: length) + " sk-hunter2-hunter2"))
      #expect(error?.message.contains("sk-h") == false)
    }
  }

  @Test(arguments: [true, false]) func `an unusable answer is kept as well`(
    stream: Bool
  ) async throws {
    let answer: DoubleAnswer =
      stream
      ? .events([#"{"choices":[]}"#, "{sk-hunter2-hunter2"])
      : .status(200, type: "application/json", body: Array("{sk-hunter2-hunter2".utf8))
    let error = try await error(answer, stream: stream)
    #expect(error?.kind == .malformedReply)
    #expect(error?.body?.contains("{‹MODEL_KEY›") == true)
    #expect(error?.message.contains("hunter2") == false)
  }

  @Test func `a stream that stops keeps what came of it`() async throws {
    let error = try await error(.events([#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#]))
    #expect(error?.kind == .truncatedReply)
    #expect(error?.body?.contains(#""content":"a""#) == true)
  }

  @Test(arguments: [
    ("no key here", "no key here"), ("Bearer", "Bearer"), ("Bearer  ", "Bearer  "),
    ("Bearer abc", "Bearer ‹redacted›"), ("\"BEARER a.b-c\"x", "\"Bearer ‹redacted›\"x"),
    ("bearers abc", "bearers abc"), ("sk-hunter2-hunter2", "‹MODEL_KEY›"),
    ("cut sk-hunter2", "cut ‹MODEL_KEY›"), ("ask sk-", "ask sk-"),
  ]) func `takes keys out of any text`(text: String, expected: String) {
    #expect(Redactor(key: key).text(text) == expected)
  }

  @Test func `a key of three letters is no key to look for`() {
    #expect(Redactor(key: APIKey(name: "K", value: "the")).text("the end") == "the end")
    #expect(Redactor(key: nil).text("the end") == "the end")
  }
}
