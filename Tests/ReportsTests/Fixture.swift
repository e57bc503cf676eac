import Glibc
import Platform
import Recording
import Reports
import Testing

/// The folder of the pictures that tests show.
let fixtures = #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Fixtures"
/// The top folder of the project.
let project = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

/// A recording of the sample run on disk, written through the real journal.
struct Fixture {
  let folder: TemporaryFolder
  let run: RunFolder

  init(_ lines: ([String: String]) throws -> [JournalLine] = SampleRun.lines) async throws {
    folder = try TemporaryFolder(prefix: "qa-reports")
    run = try RunFolder.create(
      in: folder.path, time: UTCTime(milliseconds: 1_795_176_000_000), random: 0x4F2A)
    let time = Locked(Duration.zero)
    let journal = try await Journal.open(in: run, elapsed: { time.withLock { $0 } })
    var pictures: [String: String] = [:]
    for name in ["empty", "filled", "wrong", "welcome", "cart"] {
      let bytes = try Files.read("\(fixtures)/\(name).png", limit: 1 << 20)
      pictures[name] = await journal.store(bytes, as: .png)
    }
    for line in try lines(pictures).dropFirst() {
      time.withLock { $0 = line.time }
      await journal.append(
        line.type, case: line.caseID, attempt: line.attempt, fields: line.fields)
    }
    await journal.close()
  }

  func report() throws -> RunReport { try RunFold.report(run) }
}
