import JSONCoding
import ModelDouble
import Platform
import Testing

/// Servers that want requests otherwise than others, behind the whole program.
@Suite(.serialized, .timeLimit(.minutes(5))) struct MannersTests {
  private static let scenario = """
    name: The model presses the button
    target: { demo: sign-in }
    limits: { time: 60s, model_calls: 12 }
    steps:
      - act: Bring the sign-in form to complain about what is missing
        lane: model
      - expect: User name
    """

  private static let press = DoubleAnswer.toolCall(
    "computer", ["reason": "the button", "action": "left_click", "coordinate": [500, 560]])

  /// A model that presses once and is done: what it has been told decides.
  private static func actor(_ request: ReceivedRequest) -> DoubleAnswer {
    let wasTold = request.messages.contains { $0.role != "system" && $0.text.contains("Done: ") }
    let answer = wasTold ? Onlooker.success() : press
    return request.tools.isEmpty ? answer.callAsText : answer
  }

  private func run(
    _ double: ModelDouble, _ environment: [String: String] = [:]
  ) async throws -> (Program, Program.Ran, actions: Int) {
    let program = try Program()
    try program.write(Self.scenario, to: "one.yaml")
    let ran = try await program.run(
      ["run", "one.yaml"],
      environment: [
        "QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl",
      ].merging(environment) { _, new in new })
    double.stop()
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 64 << 20)
    let lines = String(decoding: journal, as: UTF8.self).split(separator: "\n")
    return (program, ran, lines.count { $0.contains("\"effect\"") && $0.contains("\"click\"") })
  }

  private static let alternate =
    "Jinja Exception: After the optional system message, conversation roles must alternate user and assistant"
    + " roles except for tool calls and results."

  /// Whether user and assistant speak in turn, results of calls not counted.
  private static func isInTurn(_ request: ReceivedRequest) -> Bool {
    let spoken = request.messages.filter {
      $0.role == "user" || $0.role == "assistant" && $0.toolCalls.isEmpty
    }
    return spoken.enumerated().allSatisfy { $1.role == ($0 % 2 == 0 ? "user" : "assistant") }
  }

  @Test func `a template that wants user and assistant in turn has nothing done twice`()
    async throws
  {
    let double = try ModelDouble.start(
      override: {
        $0.isChat && !$0.isPreload && !Self.isInTurn($0) ? .error(500, Self.alternate) : nil
      },
      Self.actor)
    let (program, ran, actions) = try await run(double)
    let result = try #require(try program.results()["one"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    #expect(actions == 1)
    // The picture after the action arrived too.
    #expect(double.chats.last?.images.count == 2)
  }

  @Test func `a server that cannot read what was said has nothing done twice`() async throws {
    // It reads no word of the assistant, in whatever form, and says nothing of use.
    let double = try ModelDouble.start(
      override: { request in
        guard request.isChat, !request.isPreload else { return nil }
        if request.messages.contains(where: { $0.role == "assistant" }) {
          return .error(500, "internal error")
        }
        // And its model would press again whatever it is told.
        return Self.press
      }, Self.actor)
    let (program, ran, actions) = try await run(double)
    let result = try #require(try program.results()["one"])
    #expect(result.verdict == "error", "\(ran.all)")
    #expect(result.reason.contains("nothing was done a second time"), "\(result.reason)")
    #expect(actions == 1)
  }

  @Test(arguments: [1, 2, 4]) func `a server that takes so many pictures gets no more`(
    most: Int
  ) async throws {
    let next = Locked(0)
    let double = try ModelDouble.start(
      override: {
        $0.isChat && $0.images.count > most
          ? .error(400, "At most \(most) image(s) may be provided in one request.") : nil
      },
      { _ in
        let count = next.withLock { next in
          next += 1
          return next
        }
        // Somewhere else each time, so that nothing looks stuck.
        return count > 7
          ? Onlooker.success()
          : .toolCall(
            "computer",
            [
              "reason": "there", "action": "mouse_move",
              "coordinate": [.integer(300 + count * 20), 560],
            ])
      })
    let (program, ran, _) = try await run(double)
    let result = try #require(try program.results()["one"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    let refused = double.chats.count { $0.images.count > most }
    #expect(refused == 1, "what it stated is believed")
    #expect(double.chats.last?.images.count ?? 0 >= 1)
  }

  @Test(arguments: [
    "x does not support tools",
    "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
  ])
  func `a server without tools is asked for JSON`(words: String) async throws {
    let double = try ModelDouble.start(
      override: { $0.isChat && !$0.tools.isEmpty ? .error(400, words) : nil }, Self.actor)
    let (program, ran, actions) = try await run(double)
    let result = try #require(try program.results()["one"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    #expect(actions == 1)
    #expect(double.chats.count { !$0.tools.isEmpty } == 1, "it is remembered")
  }

  @Test func `what is set is never tried`() async throws {
    let double = try ModelDouble.start(Self.actor)
    let (program, ran, _) = try await run(
      double,
      [
        "QA_AGENT_MODEL_LEAVE_OUT": "temperature, parallel_tool_calls",
        "QA_AGENT_MODEL_TOKENS_FIELD": "max_completion_tokens", "QA_AGENT_MODEL_TURNS": "words",
      ])
    #expect(try program.results()["one"]?.verdict == "passed", "\(ran.all)")
    for chat in double.chats {
      #expect(chat.json?["temperature"] == nil && chat.json?["parallel_tool_calls"] == nil)
      #expect(chat.json?["max_tokens"] == nil && chat.json?["max_completion_tokens"] == 1024)
      #expect(!chat.messages.contains { $0.role == "tool" })
    }
  }

  @Test func `a model is loaded before the first case, and the wait is told`() async throws {
    let double = try ModelDouble.start(
      override: { request in
        if request.path.hasSuffix("/engines/status") {
          return .status(200, json: ["llama.cpp": "Installing: fetching b9879"])
        }
        return request.isPreload ? .status(200, type: "", body: []).after(.seconds(12)) : nil
      }, Self.actor)
    let (program, ran, _) = try await run(double)
    #expect(try program.results()["one"]?.verdict == "passed", "\(ran.all)")
    let chats = double.requests.filter(\.isChat)
    #expect(chats.first?.isPreload == true)
    #expect(ran.all.contains("fetching llama.cpp"), "\(ran.all)")
  }

  @Test func `a model that cannot be loaded is an error before any case`() async throws {
    let double = try ModelDouble.start(
      override: {
        $0.isPreload ? .status(503, "backend installation failed: no space left\n") : nil
      }, Self.actor)
    let (program, ran, _) = try await run(double)
    let result = try #require(try program.results()["one"])
    #expect(result.verdict == "error" && result.reason.contains("no space left"), "\(ran.all)")
    #expect(double.chats.isEmpty)
  }

  @Test func `Compose's variables do as they are, with several models`() async throws {
    let double = try ModelDouble.start(Self.actor)
    let (program, ran, _) = try await run(
      double,
      [
        "QA_AGENT_MODEL_ENDPOINT": "", "QA_AGENT_MODEL": "", "LLM_URL": double.url + "/",
        "LLM_MODEL": "ai/qwen3-vl,ai/gemma3",
      ])
    #expect(try program.results()["one"]?.verdict == "passed", "\(ran.all)")
    #expect(double.chats.allSatisfy { $0.model == "ai/qwen3-vl" })
    #expect(double.chats.allSatisfy { $0.path == "/engines/v1/chat/completions" })
  }
}
