import FoundationEssentials
import Perception
import Pixels
import ScreenCorpus

/// Reading text off screens: how long it takes, and how much of it is right.
///
/// With `QA_TEXT_FAULTS` set it also lists what went wrong.
enum TextBenchmark {
  static func run(_ runs: Int) async throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/screens").path()
    let only = ProcessInfo.processInfo.environment["QA_TEXT_ONLY"]
    let screens = try LabelledScreen.all(in: folder).filter {
      only == nil || $0.name.contains(only ?? "")
    }
    let score = try await CorpusRun.score(screens)
    Table.title("\(screens.count) labelled screens")
    for line in CorpusRun.table(score) { print(line) }
    if ProcessInfo.processInfo.environment["QA_TEXT_FAULTS"] != nil {
      for fault in score.faults { print("\(fault.task): \(fault.text)") }
    }
  }
}
