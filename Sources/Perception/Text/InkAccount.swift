import Pixels

/// The ink of a line that no letter of a reading explains.
///
/// The recogniser drops a minus, a bullet, a bracket, an accent now and then, and says nothing. Its boxes of
/// letters are rough, so letters are not compared with ink by their places alone: letters and stretches of
/// ink follow each other in the same order, and what is left over when they are paired was not read.
struct InkAccount: Hashable, Sendable {
  /// What was not read, from the left.
  struct Rest: Hashable, Sendable {
    /// Where it is.
    let box: PixelRect
    /// The word that it stands in or beside, by its number; nil when there are no words.
    let word: Int?
    /// Whether it stands before that word's first letter that follows, after its last, or inside of it.
    let place: Place
    /// What it looks like, when it has the shape of a sign.
    let sign: Character?
  }

  /// Where ink is that was not read.
  enum Place: Hashable, Sendable {
    case before, inside, after
    /// Above or below a letter, like the dots of an umlaut.
    case mark
  }

  /// What was not read.
  let rests: [Rest]

  /// Nothing is left over.
  static let none = InkAccount(rests: [])

  private init(rests: [Rest]) { self.rests = rests }

  /// The same with its boxes somewhere else.
  func placed(_ place: (PixelRect) -> PixelRect) -> InkAccount {
    InkAccount(
      rests: rests.map {
        Rest(box: place($0.box), word: $0.word, place: $0.place, sign: $0.sign)
      })
  }

  /// Whether every piece of ink belongs to a letter.
  var isComplete: Bool { rests.isEmpty }

  /// Pairs the ink of a line with words that were read on it.
  ///
  /// - Parameters:
  ///   - line: the line.
  ///   - words: its words, in pixels of the screen.
  ///   - ink: what the line is made of.
  ///   - strays: pieces beside its letters that are in no line: dashes far from letters, points.
  init(
    of line: InkLine, _ words: [RecognisedWord], _ ink: InkComponents, strays: [PixelRect] = []
  ) {
    let spans = Self.spans(line, ink, strays)
    let letters = words.enumerated().flatMap { index, word in
      word.letters.map { Letter(text: $0.text, middle: $0.box.center.x, word: index) }
    }
    // A word without letters cannot be accounted for; nobody makes one but a test.
    guard words.allSatisfy({ !$0.letters.isEmpty }) else {
      rests = []
      return
    }
    // An icon in front is higher than the letters.
    let heights = spans.map(\.box.height).sorted()
    let usual = heights.isEmpty ? line.letter : heights[heights.count * 3 / 4]
    let owners = Self.pair(letters, spans, height: max(min(usual, line.letter), 8))
    guard letters.isEmpty || !owners.isEmpty else {
      rests = []
      return
    }
    rests = Self.left(spans, letters, owners, line)
  }

  /// A letter and the word that it is in.
  private struct Letter {
    var text: String
    var middle: Int
    var word: Int
  }

  /// Pieces above each other: columns with ink and no gap.
  private struct Span {
    var box: PixelRect
    var pieces: [PixelRect]
  }

  private static func spans(
    _ line: InkLine, _ ink: InkComponents, _ strays: [PixelRect]
  ) -> [Span] {
    let own = line.members.map { ink.components[$0] }.filter { $0.peak >= 24 }.map(\.box)
    return spans(own + strays)
  }

