/// What the pictures since an update showed of one leaf of a check.
public struct PastReading: Hashable, Codable, Sendable {
  /// What one picture showed, and how long before the reading it appeared.
  public struct Moment: Hashable, Codable, Sendable {
    /// What it showed.
    public var reading: LeafReading
    /// How long ago it appeared.
    public var age: Duration

    /// A moment.
    public init(reading: LeafReading, age: Duration) {
      self.reading = reading
      self.age = age
    }
  }

  /// The first picture in doubt and the first that answers the question, oldest first: no more are read after it.
  public var moments: [Moment]
  /// How many pictures there were.
  public var pictures: Int
  /// Whether no picture since then was dropped to save memory.
  public var isWhole: Bool
  /// How much was read of all of them; nil where nothing was.
  public var read: ReadAccount?

  /// A reading of the past.
  public init(moments: [Moment], pictures: Int, isWhole: Bool, read: ReadAccount? = nil) {
    self.moments = moments
    self.pictures = pictures
    self.isWhole = isWhole
    self.read = read
  }
}
