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
    try scaling(frame, changed, runs)
  }

  private static let row = PixelRect(x: 320, y: 700, width: 500, height: 20)

  private static func encoding(_ frame: Frame, _ changed: Frame, _ runs: Int) throws {
    var request: [UInt8] = []
    request.reserveCapacity(8 << 20)
    func send(_ picture: PNGPicture) {
      request.removeAll(keepingCapacity: true)
      picture.appendBase64(to: &request)
    }
    let whole = try measure(runs) {
      var strips = PNGStrips()
      send(try strips.encode(frame))
    }
    Table.line("frame to PNG to base64 in the request, whole", whole, reach: "8 ms")
    Table.line("  its file", "\(try PNG.encode(frame).count) bytes")
    var strips = PNGStrips()
    var turn = 0
    let damaged = try measure(runs) {
      turn += 1
      send(try strips.encode(turn % 2 == 0 ? frame : changed, damage: [row]))
    }
    Table.line("the same, one dialog row changed, damage known", damaged, reach: "0.5 ms")
    let compared = try measure(runs) {
      turn += 1
      send(try strips.encode(turn % 2 == 0 ? frame : changed))
    }
    Table.line("the same, one dialog row changed, compared", compared, reach: "0.5 ms")
    let copy = copied(turn % 2 == 0 ? frame : changed)
    let same = try measure(runs) { send(try strips.encode(copy, damage: [])) }
    Table.line("the same, unchanged, no damage", same, reach: "0.05 ms")
    var fresh = PNGStrips()
    let other = copied(frame)
    let equal = try measure(runs) {
      turn += 1
      send(try fresh.encode(turn % 2 == 0 ? frame : other))
    }
    Table.line("the same, unchanged, compared", equal)
  }

  private static func scaling(_ frame: Frame, _ changed: Frame, _ runs: Int) throws {
    for (width, height) in [(1344, 768), (1280, 720)] {
      let size = PixelSize(clampingWidth: width, height: height)
      let alone = measure(runs) { _ = Scaler.areaAverage(frame, to: size) }
      Table.line("scale to \(size)", alone)
      let both = try measure(runs) { _ = try PNG.encode(Scaler.areaAverage(frame, to: size)) }
      Table.line("scale to \(size) and encode", both, reach: "15 ms")
    }
    var scaled = ScaledScreen(size: PixelSize(clampingWidth: 1344, height: 768))
    var strips = PNGStrips()
    var turn = 0
    let again = try measure(runs) {
      turn += 1
      let next = scaled.scale(turn % 2 == 0 ? frame : changed, damage: [row])
      _ = try strips.encode(next.frame, damage: next.damage)
    }
    Table.line("scale to 1344x768 and encode, one row changed", again)
  }

  /// The same pixels in memory of their own.
  static func copied(_ frame: Frame) -> Frame {
    var pixels = frame.pixels
    pixels[0] = frame.pixels[0]
    return Frame(size: frame.size, pixels: pixels) ?? frame
  }
}
