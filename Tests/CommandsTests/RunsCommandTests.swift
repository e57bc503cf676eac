import FoundationEssentials
import Glibc
import JSONCoding
import Platform
import Props
import Recording
import Story
import Testing

@testable import Commands

/// `qa-agent runs`: what lies there, what stays, what goes.
@Suite(.timeLimit(.minutes(2)))
struct RunsCommandTests {
  /// Three runs that have ended, oldest first.
  private struct Shelf {
    let runs: [RecordedRun]
    var first: RecordedRun { runs[0] }
    var ids: [String] { runs.map(\.id) }

    init() async throws {
      let oldest = try await RecordedRun(random: 0xAAA1)
      let middle = try await RecordedRun(in: oldest.folder, second: 60, random: 0xAAA2)
      let newest = try await RecordedRun(in: oldest.folder, second: 120, random: 0xAAA3)
      runs = [oldest, middle, newest]
      for run in runs {
        try await run.write(case: "a")
        try await run.finish()
      }
    }

    /// The ids that are there, newest first, as the command lists them.
    func listed() async throws -> [String] {
      let ran = await first.run("runs", "--json")
      return try JSON(parsing: Array(ran.results.utf8))["runs"]?.array?
        .compactMap { $0["id"]?.string } ?? []
    }

    var latest: String? {
      try? FileManager.default.destinationOfSymbolicLink(
        atPath: first.folder.file("reports/latest"))
    }
  }

  @Test func `runs are listed with what they came to, the newest first`() async throws {
    let shelf = try await Shelf()
    let alive = try await RecordedRun(in: shelf.first.folder, second: 180, random: 0xAAA4)
    try await alive.write(case: "b", verdict: .failed)
    let killed = try await RecordedRun(in: shelf.first.folder, second: 240, random: 0xAAA5)
    await killed.kill()
    try shelf.first.folder.write("nonsense\n\n", to: "reports/odd/recording/events.jsonl")
    let text = await shelf.first.run("runs").results.split(separator: "\n").map(String.init)
    #expect(text.count == 6)
    #expect(text[0].contains("odd") && text[0].contains("cannot be read"))
    #expect(text[1].contains("cut off") && text[1].contains("latest"))
    #expect(text[2].contains("running: 1 failed"))
    #expect(text[3].contains("1 passed"))
    let json = try JSON(
      parsing: Array(await shelf.first.run("runs", "list", "--json").results.utf8))
    let runs = json["runs"]?.array ?? []
    #expect(runs.map { $0["running"] == true } == [false, false, true, false, false, false])
    #expect(runs[3]["counts"]?["passed"]?.integer == 1)
    #expect((runs[3]["bytes"]?.integer ?? 0) > 500)
    #expect((runs[3]["ageSeconds"]?.integer ?? 0) > 0)
    await alive.kill()
  }

  @Test func `a removed run is gone, and latest names the last that is left`() async throws {
    let shelf = try await Shelf()
    let ids = shelf.ids
    #expect(shelf.latest == ids[2])
    #expect(await shelf.first.run("runs", "remove", "latest").results == "removed \(ids[2])\n")
    #expect(try await shelf.listed() == [ids[1], ids[0]])
    #expect(shelf.latest == ids[1])
    #expect(await shelf.first.run("runs", "remove", "aaa1", ids[0]).code == .success)
    #expect(shelf.latest == ids[1])
    #expect(await shelf.first.run("runs", "remove", ids[1]).code == .success)
    #expect(shelf.latest == nil)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: shelf.first.folder.file("reports"))
    #expect(left.isEmpty, "\(left)")
  }

  @Test func `what is kept stays until it is released`() async throws {
    let shelf = try await Shelf()
    let id = shelf.ids[0]
    #expect(await shelf.first.run("runs", "keep", "aaa1").results == "kept \(id)\n")
    #expect(await shelf.first.run("runs").results.contains("kept"))
    let refused = await shelf.first.run("runs", "remove", "aaa2", "aaa1")
    #expect(refused.code == .usage)
    #expect(refused.messages.contains("\(id) is kept"), "\(refused)")
    #expect(try await shelf.listed().count == 3, "one that must stay keeps the others too")
    #expect(await shelf.first.run("runs", "keep", "--release", "aaa1").code == .success)
    #expect(await shelf.first.run("runs", "remove", "aaa1").code == .success)
    #expect(try await shelf.listed().count == 2)
  }

  @Test func `a run that is being written stays`() async throws {
    let shelf = try await Shelf()
    let alive = try await RecordedRun(in: shelf.first.folder, second: 180, random: 0xAAA4)
    let refused = await shelf.first.run("runs", "remove", "latest")
    #expect(refused.code == .usage)
    #expect(refused.messages.contains("still running"), "\(refused)")
    await alive.kill()
    #expect(await shelf.first.run("runs", "remove", "latest").code == .success)
    #expect(try await shelf.listed() == shelf.ids.reversed())
  }

  @Test func `nothing outside of the folder of runs is removed, whatever leads there`() async throws
  {
    let shelf = try await Shelf()
    let other = try await Shelf()
    let reports = shelf.first.folder.file("reports")
    let outside = other.first.run
    #expect(symlink(outside.path, "\(reports)/linked") == 0)
    #expect(symlink(other.first.folder.path, "\(outside.path)/up") == 0)
    for words in [
      outside.path, "\(reports)/linked", "linked",
      "\(reports)/../../\(other.first.folder.path.split(separator: "/").last ?? "")/reports/\(outside.id)",
      "\(reports)/\(shelf.ids[0])/a", "..", "", "/",
    ] {
      let ran = await shelf.first.run(words: ["runs", "remove", words])
      #expect(ran.code == .usage, "\(words): \(ran)")
      #expect(Files.exists(outside.events), "\(words)")
    }
    #expect(try await shelf.listed().count == 4)
    // What a link in a run leads to is not removed with it.
    let target = try shelf.first.folder.write("mine", to: "mine")
    #expect(symlink(shelf.first.folder.path, "\(reports)/\(shelf.ids[0])/up") == 0)
    #expect(await shelf.first.run("runs", "remove", "aaa1").code == .success)
    #expect(Files.exists(target))
  }
}
