import Numbers
import Pixels

/// What is asked of a screen.
protocol Question: Sendable {
  /// The places that are meant, as a screen was read.
  func hits(in text: ScreenText) -> [TextHit]
  /// Whether a hit needs no second look.
  func isSure(_ hit: TextHit, in text: ScreenText) -> Bool
  /// Whether a line that reads as one of some texts, in which nothing was found, may be meant all the same;
  /// `nearness` is how far it may be from what is asked for.
  func mayBe(_ readings: [String], _ nearness: Nearness) -> Bool
  /// How many signs the nearest of some texts is away from what is asked for; 0 where that cannot be said.
  func distance(to readings: [String]) -> Int
  /// Whether ink that was not read may be meant.
  func couldBe(_ ink: UnreadInk) -> Bool
  /// Whether a line that was surely read as one thing could still be what is asked for.
  func isTwin(of reading: Consensus) -> Bool
  /// Whether shapes or size speak against a text that nearly all ways found; `height` is that of its ink, in pixels.
  func isShaky(_ hit: TextHit, drawn: DrawnText, height: Int) -> Bool
  /// What speaks for a sign that was not read making another text of a hit.
  func minds(_ rest: InkAccount.Rest, at hit: TextHit, in words: [RecognisedWord]) -> Bool
}

/// What nearly all ways read a line as.
struct Consensus {
  let text: String
  /// Its signs, with what each cannot be.
  let drawn: DrawnText
  /// How sure they are on the average, 0…1.
  let confidence: Double
  /// Whether it is written so small that shapes say little.
  let isSmall: Bool
  /// Where a space of it is as narrow as a gap between letters, by its number.
  let narrow: Set<Int>

  /// What the sign at a place of the text may be as well.
  fileprivate func alternatives(at index: Int, to sign: Character) -> [Character] {
    let before = text.prefix(index).filter { !$0.isWhitespace }.count
    let excluded = drawn.excluded[at: before] ?? []
    return Confusables.relatives(of: sign).filter { other in
      !Compact.signs(of: String(other)).contains(where: excluded.contains)
    }
  }
}

/// Type of so few rows is read by the look of whole words, and signs are lost.
enum TinyType {
  /// Capitals that are lower, in pixels, are tiny.
  static let lowest = 7

  /// Whether a text of a height of ink is written so small.
  ///
  /// - Parameters:
  ///   - text: what it was read as, which tells how much of the height a capital has.
  ///   - height: the height of its ink in pixels.
  static func isTiny(_ text: String, height: Int) -> Bool {
    isLower(than: lowest, text, height)
  }

  /// Whether it is written so small that a sign may be lost now and then.
  static func isSmall(_ text: String, height: Int) -> Bool {
    isLower(than: lowest + 1, text, height)
  }

  private static func isLower(than lowest: Int, _ text: String, _ height: Int) -> Bool {
    // A minus is low in type of any size.
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return false }
    let isTall = text.contains { $0.isNumber || $0.isUppercase || tall.contains($0) }
    let isDeep = text.contains(where: deep.contains)
    // In hundredths: a capital of what has parts above and below, of what has one of them, of a row of small letters.
    let share = isTall && isDeep ? 87 : isTall || isDeep ? 100 : 134
    return height * share < lowest * 100
  }

  private static let tall: Set<Character> = Set("bdfhijklt()[]{}|/\\@$&%!?")
  private static let deep: Set<Character> = Set("gjpqyQ")
}

/// Whether a text is there.
struct TextQuestion: Question {
  let text: String
  let exact: Bool
  let numbers: NumberStyle
  /// What counts of it, without spaces and case.
  private let letters: [Character]

  init(_ text: String, exact: Bool, numbers: NumberStyle) {
    self.text = text
    self.exact = exact
    self.numbers = numbers
    letters = Compact.signs(of: text)
  }

  func hits(in screen: ScreenText) -> [TextHit] {
    TextSearch.hits(for: text, in: screen, exact: exact, numbers: numbers)
  }

