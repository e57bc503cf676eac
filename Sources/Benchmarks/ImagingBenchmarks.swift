import Imaging
import Pixels

/// What it costs to show a model the screen, to compare it, and to find a picture on it.
enum ImagingBenchmarks {
  static func run(_ runs: Int) async throws {
    Table.title(
      "Imaging (a synthetic desktop of 1920x1080: windows, strokes like text, gradients, a photograph)"
    )
    var desktop = SyntheticDesktop(width: 1920, height: 1080)
    let frame = desktop.frame
    desktop.changeRow(1)
    let changed = desktop.frame
    try encoding(frame, changed, runs)
    try scaling(frame, runs)
    comparing(frame, changed, runs)
    try searching(frame, runs)
  }

  private static func encoding(_ frame: Frame, _ changed: Frame, _ runs: Int) throws {
    var request: [UInt8] = []
    request.reserveCapacity(8 << 20)
    func send(_ picture: PNGPicture) {
      request.removeAll(keepingCapacity: true)
      for text in picture.base64Parts { request += text }
    }
    let whole = try measure(runs) {
      var strips = PNGStrips()
      send(try strips.encode(frame))
    }
    Table.line("frame to PNG to base64 in the request, whole", whole, reach: "8 ms")
    Table.line("  its file", "\(try PNG.encode(frame).count) bytes")
    var strips = PNGStrips()
    var turn = 0
    let compared = try measure(runs) {
      turn += 1
      send(try strips.encode(turn % 2 == 0 ? frame : changed))
    }
    Table.line("the same, one dialog row changed, compared", compared, reach: "0.5 ms")
    let copy = copied(turn % 2 == 0 ? frame : changed)
    _ = try strips.encode(copy)
    let shared = try measure(runs) { _ = try strips.encode(copy) }
    Table.line("unchanged, the same memory, to its file", shared, reach: "0.05 ms")
    var fresh = PNGStrips()
    let other = copied(frame)
    let equal = try measure(runs) {
      turn += 1
      send(try fresh.encode(turn % 2 == 0 ? frame : other))
    }
    Table.line("the same, unchanged, compared", equal)
  }

  private static func scaling(_ frame: Frame, _ runs: Int) throws {
    for (width, height) in [(1344, 768), (1280, 720)] {
      let size = PixelSize(clampingWidth: width, height: height)
      let alone = measure(runs) { _ = Scaler.areaAverage(frame, to: size) }
      Table.line("scale to \(size)", alone)
      let both = try measure(runs) { _ = try PNG.encode(Scaler.areaAverage(frame, to: size)) }
      Table.line("scale to \(size) and encode", both, reach: "15 ms")
    }
  }

  private static func comparing(_ frame: Frame, _ changed: Frame, _ runs: Int) {
    let other = copied(frame)
    let same = measure(runs) { _ = FrameComparison.areEqual(frame, other) }
    Table.line("compare, equal", same, reach: "0.5 ms")
    let exact = measure(runs) { _ = FrameComparison(frame, changed) }
    Table.line("compare, one row changed: count, share, regions", exact, reach: "0.5 ms")
    let noisy = noisy(frame)
    let rule = ComparisonRule(
      tolerance: 4, forgivesSmoothing: true,
      ignoring: [PixelRect(x: 1600, y: 0, width: 320, height: 40)])
    let tolerant = measure(runs) { _ = FrameComparison(frame, changed, rule: rule) }
    Table.line("the same, tolerant, edges forgiven, a part ignored", tolerant)
    let all = measure(runs) { _ = FrameComparison(frame, noisy, rule: rule) }
    Table.line("the same, noise in every pixel", all)
    let picture = measure(runs) { _ = FrameComparison.picture(frame, changed, rule: rule) }
    Table.line("picture of the difference", picture)
  }

  private static func searching(_ frame: Frame, _ runs: Int) throws {
    let lossy = noisy(frame)
    let other = PixelRect(x: 20, y: 20, width: 200, height: 60)
    for (name, rect) in [
      ("200x60", PixelRect(x: 1040, y: 560, width: 200, height: 60)),
      ("icon 48x48", PixelRect(x: 1840, y: 270, width: 48, height: 48)),
      ("button 100x28", PixelRect(x: 740, y: 964, width: 100, height: 28)),
    ] {
      guard let part = frame.cropped(to: rect) else { continue }
      let search = TemplateSearch(try Needle(part))
      line("find \(name), same pixels", search, frame, near: nil, runs, reach: "0.5 ms")
      line("find \(name), similar, near", search, lossy, near: rect, runs, reach: "2 ms")
      line("find \(name), similar, anywhere", search, lossy, near: other, runs, reach: "10 ms")
      let grey = TemplateSearch(search.needle, rule: TemplateSearch.Rule(isColor: false))
      line("find \(name), similar, anywhere, grey", grey, lossy, near: nil, runs, reach: "10 ms")
      let mask = (0..<part.size.area).map { $0 % part.size.width > 3 }
      let masked = TemplateSearch(try Needle(part, mask: mask))
      line("find \(name), similar, anywhere, masked", masked, lossy, near: nil, runs)
      let rule = TemplateSearch.Rule(scales: TemplateSearch.Rule.manyScales)
      let scaled = TemplateSearch(search.needle, rule: rule)
      line("find \(name), similar, ten sizes", scaled, lossy, near: nil, runs)
      let blank = Frame(size: frame.size, red: 200, green: 200, blue: 200)
      line("find \(name) on a blank screen", search, blank, near: nil, runs)
    }
  }

  private static func line(
    _ name: String, _ search: TemplateSearch, _ frame: Frame, near: PixelRect?, _ runs: Int,
    reach: String? = nil
  ) {
    var outcome = TemplateSearch.Outcome.absent(best: nil)
    let times = measure(runs) { outcome = search.search(frame, near: near) }
    let word =
      switch outcome {
      case .found(let place): "found \(Table.decimal(place.score, digits: 2))"
      case .ambiguous(let places): "\(places.count) places"
      case .absent: "absent"
      }
    Table.line(name, times, reach: "\(reach ?? "-"), \(word)")
  }

  /// What a lossy connection makes of a frame.
  static func noisy(_ frame: Frame) -> Frame {
    var random: UInt64 = 1
    let pixels = frame.pixels.map { value in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(min(max(Int(value) + Int(random >> 60) - 8, 0), 255))
    }
    return Frame(size: frame.size, pixels: pixels) ?? frame
  }

  /// The same pixels in memory of their own.
  static func copied(_ frame: Frame) -> Frame {
    var pixels = frame.pixels
    pixels[0] = frame.pixels[0]
    return Frame(size: frame.size, pixels: pixels) ?? frame
  }
}
