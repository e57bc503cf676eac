/// Compares what was typed into a field with what the field shows.
///
/// A difference is only told where it is sure: the recogniser has no doubt, all of the text is in sight, it is
/// the typed text to recognise and yet not the same, and shapes that are read for one another are none of it.
public enum FieldComparison {
  /// What came of it.
  public enum Result: Hashable, Sendable {
    /// The field shows the text, as far as shapes tell.
    case matches
    /// It surely shows something else.
    case differs
    /// That cannot be told, for this reason.
    case unknown(String)
  }

  /// Compares a text that is no secret.
  ///
  /// - Parameters:
  ///   - isWhole: whether there was nothing in the field before.
  ///   - unreadable: the letters of the text that the recogniser does not know.
  public static func compare(
    typed: String, content: FieldContent, isWhole: Bool, unreadable: [Character] = []
  ) -> Result {
    switch content {
    case .none: return .unknown("there is no field of one line there")
    case .masked: return .unknown("the field hides what is in it")
    case .empty:
      // A lone stroke looks like the text cursor.
      return shapes(of: typed) == "l" ? .unknown("its letter may be the text cursor") : .differs
    case .text(let shown, let isSure):
      let (wanted, seen) = (shapes(of: typed), shapes(of: shown))
      if wanted.isEmpty { return .unknown("the text has neither letters nor digits") }
      let isAlike = wanted == seen || !isWhole && seen.contains(wanted)
      if isAlike, hasAccents(of: typed, in: shown, isWhole: isWhole) {
        if isOpen(shown, typed) { return .unknown("a part of it is not filled") }
        if hasMinus(typed), !hasMinus(shown) { return .unknown("no minus is seen before it") }
        if isWhole, isNumber(typed), hasMinus(shown) { return .unknown("a minus is before it") }
        return .matches
      }
      if wanted == seen + "l" { return .unknown("its last letter may be the text cursor") }
      guard isSure else {
        return .unknown("it cannot be read for sure, or not all of it is in sight")
      }
      guard unreadable.isEmpty else {
        let letters = String(unreadable.prefix(8))
        return .unknown("the text has letters that cannot be read: \(letters)")
      }
      if isAlike { return .differs }
      return isRecognisable(wanted, in: seen) || isOther(typed, wanted, than: seen)
        ? .differs : .unknown("it shows more, or another text")
    }
  }

  /// Compares a secret: by the number of the signs that stand for its letters, and by nothing else.
  public static func compare(secret: String, content: FieldContent, isWhole: Bool) -> Result {
    switch content {
    case .none: return .unknown("there is no field of one line there")
    case .text: return .unknown("of a secret only hidden signs are counted")
    case .masked(nil): return .unknown("its signs cannot be counted")
    case .empty: return secret.isEmpty ? .matches : .differs
    case .masked(let signs?):
      // An accent of its own may be a sign of its own.
      if signs == secret.count || signs == secret.unicodeScalars.count { return .matches }
      return isWhole || signs < secret.count
        ? .differs : .unknown("there may have been signs in it before")
    }
  }

  /// Whether a text shows a secret, or four signs of it in a row, as far as shapes tell.
  public static func betrays(_ secret: String, _ shown: String) -> Bool {
    let wanted = Array(shapes(of: secret).lowercased())
    let seen = shapes(of: shown).lowercased()
    guard wanted.count > 4 else { return !wanted.isEmpty && seen.contains(String(wanted)) }
    return (0...wanted.count - 4).contains { seen.contains(String(wanted[$0..<$0 + 4])) }
  }

  /// Whether a text that was not read for sure may be what a field shows: not where a part of it is not filled, nor
  /// where there is much more in a field that was empty.
  public static func mayBeThere(_ typed: String, _ shown: String, isWhole: Bool) -> Bool {
    !isOpen(shown, typed) && (!isWhole || shown.count <= typed.count + 2)
  }

  // MARK: - Values

  /// Whether a dash stands behind what is shown, as in the place of a half of the day that is not filled: `06:05 --`.
  private static func isOpen(_ shown: String, _ typed: String) -> Bool {
    typed.contains(where: \.isNumber) && endsOpen(shown) && !endsOpen(typed)
  }

  static func endsOpen(_ text: String) -> Bool {
    text.last { !$0.isWhitespace }.map(dashes.contains) == true
  }