  /// Plain words that were read without doubt are what they are; a sign that was lost would make another
  /// number or code, and hardly another word.
  func isSure(_ hit: TextHit, in screen: ScreenText) -> Bool {
    guard hit.caveat == nil, !Confusables.isCode(text), letters.allSatisfy(\.isLetter) else {
      return false
    }
    let words = screen.words.filter { $0.box.intersects(hit.box) }
    let height = words.map(\.box.height).max() ?? 0
    let isTiny = TinyType.isTiny(hit.text, height: height)
    if isTiny, letters.count < 4 || Confusables.hasCouple(letters) { return false }
    return words.allSatisfy { $0.confidence >= Votes.sure }
      && !screen.doubts.contains { $0.box.intersects(hit.box) }
  }

  func mayBe(_ readings: [String], _ nearness: Nearness) -> Bool {
    let skeleton = Confusables.skeleton(letters)
    // A point or a minus is lost more easily than a letter.
    let bare = letters.filter(Self.isWord)
    return readings.contains { reading in
      let seen = Compact.signs(of: reading)
      if nearness.isNear(letters, in: seen) { return true }
      return nearness.isUnsure
        && (Nearness.contains(skeleton, in: Confusables.skeleton(seen))
          || !bare.isEmpty && bare.count < letters.count
            && nearness.isNear(bare, in: seen.filter(Self.isWord)))
    }
  }

  func distance(to readings: [String]) -> Int {
    readings.map { Nearness.distance(of: letters, in: Compact.signs(of: $0)) }.min() ?? 0
  }

  func couldBe(_ ink: UnreadInk) -> Bool { ink.couldHold(letters.count) }

  func isTwin(of reading: Consensus) -> Bool {
    // The recogniser guesses the spaces beside points and apostrophes.
    if !hits(in: Self.tightened(reading.text)).isEmpty || isSpacedOtherwise(reading.text) {
      return true
    }
    let isCode = Confusables.isCode(text) || Confusables.isCode(reading.text)
    if reading.isSmall || isCode,
      reading.drawn.mayBe(
        letters, alike: Confusables.isFamily, isByShape: !reading.isSmall)
    {
      return true
    }
    if isCode || reading.isSmall && reading.confidence < Votes.sure, isCouple(of: reading) {
      return true
    }
    if reading.confidence < 0.93, reading.drawn.mayBe(letters, alike: Confusables.isDotted) {
      return true
    }
    return reading.confidence < Self.surely
      && reading.drawn.mayBe(letters, alike: Confusables.isAlike)
      || reading.drawn.mayBeDisputed(letters)
  }

  /// Below this confidence a sign may be any that has strokes in common with it.
  private static let surely = 0.78

  /// Whether two letters that stand close may be one, or one may be two.
  private func isCouple(of reading: Consensus) -> Bool {
    let (wanted, seen) = (
      Confusables.skeleton(letters), Confusables.skeleton(reading.drawn.signs)
    )
    return (wanted.count != letters.count || seen.count != reading.drawn.signs.count)
      && Nearness.contains(wanted, in: seen)
      && !Nearness.contains(letters, in: reading.drawn.signs)
  }

  /// Whether some words of a reading are the text but for where spaces stand beside digits and signs, where
  /// the recogniser guesses them.
  private func isSpacedOtherwise(_ reading: String) -> Bool {
    let spaced = Self.cells(text)
    let words = reading.split(whereSeparator: \.isWhitespace).prefix(200).map {
      Self.cells(String($0))
    }
    return words.indices.contains { start in
      var joined: [Cell] = []
      for word in words[start...] {
        joined += word
        if joined.count >= letters.count { break }
      }
      guard joined.map(\.sign) == letters else { return false }
      let others = joined.indices.dropFirst().filter {
        joined[$0].isFirst != spaced[$0].isFirst
      }
      return !others.isEmpty
        && others.allSatisfy { !letters[$0].isLetter || !letters[$0 - 1].isLetter }
    }
  }

  /// A sign, and whether it is the first of its word.
  private typealias Cell = (sign: Character, isFirst: Bool)

