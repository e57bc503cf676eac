import Digests
import Glibc
import JSONCoding
import Platform
import Recording
import Testing

struct JournalTests {
  private let folder: TemporaryFolder
  private let run: RunFolder

  init() throws {
    folder = try TemporaryFolder(prefix: "qa-recording")
    run = try RunFolder.create(in: folder.path, time: UTCTime(milliseconds: 0), random: 7)
  }

  private func text() throws -> String {
    String(decoding: try Files.read(run.events, limit: 1 << 24), as: UTF8.self)
  }

  @Test func `writes one line an event, the header first`() async throws {
    let journal = try await Journal.open(in: run, elapsed: { .milliseconds(123) })
    await journal.append(
      "check", case: "sign-in", attempt: 1, fields: JSONObject([("a", "x\ny"), ("seq", 9)]),
      isDurable: true)
    await journal.append("run.finished")
    #expect(
      try text() == """
        {"seq":0,"t":0.123,"type":"journal","format":"qa-agent","major":1,"minor":1}
        {"seq":1,"t":0.123,"case":"sign-in","attempt":1,"type":"check","a":"x\\ny"}
        {"seq":2,"t":0.123,"type":"run.finished"}

        """)
  }

  @Test(.timeLimit(.minutes(5)))
  func `numbers the lines of many sessions without gaps`() async throws {
    let seen = Locked<[Int]>([])
    let journal = try await Journal.open(
      in: run, elapsed: { .zero }, observe: { line in seen.withLock { $0.append(line.sequence) } })
    await withTaskGroup(of: Void.self) { group in
      for session in 0..<8 {
        group.addTask {
          for _ in 0..<50 { await journal.append("tick", case: "case \(session)") }
        }
      }
    }
    await journal.close()
    let lines = try JournalReader.read(run).lines
    #expect(lines.map(\.sequence) == Array(1...400))
    #expect(seen.withLock { $0 } == Array(0...400))
  }

  @Test func `lets no secret into a line or a text blob`() async throws {
    let redactor = Redactor(secrets: ["TOKEN": "correct horse"])
    let journal = try await Journal.open(in: run, redactor: redactor, elapsed: { .zero })
    let told = await journal.append(
      "said", case: "correct horse", fields: JSONObject([("text", "it is correct horse")]))
    #expect(told.sequence == 1)
    #expect(!told.isWhole)
    #expect(await journal.append("said", fields: JSONObject([("text", "it is")])).isWhole)
    let digest = await journal.store(Array("a correct horse".utf8), as: .text)
    #expect(!(try text()).contains("horse"))
    #expect(try text().contains("it is ‹TOKEN›"))
    #expect(try run.blobs.read(digest, as: .text) == Array("a ‹TOKEN›".utf8))
  }

  @Test func `goes on where a killed process stopped`() async throws {
    let first = try await Journal.open(in: run, elapsed: { .seconds(5) })
    await first.append("one")
    await first.close()
    try Files.writeAtomically(Array((try text() + "{\"seq\":2,\"t\":6,\"ty").utf8), to: run.events)

    let seen = Locked<[String]>([])
    let second = try await Journal.open(
      in: run, elapsed: { .seconds(1) }, observe: { line in seen.withLock { $0.append(line.type) } }
    )
    await second.append("two")
    let contents = try JournalReader.read(run)
    #expect(contents.lines.map(\.type) == ["one", "two"])
    #expect(contents.lines.last?.time == .seconds(6))
    #expect(contents.contents.warnings == [])
    #expect(seen.withLock { $0 } == ["journal", "one", "two"])
  }

  @Test func `has one writer at a time`() async throws {
    let first = try await Journal.open(in: run, elapsed: { .zero })
    let error = try await #require(throws: RecordingError.self) {
      _ = try await Journal.open(in: run, elapsed: { .zero })
    }
    #expect(error.code == .busy)
    await first.close()
  }

  @Test func `keeps nothing once it is closed, and still tells its observer`() async throws {
    let seen = Locked<[String]>([])
    let journal = try await Journal.open(
      in: run, elapsed: { .zero },
      observe: { line in seen.withLock { $0.append(line.type) } })
    await journal.append("one")
    await journal.close()
    await journal.append("two")
    #expect(await journal.store([1], as: .png) == "")
    #expect(!run.blobs.contains(SHA256(of: [1]).description))
    #expect(try JournalReader.read(run).lines.map(\.type) == ["one"])
    #expect(seen.withLock { $0 } == ["journal", "one", "two"])
  }

  @Test func `keeps nothing without a folder, and still tells its observer`() async throws {
    let seen = Locked(0)
    let journal = try await Journal.open(
      in: nil, elapsed: { .zero }, observe: { _ in seen.withLock { $0 += 1 } })
    await journal.append("one")
    #expect(await journal.store([1], as: .png) == "")
    #expect(await journal.isComplete)
    #expect(seen.withLock { $0 } == 2)
  }

  @Test func `warns once when blobs cannot be kept, and goes on`() async throws {
    let seen = Locked<[String]>([])
    let journal = try await Journal.open(
      in: run, elapsed: { .zero }, observe: { line in seen.withLock { $0.append(line.type) } })
    rmdir(run.blobs.path)
    try Files.writeAtomically([], to: run.blobs.path)
    #expect(await journal.store([1], as: .png) == "")
    #expect(await journal.store([2], as: .png) == "")
    await journal.append("one")
    #expect(await !journal.isComplete)
    #expect(seen.withLock { $0 } == ["journal", "incomplete", "one"])
    #expect(try JournalReader.read(run).lines.map(\.type) == ["incomplete", "one"])
  }

  @Test(.timeLimit(.minutes(5)))
  func `ends the recording with a whole line when the disk is full, and the run goes on`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder(prefix: "qa-recording")
      let run = try RunFolder.create(in: folder.path, time: UTCTime(milliseconds: 0), random: 7)
      let seen = Locked<[String]>([])
      let journal = try await Journal.open(
        in: run, elapsed: { .zero }, observe: { line in seen.withLock { $0.append(line.type) } })
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let line = String(repeating: "x", count: 100)
      for _ in 0..<20 {
        await journal.append("long", fields: JSONObject([("text", .string(line))]))
      }
      let contents = try JournalReader.read(run)
      let isComplete = await journal.isComplete
      exit(
        !isComplete && seen.withLock { $0.count { $0 == "long" } } == 20
          && seen.withLock { $0.count { $0 == "incomplete" } } == 1
          && (3..<10).contains(contents.lines.count) && contents.contents.warnings.isEmpty ? 0 : 1)
    }
  }

  @Test func `replaces a line that is too long by one that says so`() async throws {
    let journal = try await Journal.open(in: run, elapsed: { .zero })
    let text = String(repeating: "x", count: Journal.lineLimit)
    await journal.append("event", fields: JSONObject([("text", .string(text))]))
    await journal.append("after")
    let lines = try JournalReader.read(run).lines
    #expect(lines.map(\.type) == ["oversize", "incomplete", "after"])
    #expect(lines.first?.fields["was"] == "event")
    #expect(lines[1].fields["why"]?.string?.hasPrefix("the recording is incomplete: ") == true)
  }
}
