/// What a look at a field tells about a text that was typed into it.
public enum ReadBack: Hashable, Sendable, CustomStringConvertible {
  /// The field shows the text; of a secret, as many characters as it has.
  case matches
  /// The field shows something else, from this character on, counted from 1.
  ///
  /// Of a secret no place is told. `typed` and `shown` are the lengths in characters.
  case differs(at: Int?, typed: Int, shown: Int)
  /// The field could not be read.
  case unknown

  /// Compares what was typed with what is shown, code point by code point.
  ///
  /// Line ends are one however they are written, and one at the end of what is shown is passed over. A
  /// secret is shown as dots, so only its length is compared.
  public static func compare(typed: String, shown: String?, isSecret: Bool = false) -> ReadBack {
    guard let shown else { return .unknown }
    var seen = characters(shown)
    let meant = characters(typed)
    if seen.last == "\n", seen.count == meant.count + 1 { seen.removeLast() }
    if isSecret {
      return seen.count == meant.count
        ? .matches : .differs(at: nil, typed: meant.count, shown: seen.count)
    }
    guard let place = firstDifference(meant, seen) else { return .matches }
    return .differs(at: place + 1, typed: meant.count, shown: seen.count)
  }

  /// The result in words, without the text.
  public var description: String {
    switch self {
    case .matches: "the field shows what was typed"
    case .differs(let place?, let typed, let shown):
      "the field differs from what was typed at character \(place) "
        + "(\(typed) characters were typed, \(shown) are shown)"
    case .differs(nil, let typed, let shown):
      "the field shows \(shown) characters where \(typed) were typed"
    case .unknown: "the field could not be read"
    }
  }

  private static func characters(_ text: String) -> [Character] {
    text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 }
  }

  private static func firstDifference(_ one: [Character], _ other: [Character]) -> Int? {
    let same = zip(one, other).prefix { pair in
      // Swift takes a letter and its accent for the letter that has it; a program may not.
      pair.0.unicodeScalars.elementsEqual(pair.1.unicodeScalars)
    }.count
    return same == max(one.count, other.count) ? nil : same
  }
}

/// Shows what a field holds now, by whatever means there are: the clipboard, a shell, text recognition.
public typealias FieldReader = @Sendable () async -> String?

extension VNCConnection {
  /// Types a text into an empty field and looks whether it is there, again and again for up to `limit`.
  ///
  /// `.unknown` when the reader has never shown anything; a text that is not there in time `.differs`.
  public func type(
    _ text: String, through channel: TextChannel? = nil, isSecret: Bool = false,
    upTo limit: Duration = .seconds(3), reading reader: FieldReader
  ) async throws(VNCError) -> (report: TypingReport, readBack: ReadBack) {
    let report = try await type(text, through: channel)
    let deadline = Self.deadline(in: limit)
    var last = ReadBack.unknown
    repeat {
      let now = ReadBack.compare(typed: text, shown: await reader(), isSecret: isSecret)
      if now == .matches { return (report, now) }
      if now != .unknown { last = now }
      try check()
      try await rest(.milliseconds(40))
    } while ContinuousClock.now < deadline
    return (report, last)
  }
}
