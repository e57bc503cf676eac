internal import Durations
internal import JSONCoding
public import Pixels

/// What is found out about a model before it is relied on.
public enum ProbeKind: String, Hashable, Sendable, CaseIterable {
  /// Whether it sees the picture at all: it reads a number that nobody could guess.
  case vision
  /// In which space it states coordinates.
  case coordinates
  /// Whether it calls tools.
  case tools
  /// Whether a second picture may follow the result of a call.
  case turns
  /// Whether it keeps to a schema.
  case schema
  /// Whether what was read once is not read again.
  case cache
  /// How fast it is.
  case speed
  /// How long a conversation may be.
  case context
  /// What its server wants otherwise than others.
  case server
}

/// What one probe found.
public struct ProbeFinding: Hashable, Sendable {
  /// The answer to the probe's question.
  public enum Outcome: String, Hashable, Sendable {
    case holds, fails
    /// It could not be found out.
    case unknown
  }

  /// The question.
  public let kind: ProbeKind
  /// The answer.
  public let outcome: Outcome
  /// What was found, and what to do about it.
  public let message: String
  /// The space that the model answers in, as far as its answers told.
  public let space: CoordinateFit.Hypothesis?
  /// The context in tokens, if that was asked and is known.
  public let context: Int?

  init(
    _ kind: ProbeKind, _ outcome: Outcome, _ message: String,
    space: CoordinateFit.Hypothesis? = nil, context: Int? = nil
  ) {
    self.kind = kind
    self.outcome = outcome
    self.message = message
    self.space = space
    self.context = context
  }
}

/// Questions with known answers, and the judgement of what a model says to them: a value, no I/O.
public struct Preflight: Sendable {
  /// The family that the model is taken for.
  public let family: ModelFamily
  /// The number that the vision probe shows, four digits.
  public let digits: [Int]
  /// The colour of its digits.
  public let ink: ProbePicture.Color
  /// The places that the coordinate probe asks for.
  public let targets: [(color: ProbePicture.Color, center: ScreenPoint)]
  private let size: PixelSize

  /// Probes for a model, made up with random numbers in 0..<1.
  public init(family: ModelFamily, random: () -> Double) {
    self.family = family
    func pick(_ range: Range<Int>) -> Int {
      range.lowerBound + Int(min(max(random(), 0), 0.999_999) * Double(range.count))
    }
    digits = [pick(1..<10)] + (0..<3).map { _ in pick(0..<10) }
    ink = [ProbePicture.Color.red, .green, .blue][pick(0..<3)]
    // Wide enough that pixels, thousandths and swapped axes are told apart.
    size = family.sentSize(for: PixelSize(clampingWidth: 1280, height: 800))
    let cells = [(0, 0), (2, 0), (1, 1), (0, 2), (2, 2)]
    let (width, height) = (size.width, size.height)
    targets = zip([ProbePicture.Color.red, .green, .blue, .yellow, .magenta], cells)
      .compactMap { color, cell in
        let x = width * cell.0 / 3 + pick(width / 12..<width / 4)
        let y = height * cell.1 / 3 + pick(height / 12..<height / 4)
        return PixelSize(clampingWidth: width, height: height).point(x: x, y: y).map { (color, $0) }
      }
  }

  // MARK: - Pictures

  /// The number on a plain ground.
  var visionPicture: ProbePicture {
    var picture = ProbePicture(size: size)
    let unit = max(size.width / 40, 1)
    picture.draw(digits, x: size.width / 5, y: size.height / 3, unit: unit, ink)
    return picture
  }

  /// The coloured squares.
  var coordinatePicture: ProbePicture {
    var picture = ProbePicture(size: size)
    let side = max(size.width / 24, 8)
    for (color, center) in targets {
      picture.fill(
        PixelRect(x: center.x - side / 2, y: center.y - side / 2, width: side, height: side), color)
    }
    return picture
  }

  // MARK: - Requests

  /// Asks for the number and its colour.
  func visionRequest(_ picture: EncodedImage) -> ChatRequest {
    request(
      "The picture shows a number of four digits. Answer with \"number\", the number, and \"color\", the "
        + "colour of its digits in one word.", [picture], name: "number",
      schema: [
        "type": "object",
        "properties": ["number": ["type": "string"], "color": ["type": "string"]],
        "required": ["number", "color"],
      ])
  }

  /// Asks where a square is.
  func coordinateRequest(
    _ picture: EncodedImage, _ color: ProbePicture.Color
  ) -> ChatRequest {
    let space = family.space(for: size)
    return request(
      "Where is the middle of the \(color.rawValue) square? \(family.coordinateRule(in: space)) Answer "
        + "with \"point\", a list of the two numbers.", [picture], name: "point",
      schema: [
        "type": "object",
        "properties": [
          "point": [
            "type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2,
          ]
        ], "required": ["point"],
      ])
  }