  /// Whether a text is a number with a minus.
  private static func hasMinus(_ text: String) -> Bool {
    let sign = text.firstIndex { !$0.isWhitespace && !currencies.contains($0) }
    guard let sign, dashes.contains(text[sign]) else { return false }
    let rest = text[text.index(after: sign)...]
    return rest.first { !$0.isWhitespace && !currencies.contains($0) }?.isNumber == true
  }

  private static func isNumber(_ text: String) -> Bool {
    text.first { !$0.isWhitespace && !currencies.contains($0) }?.isNumber == true
  }

  private static let dashes: Set<Character> = ["-", "−", "–", "—", "‐", "‑", "_"]
  private static let currencies: Set<Character> = ["$", "€", "£", "¥"]

  /// Whether a text that is mostly digits is surely shown as something else.
  private static func isOther(_ typed: String, _ wanted: String, than seen: String) -> Bool {
    let digits = typed.count(where: \.isNumber)
    guard digits > 0, typed.count(where: \.isLetter) <= digits else { return false }
    let isMark = { (sign: Character) in sign == "." || sign == "," }
    return !seen.filter { !isMark($0) }.contains(wanted.filter { !isMark($0) })
  }

  // MARK: - Parts

  /// What of a text counts in searches too, with one sign for shapes that are read for one another.
  static func shapes(of text: String) -> String {
    let all = text.flatMap(PlainForms.bare)
    let isDigit = { (index: Int) in all[at: index]?.isNumber == true }
    let counted = all.indices.filter { index in
      let sign = all[index]
      return sign.isLetter || sign.isNumber || signs.contains(sign)
        || ".,:".contains(sign) && isDigit(index - 1) && isDigit(index + 1)
    }
    let plain = String(counted.map { alike[all[$0]] ?? all[$0] })
    return couples.reduce(plain) { $0.replacing($1.pair, with: $1.one) }
  }

  /// Signs that count beside letters and digits; the others are too small to be read for sure.
  private static let signs: Set<Character> = Set("|$€£¥#@&=<>*%+/")

  /// Whether texts that are alike without their accents are so with them.
  private static func hasAccents(of typed: String, in shown: String, isWhole: Bool) -> Bool {
    let wanted = accented(typed)
    guard !wanted.allSatisfy(\.isASCII) || !accented(shown).allSatisfy(\.isASCII) else {
      return true
    }
    return wanted == accented(shown) || !isWhole && accented(shown).contains(wanted)
  }

  /// The shapes of a text's letters and digits, with the accents that they have.
  private static func accented(_ text: String) -> String {
    let signs = SignForms.folded(text).filter { $0.isLetter || $0.isNumber }
    let plain = String(signs.map { alike[$0] ?? $0 })
    return couples.reduce(plain) { $0.replacing($1.pair, with: $1.one) }
  }

  /// Capitals that are small letters enlarged, too: of a single letter its size is not read for sure.
  private static let alike: [Character: Character] = [
    "0": "o", "O": "o", "1": "l", "I": "l", "i": "l", "|": "l", "J": "j",
    "C": "c", "S": "s", "5": "s", "U": "u", "V": "v", "W": "w", "X": "x", "Z": "z", "2": "z",
    "K": "k", "P": "p", "Y": "y", "8": "B", "6": "b", "9": "g", "q": "g",
  ]

  private static let couples: [(pair: String, one: String)] = [
    ("rn", "m"), ("vv", "w"), ("cl", "d"),
  ]

  /// Whether what is seen is what was typed, changed: in other letters, or with some lost.
  private static func isRecognisable(_ wanted: String, in seen: String) -> Bool {
    let one = wanted.lowercased().filter { $0.isLetter || $0.isNumber }
    let other = seen.lowercased().filter { $0.isLetter || $0.isNumber }
    guard !one.isEmpty, !other.isEmpty else { return false }
    // The same letters with other signs between them, or more around them, are a format or a completion.
    if one == other { return wanted.filter(\.isLetter) != seen.filter(\.isLetter) }
    if other.contains(one) { return false }
    return isPart(Array(other), of: Array(one))
      || EditDistance.likeness(one.prefix(200), other.prefix(200)) >= 0.5
  }

  /// Whether letters of the longer text, in their order, make the shorter one.
  private static func isPart(_ short: [Character], of long: [Character]) -> Bool {
    guard short.count >= 2 else { return false }
    var rest = short[...]
    for character in long where rest.first == character { rest.removeFirst() }
    return rest.isEmpty
  }
}
