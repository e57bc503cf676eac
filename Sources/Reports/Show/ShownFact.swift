internal import JSONCoding
public import Pixels
internal import Recording
internal import Story

/// One thing that is known of a moment, a step or an ending, under its name.
public struct ShownFact: Hashable, Sendable {
  /// What is known.
  public enum Value: Hashable, Sendable {
    /// A text.
    case text(ShownText)
    /// A count.
    case number(Int)
    /// Whether it is so.
    case flag(Bool)
    /// Places on the screen, in pixels.
    case boxes([PixelRect])
    /// The path of a picture.
    case picture(String)
  }

  /// Its name, the same in text and JSON.
  public var name: String
  /// What is known.
  public var value: Value

  init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  init(_ name: String, own text: String) { self.init(name, .text(.own(text))) }

  /// A foreign text; nil for an empty one.
  init?(_ name: String, _ text: String, from source: ShownText.Source) {
    guard !text.isEmpty else { return nil }
    self.init(name, .text(.foreign(text, from: source)))
  }

  /// The foreign text that it is, if it is one.
  public var foreign: String? {
    if case .text(.foreign(let text, _)) = value { text } else { nil }
  }

  fileprivate func json(withContent: Bool) -> JSON {
    switch value {
    case .text(let text): text.json(withContent: withContent)
    case .number(let number): .integer(number)
    case .flag(let flag): .bool(flag)
    case .boxes(let boxes): .array(boxes.map(\.json))
    case .picture(let path): .string(path)
    }
  }
}

extension [ShownFact] {
  /// The facts as an object.
  func object(withContent: Bool) -> JSONObject {
    var object = JSONObject()
    for fact in self { object[fact.name] = fact.json(withContent: withContent) }
    return object
  }
}

extension ShownFact {
  /// A warning of a run, which may quote anybody.
  public init(warning text: String) {
    self.init("warning", .text(.foreign(text, from: .mixed)))
  }
}