  private static func cells(_ text: String) -> [Cell] {
    text.split(whereSeparator: \.isWhitespace).flatMap { word in
      Compact.signs(of: String(word)).enumerated().map { ($0.element, $0.offset == 0) }
    }
  }

  private static func isWord(_ sign: Character) -> Bool { sign.isLetter || sign.isNumber }

  /// A line without the spaces beside points, colons and apostrophes.
  private static func tightened(_ text: String) -> ScreenText {
    var words: [String] = []
    for word in text.split(separator: " ") {
      if let last = words.last?.last, ".,:'’".contains(last),
        last != "," || word.first?.isNumber == true
      {
        words[words.count - 1] += word
      } else {
        words.append(String(word))
      }
    }
    let box = PixelRect(x: 0, y: 0, width: 1, height: 1)
    return ScreenText(words: words.map { TextWord(text: $0, box: box, line: 0, block: 0) })
  }

  func isShaky(_ hit: TextHit, drawn: DrawnText, height: Int) -> Bool {
    // What hangs below the line is no height of the letters.
    let hangs = hit.text.contains { "gjpqyQ()[]{}@".contains($0) }
    let reaches = hangs ? 2 : hit.text.contains { ",;|/\\$".contains($0) } ? 1 : 0
    let isPlain = letters.allSatisfy(\.isLetter)
    return !isPlain && height < TinyType.lowest + reaches
      || Confusables.hasCouple(letters) && height < TinyType.lowest + (hangs ? 3 : 0)
      || Confusables.hasOpenZero(text) && drawn.hasOpenZero
  }

  func minds(_ rest: InkAccount.Rest, at hit: TextHit, in words: [RecognisedWord]) -> Bool {
    guard let number = rest.word, words.indices.contains(number),
      words[number].box.intersects(hit.box)
    else { return false }
    let word = words[number]
    let isNumber = word.text.contains(where: \.isNumber)
    // A sign is small; what is as large as a letter was paired with the wrong one.
    guard rest.place == .mark || isNumber || rest.box.height * 2 <= word.box.height else {
      return false
    }
    if !isNumber, rest.box.center.x >= word.endOfLetters { return false }
    switch rest.place {
    case .inside, .mark: return true
    case .before:
      // In front of all of it may be an icon, but in front of a number it may be its sign.
      return word.box.x > hit.box.x + 1 || isNumber && rest.isBeside(word.box)
    case .after: return word.box.maxX < hit.box.maxX - 1 || isNumber && rest.isBeside(word.box)
    }
  }
}

extension RecognisedWord {
  /// Where its last letter ends, about; what comes then is punctuation.
  fileprivate var endOfLetters: Int {
    guard let last = text.lastIndex(where: { $0.isLetter || $0.isNumber }) else { return box.maxX }
    let count = text.distance(from: text.startIndex, to: last) + 1
    return count == text.count ? box.maxX : box.x + box.width * count / text.count
  }
}

extension InkAccount.Rest {
  /// Whether it stands so near to a word that it can belong to it.
  fileprivate func isBeside(_ word: PixelRect) -> Bool {
    max(word.x - box.maxX, box.x - word.maxX) <= max(word.height, 8)
  }
}

/// Whether there is a line for which something holds.
struct LineQuestion: Question {
  let holds: @Sendable (String) -> Bool

  /// The most lines of a row that are taken together, as where the words of a terminal stand far apart.
  private static let mostTogether = 4

  func hits(in screen: ScreenText) -> [TextHit] {
    let followers = LineFollowers(screen)
    var hits: [TextHit] = []
    for start in screen.lines.indices {
      var (text, box) = (screen.lines[start].text, screen.lines[start].box)
      var (last, count) = (start, 1)
      while !holds(text), count < Self.mostTogether, let next = followers.line(beside: last) {
        text += " " + screen.lines[next].text
        box = box.union(screen.lines[next].box)
        (last, count) = (next, count + 1)
      }
      guard holds(text), !hits.contains(where: { $0.box.intersects(box) }) else { continue }
      hits.append(TextHit(box: box, text: text, score: 1, isWholeLabel: true))
    }
    return hits
  }

