import FoundationEssentials
import Imaging
import Perception
import Pixels
import ScreenCorpus

/// Reading text off screens: how long it takes, and how much of it is right.
///
/// With `QA_TEXT_FAULTS` set it also lists what went wrong, with `QA_TEXT_ONLY` it reads only the labelled
/// screens whose names hold that.
enum TextBenchmark {
  static func run(_ runs: Int) async throws {
    try await times(runs)
    try await corpus(folder, "labelled screens (reach: 94 % of the words to the letter)")
    try await corpus(folder + "/held-out", "held-out screens")
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/screens")
    .path()

  private static let densePage = folder + "/../../Tests/PerceptionTests/Fixtures/shop.png"

  // MARK: - Times

  private static func times(_ runs: Int) async throws {
    let screens = try LabelledScreen.all(in: folder)
    // A page full of text, and the same where a dialog has been opened over it.
    let page = try PNG.decode([UInt8](Data(contentsOf: URL(filePath: densePage))))
    guard let dialog = try frame("web-soft-dialog", screens) else {
      return print("text: fixtures/screens has no web-soft-dialog")
    }
    let area = PixelRect(x: 300, y: 200, width: 420, height: 260)
    let source = PixelRect(x: 20, y: 120, width: 420, height: 260)
    var pixels = page.pixels
    pixels[0] ^= 0x80
    let nearly = Frame(size: page.size, pixels: pixels) ?? page
    let changed = pasted(dialog, source, onto: page, atX: area.x, y: area.y)
    let button = crop(page, PixelRect(x: 210, y: 100, width: 100, height: 40))

    let field = try await field(runs, screens)
    let whole = try await cold(runs, page)
    let fresh = try await cold(runs, changed)
    let small = try await cold(runs, button)
    let warm = try await warmed(runs, page, changed)
    let none = try await warmed(runs, page, nearly)
    Table.title("Reading text (\(runs) runs)")
    Table.line("a button", small, reach: "20 ms")
    Table.line("a field, read back after typing", field, reach: "20 ms")
    Table.line("a screen of \(page.size)", whole, reach: "700 ms")
    try await languages(runs, page, whole)
    Table.line("the same with a dialog", fresh)
    Table.line("one pixel changed", none.times)
    Table.line("the dialog alone changed", warm.times)
    let share = Int((warm.times.median / fresh.median * 100).rounded())
    Table.line("of the full read", "\(share) %", "reach 25 %")
    Table.line("the same words as the full read", warm.isSame ? "yes" : "NO")
  }

  /// What a field shows, by a reader that has not read it before; each time another of the labelled fields.
  private static func field(_ runs: Int, _ screens: [LabelledScreen]) async throws -> Times {
    var seconds: [Double] = []
    let filled = screens.flatMap { screen in
      screen.fields.filter { field in
        screen.words.contains { field.box.contains(x: $0.box.center.x, y: $0.box.center.y) }
      }.map { (screen, $0.box) }
    }
    for (screen, box) in filled.prefix(runs) {
      let frame = try screen.frame()
      let reader = try await TextReader()
      let start = ContinuousClock.now
      _ = try await reader.field(around: box.center.x, box.center.y, in: frame)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return Times(seconds)
  }

  /// The same screen in three languages, where their data is installed.
  private static func languages(_ runs: Int, _ page: Frame, _ one: Times) async throws {
    let names = ["eng", "deu", "fra"]
    guard names.allSatisfy(LanguageData.isInstalled) else {
      return Table.line("the same in eng, deu and fra", "not installed")
    }
    let three = try await cold(runs, page, names)
    let share = Int((three.median / one.median * 100).rounded())
    Table.line("the same in eng, deu and fra", three)
    Table.line("of one language", "\(share) %", "reach 150 %")
  }

  /// A reader that has read nothing before.
  private static func cold(
    _ runs: Int, _ frame: Frame, _ languages: [String] = ["eng"]
  ) async throws -> Times {
    var seconds: [Double] = []
    for _ in 0..<runs + 1 {
      let reader = try await TextReader(languages: languages)
      let start = ContinuousClock.now
      _ = try await reader.read(frame)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return Times(Array(seconds.dropFirst()))
  }

  private static func warmed(
    _ runs: Int, _ before: Frame, _ after: Frame
  ) async throws -> (times: Times, isSame: Bool) {
    var seconds: [Double] = []
    var isSame = true
    let full = try await TextReader().read(after)
    for _ in 0..<runs {
      let reader = try await TextReader()
      _ = try await reader.read(before)
      let start = ContinuousClock.now
      let text = try await reader.read(after)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      isSame = isSame && text == full
    }
    return (Times(seconds), isSame)
  }

  private static func frame(_ name: String, _ screens: [LabelledScreen]) throws -> Frame? {
    try screens.first { $0.name == name }?.frame()
  }

  private static func crop(_ frame: Frame, _ part: PixelRect) -> Frame {
    let blank = Frame(size: PixelSize(clampingWidth: part.width, height: part.height))
    return pasted(frame, part, onto: blank, atX: 0, y: 0)
  }

  private static func pasted(
    _ source: Frame, _ part: PixelRect, onto target: Frame, atX x: Int, y: Int
  ) -> Frame {
    var pixels = target.pixels
    for row in 0..<part.height {
      let from = (part.y + row) * source.stride + part.x * 4
      let to = (y + row) * target.stride + x * 4
      pixels.replaceSubrange(
        to..<to + part.width * 4, with: source.pixels[from..<from + part.width * 4])
    }
    return Frame(size: target.size, pixels: pixels) ?? target
  }

  // MARK: - Labelled screens

  private static func corpus(_ folder: String, _ title: String) async throws {
    let environment = ProcessInfo.processInfo.environment
    let only = environment["QA_TEXT_ONLY"] ?? ""
    let screens = try LabelledScreen.all(in: folder).filter {
      only.isEmpty || $0.name.contains(only)
    }
    let score = try await CorpusRun.score(screens)
    Table.title("\(screens.count) \(title)")
    for line in CorpusRun.table(score) { print(line) }
    guard environment["QA_TEXT_FAULTS"] != nil else { return }
    for fault in score.faults { print("\(fault.task): \(fault.text)") }
  }
}
