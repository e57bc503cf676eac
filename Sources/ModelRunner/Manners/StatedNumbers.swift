/// The numbers that a server states in its words.
enum StatedNumbers {
  /// A number and where it stands, in bytes.
  private struct Stated {
    let value: Int
    let range: Range<Int>
  }

  /// All whole numbers of a text, in order; `1,048,576` is one.
  static func all(in text: String) -> [Int] { stated(Array(text.utf8)).map(\.value) }

  /// How many pictures a request may have; nil when the text is about something else.
  ///
  /// - Parameter text: in lower case.
  static func pictures(in text: String) -> Int?? {
    guard ["image", "picture"].contains(where: text.contains) else { return nil }
    if text.contains("multiple images"), isRefusal(text) { return .some(1) }
    for words in ["only one image", "only a single image", "at most one image", "a single image"]
    where text.contains(words) {
      return .some(1)
    }
    let bytes = Array(text.utf8)
    for words in ["at most", "up to", "maximum", "limit", "more than", "only", "exceed"] {
      guard let end = end(of: words, in: bytes) else { continue }
      // Sizes of pictures are no counts of them.
      guard let number = next(after: end, in: bytes, within: 40), number.value < 1000,
        text.contains("images") || text.contains("image(s)") || text.contains("pictures")
      else { continue }
      return .some(number.value)
    }
    return text.contains("too many images") ? .some(nil) : nil
  }

  /// The context that a server states in tokens, and what it counted; nil when it says neither.
  ///
  /// - Parameter text: in lower case.
  static func context(in text: String) -> (limit: Int?, prompt: Int?) {
    let bytes = Array(text.utf8)
    let numbers = stated(bytes).filter { $0.value >= 64 }
    let places = [
      "maximum context length", "context length", "context window", "context size",
      "maximum input length", "maximum number of tokens", "token limit", "n_ctx", "limit",
      "maximum",
    ]
    var limit: Stated?
    for words in places {
      guard let end = end(of: words, in: bytes) else { continue }
      let start = end - words.utf8.count
      limit =
        numbers.last { $0.range.upperBound <= start && start - $0.range.upperBound <= 2 }
        ?? numbers.first { $0.range.lowerBound >= end && $0.range.lowerBound - end <= 40 }
      if limit != nil { break }
    }
    let others = numbers.filter { $0.range != limit?.range }
    let counted = ["in the messages", "in your prompt", "in the prompt", "input tokens"]
      .compactMap { words in
        start(of: words, in: bytes).flatMap { start in
          others.last { $0.range.upperBound <= start && start - $0.range.upperBound <= 12 }
        }
      }.first
    let most = others.map(\.value).max()
    return (limit?.value, counted?.value ?? most.flatMap { $0 > limit?.value ?? 0 ? $0 : nil })
  }

  /// The smallest size in bytes that a text states, as a limit is beside what exceeds it; nil without one.
  ///
  /// - Parameter text: in lower case.
  static func bytes(in text: String) -> Int? {
    let bytes = Array(text.utf8)
    let units: [(String, Int)] = [
      ("bytes", 1), ("kib", 1 << 10), ("kb", 1000), ("mib", 1 << 20), ("mb", 1_000_000),
      ("m", 1 << 20),
      ("b", 1),
    ]
    let sizes = stated(bytes).compactMap { number -> Int? in
      let rest = String(decoding: bytes[number.range.upperBound...].prefix(8), as: UTF8.self)
        .drop { $0 == " " }
      let word = rest.prefix { $0.isLetter }
      guard let unit = units.first(where: { $0.0 == word }) else { return nil }
      let (size, isTooLarge) = number.value.multipliedReportingOverflow(by: unit.1)
      return isTooLarge || size < 1024 ? nil : size
    }
    return sizes.min()
  }

  private static func isRefusal(_ text: String) -> Bool {
    ["not supported", "not support", "unsupported", "not allowed", "cannot"].contains(
      where: text.contains)
  }

  private static func start(of words: String, in bytes: [UInt8]) -> Int? {
    end(of: words, in: bytes).map { $0 - words.utf8.count }
  }

  private static func end(of words: String, in bytes: [UInt8]) -> Int? {
    let words = Array(words.utf8)
    guard bytes.count >= words.count else { return nil }
    let start = (0...(bytes.count - words.count)).first {
      bytes[$0..<($0 + words.count)].elementsEqual(words)
    }
    return start.map { $0 + words.count }
  }

  private static func next(after place: Int, in bytes: [UInt8], within: Int) -> Stated? {
    stated(bytes).first { $0.range.lowerBound >= place && $0.range.lowerBound - place <= within }
  }

  private static func stated(_ bytes: [UInt8]) -> [Stated] {
    func isDigit(_ index: Int) -> Bool {
      bytes.indices.contains(index)
        && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
    }
    var numbers: [Stated] = []
    var index = 0
    while index < bytes.count {
      guard isDigit(index) else {
        index += 1
        continue
      }
      let start = index
      var digits: [UInt8] = []
      while index < bytes.count {
        if isDigit(index) {
          digits.append(bytes[index])
        } else if bytes[index] != UInt8(ascii: ",")
          || !(isDigit(index + 1) && isDigit(index + 2) && isDigit(index + 3)
            && !isDigit(index + 4))
        {
          break
        }
        index += 1
      }
      if let value = Int(String(decoding: digits, as: UTF8.self)) {
        numbers.append(Stated(value: value, range: start..<index))
      }
    }
    return numbers
  }
}