  func isSure(_ hit: TextHit, in screen: ScreenText) -> Bool { false }

  /// A condition does not say how far a line is from it, so every doubtful one is read again, and of the others
  /// those for which it would hold were a space or the case of a letter otherwise.
  func mayBe(_ readings: [String], _ nearness: Nearness) -> Bool {
    nearness.isUnsure
      || readings.contains { reading in
        let signs = Array(reading)
        return signs.count <= Self.longest
          && (isSpacedOtherwise(signs) { _ in true } || isOfOtherCase(signs))
      }
  }

  func distance(to readings: [String]) -> Int { 0 }

  func couldBe(_ ink: UnreadInk) -> Bool { ink.signs.upperBound > 2 }

  /// Whether the condition would hold if one sign were another of its family, or one space beside a digit or a
  /// sign were none, or stood where the recogniser saw none.
  func isTwin(of reading: Consensus) -> Bool {
    let signs = Array(reading.text)
    guard signs.count <= Self.longest else { return false }
    let isOpen = reading.confidence < 0.93 || Confusables.isCode(reading.text)
    let isGap = { (index: Int) in
      guard signs[index] == " " else {
        return isOpen || Self.isBorder(signs[index - 1], signs[index])
      }
      let beside = [signs[at: index - 1], signs[at: index + 1]].compactMap(\.self)
      return beside.contains { !$0.isLetter }
        || reading.narrow.contains(signs[..<index].count { $0 == " " })
    }
    if isSpacedOtherwise(signs, where: isGap) || isOfOtherCase(signs) { return true }
    return isOpen
      && signs.indices.contains { index in
        reading.alternatives(at: index, to: signs[index]).contains {
          holds(Self.text(signs, index, $0))
        }
      }
  }

  /// Whether it would hold without one of the spaces, or with one more.
  private func isSpacedOtherwise(_ signs: [Character], where isOpen: (Int) -> Bool) -> Bool {
    signs.indices.dropFirst().contains { index in
      guard isOpen(index) else { return false }
      if signs[index] == " " { return holds(Self.text(signs, index, nil)) }
      return signs[index - 1] != " "
        && holds(String(signs[..<index]) + " " + String(signs[index...]))
    }
  }

  /// Whether it would hold if letters that are small and large in the same shape were of the other case: one of
  /// them, or all.
  private func isOfOtherCase(_ signs: [Character]) -> Bool {
    let open = signs.indices.filter { index in
      Self.sameInBothCases.contains(signs[index])
        && (signs[at: index - 1]?.isLetter != true || signs[at: index + 1]?.isLetter != true)
    }
    let others = open.map { index in
      let sign = signs[index].isUppercase ? signs[index].lowercased() : signs[index].uppercased()
      return Self.text(signs, index, sign.first)
    }
    if others.contains(where: holds) { return true }
    // All of one height: nothing beside them says which.
    let text = String(signs)
    let small = text.lowercased().filter(\.isLetter)
    return !small.isEmpty && small.allSatisfy(Self.low.contains)
      && (holds(text.lowercased()) || holds(text.uppercased()))
  }

  private static let low: Set<Character> = Set("acemnorsuvwxz")

  private static let sameInBothCases: Set<Character> = Set("cjkopsuvwxzCJKOPSUVWXZ")

  /// The longest line of which each sign is tried as another.
  private static let longest = 120

  /// Whether a space may be lost between two signs: beside a digit, or before a capital.
  private static func isBorder(_ left: Character, _ right: Character) -> Bool {
    left.isNumber != right.isNumber && left != " " || left.isLowercase && right.isUppercase
      || ".,;:".contains(left)
  }

  private static func text(_ signs: [Character], _ index: Int, _ other: Character?) -> String {
    String(signs[..<index]) + (other.map(String.init) ?? "") + String(signs[(index + 1)...])
  }

  func isShaky(_ hit: TextHit, drawn: DrawnText, height: Int) -> Bool { false }

  func minds(_ rest: InkAccount.Rest, at hit: TextHit, in words: [RecognisedWord]) -> Bool {
    rest.place == .inside || rest.place == .mark
  }
}
