internal import Hands
internal import JSONCoding
internal import Pixels
public import Scenario
internal import Story

/// Turns a model's tool call into what it asks for, or says precisely why not.
///
/// Every number is checked before it is used; what is not understood is never guessed.
struct ToolDecoder {
  /// What a call asks for.
  enum Request: Hashable {
    case action(Action)
    case command(CommandRequest)
    case wait(Duration)
    case look
    case zoom(PixelRect)
    case done(status: Status, text: String)
  }

  /// How the model says it ended.
  enum Status: String, Hashable {
    case success, failure, blocked
  }

  /// Why a call cannot be used: a sentence for the model.
  struct Rejection: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
  }

  let space: ModelSpace
  /// The names of the secrets that may be typed.
  let secrets: [String]
  /// Whether numbers that do not count as this space does are refused, and none is brought to an edge.
  var isExact = true
  /// Whether an argument that an action does not use is refused, and not left aside.
  var isStrict = true
  /// The tools that were offered.
  var tools: [ToolName] = [.computer]
  /// The hosts on which commands may run; without a name it is the target's own.
  var hosts: [String?] = []

  /// Reads a call.
  func decode(_ call: ToolRequest) throws(Rejection) -> (request: Request, reason: String) {
    guard let tool = ToolName(rawValue: call.name), tools.contains(tool) else {
      let names = tools.map { "`\($0.rawValue)`" }.joined(separator: " or ")
      throw Rejection("There is no tool “\(call.name.clipped(40))”; use \(names).")
    }
    guard call.arguments.utf8.count <= 64 * 1024,
      let arguments = try? JSON(parsing: call.arguments),
      arguments.object != nil
    else { throw Rejection("The arguments are no JSON object.") }
    let reason = (arguments["reason"]?.string ?? "").clipped(2000)
    guard tool == .computer else { return (.command(try command(tool, arguments)), reason) }
    guard let name = arguments["action"]?.string else {
      throw Rejection("`action` is missing.")
    }
    guard let action = ToolAction(rawValue: name) else {
      let names = ToolAction.allCases.map(\.rawValue).joined(separator: ", ")
      throw Rejection("There is no action “\(name.clipped(40))”; use one of \(names).")
    }
    if isStrict { try refuseIdle(arguments, of: action) }
    return (try request(action, arguments), reason)
  }

  private func request(_ action: ToolAction, _ arguments: JSON) throws(Rejection) -> Request {
    switch action {
    case .leftClick: try click(arguments, .left, 1)
    case .rightClick: try click(arguments, .right, 1)
    case .middleClick: try click(arguments, .middle, 1)
    case .doubleClick: try click(arguments, .left, 2)
    case .tripleClick: try click(arguments, .left, 3)
    case .mouseMove: .action(.move(to: try point(arguments, "coordinate")))
    case .leftClickDrag:
      .action(
        .drag(
          path: [try point(arguments, "start_coordinate"), try point(arguments, "coordinate")],
          modifiers: try modifiers(arguments)))
    case .key: .action(.press(chords: try chords(arguments)))
    case .type: .action(.type(text: try text(arguments), clear: false, enter: false))
    case .scroll: try scroll(arguments)
    case .wait: .wait(try duration(arguments))
    case .screenshot: .look
    case .zoom: .zoom(try region(arguments))
    case .terminate: try terminate(arguments)
    }
  }

  private func click(
    _ arguments: JSON, _ button: PointerButton, _ count: Int
  ) throws(Rejection) -> Request {
    let point = try point(arguments, "coordinate")
    return .action(
      .click(at: point, button: button, count: count, modifiers: try modifiers(arguments) ?? []))
  }

  /// The keys that are held meanwhile; nil without any.
  private func modifiers(_ arguments: JSON) throws(Rejection) -> [String]? {
    guard isStrict, let text = given("text", arguments).map({ $0.string ?? $0.text }), !text.isEmpty
    else { return nil }
    let keys = KeyChord(parsing: text)?.keys ?? []
    guard !keys.isEmpty, Set(keys).count == keys.count, keys.allSatisfy(KeyChord.modifiers.contains)
    else {
      throw Rejection(
        "`text` of this action may only name modifier keys to hold meanwhile, such as ctrl+shift;"
          + " it is “\(text.clipped(40))”. Leave it out, or use `type` to type a text.")
    }
    return keys
  }

  private func point(_ arguments: JSON, _ key: String) throws(Rejection) -> ScreenPoint {
    guard let pair = arguments[key]?.array, pair.count == 2, let first = pair[0].double,
      let second = pair[1].double
    else { throw Rejection("`\(key)` must be two numbers.") }
    if isExact, first.isFinite, second.isFinite, !space.mayMean(first, second) {
      throw outside(key, pair, space.extent)
    }
    do {
      return try space.point(first, second)
    } catch {
      switch error {
      case .notFinite: throw Rejection("`\(key)` must be two finite numbers.")
      case .outside(let width, let height): throw outside(key, pair, (width, height))
      }
    }
  }

  private func outside(
    _ key: String, _ pair: [JSON], _ extent: (width: Double, height: Double)
  ) -> Rejection {
    let counts =
      isExact && space.countsDifferently(pair.compactMap(\.double))
      ? "counts in fractions and not as the screenshot does" : "is outside of the screenshot"
    return Rejection(
      "`\(key)` \(pair[0].text), \(pair[1].text) \(counts), which spans"
        + " 0…\(number(extent.width)) by 0…\(number(extent.height)).")
  }

  /// The rectangle between two corners, in any order.
  private func region(_ arguments: JSON) throws(Rejection) -> PixelRect {
    guard let list = arguments["region"]?.array, list.count == 4 else {
      throw Rejection("`region` must be four numbers: two corners.")
    }
    let one = try point(["corner": .array([list[0], list[1]])], "corner")
    let other = try point(["corner": .array([list[2], list[3]])], "corner")
    let rect = PixelRect(
      x: min(one.x, other.x), y: min(one.y, other.y), width: abs(one.x - other.x) + 1,
      height: abs(one.y - other.y) + 1)
    guard rect.width >= 8, rect.height >= 8 else {
      throw Rejection("`region` must be at least 8 pixels wide and high.")
    }
    return rect
  }

  private func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }

  private func chords(_ arguments: JSON) throws(Rejection) -> [KeyChord] {
    guard let text = arguments["text"]?.string, !text.isEmpty else {
      throw Rejection("`text` must name the keys, such as ctrl+s.")
    }
    var chords: [KeyChord] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      guard word.utf8.count <= 100, let chord = KeyChord(parsing: String(word)) else {
        throw Rejection(
          "There is no key “\(String(word).clipped(40))”; write ctrl+s, enter, f5, a.")
      }
      chords.append(chord)
    }
    guard (1...20).contains(chords.count) else {
      throw Rejection("`text` must name 1 to 20 chords.")
    }
    return chords
  }

  private func text(_ arguments: JSON) throws(Rejection) -> Template {
    guard let text = arguments["text"]?.string, !text.isEmpty else {
      throw Rejection("`text` must be the text to type.")
    }
    guard text.utf8.count <= 4096 else { throw Rejection("`text` is longer than 4096 bytes.") }
    return Template(naming: secrets, in: text)
  }

  private func scroll(_ arguments: JSON) throws(Rejection) -> Request {
    guard
      let direction = arguments["scroll_direction"]?.string.flatMap(ScrollDirection.init(rawValue:))
    else { throw Rejection("`scroll_direction` must be up, down, left or right.") }
    let amount = given("scroll_amount", arguments)
    guard let notches = amount == nil ? 3 : amount?.integer, (1...50).contains(notches) else {
      throw Rejection("`scroll_amount` must be 1 to 50 notches.")
    }
    let place =
      given("coordinate", arguments) == nil
      ? space.screen.center : try point(arguments, "coordinate")
    return .action(
      .scroll(
        at: place, direction: direction, notches: notches, modifiers: try modifiers(arguments)))
  }

  private func duration(_ arguments: JSON) throws(Rejection) -> Duration {
    let duration = given("duration", arguments)
    guard let seconds = duration == nil ? 1 : duration?.double, (0...60).contains(seconds) else {
      throw Rejection("`duration` must be 0 to 60 seconds.")
    }
    return .milliseconds(Int(seconds * 1000))
  }

  private func terminate(_ arguments: JSON) throws(Rejection) -> Request {
    guard let status = arguments["status"]?.string.flatMap(Status.init(rawValue:)) else {
      throw Rejection("`status` must be success, failure or blocked.")
    }
    let text = arguments["text"]?.string ?? arguments["reason"]?.string ?? ""
    return .done(status: status, text: text.clipped(2000))
  }

  /// Refuses what somebody believes to be done: an argument that this action does not use, or one that the tool does
  /// not have and that speaks of hands.
  private func refuseIdle(_ arguments: JSON, of action: ToolAction) throws(Rejection) {
    guard let used = action.uses else { return }
    for (name, value) in arguments.object?.pairs ?? [] {
      guard name != "action", name != "reason", !used.contains(name), !value.isIdle else {
        continue
      }
      let isKnown = ToolAction.arguments.contains(name)
      guard isKnown || Self.speaksOfHands(name) else { continue }
      throw Rejection(
        "Not done: `\(action.rawValue)` does not use `\(name.clipped(40))`; leave it out"
          + (used.contains("text") && used.contains("coordinate")
            ? ", or name keys to hold in `text`." : ", or make another call for it."))
    }
  }

  /// Whether the name of an argument promises something that hands do; others are remarks.
  private static func speaksOfHands(_ name: String) -> Bool {
    let words = [
      "key", "modif", "button", "hold", "press", "click", "coord", "submit", "enter", "clear",
      "times", "count", "repeat", "amount", "direction", "duration", "delay",
    ]
    let lower = name.lowercased()
    return words.contains(where: lower.contains)
  }

  /// An argument that may be left out; some models write null instead.
  private func given(_ key: String, _ arguments: JSON) -> JSON? {
    arguments[key].flatMap { $0.isNull ? nil : $0 }
  }
}

