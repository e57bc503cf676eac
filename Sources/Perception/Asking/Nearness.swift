/// What counts of a text, without spaces, case and the drawing of signs.
enum Compact {
  static func signs(of text: String) -> [Character] {
    text.flatMap(PlainForms.plain).filter { !$0.isWhitespace }
      .map { $0.lowercased().first ?? $0 }
  }
}

/// How far a reading may be from a text to be worth a second look.
struct Nearness {
  /// The share of the text that may be otherwise.
  let share: Double
  /// So many signs may always be otherwise.
  let least: Int
  /// Whether the recogniser has doubts.
  var isUnsure = true

  /// Where the recogniser has no doubt: only what it never doubts, a sign or two.
  static let sure = Nearness(share: 0.15, least: 1, isUnsure: false)
  /// Where it has some.
  static let doubtful = Nearness(share: 0.4, least: 1)
  /// Where letters are so small that it guesses words.
  static let tiny = Nearness(share: 0.5, least: 2)

  /// Whether a text is in another, but for a few signs.
  ///
  /// Takes as many steps as the product of the lengths.
  func isNear(_ wanted: [Character], in seen: [Character]) -> Bool {
    let wanted = wanted.prefix(200)
    // In a longer text some words are read rightly.
    let share = wanted.count > 7 ? min(share, 0.4) : share
    let most = max(Int(Double(wanted.count) * share), least)
    guard wanted.count > most else {
      // A sign or two alone: in a text as short.
      return seen.count <= wanted.count + 1
    }
    // Of a tiny word hardly its length is known, but it is no single sign.
    if share >= 0.5, wanted.count <= 7,
      ((wanted.count + 1) / 2...wanted.count + 2).contains(seen.count)
    {
      return true
    }
    return Self.distance(wanted, within: seen.prefix(2000)) <= most
  }

  /// Whether a text is in another to the letter.
  static func contains(_ wanted: [Character], in seen: [Character]) -> Bool {
    !wanted.isEmpty && distance(wanted.prefix(200), within: seen.prefix(2000)) == 0
  }

  /// How many signs a text is away from any part of another.
  static func distance(of wanted: [Character], in seen: [Character]) -> Int {
    distance(wanted.prefix(200), within: seen.prefix(2000))
  }

  /// The least distance of a text to any part of another.
  private static func distance(
    _ wanted: ArraySlice<Character>, within seen: ArraySlice<Character>
  ) -> Int {
    var column = Array(0...wanted.count)
    var best = wanted.count
    for character in seen {
      var diagonal = column[0]
      for (row, sign) in wanted.enumerated() {
        let above = column[row + 1]
        column[row + 1] = min(
          diagonal + (sign == character ? 0 : 1), above + 1, column[row] + 1)
        diagonal = above
      }
      best = min(best, column[wanted.count])
    }
    return best
  }
}

/// Signs that a reader takes for each other however sure it is, where no word around them says which.
enum Confusables {
  private static let families: [Character: Character] = {
    var families: [Character: Character] = [:]
    for family in ["0oq", "1li|!", "5s$", "8b", "2z", "6g", "4a"] {
      for sign in family { families[sign] = family.first }
    }
    return families
  }()

  /// The signs that one may be in truth, as they are written.
  static func relatives(of sign: Character) -> [Character] {
    let written = ["0Oo", "1lI|!i", "5Ss$", "8B", "2Zz", "6G", "4A", "068"]
    return written.filter { $0.contains(sign) }.flatMap { $0.filter { $0 != sign } }
  }

  private static let couples: [(pair: [Character], one: Character)] = [
    (["r", "n"], "m"), (["v", "v"], "w"), (["c", "l"], "d"),
  ]

  /// Whether a text has a letter that two others look like, or these two.
  static func hasCouple(_ signs: [Character]) -> Bool {
    couples.contains { signs.contains($0.one) }
      || zip(signs, signs.dropFirst()).contains { left, right in
        couples.contains { $0.pair == [left, right] }
      }
  }

  /// A text with one sign for each family.
  static func skeleton(_ signs: [Character]) -> [Character] {
    var skeleton: [Character] = []
    for sign in signs {
      if let last = skeleton.last, let couple = couples.first(where: { $0.pair == [last, sign] }) {
        skeleton[skeleton.count - 1] = couple.one
      } else {
        skeleton.append(sign)
      }
    }
    return skeleton.map(family)
  }

  /// Whether a word of a text is a code: letters and digits together, or a letter or two alone.
  static func isCode(_ text: String) -> Bool {
    text.split(whereSeparator: \.isWhitespace).contains { word in
      let letters = word.filter(\.isLetter).count
      let digits = word.filter(\.isNumber).count
      return letters > 0
        && (digits > 0 || letters <= 2 && families[word.lowercased().first ?? " "] != nil)
    }
  }

  /// The sign that stands for all that look like one.
  static func family(_ sign: Character) -> Character { families[sign] ?? sign }

  /// Whether two signs look like each other.
  static func isFamily(_ one: Character, _ other: Character) -> Bool {
    family(one) == family(other)
  }

  /// Whether two are what a zero with a dot in it is taken for.
  static func isDotted(_ one: Character, _ other: Character) -> Bool {
    "068".contains(one) && "068".contains(other)
  }

  /// Signs with strokes in common, in small letters.
  private static let strokes: [Set<Character>] = [
    "ceo", "tlfij1!|r[](){}", "hnb", "gqa9y", "0689@oqd&b", "5s$8b3", "7/t?1zy", "4a", "uvy", "f/",
    "+±t4*", "-=~_", "2z7", "6gc", "kx", "rn", "38", "56", "o4",
  ].map { Set($0) }

  /// Whether two signs have strokes in common, so that one is taken for the other where the recogniser has doubts.
  static func isAlike(_ one: Character, _ other: Character) -> Bool {
    isFamily(one, other) || strokes.contains { $0.contains(one) && $0.contains(other) }
  }

  /// The first sign of a word that may be another which looks like it, although no question says which; nil where
  /// there is none.
  static func openSign(of word: RecognisedWord) -> Character? {
    let signs = Array(word.text)
    let letters = signs.count(where: \.isLetter)
    let isMixed = letters > 0 && signs.contains(where: \.isNumber)
    let isCode = isMixed || signs.first == "$"
    let isKnown = word.letters.count == signs.count
    return signs.indices.first { index in
      guard isCode && word.confidence < Votes.sure || isKnown && !word.letters[index].others.isEmpty
      else { return false }
      if isCode, let twins = twins.first(where: { $0.contains(signs[index]) }) {
        let excluded = isKnown ? word.letters[index].excluded : []
        return twins.contains { $0 != signs[index] && !excluded.contains($0) }
      }
      return letters == 0 && "068".contains(signs[index])
    }.map { signs[$0] }
  }

  private static let twins = ["0O", "1lI|", "5S$", "8B", "2Z", "6G", "4A"]

  /// Whether a code has an O or a zero with a letter beside it, which no word and no number around it tells
  /// from each other.
  static func hasOpenZero(_ text: String) -> Bool {
    text.split(whereSeparator: \.isWhitespace).contains { word in
      let signs = Array(word)
      guard signs.contains(where: \.isNumber), signs.contains(where: \.isLetter) else {
        return false
      }
      return signs.indices.contains { index in
        guard "0Oo".contains(signs[index]) else { return false }
        let beside = [signs[at: index - 1], signs[at: index + 1]].compactMap(\.self)
        return beside.contains(where: \.isLetter) || signs[index].isLetter
      }
    }
  }
}
