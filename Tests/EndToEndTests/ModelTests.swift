import Imaging
import JSONCoding
import ModelDouble
import Perception
import Platform
import Testing

/// Goals that a model reaches, from real pictures to real input; the model is a double on the true wire.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ModelTests {
  /// Answers what a model would: the n-th call of a plan, by what the picture shows.
  static func actor(
    _ onlooker: Onlooker, _ steps: [@Sendable (Onlooker.Seen) -> DoubleAnswer]
  ) -> ModelDouble.Script {
    let next = Locked(0)
    return { request in
      guard let seen = onlooker.read(request.lastImage) else {
        return Onlooker.failure("no picture arrived")
      }
      if request.messages.first?.text.contains("verify one statement") == true {
        return judge(seen)
      }
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      return index < steps.count ? steps[index](seen) : Onlooker.failure("nothing helps")
    }
  }

  private static func judge(_ seen: Onlooker.Seen) -> DoubleAnswer {
    let isSaved = seen.has("Saved Alan Turing") && seen.has("Friends")
    return .json([
      "evidence": isSaved ? "the dialog in the middle names both" : "no such dialog",
      "answer": isSaved ? "yes" : "no",
    ])
  }

  static let signIn: [@Sendable (Onlooker.Seen) -> DoubleAnswer] = [
    { Onlooker.click($0.place("User name", dy: 40), "the user name goes here") },
    { _ in Onlooker.type("alice") },
    { Onlooker.click($0.place("Password", dy: 40), "the password goes here") },
    { _ in Onlooker.type("wonderland\n") },
    { seen in
      seen.has("Welcome, alice") ? Onlooker.success() : Onlooker.failure("not signed in")
    },
  ]

  static let contact: [@Sendable (Onlooker.Seen) -> DoubleAnswer] = [
    { Onlooker.click($0.place("Name", dx: 120), "the name goes here") },
    { _ in Onlooker.type("Alan Turing") },
    { Onlooker.click($0.place("Email", dx: 120), "the address goes here") },
    { _ in Onlooker.type("alan@example.org") },
    { Onlooker.click($0.place("Group", dx: 120), "opens the list of groups") },
    { Onlooker.click($0.place("Friends"), "the group that is wanted") },
    { Onlooker.click($0.place("OK"), "confirms") },
    { $0.has("Saved Alan Turing") ? Onlooker.success() : Onlooker.failure("it was not saved") },
  ]

  private func run(
    _ arguments: [String], _ script: @escaping ModelDouble.Script
  ) async throws -> (program: Program, ran: Program.Ran, double: ModelDouble) {
    let program = try Program()
    let double = try ModelDouble.start(script)
    let ran = try await program.run(
      ["run"] + arguments + ["-o", program.folder.path + "/reports"], in: Program.root,
      environment: ["QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl"])
    double.stop()
    return (program, ran, double)
  }

  @Test func `a model signs in on the demo screen and the checks hold`() async throws {
    let onlooker = try await Onlooker()
    let (program, ran, double) = try await run(
      ["scenarios/model/shop.yaml"], Self.actor(onlooker, Self.signIn))
    let result = try #require(try program.results()["model/shop"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    #expect(ran.code == 0)
    #expect(double.chats.count == Self.signIn.count)
    try expectAppendOnly(double)
    try expectRecorded(double, program)
  }

  /// What was sent is in the recording, with the pictures by the names of their blobs.
  private func expectRecorded(_ double: ModelDouble, _ program: Program) throws {
    let recording = program.folder.path + "/reports/latest/recording"
    let lines = String(
      decoding: try Files.read(recording + "/events.jsonl", limit: 64 << 20), as: UTF8.self
    ).split(separator: "\n")
    let sent = try lines.compactMap {
      try JSON(parsing: String($0), maximumDepth: 160)["event"]?["replied"]?["reply"]?["sent"]
    }
    #expect(sent.count == double.chats.count)
    for (sent, chat) in zip(sent, double.chats) {
      #expect(sent["model"]?.string == "ai/qwen3-vl")
      #expect(sent["modelDigest"]?.string?.hasPrefix("sha256:") == true)
      #expect(sent["temperature"]?.double == 0)
      let blob = try #require(sent["blob"]?.string)
      #expect(blob == sent["digest"]?.string)
      let body = try JSON(
        parsing: try Files.read(
          "\(recording)/blobs/\(blob.prefix(2))/\(blob).json", limit: 64 << 20))
      #expect(body["messages"]?.array?.count == chat.messages.count)
      #expect(body["tools"] == chat.json?["tools"])
      let urls = (body["messages"]?.array ?? []).flatMap { $0["content"]?.array ?? [] }
        .compactMap { $0["image_url"]?["url"]?.string }
      #expect(urls.count == chat.messages.flatMap(\.images).count)
      for url in urls {
        #expect(url.hasPrefix("blob:"))
        let name = url.dropFirst(5).prefix(64)
        #expect(Files.exists("\(recording)/blobs/\(name.prefix(2))/\(name).png"))
      }
    }
  }

  @Test func `several calls of one reply are done in order and each is answered`() async throws {
    let onlooker = try await Onlooker()
    let (program, ran, double) = try await run(
      ["scenarios/model/shop.yaml"],
      Self.actor(
        onlooker,
        [
          { seen in
            .together(
              Onlooker.click(seen.place("User name", dy: 40), "the user name goes here"),
              Onlooker.type("alice"),
              Onlooker.click(seen.place("Password", dy: 40), "the password goes here"),
              Onlooker.type("wonderland\n"), Onlooker.success())
          },
          { seen in
            seen.has("Welcome, alice") ? Onlooker.success() : Onlooker.failure("not signed in")
          },
        ]))
    let result = try #require(try program.results()["model/shop"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    // Four actions with one question; the fifth call has not seen what the four did.
    #expect(double.chats.count == 2)
    let told = try #require(double.chats.last).messages.filter { $0.role == "tool" }
    #expect(told.count == 5)
    #expect(told.dropLast().allSatisfy { $0.text.hasPrefix("Done: ") })
    #expect(told.last?.text.hasPrefix("Not done: look first") == true)
    try expectAppendOnly(double)
  }

  @Test func `calls that were meant for another screen are not done`() async throws {
    let onlooker = try await Onlooker()
    let (program, ran, double) = try await run(
      ["scenarios/model/shop.yaml"],
      Self.actor(
        onlooker,
        Array(Self.signIn.prefix(3)) + [
          // Return leads to another page: what should be typed then has no field any more.
          { _ in .together(Onlooker.type("wonderland\n"), Onlooker.type("bob")) },
          { seen in
            seen.has("Welcome, alice") ? Onlooker.success() : Onlooker.failure("not signed in")
          },
        ]))
    let result = try #require(try program.results()["model/shop"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    let told = try #require(double.chats.last).messages.filter { $0.role == "tool" }
    #expect(told.suffix(1).allSatisfy { $0.text.contains("changed the screen") }, "\(told)")
    try expectAppendOnly(double)
  }

  @Test func `a model fills in a GTK form and the judge looks at it`() async throws {
    let onlooker = try await Onlooker()
    let (program, ran, double) = try await run(
      ["scenarios/model/contact.yaml"], Self.actor(onlooker, Self.contact))
    let result = try #require(try program.results()["model/contact"])
    #expect(result.verdict == "passed", "\(result.reason)\n\(ran.all)")
    let judged = try #require(double.chats.last)
    #expect(judged.schema != nil)
    #expect(
      !judged.messages.contains { $0.role == "assistant" }, "the judge has not seen the actor")
  }

  @Test func `a call that a model writes as text is read too`() async throws {
    let onlooker = try await Onlooker()
    let next = Locked(0)
    let (program, ran, _) = try await run(["scenarios/model/shop.yaml"]) { request in
      let seen = onlooker.read(request.lastImage)
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      guard let place = seen?.place("User name", dy: 40), index == 0 else {
        return .text("I am not sure what to do now.")
      }
      return .text(
        "I click there. <tool_call>{\"name\": \"computer\", \"arguments\": {\"reason\": \"the field\", "
          + "\"action\": \"left_click\", \"coordinate\": \(place.text)}}</tool_call>")
    }
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 64 << 20)
    #expect(String(decoding: journal, as: UTF8.self).contains("\"click\""), "\(ran.all)")
    #expect(try program.results()["model/shop"]?.verdict == "failed")
  }

  @Test(arguments: ["dead-button", "wrong-name"])
  func `the same on a broken application fails`(fault: String) async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let source = try Files.read(Program.root + "/scenarios/model/shop.yaml", limit: 1 << 20)
    let broken = String(decoding: source, as: UTF8.self)
      .replacing("demo: sign-in", with: "demo: sign-in?fault=\(fault)")
    try program.write(broken, to: "shop.yaml")
    let double = try ModelDouble.start(Self.actor(onlooker, Self.signIn))
    defer { double.stop() }
    let ran = try await program.run(
      ["run", "shop.yaml"],
      environment: ["QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl"])
    let result = try #require(try program.results()["shop"])
    #expect(result.verdict == "failed", "\(result.reason)")
    #expect(ran.code == 1)
  }

  @Test func `a model that claims success without doing anything does not pass`() async throws {
    let (program, ran, _) = try await run(
      ["scenarios/model/shop.yaml"], { _ in Onlooker.success() })
    let result = try #require(try program.results()["model/shop"])
    #expect(result.verdict == "failed", "\(result.reason)")
    #expect(ran.code == 1)
  }

  @Test func `the picture that arrives is the screen`() async throws {
    let onlooker = try await Onlooker()
    let seen = Locked<Bool>(false)
    let (_, _, double) = try await run(["scenarios/model/shop.yaml"]) { request in
      let screen = onlooker.read(request.lastImage)
      seen.withLock { $0 = screen?.has("Example Shop") == true && screen?.has("Sign in") == true }
      return Onlooker.failure("that is all I wanted to see")
    }
    #expect(seen.withLock { $0 })
    #expect(double.chats.count == 1)
  }

  /// Every request begins with the request before it, byte for byte as far as its messages go.
  private func expectAppendOnly(_ double: ModelDouble) throws {
    var before: [JSON] = []
    for request in double.chats {
      let messages = request.messages.map(\.json)
      #expect(Array(messages.prefix(before.count)) == before)
      before = messages
    }
  }
}