  private static func spans(_ boxes: [PixelRect]) -> [Span] {
    var spans: [Span] = []
    for box in boxes.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) {
      if let last = spans.last, box.x < last.box.maxX {
        spans[spans.count - 1].box = last.box.union(box)
        spans[spans.count - 1].pieces.append(box)
      } else {
        spans.append(Span(box: box, pieces: [box]))
      }
    }
    return spans
  }

  // MARK: - Pairing

  /// The columns of each letter's ink, nil when they cannot be paired; letters that touch have the same.
  ///
  /// - Parameters:
  ///   - letters: the letters of a word or more, in pixels of the screen.
  ///   - pieces: the boxes of their ink.
  ///   - height: how high a letter is.
  static func columns(
    of letters: [RecognisedLetter], in pieces: [PixelRect], height: Int
  ) -> [Range<Int>]? {
    let spans = spans(pieces)
    let all = letters.map { Letter(text: $0.text, middle: $0.box.center.x, word: 0) }
    let owners = pair(all, spans, height: max(height, 8))
    guard owners.count == letters.count, !owners.isEmpty else { return nil }
    return owners.map { spans[$0.lowerBound].box.x..<spans[$0.upperBound].box.maxX }
  }

  /// How many stretches of ink a letter may have beside each other.
  private static func parts(of letter: String) -> Int {
    switch letter {
    case "\"", "“", "”", "„", "«", "»", "Ы", "ы", "½", "¼", "¾", "||", "‖", "¨": 2
    case "%", "…": 3
    case "‰": 4
    default: letter.unicodeScalars.allSatisfy { $0.value < 0x2000 } ? letter.count : 3
    }
  }

  /// What a pairing costs, by the height of a line's highest letter.
  private struct Costs {
    let height: Int
    /// A stretch without a letter.
    var skipped: Int { height }
    /// Two letters in one stretch: they touch.
    var shared: Int { height / 4 }
    /// A letter that does not have the shape of its stretch.
    var unlike: Int { height * 2 }

    func distance(_ middle: Int, _ box: PixelRect) -> Int {
      max(box.x - middle, middle - box.maxX + 1, 0)
    }

    func isLow(_ box: PixelRect) -> Bool { box.height * 5 < height * 2 }

    /// What speaks against a letter in a stretch by its shape.
    func shape(_ letter: String, _ box: PixelRect) -> Int {
      guard let sign = letter.first, sign.isLetter || sign.isNumber else { return 0 }
      let isLow = isLow(box)
      let isNarrow = box.width * 3 < box.height && box.height * 3 >= height * 2
      return isLow || isNarrow && !"1iIlLjJtfrT".contains(sign) && sign.isASCII ? unlike : 0
    }
  }

  /// Each letter with the stretch of its number, where there are as many of both and all are of the same shape: the
  /// recogniser's boxes are off by a letter now and then.
  private static func oneByOne(
    _ letters: [Letter], _ spans: [Span], _ costs: Costs
  ) -> [ClosedRange<Int>]? {
    guard letters.count == spans.count else { return nil }
    let fits = zip(letters, spans).allSatisfy { letter, span in
      costs.distance(letter.middle, span.box) <= costs.height
        && (costs.isLow(span.box)
          ? small.contains(letter.text) : costs.shape(letter.text, span.box) == 0)
        && (!small.contains(letter.text) || costs.isLow(span.box))
    }
    return fits ? letters.indices.map { $0...$0 } : nil
  }

  /// Signs that are lower than letters.
  private static let small: Set<String> = [
    ".", ",", "-", "_", "'", "’", "~", "–", "—", "·", "•", "*",
  ]

  /// For each letter the first and the last stretch that is its own, in order and as near as can be.
  private static func pair(
    _ letters: [Letter], _ spans: [Span], height: Int
  ) -> [ClosedRange<Int>] {
    guard !letters.isEmpty, !spans.isEmpty, letters.count * spans.count <= 1 << 18 else {
      return []
    }
    let costs = Costs(height: height)
    if let owners = oneByOne(letters, spans, costs) { return owners }
    // The least cost of the first letters where the last of them ends in a stretch.
    let wide = spans.count
    var best = [Int](repeating: Int.max / 4, count: letters.count * wide)
    var from = [(start: Int, before: Int)](repeating: (0, 0), count: letters.count * wide)
    for (index, letter) in letters.enumerated() {
      let parts = parts(of: letter.text)
      for end in 0..<wide {
        let here = costs.distance(letter.middle, spans[end].box)
        // Far away there is no need to look, but at the ends, where the order may ask for it.
        if here > height * 6, index > 0 { continue }
        for start in max(0, end - parts + 1)...end {
          let box = start == end ? spans[end].box : spans[start].box.union(spans[end].box)
          let fits =
            costs.distance(letter.middle, box) + costs.shape(letter.text, box)
            + (start == end ? 0 : spans[end].box.x - spans[start].box.maxX)
          for before in index == 0 ? -1 ... -1 : max(0, start - 4)...start {
            let past = index == 0 ? 0 : best[(index - 1) * wide + before]
            let between =
              before == start ? costs.shared : (start - before - 1) * costs.skipped
            let cost = past + fits + between
            if cost < best[index * wide + end] {
              best[index * wide + end] = cost
              from[index * wide + end] = (start, before)
            }
          }
        }
      }
    }
    let last = (letters.count - 1) * wide
    guard
      var end = (0..<wide).min(by: {
        best[last + $0] + (wide - 1 - $0) * costs.skipped
          < best[last + $1] + (wide - 1 - $1) * costs.skipped
      }), best[last + end] < Int.max / 4
    else { return [] }
    var owners: [ClosedRange<Int>] = []
    for index in letters.indices.reversed() {
      let (start, before) = from[index * wide + end]
      owners.append(start...end)
      end = before
    }
    return owners.reversed()
  }

  // MARK: - What is left over

  private static func left(
    _ spans: [Span], _ letters: [Letter], _ owners: [ClosedRange<Int>], _ line: InkLine
  ) -> [Rest] {
    var rests: [Rest] = []
    for (index, span) in spans.enumerated() where !owners.contains(where: { $0.contains(index) }) {
      let before = owners.lastIndex { $0.upperBound < index }
      let after = owners.firstIndex { $0.lowerBound > index }
      rests.append(rest(span, spans, letters, before, after, owners, line))
    }
    for (index, span) in spans.enumerated() {
      let own = letters.indices.filter {
        owners.indices.contains($0) && owners[$0] == index...index
      }
      guard let first = own.first, let last = own.last else { continue }
      let marks = marks(on: span, letter: line.letter)
      if marks.isEmpty { continue }
      // A letter that touches its neighbour may have been paired with that one's stretch.
      let near = max(first - 1, 0)...min(last + 1, letters.count - 1)
      let expected = near.reduce(0) { $0 + Self.marks(of: letters[$1].text) }
      for mark in marks.prefix(max(marks.count - expected, 0)) {
        rests.append(Rest(box: mark, word: letters[first].word, place: .mark, sign: nil))
      }
    }
    return rests
  }

  private static func rest(
    _ span: Span, _ spans: [Span], _ letters: [Letter], _ before: Int?, _ after: Int?,
    _ owners: [ClosedRange<Int>], _ line: InkLine
  ) -> Rest {
    let sign = sign(span, line)
    switch (before, after) {
    case (let before?, let after?) where letters[before].word == letters[after].word:
      return Rest(box: span.box, word: letters[before].word, place: .inside, sign: sign)
    case (let before?, let after?):
      let left = span.box.x - spans[owners[before].upperBound].box.maxX
      let right = spans[owners[after].lowerBound].box.x - span.box.maxX
      return left < right
        ? Rest(box: span.box, word: letters[before].word, place: .after, sign: sign)
        : Rest(box: span.box, word: letters[after].word, place: .before, sign: sign)
    case (let before?, nil):
      return Rest(box: span.box, word: letters[before].word, place: .after, sign: sign)
    case (nil, let after?):
      return Rest(box: span.box, word: letters[after].word, place: .before, sign: sign)
    case (nil, nil): return Rest(box: span.box, word: nil, place: .before, sign: sign)
    }
  }

  /// The sign that a stretch has the shape and the place of, where only one comes into question.
  private static func sign(_ span: Span, _ line: InkLine) -> Character? {
    let (box, middle) = (span.box, line.box.center.y)
    if span.pieces.count == 2, span.pieces.allSatisfy({ $0.width >= 2 * $0.height }) { return "=" }
    guard span.pieces.count == 1 else { return nil }
    let isThin = box.height * 4 <= max(line.letter, 8)
    if isThin, box.width * 2 >= box.height * 3, abs(box.center.y - middle) * 4 <= line.letter {
      return "-"
    }
    if isThin, box.width <= box.height * 3 / 2 + 1, box.maxY >= line.box.maxY - line.letter / 3 {
      return "."
    }
    return nil
  }

  /// Small pieces that lie right above larger ones.
  private static func marks(on span: Span, letter: Int) -> [PixelRect] {
    guard span.pieces.count > 1, let body = span.pieces.max(by: { $0.area < $1.area }) else {
      return []
    }
    return span.pieces.filter {
      $0 != body && $0.maxY <= body.y + 1 && $0.height * 3 <= letter && $0.width * 2 <= letter * 2
    }
  }

  /// How many marks above it a letter has at the most.
  private static func marks(of letter: String) -> Int {
    guard let base = letter.unicodeScalars.first else { return 0 }
    // Beyond ASCII many letters have one, and to know which is no business of this.
    return base.value >= 0x80 || "ij!?:;=%\"'*#+".contains(letter) ? 2 : 0
  }
}

