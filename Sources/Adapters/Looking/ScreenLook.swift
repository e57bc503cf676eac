internal import Hands
internal import Imaging
internal import Perception
public import Pixels
internal import PlainSteps
internal import ScenarioFiles

/// What the program sees on a screen, and how a step would name each thing of it.
///
/// Each step that is shown was tried: the engine takes just that thing for it.
public struct ScreenLook: Sendable {
  /// Something on the screen.
  public struct Thing: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case text, field, toggle
    }

    /// What it is.
    public var kind: Kind
    /// The text of it, or of its label.
    public var text: String
    /// Where it is, in pixels of the screen.
    public var box: PixelRect
    /// Whether the text was read with doubt.
    public var isDoubtful: Bool
    /// Whether it is on; nil where that cannot be told, and for what is no toggle.
    public var isOn: Bool?
    /// The step that would use it, as it stands in a scenario; nil where no step would take just this.
    public var step: String?
    /// Why no step would.
    public var refusal: String?
  }

  /// A place with ink that was not read.
  public struct Unread: Hashable, Sendable {
    /// Where it is.
    public var box: PixelRect
    /// Why, in words.
    public var why: String
  }

  /// The picture.
  public let frame: Frame
  /// What is on it, in reading order.
  public let things: [Thing]
  /// What was not read.
  public let unread: [Unread]
  /// The languages that it was read in.
  public let languages: [String]

  /// Looks at a picture.
  ///
  /// - Parameter languages: what it is read in; the usual ones where none is named.
  public init(at frame: Frame, languages: [String] = []) async throws(PictureEyes.Failure) {
    let names = languages.isEmpty ? UsualLanguages.languages(for: nil).languages : languages
    let text: ScreenText
    do throws(PerceptionError) {
      text = try await TextReader(languages: names).read(frame, region: nil)
    } catch {
      throw PictureEyes.Failure(description: error.description)
    }
    self.frame = frame
    self.languages = names
    var finder = ThingFinder(text: text, frame: frame)
    things = finder.things()
    unread = text.unread.map { Unread(box: $0.box, why: $0.cause.words) }
  }
}

/// Finds the things on a screen, each with the step that takes it.
private struct ThingFinder {
  let text: ScreenText
  let frame: Frame

  init(text: ScreenText, frame: Frame) {
    self.text = text
    self.frame = frame
  }

  mutating func things() -> [ScreenLook.Thing] {
    var things: [ScreenLook.Thing] = []
    for line in text.lines {
      let isDoubtful = text.words[line.words].contains { $0.confidence < Self.sure }
      things.append(label(line, isDoubtful))
      // A sentence is no label.
      guard line.words.count <= Self.mostWords else { continue }
      things += [field(line, isDoubtful), toggle(line, isDoubtful)].compactMap(\.self)
    }
    return ScreenLook.Thing.Kind.allCases.reduce(things) { Self.once($1, $0) }
  }

  private static let sure = 0.8
  private static let mostWords = 6

  /// Of several labels that lead to one field or box, the nearest is its own.
  private static func once(
    _ kind: ScreenLook.Thing.Kind, _ things: [ScreenLook.Thing]
  ) -> [ScreenLook.Thing] {
    guard kind != .text else { return things }
    var seen: Set<PixelRect> = []
    return things.filter { $0.kind != kind || seen.insert($0.box).inserted }
  }

  // MARK: - Each kind

  private func label(_ line: TextLine, _ isDoubtful: Bool) -> ScreenLook.Thing {
    var thing = ScreenLook.Thing(
      kind: .text, text: line.text, box: line.box, isDoubtful: isDoubtful)
    let target = target(for: line, kind: nil)
    thing.step = target.words.map { "- click: \($0)" }
    thing.refusal = target.refusal
    return thing
  }

  private func field(_ line: TextLine, _ isDoubtful: Bool) -> ScreenLook.Thing? {
    let query = TargetQuery(text: line.text, kind: .field)
    guard case .found(let hit) = Locator.locate(query, in: text, on: frame),
      !hit.box.intersects(line.box.insetBy(1)) || hit.box.width > line.box.width + 8
    else { return nil }
    return ScreenLook.Thing(
      kind: .field, text: line.text, box: hit.box, isDoubtful: isDoubtful,
      step: "- type: { text: \"\", into: \(YAMLWord.quoted(line.text)) }")
  }

  private func toggle(_ line: TextLine, _ isDoubtful: Bool) -> ScreenLook.Thing? {
    let query = TargetQuery(text: line.text, kind: .checkbox)
    guard case .found(let hit) = Locator.label(query, in: text, on: frame),
      let toggle = ToggleFinder.toggle(for: hit.box, in: frame)
    else { return nil }
    let verb = toggle.isOn == true ? "uncheck" : "check"
    let act = "\(verb) the \"\(line.text)\" checkbox"
    let isPlain = PlainStepParser.moves(of: act, language: nil) != nil
    return ScreenLook.Thing(
      kind: .toggle, text: line.text, box: toggle.box, isDoubtful: isDoubtful,
      isOn: toggle.isHalf ? nil : toggle.isOn,
      step: isPlain ? "- act: \(YAMLWord.quoted(act))" : nil)
  }

  // MARK: - A target that means just this

  private func target(
    for line: TextLine, kind: TargetKind?
  ) -> (words: String?, refusal: String?) {
    let query = TargetQuery(text: line.text, kind: kind)
    let name = YAMLWord.quoted(line.text)
    switch Locator.locate(query, in: text, on: frame) {
    case .found(let hit):
      return hit.box.intersects(line.box)
        ? (name, nil) : (nil, "a step would take the one at \(hit.box)")
    case .ambiguous(let hits):
      for number in 1...max(1, hits.count) {
        var numbered = query
        numbered.nth = number
        if case .found(let hit) = Locator.locate(numbered, in: text, on: frame),
          hit.box.intersects(line.box)
        {
          return ("{ text: \(name), nth: \(number) }", nil)
        }
      }
      return (nil, "it is there \(hits.count) times, and none of them for sure")
    case .missing: return (nil, "it is not found again for sure")
    case .anchorMissing, .unfit: return (nil, "nothing there fits")
    }
  }
}

/// A text as a value of a flow in YAML.
enum YAMLWord {
  /// The text bare where nothing in it means something in YAML, else in double quotes.
  static func quoted(_ text: String) -> String {
    let isBare =
      text.first?.isLetter == true && text.last != " "
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == " " || $0 == "-"
          || $0 == "."
      } && !reserved.contains(text.lowercased())
    if isBare { return text }
    var quoted = ""
    // What would be a variable or a result stands for itself.
    let plain = text.replacing("${", with: "$${").replacing("{{", with: "\\{{")
    for scalar in plain.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\"\(quoted)\""
  }

  private static let reserved: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "null", "y", "n",
  ]
}

extension UnreadInk.Cause {
  fileprivate var words: String {
    switch self {
    case .unknown: "letters that are not known, or nothing that letters look like"
    case .symbol: "a symbol"
    case .size: "too large or too small"
    case .pale: "too pale"
    case .struck: "struck through"
    case .tooMuch: "more text than is read"
    }
  }
}
