import FoundationEssentials
import ScreenCorpus

/// Whether the eyes can be believed: `Benchmarks honesty`, with the folder that `fixtures/honesty/make` made in
/// `QA_HONESTY_FOLDER`; without it, the sample that is kept.
///
/// With `QA_HONESTY_FAULTS` set it also lists every question that was not answered rightly; with `QA_HONESTY_ONLY` it
/// reads only the screens whose names hold that.
enum HonestyBenchmark {
  static func run(_ runs: Int) async throws {
    let environment = ProcessInfo.processInfo.environment
    let only = environment["QA_HONESTY_ONLY"] ?? ""
    let folder = environment["QA_HONESTY_FOLDER"] ?? sample
    let screens = try HonestyScreen.all(in: folder).filter {
      only.isEmpty || $0.name.contains(only)
    }
    let score = try await HonestyRun.score(screens)
    let places = screens.reduce(0) { $0 + $1.places.count }
    Table.title("\(places) texts on \(screens.count) screens, and as many that are nearly the same")
    for line in HonestyRun.table(score) { print(line) }
    guard environment["QA_HONESTY_FAULTS"] != nil else { return }
    for fault in HonestyRun.faults(score) { print(fault) }
  }

  private static let sample = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/honesty/sample").path()
}
