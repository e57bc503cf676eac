public import Pixels

/// How much of what looks like text was read where a check looked for a text.
///
/// It holds areas, places and causes, and nothing of what stands there.
public struct ReadAccount: Hashable, Sendable {
  /// A place that looks like text and was not read.
  public struct Place: Hashable, Sendable {
    /// Where it is.
    public var box: PixelRect
    /// Why it was not read, as the table in `docs/perception.md` names it.
    public var cause: String

    /// A place.
    public init(box: PixelRect, cause: String) {
      self.box = box
      self.cause = cause
    }
  }

  /// The most places that are kept.
  public static let mostPlaces = 60

  /// The area of the words that were read surely, in pixels.
  public private(set) var sure: Int
  /// The area of the words that were read with doubt, in pixels.
  public private(set) var doubtful: Int
  /// The area of what was not read, in pixels.
  public private(set) var unread: Int
  /// The places that were not read, the largest first; at most `mostPlaces`.
  public private(set) var places: [Place]
  /// How many smaller places are not among them.
  public private(set) var leftOut: Int

  /// An account of all places; the smallest beyond `mostPlaces` are only counted.
  public init(sure: Int, doubtful: Int, unread: Int, places: [Place]) {
    self.sure = max(0, sure)
    self.doubtful = max(0, doubtful)
    self.unread = max(0, unread)
    self.places = places
    leftOut = 0
    bound()
  }

  /// How many places were not read.
  public var count: Int { places.count + leftOut }

  /// The same with what another look did not read: at another place, or on another picture.
  ///
  /// What was read is counted once, where this account already has some.
  public func with(_ other: ReadAccount) -> ReadAccount {
    var sum = self
    sum.add(other)
    return sum
  }

  private mutating func add(_ other: ReadAccount) {
    if sure == 0, doubtful == 0 { (sure, doubtful) = (other.sure, other.doubtful) }
    let new = other.places.filter { place in
      !places.contains { $0.box.intersects(place.box) }
    }
    unread = min(unread + new.reduce(0) { $0 + $1.box.area }, Self.mostArea)
    places += new
    leftOut = max(leftOut, other.leftOut)
    bound()
  }

  /// What of the readings of a check was not read together; nil where no text was looked for.
  public static func of(_ readings: [LeafReading]) -> ReadAccount? {
    let accounts = readings.compactMap(\.read)
    guard let first = accounts.first else { return nil }
    return accounts.dropFirst().reduce(first) { $0.with($1) }
  }

  private mutating func bound() {
    places.sort {
      ($1.box.area, $0.box.y, $0.box.x, $0.cause) < ($0.box.area, $1.box.y, $1.box.x, $1.cause)
    }
    let spare = max(0, places.count - Self.mostPlaces)
    places.removeLast(spare)
    leftOut += spare
  }

  /// No picture has more pixels.
  private static let mostArea = 1 << 40
}

extension ReadAccount {
  /// How much was not read, as the end of a message; nil when all of it was.
  ///
  /// - Parameter said: what the message says already, which is not said again.
  public func words(after said: String) -> String? {
    guard let largest = places.first else { return nil }
    let isNamed = said.contains(largest.box.description)
    if count == 1 {
      return isNamed ? nil : "one place was not read: \(largest.box)"
    }
    return "\(count) places were not read" + (isNamed ? "" : ", the largest at \(largest.box)")
  }
}

// In the journal a place is a list, because there may be many.
extension ReadAccount: Codable {
  private enum CodingKeys: String, CodingKey {
    case sure, doubtful, unread, places
    case leftOut = "left_out"
  }

  /// Reads an account; areas that no picture has are an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let number = { (key: CodingKeys) throws in
      let number = try values.decodeIfPresent(Int.self, forKey: key) ?? 0
      guard (0...Self.mostArea).contains(number) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: values, debugDescription: "\(number) is no area of a picture")
      }
      return number
    }
    self.init(
      sure: try number(.sure), doubtful: try number(.doubtful), unread: try number(.unread),
      places: try values.decodeIfPresent([Place].self, forKey: .places) ?? [])
    leftOut += try number(.leftOut)
  }

  /// Writes an account; what is nothing is left out.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(sure, forKey: .sure)
    if doubtful > 0 { try values.encode(doubtful, forKey: .doubtful) }
    if unread > 0 { try values.encode(unread, forKey: .unread) }
    if !places.isEmpty { try values.encode(places, forKey: .places) }
    if leftOut > 0 { try values.encode(leftOut, forKey: .leftOut) }
  }
}

extension ReadAccount.Place: Codable {
  /// Reads left, top, across, down and cause; a place on no picture is an error.
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    var sides: [Int] = []
    for _ in 0..<4 { sides.append(try values.decode(Int.self)) }
    guard sides.allSatisfy({ $0.magnitude <= PixelRect.limit }) else {
      throw DecodingError.dataCorruptedError(
        in: values, debugDescription: "\(sides) is no place on a picture")
    }
    box = PixelRect(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
    cause = try values.decode(String.self)
  }

  /// Writes it as a list.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    for side in [box.x, box.y, box.width, box.height] { try values.encode(side) }
    try values.encode(cause)
  }
}
