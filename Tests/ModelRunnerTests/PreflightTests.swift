import JSONCoding
import ModelDouble
import Pixels
import Platform
import Testing

@testable import ModelRunner

/// A file that is recognised as a PNG, has its header, and then holds runs of equal pixels: enough for a
/// double that looks at them.
private func fakePNG(_ frame: Frame) -> EncodedImage? {
  func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
  var bytes: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
  ]
  bytes += number(frame.size.width) + number(frame.size.height)
  frame.pixels.withUnsafeBytes { raw in
    let pixels = raw.bindMemory(to: UInt32.self)
    var start = 0
    while start < pixels.count {
      var end = start + 1
      while end < pixels.count, pixels[end] == pixels[start] { end += 1 }
      bytes += number(end - start) + number(Int(pixels[start]))
      start = end
    }
  }
  return EncodedImage(bytes)
}

/// The picture as a double sees it: runs of one colour.
private struct Runs {
  let size: PixelSize
  private var runs: [(start: Int, count: Int, color: (red: UInt8, green: UInt8, blue: UInt8))] = []

  init?(_ bytes: [UInt8]) {
    guard let size = EncodedImage(bytes)?.size else { return nil }
    self.size = size
    var start = 0
    for offset in stride(from: 24, to: bytes.count, by: 8) {
      let count = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      runs.append((start, count, (bytes[offset + 5], bytes[offset + 6], bytes[offset + 7])))
      start += count
    }
  }

  func color(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8)? {
    let position = y * size.width + x
    return runs.first { $0.start + $0.count > position }?.color
  }

  /// The middle of all pixels of a colour.
  func center(of color: (red: UInt8, green: UInt8, blue: UInt8)) -> ScreenPoint? {
    let found = runs.filter { $0.color == color }
    let count = found.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let x = found.reduce(0) { $0 + ($1.start % size.width + $1.count / 2) * $1.count }
    let y = found.reduce(0) { $0 + $1.start / size.width * $1.count }
    return size.point(x: x / count, y: y / count)
  }
}

/// A model that sees: it finds the middle of a colour, and reads seven segments.
private struct SeeingModel: Sendable {
  var unit: ModelSpace.Unit
  var order: ModelSpace.Order
  var isBlind = false
  var callsTools = true
  var keepsSchema = true

  func answer(_ request: ReceivedRequest) -> DoubleAnswer {
    if request.tools.contains("press_button") {
      return callsTools ? .toolCall("press_button", ["label": "B"]) : .text("I pressed it.")
    }
    let text = request.lastUserText
    if text.contains("code") {
      let code = Int(text.filter(\.isNumber)) ?? 0
      return keepsSchema
        ? .json(["code": .integer(code), "color": "green"]) : .text("The code is 1.")
    }
    guard let picture = request.lastImage.flatMap(Runs.init), !isBlind else {
      return .json(text.contains("number of") ? ["number": "1234"] : ["point": [500, 500]])
    }
    if text.contains("square") { return point(text, picture) }
    return .json(["number": .string(digits(picture))])
  }

  private func point(_ text: String, _ picture: Runs) -> DoubleAnswer {
    let color =
      ProbePicture.Color.allCases.first { text.contains("the \($0.rawValue) square") } ?? .red
    let space = ModelSpace(unit: unit, order: order, sent: picture.size, screen: picture.size)
    guard let center = picture.center(of: color.components) else { return .text("?") }
    let numbers = space.numbers(for: center)
    return .json(["point": [.number(numbers.first), .number(numbers.second)]])
  }

  private func digits(_ picture: Runs) -> String {
    let unit = max(picture.size.width / 40, 1)
    let (left, top) = (picture.size.width / 5, picture.size.height / 3)
    let places = [(1, 0), (0, 1), (3, 1), (1, 3), (0, 5), (3, 5), (1, 6)]
    let shapes = [
      "1110111": "0", "0010010": "1", "1011101": "2", "1011011": "3", "0111010": "4",
      "1101011": "5", "1101111": "6", "1010010": "7", "1111111": "8", "1111011": "9",
    ]
    return (0..<4).map { position in
      let shape = places.map { x, y -> String in
        let color = picture.color(
          x: left + (position * 6 + x) * unit + unit / 2, y: top + y * unit + unit / 2)
        return color.map { $0 == (0, 0, 0) } == true ? "1" : "0"
      }.joined()
      return shapes[shape] ?? "?"
    }.joined()
  }
}

