import Pixels

/// Where a line of ink has gaps, and which of them are spaces.
///
/// The recogniser guesses spaces from the shapes of letters; how wide a gap is, the ink tells. In a type
/// where every letter is as wide as every other, a space is a whole empty cell; in any other it is clearly
/// wider than the gaps between letters. What lies between is left as the recogniser had it.
struct WordGaps {
  /// A gap between two stretches of columns with ink.
  struct Gap {
    var middle: Int
    var width: Int
  }

  private let gaps: [Gap]
  private let usual: Int
  private let letter: Int
  private let pitch: Double?

  /// Whether all letters stand in cells of one width.
  var isGrid: Bool { pitch != nil }

  /// The gaps of a line.
  ///
  /// - Parameters:
  ///   - line: the line.
  ///   - ink: the ink that it is made of.
  ///   - pitch: how far the letters' middles are apart, if they all are equally far apart.
  init(_ line: InkLine, _ ink: InkComponents, pitch: Double?) {
    let spans = Self.spans(line, ink)
    gaps = zip(spans, spans.dropFirst()).map {
      Gap(middle: ($0.upperBound + $1.lowerBound) / 2, width: $1.lowerBound - $0.upperBound)
    }
    usual = gaps.map(\.width).sorted().dropLast(gaps.count / 2).last ?? 0
    letter = line.letter
    self.pitch = pitch
  }

  /// The stretches of columns that have ink, from the left.
  static func spans(_ line: InkLine, _ ink: InkComponents) -> [Range<Int>] {
    let boxes = line.members.map { ink.components[$0].box }.sorted { $0.x < $1.x }
    var spans: [Range<Int>] = []
    for box in boxes {
      if let last = spans.last, box.x < last.upperBound {
        spans[spans.count - 1] = last.lowerBound..<max(last.upperBound, box.maxX)
      } else {
        spans.append(box.x..<box.maxX)
      }
    }
    return spans
  }

  // MARK: - Spaces

  /// Punctuation that a space stands before.
  private static let openers: Set<Character> = ["(", "[", "“", "‘", "\"", "#", "&", "@"]

  /// Punctuation inside of numbers, times and words.
  private static let joints: Set<Character> = [".", ",", ":", "'", "’"]

  private enum Verdict { case space, none, open }

  private func verdict(
    _ gap: Gap, _ left: Character, _ right: Character, before: Gap?
  ) -> Verdict {
    let width = Double(gap.width)
    // Where a point has as much room on both sides, its cell is wide and no space follows.
    if Self.joints.contains(left), let before, gap.width * 3 <= before.width * 4 + 3 {
      return .none
    }
    if SignSpacing.isTight(left), SignSpacing.isTight(right) {
      let share = gap.width * 100 / max(letter, 1)
      let open = SignSpacing.open(left, right)
      return open.contains(share) ? .open : share < open.lowerBound ? .none : .space
    }
    if let pitch { return width >= pitch * 0.96 ? .space : width < pitch * 0.85 ? .none : .open }
    // What stands around a point or a dash is no letter that others are kerned to.
    let isJoint = left.isPunctuation || right.isPunctuation
    if isJoint, gap.width * 5 <= letter, gap.width <= usual + 1 { return .none }
    if right.isPunctuation, !Self.openers.contains(right) { return .open }
    // Digits are often drawn in cells, in which a 1 has room on both sides.
    let isNumber = right.isNumber && (left.isNumber || left.isPunctuation)
    let needed = isNumber ? letter * 6 / 10 : max((letter * 34 + 99) / 100, usual * 2 + 1)
    return gap.width >= max(needed, 3) ? .space : .open
  }

