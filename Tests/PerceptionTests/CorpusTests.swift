import FoundationEssentials
import Pixels
import ScreenCorpus
import Testing

/// The labelled screens of `fixtures/screens`, through the reader and the finders that a run uses.
///
/// An ordinary run takes every third screen; `QA_AGENT_TEST_LONG=1` takes all.
@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/screens").path()

  private static let heldOut = folder + "/held-out"

  private static let isLong = ProcessInfo.processInfo.environment["QA_AGENT_TEST_LONG"] == "1"

  /// The screens of a folder; a third of them unless the run is a long one.
  private static func screens(_ folder: String) throws -> [LabelledScreen] {
    try LabelledScreen.all(in: folder).enumerated()
      .filter { isLong || ($0.offset + $0.offset / 12) % 3 == 0 }.map(\.element)
  }

  @Test func `there are enough screens of every kind, with what is true of them`() throws {
    let screens = try LabelledScreen.all(in: Self.folder)
    #expect(screens.count >= 150)
    #expect(Set(screens.map(\.toolkit)).count >= 4)
    #expect(Set(screens.map(\.kind)).count >= 10)
    let held = try LabelledScreen.all(in: Self.heldOut)
    #expect(held.count >= 60 && Set(held.map(\.toolkit)).count >= 3)
    #expect(held.reduce(0) { $0 + $1.ambiguous.count } >= 100)
    for screen in screens + held {
      let size = try screen.frame().size
      for box in screen.goals.map(\.box) + screen.fields.map(\.box) + screen.toggles.map(\.box) {
        #expect(size.bounds.contains(x: box.center.x, y: box.center.y), "\(screen.name) \(box)")
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `targets, fields and toggles are found by their text, and nothing else is`() async throws {
    let screens = try Self.screens(Self.folder)
    let score = try await CorpusRun.score(screens)
    print((["\(screens.count) labelled screens"] + CorpusRun.table(score)).joined(separator: "\n"))
    let faults = score.faults.filter { $0.task != .word }.map { "\($0.task): \($0.text)" }
    let note = Comment(rawValue: faults.prefix(60).joined(separator: "\n"))
    #expect(score[.target].share >= 0.97, note)
    #expect(score[.qualified].share >= 0.97, note)
    #expect(score[.ambiguous].share >= 0.97, note)
    #expect(score[.absent].right == score[.absent].all, note)
    #expect(score[.field].share >= 0.97, note)
    // A third has too few to tell 98 from 97 %.
    #expect(score[.toggle].share >= (Self.isLong ? 0.98 : 0.95), note)
    #expect(score[.noToggle].share >= 0.98, note)
    #expect(score[.word].share >= 0.94, note)
    #expect(score.ambiguousClicks == 0, note)
  }

  @Test(.timeLimit(.minutes(5)))
  func `screens of toolkits that nothing was tuned with are read as well`() async throws {
    let screens = try Self.screens(Self.heldOut)
    let score = try await CorpusRun.score(screens)
    print((["\(screens.count) held-out screens"] + CorpusRun.table(score)).joined(separator: "\n"))
    let faults = score.faults.filter { $0.task != .word }.map { "\($0.task): \($0.text)" }
    let note = Comment(rawValue: faults.joined(separator: "\n"))
    #expect(score[.target].share >= 0.97, note)
    #expect(score[.qualified].share >= 0.97, note)
    #expect(score[.ambiguous].share >= 0.97, note)
    #expect(score[.absent].right == score[.absent].all, note)
    #expect(score[.field].share >= 0.97, note)
    #expect(score[.toggle].share >= 0.97, note)
    #expect(score[.word].share >= 0.94, note)
    #expect(score.ambiguousClicks == 0, note)
  }
}
