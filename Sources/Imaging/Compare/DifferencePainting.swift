import Pixels

/// The picture of a difference: a pale copy of a frame with marks on it.
struct DifferencePainting {
  private let size: PixelSize
  private var pixels: [UInt8]

  init(_ frame: Frame, _ mask: IgnoredPixels) {
    size = frame.size
    pixels = frame.pixels
    for index in 0..<size.area {
      let at = index * 4
      let brightness =
        (77 * Int(pixels[at + 2]) + 150 * Int(pixels[at + 1]) + 29 * Int(pixels[at])) >> 8
      // A quarter of the contrast, so that marks stand out.
      let pale = UInt8(191 + brightness / 4)
      let isIgnored = mask.holds(index % size.width, index / size.width)
      pixels[at] = isIgnored ? 255 : pale
      pixels[at + 1] = pale
      pixels[at + 2] = isIgnored ? pale - 60 : pale
      pixels[at + 3] = 0
    }
  }

  var frame: Frame { Frame(size: size, pixels: pixels) ?? Frame(size: size) }

  mutating func mark(x: Int, y: Int, _ kind: FrameScan.Kind) {
    let at = (y * size.width + x) * 4
    pixels[at] = 0
    pixels[at + 1] = kind == .changed ? 0 : 200
    pixels[at + 2] = 230
  }
}
