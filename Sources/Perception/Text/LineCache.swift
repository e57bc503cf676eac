/// What lines said that were read before, by their pixels; it forgets what was not seen for long.
struct LineCache {
  /// How many lines one generation holds.
  private let limit: Int
  private var young: [Key: [RecognisedWord]] = [:]
  private var old: [Key: [RecognisedWord]] = [:]

  init(limit: Int = 2048) { self.limit = limit }

  /// The words of a picture, which reading them keeps alive.
  ///
  /// - Parameter isOneWord: whether it was read as one word.
  subscript(picture: LineImage, isOneWord isOneWord: Bool) -> [RecognisedWord]? {
    mutating get {
      let key = Key(picture, isOneWord)
      if let words = young[key] { return words }
      guard let words = old[key] else { return nil }
      keep(words, key)
      return words
    }
    set { if let newValue { keep(newValue, Key(picture, isOneWord)) } }
  }

  private mutating func keep(_ words: [RecognisedWord], _ key: Key) {
    if young.count >= limit {
      old = young
      young = [:]
    }
    young[key] = words
  }

  /// Two hashes with different beginnings, together 128 bits, stand for the pixels.
  private struct Key: Hashable {
    let one: Int
    let other: Int

    init(_ picture: LineImage, _ isOneWord: Bool) {
      let image = picture.canvas
      var first = Hasher()
      var second = Hasher()
      first.combine(isOneWord)
      second.combine(isOneWord)
      first.combine(picture.shade)
      second.combine(picture.shade)
      second.combine(0x5EED)
      for value in [image.width, image.height, picture.scale] {
        first.combine(value)
        second.combine(value)
      }
      image.pixels.withUnsafeBytes {
        first.combine(bytes: $0)
        second.combine(bytes: $0)
      }
      one = first.finalize()
      other = second.finalize()
    }
  }
}