@Suite(.timeLimit(.minutes(1))) struct PreflightTests {
  private func plan(_ family: ModelFamily = .qwen3VL) -> Preflight {
    let numbers = Locked([
      0.31, 0.77, 0.05, 0.42, 0.9, 0.13, 0.66, 0.58, 0.24, 0.81, 0.49, 0.02, 0.95, 0.37,
    ])
    return Preflight(family: family) {
      numbers.withLock { list in
        list.append(list.removeFirst())
        return list[0]
      }
    }
  }

  private func findings(
    _ model: SeeingModel, family: ModelFamily = .qwen3VL
  ) async throws -> [ProbeKind: ProbeFinding] {
    let double = try ModelDouble.start { model.answer($0) }
    defer { double.stop() }
    let client = try client(of: double) { $0.family = family }
    let findings = try await client.preflight(plan(family), encode: fakePNG)
    return Dictionary(uniqueKeysWithValues: findings.map { ($0.kind, $0) })
  }

  @Test func `a model that does everything holds in everything`() async throws {
    let found = try await findings(SeeingModel(unit: .thousandths, order: .xy))
    for kind in ProbeKind.allCases { #expect(found[kind]?.outcome == .holds, "\(kind)") }
    #expect(found[.coordinates]?.message.contains("thousandths, x first") == true)
    #expect(found[.speed]?.message.contains("50.5 tokens") == true)
  }

  @Test func `a blind model is found out`() async throws {
    var model = SeeingModel(unit: .thousandths, order: .xy)
    model.isBlind = true
    let found = try await findings(model)
    #expect(found[.vision]?.outcome == .fails)
    #expect(found[.vision]?.message.contains("does not see") == true)
    #expect(found[.coordinates]?.outcome == .fails)
  }

  @Test(arguments: ModelSpace.Unit.allCases, ModelSpace.Order.allCases)
  func `finds the space that a model answers in`(
    unit: ModelSpace.Unit, order: ModelSpace.Order
  ) async throws {
    let finding = try await findings(SeeingModel(unit: unit, order: order))[.coordinates]
    #expect(
      finding?.message.contains("\(unit.rawValue), \(order == .xy ? "x" : "y") first") == true)
    let isExpected = unit == .thousandths && order == .xy
    #expect(finding?.outcome == (isExpected ? .holds : .fails))
  }

  @Test func `tells what a model cannot do`() async throws {
    var model = SeeingModel(unit: .pixels, order: .xy)
    model.callsTools = false
    model.keepsSchema = false
    let found = try await findings(model, family: .qwen25VL)
    #expect(found[.tools]?.outcome == .fails)
    #expect(found[.schema]?.outcome == .fails)
    #expect(found[.coordinates]?.outcome == .holds)
  }

  @Test func `a package without a projector is an answer, not an error`() async throws {
    let double = try ModelDouble.start { request in
      request.images.isEmpty
        ? .text("{}") : .error(500, "image input is not supported - hint: mmproj")
    }
    defer { double.stop() }
    let found = try await client(of: double).preflight(plan(), encode: fakePNG)
    #expect(found.first?.kind == .vision)
    #expect(found.first?.outcome == .fails)
  }

  @Test func `a model that is not there is asked once`() async throws {
    let double = try ModelDouble.start(models: [], ModelDouble.plain)
    defer { double.stop() }
    let found = try await client(of: double).preflight(plan(), encode: fakePNG)
    #expect(found.dropLast().allSatisfy { $0.outcome == .unknown })
    #expect(double.chats.count == 1)
  }

  @Test func `answers all over the place fit nothing`() {
    let size = PixelSize(clampingWidth: 1280, height: 800)
    let samples = [
      (100, 100, 900, 50), (1200, 100, 20, 700), (640, 400, 333, 12), (50, 700, 801, 640),
    ]
    .map { CoordinateFit.Sample(x: $0.0, y: $0.1, first: Double($0.2), second: Double($0.3)) }
    #expect(CoordinateFit(samples, picture: size)?.best == nil)
    #expect(CoordinateFit(Array(samples.prefix(2)), picture: size) == nil)
    let mad = samples.map { CoordinateFit.Sample(x: $0.x, y: $0.y, first: .nan, second: .infinity) }
    #expect(CoordinateFit(mad, picture: size)?.best == nil)
  }
}
