import FoundationEssentials
import Imaging
import JSONCoding
public import Perception
public import Pixels

/// A picture of `fixtures/screens` with what is true of it.
public struct LabelledScreen: Sendable, CustomStringConvertible {
  /// A text and where it is.
  public struct Place: Sendable {
    /// The text.
    public let text: String
    /// Where it is.
    public let box: PixelRect
  }

  /// A check box, a radio button or a switch.
  public struct Switch: Sendable {
    /// Its label.
    public let label: String
    /// Where it is, with the room around it that belongs to it.
    public let box: PixelRect
    /// Whether it is on.
    public let isOn: Bool
  }

  /// What is looked for, and where it is.
  public struct Goal: Sendable {
    /// What a scenario would say.
    public let query: TargetQuery
    /// Where a click reaches it.
    public let box: PixelRect
    /// Whether only `nth` or another key tells it from others.
    public let isQualified: Bool
  }

  /// The name of its files, without what follows the dot.
  public let name: String
  /// What it shows: a form, a table, a menu.
  public let kind: String
  /// What drew it.
  public let toolkit: String
  /// Every word.
  public let words: [Place]
  /// Texts that can be clicked.
  public let goals: [Goal]
  /// Texts that stand there several times.
  public let ambiguous: [String]
  /// The fields that belong to labels.
  public let fields: [Place]
  /// The switches that belong to labels.
  public let toggles: [Switch]
  /// Texts that are not there.
  public let absent: [String]
  private let path: String

  /// Its name.
  public var description: String { name }

  /// The picture.
  public func frame() throws -> Frame {
    try PNG.decode([UInt8](Data(contentsOf: URL(filePath: path + ".png"))))
  }

  /// All screens of a folder, by name.
  public static func all(in folder: String) throws -> [LabelledScreen] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".json")
    }
    return try names.sorted().map { name in
      let path = folder + "/" + name
      let json = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
      return try LabelledScreen(json, path: String(path.dropLast(5)))
    }
  }
}

/// A file of labels that cannot be used.
public struct CorpusError: Error, CustomStringConvertible {
  /// The file, and what is wrong with it.
  public let description: String
}

extension LabelledScreen {
  /// A screen from its labels.
  init(_ json: JSON, path: String) throws(CorpusError) {
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
    let labels = Labels(json: json, name: name)
    kind = try labels.text(json, "kind")
    toolkit = try labels.text(json, "toolkit")
    words = try labels.list("words").map { value throws(CorpusError) in
      guard let text = value[0]?.string else { throw labels.error("a word without a text") }
      return Place(text: text, box: try labels.box(value.array?.dropFirst().map(\.self) ?? []))
    }
    goals = try labels.list("targets").map { value throws(CorpusError) in
      try labels.goal(value)
    }
    ambiguous = try labels.list("ambiguous").compactMap(\.string)
    fields = try labels.list("fields").map { value throws(CorpusError) in
      Place(text: try labels.text(value, "label"), box: try labels.box(value))
    }
    toggles = try labels.list("toggles").map { value throws(CorpusError) in
      Switch(
        label: try labels.text(value, "label"), box: try labels.box(value),
        isOn: value["on"]?.bool == true)
    }
    absent = try labels.list("absent").compactMap(\.string)
  }
}

/// Takes values out of a file of labels.
struct Labels {
  let json: JSON
  let name: String

  func error(_ problem: String) -> CorpusError { CorpusError(description: "\(name): \(problem)") }

  func list(_ key: String) throws(CorpusError) -> [JSON] {
    guard let list = json[key]?.array else { throw error("there is no list “\(key)”") }
    return list
  }

  func text(_ value: JSON, _ key: String) throws(CorpusError) -> String {
    guard let text = value[key]?.string else { throw error("there is no text “\(key)”") }
    return text
  }

  func box(_ value: JSON) throws(CorpusError) -> PixelRect {
    try box(value["box"]?.array ?? [])
  }

  func box(_ values: [JSON]) throws(CorpusError) -> PixelRect {
    let numbers = values.compactMap(\.integer)
    guard numbers.count == 4, values.count == 4, numbers.allSatisfy({ abs($0) < 1 << 20 }) else {
      throw error("a box is four numbers")
    }
    return PixelRect(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }

  func goal(_ value: JSON) throws(CorpusError) -> LabelledScreen.Goal {
    let query = TargetQuery(
      text: try text(value, "text"), nth: value["nth"]?.integer, near: value["near"]?.string,
      rightOf: value["right_of"]?.string, below: value["below"]?.string)
    let isQualified = query != TargetQuery(text: query.text)
    return LabelledScreen.Goal(query: query, box: try box(value), isQualified: isQualified)
  }
}
