internal import JSONCoding

/// A model that sees enough to pass the tests that models are put to before a run: it reads seven-segment
/// digits and their colour, finds coloured squares, calls the tool, keeps to the schema.
public struct SeeingModel: Sendable {
  /// A picture, taken apart by whoever can.
  public struct Picture: Sendable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// `0xRRGGBB`, row by row.
    public let pixels: [UInt32]

    /// A picture.
    public init(width: Int, height: Int, pixels: [UInt32]) {
      self.width = width
      self.height = height
      self.pixels = pixels
    }
  }

  /// The numbers for a place in a picture, in the order and unit in which the model answers.
  public var numbers: @Sendable (_ x: Double, _ y: Double, Picture) -> (Double, Double)
  /// Whether it never got the picture.
  public var isBlind = false
  /// Whether it calls tools.
  public var callsTools = true
  /// Whether it keeps to a schema.
  public var keepsSchema = true
  private let decode: @Sendable ([UInt8]) -> Picture?

  /// A model that answers in thousandths, x first.
  ///
  /// - Parameter decode: takes a picture's file apart.
  public init(decode: @escaping @Sendable ([UInt8]) -> Picture?) {
    self.decode = decode
    numbers = { x, y, picture in
      (x * 1000 / Double(picture.width), y * 1000 / Double(picture.height))
    }
  }

  /// The answer to one of the tests' questions; nil when it is none of them.
  public func answer(_ request: ReceivedRequest) -> DoubleAnswer? {
    if request.tools.contains("press_button") {
      return callsTools ? .toolCall("press_button", ["label": "B"]) : .text("I pressed it.")
    }
    let text = request.lastUserText
    if text.contains("\"code\"") {
      let code = Int(text.filter(\.isNumber)) ?? 0
      return keepsSchema
        ? .json(["code": .integer(code), "color": "green"]) : .text("The code is 1.")
    }
    let isPlace = text.contains("middle of the")
    guard isPlace || text.contains("four digits") || text.contains("Say it again") else {
      return nil
    }
    guard let picture = request.lastImage.flatMap(decode), !isBlind else {
      return .json(isPlace ? ["point": [500, 500]] : ["number": "1234", "color": "red"])
    }
    return isPlace ? place(text, picture) : number(picture)
  }

  private func place(_ text: String, _ picture: Picture) -> DoubleAnswer {
    let name = Self.colors.keys.first { text.contains("the \($0) square") } ?? "red"
    let wanted = Self.colors[name]
    var (count, across, down) = (0, 0, 0)
    for (index, pixel) in picture.pixels.enumerated() where pixel == wanted {
      count += 1
      across += index % picture.width
      down += index / picture.width
    }
    guard count > 0 else { return .text("?") }
    let (first, second) = numbers(
      Double(across) / Double(count) + 0.5, Double(down) / Double(count) + 0.5, picture)
    return .json(["point": [.number(first), .number(second)]])
  }

  private func number(_ picture: Picture) -> DoubleAnswer {
    let unit = max(picture.width / 40, 1)
    let (left, top) = (picture.width / 5, picture.height / 3)
    let places = [(1, 0), (0, 1), (3, 1), (1, 3), (0, 5), (3, 5), (1, 6)]
    var ink: UInt32?
    let digits = (0..<4).map { position in
      let shape = places.map { x, y -> String in
        let column = left + (position * 6 + x) * unit + unit / 2
        let row = top + y * unit + unit / 2
        let pixel = picture.pixels[row * picture.width + column]
        if pixel != 0xFFFFFF { ink = pixel }
        return pixel == 0xFFFFFF ? "0" : "1"
      }.joined()
      return Self.shapes[shape] ?? "?"
    }.joined()
    let color = Self.colors.first { $0.value == ink }?.key ?? "black"
    return .json(["number": .string(digits), "color": .string(color)])
  }

  private static let colors: [String: UInt32] = [
    "red": 0xDC1E1E, "green": 0x1EA03C, "blue": 0x1E3CDC, "yellow": 0xF0D214, "magenta": 0xD228C8,
  ]

  private static let shapes = [
    "1110111": "0", "0010010": "1", "1011101": "2", "1011011": "3", "0111010": "4",
    "1101011": "5", "1101111": "6", "1010010": "7", "1111111": "8", "1111011": "9",
  ]
}
