public import Pixels

/// A picture made of coloured rectangles, drawn without fonts: what probes show to a model.
public struct ProbePicture: Hashable, Sendable {
  /// Colours that every model can name.
  public enum Color: String, Hashable, Sendable, CaseIterable {
    case red, green, blue, yellow, magenta, black, white

    /// Red, green and blue.
    var components: (red: UInt8, green: UInt8, blue: UInt8) {
      switch self {
      case .red: (220, 30, 30)
      case .green: (30, 160, 60)
      case .blue: (30, 60, 220)
      case .yellow: (240, 210, 20)
      case .magenta: (210, 40, 200)
      case .black: (0, 0, 0)
      case .white: (255, 255, 255)
      }
    }
  }

  /// The picture's size.
  public let size: PixelSize
  /// The colour behind everything.
  public let background: Color
  /// What is drawn, the first lowest.
  public private(set) var shapes: [(rect: PixelRect, color: Color)] = []

  /// An empty picture.
  public init(size: PixelSize, background: Color = .white) {
    self.size = size
    self.background = background
  }

  /// Draws a rectangle.
  public mutating func fill(_ rect: PixelRect, _ color: Color) { shapes.append((rect, color)) }

  /// Draws a number in the form of a seven-segment display.
  ///
  /// - Parameters:
  ///   - digits: 0…9 each.
  ///   - x: the left edge.
  ///   - y: the top edge.
  ///   - unit: the strength of a stroke; a digit is 4 wide and 7 high, and 6 apart.
  ///   - color: the strokes' colour.
  public mutating func draw(_ digits: [Int], x: Int, y: Int, unit: Int, _ color: Color) {
    for (position, digit) in digits.enumerated() where (0...9).contains(digit) {
      let left = x + position * 6 * unit
      for segment in Self.segments[digit] {
        let part = Self.strokes[segment]
        fill(
          PixelRect(
            x: left + part.x * unit, y: y + part.y * unit, width: part.width * unit,
            height: part.height * unit), color)
      }
    }
  }

  /// Top, upper left, upper right, middle, lower left, lower right, bottom, in strokes.
  private static let strokes = [
    PixelRect(x: 0, y: 0, width: 4, height: 1), PixelRect(x: 0, y: 0, width: 1, height: 4),
    PixelRect(x: 3, y: 0, width: 1, height: 4), PixelRect(x: 0, y: 3, width: 4, height: 1),
    PixelRect(x: 0, y: 3, width: 1, height: 4), PixelRect(x: 3, y: 3, width: 1, height: 4),
    PixelRect(x: 0, y: 6, width: 4, height: 1),
  ]

  private static let segments = [
    [0, 1, 2, 4, 5, 6], [2, 5], [0, 2, 3, 4, 6], [0, 2, 3, 5, 6], [1, 2, 3, 5], [0, 1, 3, 5, 6],
    [0, 1, 3, 4, 5, 6], [0, 2, 5], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5, 6],
  ]

  /// The pixels.
  public func frame() -> Frame? {
    var pixels = [UInt8](repeating: 0, count: size.area * 4)
    paint(size.bounds, background, &pixels)
    for (rect, color) in shapes { paint(size.bounds.intersection(rect), color, &pixels) }
    return Frame(size: size, pixels: pixels)
  }

  private func paint(_ rect: PixelRect, _ color: Color, _ pixels: inout [UInt8]) {
    guard !rect.isEmpty else { return }
    let (red, green, blue) = color.components
    var row: [UInt8] = []
    row.reserveCapacity(rect.width * 4)
    for _ in 0..<rect.width { row += [blue, green, red, 0] }
    for y in rect.y..<rect.maxY {
      let start = (y * size.width + rect.x) * 4
      pixels.replaceSubrange(start..<start + row.count, with: row)
    }
  }

  /// Equal when they show the same.
  public static func == (left: ProbePicture, right: ProbePicture) -> Bool {
    left.size == right.size && left.background == right.background
      && left.shapes.count == right.shapes.count
      && zip(left.shapes, right.shapes).allSatisfy { $0.rect == $1.rect && $0.color == $1.color }
  }

  /// Hashes what it shows.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(background)
    for (rect, color) in shapes {
      hasher.combine(rect)
      hasher.combine(color)
    }
  }
}