extension InkAccount {
  /// What a reading leaves in doubt: its words, doubted where ink beside them was not read, what they say
  /// with the sign that it looks like, and the places.
  func told(
    of words: [RecognisedWord]
  ) -> (words: [RecognisedWord], others: [RecognisedWord], unread: [UnreadInk]) {
    var (told, others) = (words, words)
    var unread: [UnreadInk] = []
    var hasOthers = false
    // Where much is left over, the words are a guess at something else, an icon or a picture.
    guard rests.count <= 3 else { return (words, [], []) }
    for rest in rests {
      unread.append(UnreadInk(box: rest.box, cause: .symbol, signs: 1...1))
      guard let word = rest.word, words.indices.contains(word) else { continue }
      told[word] = told[word].doubted
      guard let sign = rest.sign else { continue }
      hasOthers = true
      switch rest.place {
      case .before: others[word].text = String(sign) + others[word].text
      case .after: others[word].text.append(sign)
      case .inside, .mark: others[word] = others[word].adding(sign, at: rest.box.center.x)
      }
    }
    return (told, hasOthers ? others : [], unread)
  }
}

extension RecognisedWord {
  /// The word with a sign before the first letter that is right of a column.
  fileprivate func adding(_ sign: Character, at column: Int) -> RecognisedWord {
    var word = self
    let at = letters.firstIndex { $0.box.center.x > column } ?? letters.count
    word.text =
      letters[..<at].map(\.text).joined() + String(sign) + letters[at...].map(\.text).joined()
    return word
  }
}
