import CFreeType
import Pixels

/// The letters that the demo screens use.
enum TextStyle: Hashable, Sendable, CaseIterable {
  /// Notes and captions.
  case small
  /// What people read and write.
  case body
  /// Labels and buttons.
  case strong
  /// The name in the top bar.
  case heading
  /// What a page is about.
  case title

  var pixels: UInt32 {
    switch self {
    case .small: 14
    case .body, .strong: 16
    case .heading: 20
    case .title: 28
    }
  }

  var isBold: Bool { self != .small && self != .body }
}

/// One letter, drawn.
struct Glyph: Sendable {
  let left, top, width, height: Int
  let advance: Int
  let coverage: [UInt8]
}

/// The drawn letters of one style.
struct Typeface: Sendable {
  let glyphs: [UInt32: Glyph]
  /// Pixels above the baseline.
  let above: Int
  /// Pixels below the baseline.
  let below: Int

  /// What stands for a letter that the font lacks.
  var fallback: Glyph? { glyphs[0x3F] }

  /// The letters of a text with the place of each one's pen.
  func layout(_ text: String) -> (letters: [(glyph: Glyph, x: Int)], width: Int) {
    var x = 0
    var letters: [(glyph: Glyph, x: Int)] = []
    for scalar in text.unicodeScalars {
      guard let glyph = glyphs[scalar.value] ?? fallback else { continue }
      letters.append((glyph, x))
      x += glyph.advance
    }
    return (letters, x)
  }
}

/// How much room text takes: what the demo applications need to know about letters.
struct TextMetrics: Sendable {
  private let advances: [TextStyle: [UInt32: Int]]
  private let extents: [TextStyle: (above: Int, below: Int)]
  private let fallback: Int

  init(_ typefaces: [TextStyle: Typeface]) {
    advances = typefaces.mapValues { $0.glyphs.mapValues(\.advance) }
    extents = typefaces.mapValues { ($0.above, $0.below) }
    fallback = typefaces[.body]?.fallback?.advance ?? 0
  }

  /// Letters that are all equally wide, for tests.
  init(monospaced width: Int) {
    advances = [:]
    extents = [:]
    fallback = width
  }

  func width(_ text: String, _ style: TextStyle) -> Int {
    text.unicodeScalars.reduce(0) { $0 + (advances[style]?[$1.value] ?? fallback) }
  }

  /// Pixels from the top of a line to its bottom.
  func height(_ style: TextStyle) -> Int {
    extents[style].map { $0.above + $0.below } ?? Int(style.pixels) * 5 / 4
  }
}

extension Typeface {
  /// Where distributions keep the DejaVu fonts; Debian, Arch and Fedora in this order.
  private static let folders = [
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/TTF",
    "/usr/share/fonts/dejavu-sans-fonts",
  ]

  /// ASCII, Latin-1, and the dashes, quotes and dots of good typography.
  private static let codes =
    Array(UInt32(0x20)...0x7E) + Array(0xA0...0x17F)
    + [0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0x25CF]

  /// All styles; loaded once, nil where the fonts are not installed.
  static let all: [TextStyle: Typeface]? = {
    for folder in folders {
      var typefaces: [TextStyle: Typeface] = [:]
      for style in TextStyle.allCases {
        let file = style.isBold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf"
        typefaces[style] = load("\(folder)/\(file)", pixels: style.pixels)
      }
      if typefaces.count == TextStyle.allCases.count { return typefaces }
    }
    return nil
  }()

  private static func load(_ path: String, pixels: UInt32) -> Typeface? {
    guard let face = qa_freetype_open(path, pixels) else { return nil }
    defer { qa_freetype_close(face) }
    var above: CInt = 0
    var below: CInt = 0
    qa_freetype_extent(face, &above, &below)
    var glyphs: [UInt32: Glyph] = [:]
    for code in codes {
      var drawn = qa_freetype_glyph()
      guard qa_freetype_draw(face, code, &drawn) != 0 else { continue }
      let count = Int(drawn.width * drawn.height)
      glyphs[code] = Glyph(
        left: Int(drawn.left), top: Int(drawn.top), width: Int(drawn.width),
        height: Int(drawn.height), advance: Int(drawn.advance),
        coverage: Array(UnsafeBufferPointer(start: drawn.coverage, count: count)))
    }
    return Typeface(glyphs: glyphs, above: Int(above), below: Int(below))
  }
}
