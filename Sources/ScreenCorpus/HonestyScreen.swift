import FoundationEssentials
import Imaging
import JSONCoding
public import Pixels

/// A text on a screen of `fixtures/honesty`, and another that is nearly the same and not there.
public struct HonestyPlace: Hashable, Sendable {
  /// All that belongs to the text, and nothing that belongs to another.
  public let box: PixelRect
  /// What the two texts differ in: signs, numbers, negations.
  public let kind: String
  /// The face.
  public let face: String
  /// The size of the letters, in pixels.
  public let size: Int
  /// Light, dark or coloured.
  public let ground: String
  /// What is shown there.
  public let shown: String
  /// What is not.
  public let other: String
}

/// A picture of `fixtures/honesty` with what is true of it.
public struct HonestyScreen: Sendable {
  /// The name of its files, without what follows the dot.
  public let name: String
  /// What drew it.
  public let toolkit: String
  /// Its texts.
  public let places: [HonestyPlace]
  private let path: String

  /// The picture.
  public func frame() throws -> Frame {
    try PNG.decode([UInt8](Data(contentsOf: URL(filePath: path + ".png"))))
  }

  /// All screens of a folder, by name.
  public static func all(in folder: String) throws -> [HonestyScreen] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".json")
    }
    return try names.sorted().map { name in
      try HonestyScreen(path: folder + "/" + name.dropLast(5))
    }
  }

  private init(path: String) throws {
    let json = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: path + ".json"))))
    let name = path.split(separator: "/").last.map(String.init) ?? path
    self.path = path
    self.name = name
    let labels = Labels(json: json, name: name)
    toolkit = try labels.text(json, "toolkit")
    places = try labels.list("places").map { value throws(CorpusError) in
      guard let size = value["px"]?.integer else { throw labels.error("a place without a size") }
      return HonestyPlace(
        box: try labels.box(value), kind: try labels.text(value, "kind"),
        face: try labels.text(value, "face"), size: size,
        ground: try labels.text(value, "ground"), shown: try labels.text(value, "shown"),
        other: try labels.text(value, "other"))
    }
  }
}
