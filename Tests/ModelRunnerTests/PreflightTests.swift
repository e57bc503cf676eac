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

/// The way back.
@Sendable private func unfake(_ bytes: [UInt8]) -> SeeingModel.Picture? {
  guard let size = EncodedImage(bytes)?.size else { return nil }
  func number(_ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
  var pixels: [UInt32] = []
  for offset in stride(from: 24, to: bytes.count, by: 8) {
    let color = number(offset + 4) & 0xFFFFFF
    pixels.append(contentsOf: repeatElement(color, count: Int(number(offset))))
  }
  return SeeingModel.Picture(width: size.width, height: size.height, pixels: pixels)
}

/// A model that answers in a space.
private func seeing(_ unit: ModelSpace.Unit, _ order: ModelSpace.Order) -> SeeingModel {
  var model = SeeingModel(decode: unfake)
  model.numbers = { x, y, picture in
    let size = PixelSize(clampingWidth: picture.width, height: picture.height)
    let space = ModelSpace(unit: unit, order: order, sent: size, screen: size)
    guard let point = size.point(x: Int(x), y: Int(y)) else { return (-1, -1) }
    let numbers = space.numbers(for: point)
    return (numbers.first, numbers.second)
  }
  return model
}

@Suite(.timeLimit(.minutes(5))) struct PreflightTests {
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
    _ model: SeeingModel, family: ModelFamily = .qwen3VL, context: Int = 16_384
  ) async throws -> [ProbeKind: ProbeFinding] {
    let double = try ModelDouble.start(
      override: { request in
        guard request.path.hasSuffix("/props") else { return nil }
        return .status(200, json: ["default_generation_settings": ["n_ctx": .integer(context)]])
      }
    ) { model.answer($0) ?? .text("?") }
    defer { double.stop() }
    let client = try client(of: double) { $0.family = family }
    let findings = try await client.preflight(plan(family), encode: fakePNG)
    return Dictionary(uniqueKeysWithValues: findings.map { ($0.kind, $0) })
  }

  @Test func `a model that does everything holds in everything`() async throws {
    let found = try await findings(seeing(.thousandths, .xy))
    for kind in ProbeKind.allCases { #expect(found[kind]?.outcome == .holds, "\(kind)") }
    #expect(found[.coordinates]?.message.contains("thousandths, x first") == true)
    #expect(found[.speed]?.message.contains("50.5 tokens") == true)
  }

  @Test func `a context that holds no two pictures is told`() async throws {
    let found = try await findings(seeing(.thousandths, .xy), context: 2048)
    #expect(found[.context]?.outcome == .fails)
    #expect(found[.context]?.context == 2048)
    #expect(found[.context]?.message.contains("--context-size") == true)
  }

  @Test func `what was found about its coordinates can be used`() async throws {
    let found = try await findings(seeing(.fractions, .yx))
    #expect(found[.coordinates]?.space?.unit == .fractions)
    #expect(found[.coordinates]?.space?.order == .yx)
  }

  @Test func `a blind model is found out`() async throws {
    var model = seeing(.thousandths, .xy)
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
    let finding = try await findings(seeing(unit, order))[.coordinates]
    #expect(
      finding?.message.contains("\(unit.rawValue), \(order == .xy ? "x" : "y") first") == true)
    let isExpected = unit == .thousandths && order == .xy
    #expect(finding?.outcome == (isExpected ? .holds : .fails))
  }

  @Test func `tells what a model cannot do`() async throws {
    var model = seeing(.pixels, .xy)
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
