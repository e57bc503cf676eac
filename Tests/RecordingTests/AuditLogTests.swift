import Glibc
import JSONCoding
import Platform
import Testing

@testable import Recording

/// The log of commands: whatever is done to it afterwards is found.
struct AuditLogTests {
  private let folder: TemporaryFolder
  private let run: RunFolder

  init() throws {
    folder = try TemporaryFolder(prefix: "qa-recording")
    run = try RunFolder.create(in: folder.path, time: UTCTime(milliseconds: 0), random: 7)
  }

  private func write(_ count: Int, isSealed: Bool = true) async throws {
    let journal = try await Journal.open(
      in: run, redactor: Redactor(secrets: ["PASSWORD": "hunter22"]), elapsed: { .seconds(1) })
    for number in 0..<count {
      await journal.audit(
        case: "a", attempt: 1,
        JSONObject([("kind", "begun"), ("command", .string("echo \(number) hunter22"))]))
    }
    if isSealed {
      await journal.sealAudit()
      await journal.append("run.finished")
    }
    await journal.close()
  }

  private func verified() throws -> AuditLog? {
    try AuditLog.verified(of: run, against: try JournalReader.read(run).lines)
  }

  private func lines() throws -> [String] {
    String(decoding: try Files.read(run.audit, limit: 1 << 20), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  private func rewrite(_ lines: [String]) throws {
    let text = lines.map { $0 + "\n" }.joined()
    try Files.writeAtomically(Array(text.utf8), to: run.audit)
  }

  @Test func `holds as it was written, without the values of secrets`() async throws {
    try await write(3)
    let log = try #require(try verified())
    #expect(
      log.records.map { $0["command"]?.string } == [
        "echo 0 ‹PASSWORD›", "echo 1 ‹PASSWORD›", "echo 2 ‹PASSWORD›",
      ])
    #expect(log.records.map { $0["record"]?.integer } == [1, 2, 3])
    #expect(log.records.first?["ms"]?.integer == 1000)
  }

  @Test func `a run without commands has no log, and nothing is wrong with that`() async throws {
    try await write(0)
    #expect(try verified() == nil)
    #expect(!Files.exists(run.audit))
  }

  @Test(arguments: 0..<4)
  func `a record that was changed, left out, put in or moved is found`(at index: Int) async throws {
    try await write(4)
    let before = try lines()
    let changes: [([String]) -> [String]] = [
      { lines in
        var lines = lines
        lines[index] = lines[index].replacing("echo", with: "ohce")
        return lines
      },
      { lines in
        var lines = lines
        lines.remove(at: index)
        return lines
      },
      { lines in
        var lines = lines
        lines.insert(lines[index], at: index)
        return lines
      },
      { lines in
        var lines = lines
        lines.swapAt(index, (index + 1) % 4)
        return lines
      },
      { Array($0[..<index]) },
      { $0 + [$0[index].replacing("\"record\":\(index + 1)", with: "\"record\":5")] },
    ]
    for change in changes {
      try rewrite(change(before))
      #expect(throws: AuditLog.Fault.self) { try verified() }
    }
    try rewrite(before)
    #expect(try verified()?.records.count == 4)
  }

  @Test func `a log that is gone, or that the journal does not speak of, is found`() async throws {
    try await write(2)
    let kept = try Files.read(run.audit, limit: 1 << 20)
    unlink(run.audit)
    #expect(throws: AuditLog.Fault.self) { try verified() }
    let events = String(decoding: try Files.read(run.events, limit: 1 << 20), as: UTF8.self)
    try Files.writeAtomically(kept, to: run.audit)
    let without = events.split(separator: "\n").filter { !$0.contains("audited") }
    try Files.writeAtomically(
      Array(without.map { $0 + "\n" }.joined().replacing("\"seq\":2", with: "\"seq\":1").utf8),
      to: run.events)
    #expect(throws: AuditLog.Fault.self) { try verified() }
  }

  @Test func `goes on after a crash, from the last whole record`() async throws {
    try await write(2, isSealed: false)
    let half = try lines().joined(separator: "\n") + "\n{\"record\":3,\"befo"
    try Files.writeAtomically(Array(half.utf8), to: run.audit)
    try await write(1)
    #expect(try verified()?.records.count == 3)
    #expect(try lines().count == 3)
  }
}