extension ToolAction {
  /// The arguments that the tool has.
  fileprivate static let arguments = [
    "coordinate", "start_coordinate", "text", "region", "scroll_direction", "scroll_amount",
    "duration", "status",
  ]

  /// The arguments of an action that does something; nil for one that only looks or waits.
  fileprivate var uses: [String]? {
    switch self {
    case .leftClick, .rightClick, .middleClick, .doubleClick, .tripleClick: ["coordinate", "text"]
    case .mouseMove: ["coordinate"]
    case .leftClickDrag: ["coordinate", "start_coordinate", "text"]
    case .key, .type: ["text"]
    case .scroll: ["coordinate", "text", "scroll_direction", "scroll_amount"]
    case .wait, .screenshot, .zoom, .terminate: nil
    }
  }
}

extension JSON {
  /// Whether it is what models write where they have nothing to say.
  fileprivate var isIdle: Bool {
    if isNull { return true }
    if let text = string { return text.allSatisfy(\.isWhitespace) }
    if let number = double { return number == 0 }
    if let list = array { return list.allSatisfy(\.isIdle) }
    if let object { return object.pairs.allSatisfy(\.value.isIdle) }
    return bool == false
  }
}

extension String {
  /// The beginning of it, at most so many code points: one character may have any number of them.
  func clipped(_ count: Int) -> String { String(unicodeScalars.prefix(count)) }
}

extension Template {
  /// Text in which each `‹NAME›` of a known secret stands for its value.
  public init(naming secrets: [String], in text: String) {
    var segments: [Segment] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "‹") {
      let after = rest.index(after: open)
      guard let close = rest[after...].firstIndex(of: "›"),
        secrets.contains(String(rest[after..<close]))
      else {
        segments.append(.literal(String(rest[...open])))
        rest = rest[after...]
        continue
      }
      segments.append(.literal(String(rest[..<open])))
      segments.append(.secret(String(rest[after..<close])))
      rest = rest[rest.index(after: close)...]
    }
    segments.append(.literal(String(rest)))
    self.init(segments)
  }
}
