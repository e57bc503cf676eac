import Pixels
import Testing

@testable import ModelRunner

struct ModelFamilyTests {
  static let screens: [PixelSize] = [
    (640, 480), (800, 600), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1440, 900),
    (1600, 1200), (1920, 1080), (1920, 1200), (2560, 1440), (3440, 1440), (3840, 2160),
    (1080, 1920), (480, 640), (1, 1), (5000, 7), (333, 777),
  ].map { PixelSize(clampingWidth: $0.0, height: $0.1) }

  @Test(arguments: ModelFamily.all, screens) func `sends sizes that an engine takes as they are`(
    family: ModelFamily, screen: PixelSize
  ) {
    let sent = family.sentSize(for: screen)
    let rule = family.image
    #expect(sent.width % rule.factor == 0)
    #expect(sent.height % rule.factor == 0)
    #expect(sent.area <= rule.maximumArea)
    #expect(max(sent.width, sent.height) <= max(rule.longEdge, rule.factor))
    if rule.fixed != nil { #expect(sent == rule.fixed) }
  }

  /// The engine's own rule, from `smart_resize`: it must have nothing left to do.
  @Test(arguments: [ModelFamily.qwen3VL, .qwen25VL, .glmV, .uiTARS15], screens)
  func `leaves nothing to resize for the engine`(family: ModelFamily, screen: PixelSize) {
    let sent = family.sentSize(for: screen)
    let factor = Double(family.image.factor)
    let width = (Double(sent.width) / factor).rounded() * factor
    let height = (Double(sent.height) / factor).rounded() * factor
    #expect(width == Double(sent.width) && height == Double(sent.height))
    #expect(sent.area <= 4096 * family.image.factor * family.image.factor)
    #expect(sent.area >= 8 * family.image.factor * family.image.factor || screen.area < 10_000)
  }

  @Test(arguments: ModelFamily.all, screens.filter { min($0.width, $0.height) >= 480 })
  func `comes back to the point that was meant`(family: ModelFamily, screen: PixelSize) throws {
    let space = family.space(for: screen)
    var worst = 0.0
    for x in stride(from: 0, to: screen.width, by: max(screen.width / 97, 1)) {
      for y in stride(from: 0, to: screen.height, by: max(screen.height / 61, 1)) {
        guard let point = screen.point(x: x, y: y) else { continue }
        worst = max(worst, try deviation(of: point, in: space))
      }
    }
    // As near as whole screen pixels allow.
    #expect(worst <= 0.5 + 1e-9)
    let corner = try #require(screen.point(x: screen.width - 1, y: screen.height - 1))
    let exact = space.numbers(for: corner)
    #expect(try space.point(exact.first, exact.second) == corner)
  }

  /// How far from the number that a model would write the point lies that it is taken for, in units of
  /// the model or in screen pixels, whichever are larger.
  private func deviation(of point: ScreenPoint, in space: ModelSpace) throws -> Double {
    let unit = space.unit == .fractions ? 0.001 : 1
    let exact = space.numbers(for: point)
    let first = (exact.first / unit).rounded() * unit
    let second = (exact.second / unit).rounded() * unit
    let back = space.numbers(for: try space.point(first, second))
    let extent = space.extent
    let pixel = (
      extent.width / Double(space.region.width), extent.height / Double(space.region.height)
    )
    let (firstPixel, secondPixel) = space.order == .xy ? pixel : (pixel.1, pixel.0)
    // At the far edge the number is brought inside, which costs half a unit.
    return max(
      (abs(first - back.first) - (first >= extent.width ? unit / 2 : 0)) / max(unit, firstPixel),
      (abs(second - back.second) - (second >= extent.height ? unit / 2 : 0))
        / max(unit, secondPixel))
  }

  @Test func `maps a crop back into the screen`() throws {
    let screen = PixelSize(clampingWidth: 1920, height: 1080)
    let region = PixelRect(x: 960, y: 540, width: 400, height: 300)
    let space = ModelFamily.qwen3VL.space(for: screen, region: region)
    #expect(try space.point(0, 0) == screen.point(x: 960, y: 540))
    #expect(try space.point(1000, 1000) == screen.point(x: 1359, y: 839))
  }

  @Test func `knows the sizes that the engine prints`() {
    func sent(_ family: ModelFamily, _ width: Int, _ height: Int) -> String {
      family.sentSize(for: PixelSize(clampingWidth: width, height: height)).description
    }
    #expect(sent(.qwen3VL, 1280, 800) == "1280x800")
    #expect(sent(.qwen3VL, 1024, 768) == "1024x768")
    #expect(sent(.qwen3VL, 1920, 1080) == "1920x1088")
    #expect(sent(.qwen25VL, 1280, 800) == "1288x812")
    #expect(sent(.qwen25VL, 1920, 1080) == "1932x1092")
    #expect(sent(.gemma3, 1280, 800) == "896x896")
    #expect(sent(.gemma4, 1280, 800) == "1008x624")
    #expect(sent(.claude, 1280, 800) == "1280x800")
  }

  @Test func `a rule whose long edge is no multiple is kept all the same`() {
    let rule = ImageRule(factor: 32, maximumArea: 1 << 20, longEdge: 1010)
    for screen in Self.screens {
      let sent = rule.size(for: screen)
      #expect(max(sent.width, sent.height) <= 992)
      #expect(sent.width % 32 == 0 && sent.height % 32 == 0)
    }
  }

  @Test(arguments: [
    ("ai/qwen3-vl:8B", "qwen3-vl"), ("docker.io/ai/qwen3-vl:latest", "qwen3-vl"),
    ("hf.co/ggml-org/Qwen2.5-VL-7B-Instruct-GGUF", "qwen2.5-vl"), ("Qwen3-VL-30B-A3B", "qwen3-vl"),
    ("ai/qwen3.5:4B", "qwen3.5"), ("qwen3.6-35b", "qwen3.5"), ("UI-TARS-1.5-7B", "ui-tars-1.5"),
    ("ByteDance/UI-TARS-7B-DPO", "ui-tars-1.0"), ("ai/gemma3:4B", "gemma3"),
    ("ai/gemma3-qat:12B", "gemma3"), ("ai/gemma4", "gemma4"), ("ai/smolvlm:500M", "smolvlm"),
    ("ai/moondream2", "moondream"), ("ai/ministral3", "ministral"),
    ("ai/magistral-small-3.2", "ministral"), ("Hcompany/Holo1.5-7B", "holo1.5"),
    ("Holo2-8B", "holo2"), ("zai-org/GLM-4.6V", "glm-v"), ("claude-opus-4-6", "claude"),
    ("gpt-5.1", "openai"), ("ai/llama3.2", "unknown"), ("ai/qwen3:8B", "unknown"),
  ]) func `recognises a family by its name`(model: String, family: String) {
    #expect(ModelFamily.detect(model).name == family)
  }

  @Test func `finds each family by its own name`() {
    for family in ModelFamily.all { #expect(ModelFamily.named(family.name) == family) }
    #expect(ModelFamily.named("qwen") == nil)
    #expect(Set(ModelFamily.all.map(\.name)).count == ModelFamily.all.count)
  }

  @Test(arguments: ModelFamily.all) func `tells the model how to write coordinates`(
    family: ModelFamily
  ) {
    let space = family.space(for: PixelSize(clampingWidth: 1280, height: 800))
    let rule = family.coordinateRule(in: space)
    #expect(rule.contains(family.order == .xy ? "x (across) first" : "y (down) first"))
    if family.unit == .pixels { #expect(rule.contains("\(space.sent.width) wide")) }
  }
}
