internal import Pixels

extension ModelFamily {
  /// Qwen3-VL: thousandths; factor 32 (patch 16, merged 2×2).
  ///
  /// The long edge stays below what the model could take, because engines up to llama.cpp b10068 lose
  /// accuracy away from the centre of large pictures; the least area keeps small screens legible.
  static let qwen3VL = ModelFamily(
    name: "qwen3-vl", unit: .thousandths,
    image: ImageRule(
      factor: 32, minimumArea: 768 * 1024, maximumArea: 4096 * 1024, longEdge: 1920))

  /// Qwen3.5 and Qwen3.6: as Qwen3-VL.
  static let qwen35 = ModelFamily(
    name: "qwen3.5", unit: .thousandths, image: qwen3VL.image, thinkingSwitch: "enable_thinking")

  /// Qwen2.5-VL: pixels of the picture after it was brought to multiples of 28.
  static let qwen25VL = ModelFamily(
    name: "qwen2.5-vl", unit: .pixels,
    image: ImageRule(factor: 28, minimumArea: 768 * 784, maximumArea: 4096 * 784, longEdge: 1932))

  /// UI-TARS 1.5: Qwen2.5-VL's coordinates, and calls as text.
  static let uiTARS15 = ModelFamily(
    name: "ui-tars-1.5", unit: .pixels, image: qwen25VL.image, dialect: .actionText)

  /// UI-TARS 1.0 and Doubao: thousandths, and calls as text.
  static let uiTARS10 = ModelFamily(
    name: "ui-tars-1.0", unit: .thousandths,
    image: ImageRule(factor: 28, minimumArea: 768 * 784, maximumArea: 2700 * 784, longEdge: 1932),
    dialect: .actionText)

  /// Gemma 3: each picture becomes 896×896, to which it is stretched here as in training; an engine
  /// would pad it instead.
  ///
  /// Coordinates as Gemini's, y first; the vendor does not say so for Gemma.
  public static let gemma3 = ModelFamily(
    name: "gemma3", unit: .thousandths, order: .yx,
    image: ImageRule(fixed: PixelSize(clampingWidth: 896, height: 896)), dialect: .schema)

  /// Gemma 4: factor 48 and 40 to 280 tokens a picture.
  public static let gemma4 = ModelFamily(
    name: "gemma4", unit: .thousandths, order: .yx,
    image: ImageRule(factor: 48, minimumArea: 40 * 2304, maximumArea: 280 * 2304, longEdge: 1680),
    thinkingSwitch: "enable_thinking")

  /// SmolVLM: tiles of 512; no coordinates of its own.
  static let smolVLM = ModelFamily(
    name: "smolvlm", unit: .thousandths,
    image: ImageRule(factor: 512, maximumArea: 1536 * 1024, longEdge: 1536), dialect: .schema)

  /// Moondream 2: each picture becomes 378×378 in llama.cpp; fractions.
  public static let moondream = ModelFamily(
    name: "moondream", unit: .fractions,
    image: ImageRule(fixed: PixelSize(clampingWidth: 378, height: 378)), dialect: .schema)

  /// Ministral, Magistral, Pixtral: factor 28, at most 1540 long; no documented coordinates.
  public static let ministral = ModelFamily(
    name: "ministral", unit: .thousandths,
    image: ImageRule(factor: 28, maximumArea: 1540 * 1540, longEdge: 1540))

  /// Holo 1.5: Qwen2.5-VL's coordinates.
  static let holo15 = ModelFamily(
    name: "holo1.5", unit: .pixels, image: qwen25VL.image, dialect: .schema)

  /// Holo 2: Qwen3-VL's coordinates.
  public static let holo2 = ModelFamily(
    name: "holo2", unit: .thousandths, image: qwen3VL.image, dialect: .schema)

  /// GLM-4.xV and AutoGLM: thousandths.
  static let glmV = ModelFamily(
    name: "glm-v", unit: .thousandths,
    image: ImageRule(factor: 28, minimumArea: 768 * 784, maximumArea: 4096 * 784, longEdge: 1932),
    thinkingSwitch: "enable_thinking")

  /// Claude and models that follow it: pixels of the picture sent, which they shrink above 1568.
  public static let claude = ModelFamily(
    name: "claude", unit: .pixels,
    image: ImageRule(factor: 1, maximumArea: 1_150_000, longEdge: 1568),
    makesSeveralCalls: true)

  /// OpenAI's models: pixels of the picture sent.
  static let openAI = ModelFamily(
    name: "openai", unit: .pixels,
    image: ImageRule(factor: 1, maximumArea: 4_000_000, longEdge: 2048),
    makesSeveralCalls: true)

  /// A model that is not known: what most newer ones do.
  ///
  /// Measure it first.
  public static let unknown = ModelFamily(
    name: "unknown", unit: .thousandths, image: qwen3VL.image)

  /// All families, the unknown one last.
  public static let all: [ModelFamily] = [
    qwen3VL, qwen35, qwen25VL, uiTARS15, uiTARS10, gemma3, gemma4, smolVLM, moondream, ministral,
    holo15, holo2, glmV, claude, openAI, unknown,
  ]

  /// The family of a name as settings write it; nil when there is none.
  public static func named(_ name: String) -> ModelFamily? { all.first { $0.name == name } }

  /// The family that a model's name speaks of; `unknown` when it speaks of none.
  static func detect(_ model: String) -> ModelFamily {
    let plain = String(model.lowercased().filter { !"-_ ".contains($0) })
    let match = words.first { entry in entry.words.contains { plain.contains($0) } }
    return match?.family ?? .unknown
  }

  /// The first entry with a word in the name wins, so fine-tunes stand before what they come from.
  private static let words: [(words: [String], family: ModelFamily)] = [
    (["uitars1.0", "uitars2b", "uitars7bdpo", "uitars7bsft", "uitars72b", "doubao"], uiTARS10),
    (["uitars"], uiTARS15),
    (["holo2", "holo3"], holo2),
    (["holo1"], holo15),
    (["qwen3vl"], qwen3VL),
    (["qwen3.5", "qwen3.6"], qwen35),
    (["qwen2.5vl", "qwen25vl", "opencua", "gta1"], qwen25VL),
    (["gemma4"], gemma4),
    (["gemma3"], gemma3),
    (["smolvlm"], smolVLM),
    (["moondream"], moondream),
    (["ministral", "magistral", "pixtral", "mistralsmall"], ministral),
    (["glm4v", "glm4.", "glm5v", "autoglm"], glmV),
    (["claude"], claude),
    (["gpt4", "gpt5", "computeruse"], openAI),
  ]
}