  /// The tool of the tool probe.
  public static let tool = ToolDefinition(
    name: "press_button", description: "Presses a button on the panel.",
    parameters: [
      "type": "object",
      "properties": ["label": ["type": "string", "enum": ["A", "B", "C"]]], "required": ["label"],
      "additionalProperties": false,
    ])

  /// Asks for one call.
  var toolRequest: ChatRequest {
    ChatRequest(
      messages: [.user("Press the button with the label B, by the tool.")], tools: [Self.tool],
      toolChoice: .required, maxTokens: 256)
  }

  /// A conversation as a case has it: a picture, a call, what came of it, and the next picture.
  func turnsRequest(_ picture: EncodedImage) -> ChatRequest {
    let call = ToolCall(id: "call-1", name: Self.tool.name, argumentsText: #"{"label":"A"}"#)
    return ChatRequest(
      messages: [
        .system("You press buttons on a panel, by the tool."),
        .user(
          "Press the button with the label A, then the one with the label B.", images: [picture]),
        .assistant("", toolCalls: [call]), .tool("Done: pressed A.", answering: call.id),
        .user("The panel after that.", images: [picture]),
      ], tools: [Self.tool], maxTokens: 256)
  }

  /// Asks for an object that a schema describes.
  var schemaRequest: ChatRequest {
    request(
      "Answer with \"code\", the number \(code), and \"color\", the word green.", [],
      name: "answer",
      schema: Self.answerSchema)
  }

  private var code: Int { digits.reduce(0) { $0 * 10 + $1 } }

  private static let answerSchema: JSON = [
    "type": "object",
    "properties": [
      "code": ["type": "integer"], "color": ["type": "string", "enum": ["red", "green"]],
    ], "required": ["code", "color"], "additionalProperties": false,
  ]

  private func request(
    _ text: String, _ pictures: [EncodedImage], name: String, schema: JSON
  ) -> ChatRequest {
    ChatRequest(
      messages: [
        .system("You look at pictures and answer with one JSON object and nothing else."),
        .user(text, images: pictures),
      ], responseFormat: .jsonSchema(name: name, schema), maxTokens: 256)
  }

  // MARK: - Judgements

  /// Whether the number was read.
  func judgeVision(_ reply: ChatReply) -> ProbeFinding {
    let wanted = String(code)
    let answer = LenientJSON.parse(reply.text[...].trimmed)?.value
    let said = answer?["number"]
    let text = said?.string ?? said?.integer.map { String($0) } ?? reply.text
    let color = answer?["color"]?.string ?? ""
    guard text.filter(\.isNumber) == wanted, color.lowercased().contains(ink.rawValue) else {
      return ProbeFinding(
        .vision, .fails,
        "the model was shown \(wanted) in \(ink.rawValue) and read \"\(text.excerpt(60))\" in "
          + "\"\(color.excerpt(30))\": it does not see the picture, or "
          + "not well enough; use another package of it, with its projector, such as ai/qwen3-vl")
    }
    return ProbeFinding(
      .vision, .holds, "the model read the number \(wanted) in a picture, and its colour")
  }

  /// A sample from an answer to the question for one square; nil when there were no two numbers.
  public func sample(_ reply: ChatReply, for color: ProbePicture.Color) -> CoordinateFit.Sample? {
    guard let center = targets.first(where: { $0.color == color })?.center,
      let point = LenientJSON.parse(reply.text[...].trimmed)?.value["point"],
      let first = point[0]?.double, let second = point[1]?.double
    else { return nil }
    return CoordinateFit.Sample(x: center.x, y: center.y, first: first, second: second)
  }

  /// Whether the answers lie where the family's do.
  func judgeCoordinates(_ samples: [CoordinateFit.Sample]) -> ProbeFinding {
    guard let fit = CoordinateFit(samples, picture: size) else {
      return ProbeFinding(
        .coordinates, .unknown,
        "only \(samples.count) of \(targets.count) places were answered; too few to tell the space")
    }
    guard let best = fit.best else {
      let nearest = fit.ranking.first.map { Self.percent($0.error) } ?? "?"
      return ProbeFinding(
        .coordinates, .fails,
        "the model's places fit no space; in the nearest they are off by \(nearest) of the diagonal: it "
          + "cannot point, so use it for reading only")
    }
    let found = "\(best.unit.rawValue), \(best.order == .xy ? "x" : "y") first"
    guard best.unit == family.unit, best.order == family.order else {
      return ProbeFinding(
        .coordinates, .fails,
        "the model answers in \(found), and not as the family \(family.name) does; it is read as it answers",
        space: best)
    }
    return ProbeFinding(
      .coordinates, .holds,
      "the model answers in \(found), off by \(Self.percent(best.error)) of the diagonal",
      space: best)
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  /// Whether the tool was called as asked.
  func judgeTools(_ reply: ChatReply) -> ProbeFinding {
    do {
      let call = try ReplyDecoder(dialect: .native, tools: [Self.tool]).decode(reply).calls.first
      guard call?.arguments["label"] == "B" else {
        return ProbeFinding(
          .tools, .fails, "the model called the tool with other arguments than asked")
      }
      let byText = reply.toolCalls.isEmpty
      return ProbeFinding(
        .tools, .holds, byText ? "the model calls tools, in its text" : "the model calls tools")
    } catch {
      return ProbeFinding(
        .tools, .fails,
        "the model called no tool: \(error.message) It is asked for JSON instead if it keeps to a schema"
      )
    }
  }

  /// What the server wants otherwise than others.
  func judgeServer(_ manners: ServerManners) -> ProbeFinding {
    let wishes = manners.sentences
    return ProbeFinding(
      .server, .holds,
      wishes.isEmpty
        ? "the server takes requests as they are"
        : "the server is asked as it wants: \(wishes.joined(separator: "; "))")
  }

  /// Whether the object fits the schema.
  func judgeSchema(_ reply: ChatReply) -> ProbeFinding {
    var check = SchemaCheck()
    guard let value = try? JSON(parsing: reply.text[...].trimmed.utf8),
      let checked = try? check.check(value, against: Self.answerSchema)
    else {
      return ProbeFinding(
        .schema, .fails,
        "the answer does not fit the schema: \"\(reply.text.excerpt(100))\"; set the model's calls to tools"
      )
    }
    let isRight = checked["code"]?.integer == code && checked["color"] == "green"
    return ProbeFinding(
      .schema, .holds,
      isRight
        ? "the model keeps to a schema" : "the model keeps to a schema, but answered something else"
    )
  }

  /// Whether the second of two requests, which only added to the first, reused it.
  func judgeCache(first: ChatReply, second: ChatReply) -> ProbeFinding {
    guard let share = second.usage.reuse, first.usage.prompt > 0 else {
      return ProbeFinding(.cache, .unknown, "the server does not count tokens")
    }
    let percent = Int(share * 100)
    guard share >= 0.5 else {
      return ProbeFinding(
        .cache, .fails,
        "only \(percent) % of a repeated prompt was reused: each step will read everything again; see "
          + "--cache-ram, and avoid models with sliding windows")
    }
    return ProbeFinding(.cache, .holds, "\(percent) % of a repeated prompt was reused")
  }

  private static func rate(_ tokens: Double) -> String {
    let tenths = Int(min(max(tokens * 10, 0), 1e9))
    return "\(tenths / 10).\(tenths % 10) tokens a second"
  }

  /// How long a conversation may be, in tokens; nil when the server does not say.
  func judgeContext(_ context: Int?) -> ProbeFinding {
    guard let context, context > 0 else {
      return ProbeFinding(
        .context, .unknown, "the server does not say how long a conversation may be")
    }
    let needed = 2 * family.imageTokens(for: size) + 2048
    return context >= needed
      ? ProbeFinding(
        .context, .holds, "a conversation may have \(context) tokens", context: context)
      : ProbeFinding(
        .context, .fails,
        "a conversation may have \(context) tokens, and two pictures with words need \(needed): configure "
          + "a larger context, such as docker model configure --context-size 16384 MODEL",
        context: context)
  }

  /// How fast the answers came.
  func judgeSpeed(_ replies: [ChatReply]) -> ProbeFinding {
    let rates = replies.compactMap(\.tokensPerSecond).sorted()
    guard !rates.isEmpty else {
      return ProbeFinding(.speed, .unknown, "no answer was long enough to measure")
    }
    let rate = rates[rates.count / 2]
    let prompts = replies.compactMap(\.timings?.promptPerSecond).filter { $0.isFinite && $0 > 0 }
      .sorted()
    let reading = prompts.isEmpty ? "" : ", and reads \(Self.rate(prompts[prompts.count / 2]))"
    let shown = "the model writes \(Self.rate(rate))\(reading)"
    return rate >= 5
      ? ProbeFinding(.speed, .holds, shown)
      : ProbeFinding(.speed, .fails, "\(shown): a step will take long; use a smaller model")
  }
}

extension ChatReply {
  /// Tokens of the answer a second: the engine's own figure, else measured over the whole answer.
  var tokensPerSecond: Double? {
    if let rate = timings?.predictedPerSecond, rate > 0, rate < 1e6 { return rate }
    let seconds = duration.seconds
    guard usage.completion > 0, seconds > 0 else { return nil }
    return Double(usage.completion) / seconds
  }
}
