/// What differs between JUnit files.
public struct JUnitOptions: Sendable {
  /// The part of several that this run is, for the file's name: `2of4`.
  public var shard: String?
  /// Whether cases carry `file`, `line` and properties, which Jenkins' schema forbids and others read.
  var hasLocations: Bool
  /// The path of the run's folder from where the reader of the file resolves attachments; nil leaves
  /// attachments out.
  public var attachmentRoot: String?
  /// The most bytes of all texts together.
  var textLimit: Int

  /// Options; the defaults give a file that validates everywhere.
  public init(
    shard: String? = nil, hasLocations: Bool = false, attachmentRoot: String? = nil,
    textLimit: Int = 20 << 20
  ) {
    self.shard = shard
    self.hasLocations = hasLocations
    self.attachmentRoot = attachmentRoot
    self.textLimit = textLimit
  }

  /// `junit.xml`, or `junit-2of4.xml` for a part.
  public var fileName: String { shard.map { "junit-\($0).xml" } ?? "junit.xml" }
}