  /// The words with a space where a gap is one, and without where it is none.
  func spaced(_ words: [RecognisedWord]) -> [RecognisedWord] {
    let letters = words.enumerated().flatMap { index, word in
      word.letters.map { (letter: $0, word: index) }
    }
    guard letters.count > 1, words.allSatisfy({ !$0.letters.isEmpty }) else { return words }
    var result = [RecognisedWord(first: letters[0].letter, of: words[letters[0].word])]
    var last: Gap?
    for (before, here) in zip(letters, letters.dropFirst()) {
      let isApart = before.word != here.word
      var isSpace = isApart
      let gap = gap(between: before.letter, here.letter)
      defer { last = gap }
      if let gap, let left = before.letter.text.last, let right = here.letter.text.first {
        switch verdict(gap, left, right, before: last) {
        case .space: isSpace = true
        case .none: isSpace = false
        case .open: break
        }
      } else if let left = before.letter.text.last, let right = here.letter.text.first,
        SignSpacing.isTight(left), SignSpacing.isTight(right)
      {
        isSpace = false
      }
      if isSpace {
        result.append(RecognisedWord(first: here.letter, of: words[here.word]))
      } else {
        result[result.count - 1].append(here.letter, of: words[here.word])
      }
    }
    return result
  }

  private func gap(between left: RecognisedLetter, _ right: RecognisedLetter) -> Gap? {
    let (from, to) = (left.box.center.x, right.box.center.x)
    guard from < to else { return nil }
    return gaps.filter { from < $0.middle && $0.middle <= to }.max { $0.width < $1.width }
  }
}

extension RecognisedWord {
  fileprivate init(first letter: RecognisedLetter, of word: RecognisedWord) {
    self.init(text: letter.text, box: letter.box, confidence: word.confidence, letters: [letter])
  }

  fileprivate mutating func append(_ letter: RecognisedLetter, of word: RecognisedWord) {
    text += letter.text
    box = box.union(letter.box)
    confidence = min(confidence, word.confidence)
    letters.append(letter)
  }
}

/// How far apart the letters of a terminal are.
enum LetterPitch {
  /// Below this many letters chance looks like order.
  static let fewest = 12

  /// For each surface how far apart the middles of letters are on it, where that is always the same: in
  /// one long line, or in two.
  static func pitches(of lines: [InkLine], _ ink: InkComponents) -> [Int32: Double] {
    let long = lines.filter { $0.members.count >= fewest && $0.letter <= 40 }
    var found: [Int32: Double] = [:]
    for (parent, lines) in Dictionary(grouping: long, by: \.parent) {
      let longest = lines.sorted { $0.members.count > $1.members.count }.prefix(6)
        .map { ($0, WordGaps.spans($0, ink)) }
      for (line, spans) in longest.prefix(2) {
        guard let pitch = pitch(spans, letter: line.letter) else { continue }
        let agreeing = longest.count { order(middles($0.1, narrowerThan: pitch), pitch) >= 0.9 }
        guard agreeing * 4 >= longest.count * 3, agreeing > 1 || spans.count >= 24 else { continue }
        found[parent] = pitch
        break
      }
    }
    return found
  }

  /// The pitch of a line's surface if the line keeps to it.
  static func pitch(_ pitch: Double?, for line: InkLine, _ ink: InkComponents) -> Double? {
    guard let pitch, line.members.count > 1 else { return nil }
    let spans = WordGaps.spans(line, ink)
    return order(middles(spans, narrowerThan: pitch), pitch) >= 0.88 ? pitch : nil
  }

  private static func pitch(_ spans: [Range<Int>], letter: Int) -> Double? {
    var best: (pitch: Double, order: Double)?
    // A cell is about as wide as 0.5 to 1 heights of the highest letter.
    var pitch = max(Double(letter) * 0.5, 4)
    while pitch <= Double(letter) * 1.05 {
      let middles = middles(spans, narrowerThan: pitch)
      if middles.count >= fewest {
        let order = order(middles, pitch)
        if order > best?.order ?? 0.92 { best = (pitch, order) }
      }
      pitch += 0.02
    }
    return best?.pitch
  }

  private static func middles(_ spans: [Range<Int>], narrowerThan pitch: Double) -> [Double] {
    spans.filter { Double($0.count) <= pitch }.map { Double($0.lowerBound + $0.upperBound) / 2 }
  }

  /// How well places keep to a grid, 0…1: the length of the mean of their directions on its circle.
  private static func order(_ middles: [Double], _ pitch: Double) -> Double {
    guard let first = middles.first else { return 0 }
    var (x, y) = (0.0, 0.0)
    for middle in middles {
      let angle = (middle - first) / pitch * 2 * Double.pi
      x += Circle.cosine(angle)
      y += Circle.cosine(angle - Double.pi / 2)
    }
    return (x * x + y * y).squareRoot() / Double(middles.count)
  }
}
