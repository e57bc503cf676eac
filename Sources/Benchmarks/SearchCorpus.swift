import FoundationEssentials
import Imaging
import Pixels
import ScreenCorpus

/// Looking for a picture on real screens: needles cut from the screens of fixtures/screens, looked for on the
/// same screens as a lossy connection would send them, and on screens full of what looks like them.
enum SearchBenchmark {
  static func run(_ runs: Int) async throws {
    var figures: [(name: String, seconds: Double, word: String)] = []
    for screen in try LabelledScreen.all(in: TextBenchmark.folder) {
      let frame = try screen.frame()
      figures += search(screen.name, frame, needles(of: screen, on: frame))
    }
    figures.sort { $0.seconds > $1.seconds }
    let times = Times(figures.map(\.seconds))
    Table.title("Looking for a similar picture anywhere, \(figures.count) needles of real screens")
    Table.line(
      "median", "\(Table.milliseconds(times.median)) ms",
      "p95 \(Table.milliseconds(times.quantile(0.95)))")
    for figure in figures.prefix(8) {
      Table.line(figure.name, "\(Table.milliseconds(figure.seconds)) ms", figure.word)
    }
    try alike(runs)
  }

  private static func needles(of screen: LabelledScreen, on frame: Frame) -> [PixelRect] {
    let boxes =
      screen.toggles.prefix(2).map(\.box) + screen.fields.prefix(2).map(\.box)
      + screen.goals.prefix(4).map { $0.box.insetBy(-6) }
      + screen.words.prefix(3).map { word in
        PixelRect(x: word.box.center.x - 16, y: word.box.center.y - 16, width: 32, height: 32)
      }
    return boxes.map { frame.size.bounds.intersection($0) }
  }

  private static func search(
    _ name: String, _ frame: Frame, _ boxes: [PixelRect]
  ) -> [(name: String, seconds: Double, word: String)] {
    let lossy = ImagingBenchmarks.noisy(frame)
    return boxes.compactMap { box in
      guard let part = frame.cropped(to: box), let needle = try? Needle(part) else { return nil }
      let search = TemplateSearch(needle)
      var outcome = TemplateSearch.Outcome.absent(best: nil)
      let times = measure(2) { outcome = search.search(lossy) }
      return ("\(name) \(box)", times.quantile(0), word(outcome))
    }
  }

  /// A real part of a screen, again and again over all of a large one.
  private static func alike(_ runs: Int) throws {
    guard
      let screen = try LabelledScreen.all(in: TextBenchmark.folder).first(where: {
        !$0.toggles.isEmpty
      })
    else { return }
    let frame = try screen.frame()
    Table.title("Looking for a picture on 1920x1080 full of it (\(runs) runs)")
    for (name, box) in [
      ("a toggle", screen.toggles[0].box), ("a text", screen.goals.first?.box.insetBy(-6)),
    ] {
      guard let box, let part = frame.cropped(to: frame.size.bounds.intersection(box)),
        let needle = try? Needle(part)
      else { continue }
      let lossy = ImagingBenchmarks.noisy(
        tiled(part, size: PixelSize(clampingWidth: 1920, height: 1080)))
      let search = TemplateSearch(needle)
      var outcome = TemplateSearch.Outcome.absent(best: nil)
      let times = measure(runs) { outcome = search.search(lossy) }
      Table.line("\(name), \(part.size)", times, reach: "10 ms, \(word(outcome))")
    }
  }

  private static func tiled(_ part: Frame, size: PixelSize) -> Frame {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size.area * 4)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let at = (y % part.size.height * part.size.width + x % part.size.width) * 4
        pixels += part.pixels[at..<at + 4]
      }
    }
    return Frame(size: size, pixels: pixels) ?? part
  }

  private static func word(_ outcome: TemplateSearch.Outcome) -> String {
    switch outcome {
    case .found(let place): "found \(Table.decimal(place.score, digits: 2))"
    case .ambiguous(let places): "\(places.count) places"
    case .absent: "absent"
    }
  }
}
