import Pixels

/// Several readings of one line laid over each other, sign by sign: a confusion network.
///
/// One way drops a space, another takes an `l` for a `1` at the other end of the line. What nearly all ways
/// have at one place is settled there, whatever they say elsewhere; where they differ, each is a possibility.
struct ReadingNetwork {
  /// So many ways may say something else at one place.
  static let dissent = 1
  /// The most texts that one line may be.
  private static let mostVariants = 24
  /// A line that is longer is not laid out, and every way is a possibility.
  private static let longest = 240

  /// What a line may be.
  struct Variant {
    var words: [RecognisedWord]

    var text: String { words.map(\.text).joined(separator: " ") }
    /// How sure the ways that say so are of its worst word, on the average.
    var confidence: Double { words.map(\.confidence).min() ?? 0 }
  }

  /// What it may be, what most ways say first.
  let variants: [Variant]
  /// Whether there are no others.
  let isWhole: Bool
  /// Whether all ways read the very same.
  let isUnanimous: Bool

  /// Lays readings of one line over each other.
  ///
  /// - Parameter ways: the words that each way read; ways that read nothing count as ways.
  init(_ ways: [[RecognisedWord]]) {
    let cells = ways.map(Self.cells)
    guard let pivot = Self.middle(cells), cells.allSatisfy({ $0.count <= Self.longest }) else {
      variants = ways.map { Variant(words: $0) }
      isWhole = true
      isUnanimous = false
      return
    }
    let slots = Self.slots(of: cells, on: cells[pivot])
    let open = slots.map(\.alternatives)
    isUnanimous = slots.allSatisfy { $0.options.count <= 1 }
    let count = open.reduce(1) { min($0 * $1.count, Self.mostVariants + 1) }
    isWhole = count <= Self.mostVariants
    guard isWhole else {
      // Too much is open: what most ways say everywhere, and each way as it is.
      variants = [Variant(open.map { $0[0] })] + ways.map { Variant(words: $0) }
      return
    }
    var texts: [[Slot.Option]] = [[]]
    for options in open {
      texts = options.flatMap { option in texts.map { $0 + [option] } }
    }
    variants = texts.map(Variant.init)
  }

  // MARK: - Signs in a row

  /// A sign of a reading, or a space between two words.
  fileprivate struct Cell {
    /// nil is a space.
    var letter: RecognisedLetter?
    /// How sure the way is of the word it is in.
    var confidence: Double

    var sign: String { letter?.text ?? " " }
  }

  private static func cells(of words: [RecognisedWord]) -> [Cell] {
    var cells: [Cell] = []
    for word in words {
      if !cells.isEmpty { cells.append(Cell(letter: nil, confidence: 1)) }
      cells += letters(of: word).map { Cell(letter: $0, confidence: word.confidence) }
    }
    return cells
  }

  /// A word's letters, also where it was changed as a whole and its letters are no longer its text.
  private static func letters(of word: RecognisedWord) -> [RecognisedLetter] {
    if word.letters.map(\.text).joined() == word.text { return word.letters }
    let count = max(word.text.count, 1)
    return word.text.enumerated().map { index, sign in
      let left = word.box.x + word.box.width * index / count
      let right = word.box.x + word.box.width * (index + 1) / count
      return RecognisedLetter(
        text: String(sign),
        box: PixelRect(
          x: left, y: word.box.y, width: max(right - left, 1), height: word.box.height),
        confidence: word.confidence,
        excluded: word.letters.count == word.text.count ? word.letters[index].excluded : [])
    }
  }

  /// The reading that is least far from all others; nil when all are empty.
  private static func middle(_ ways: [[Cell]]) -> Int? {
    let distances = ways.map { one in
      ways.reduce(0) { $0 + (one.isEmpty ? 0 : Alignment(one.map(\.sign), $1.map(\.sign)).cost) }
    }
    return ways.indices.filter { !ways[$0].isEmpty }.min { distances[$0] < distances[$1] }
  }

  // MARK: - Places

  /// A place of the line, and what the ways have there.
  fileprivate struct Slot {
    /// One of the things that stand there: signs, or nothing.
    struct Option {
      var cells: [Cell] = []
      var ways = 0
      var confidence = 0.0

      var text: String { cells.map(\.sign).joined() }
    }

    var options: [Option] = []
    var ways = 0

    mutating func add(_ cells: ArraySlice<Cell>) {
      ways += 1
      let text = cells.map(\.sign).joined()
      let confidence = cells.map(\.confidence).min() ?? 1
      let known = options.firstIndex { $0.text == text }
      if let known {
        options[known].ways += 1
        options[known].confidence += confidence
        for (index, cell) in cells.enumerated() { options[known].cells[index].add(cell) }
      } else {
        options.append(Option(cells: Array(cells), ways: 1, confidence: confidence))
      }
    }

    /// What it may be, the one that most say first; only that one where nearly all do.
    var alternatives: [Option] {
      let sorted = options.sorted { ($0.ways, $0.confidence) > ($1.ways, $1.confidence) }
      let means = sorted.map { option in
        var option = option
        let others = Set(sorted.map(\.text)).subtracting([option.text])
        for index in option.cells.indices { option.cells[index].letter?.others = others }
        for index in option.cells.indices {
          option.cells[index].confidence /= Double(max(option.ways, 1))
        }
        return option
      }
      guard let first = means.first else { return [Option()] }
      return ways - first.ways <= ReadingNetwork.dissent ? [first] : means
    }
  }

  /// For each sign of the pivot a place, and one before each and at the end for what others have there.
  private static func slots(of ways: [[Cell]], on pivot: [Cell]) -> [Slot] {
    var slots = [Slot](repeating: Slot(), count: pivot.count * 2 + 1)
    let signs = pivot.map(\.sign)
    for way in ways {
      let pairs = Alignment(signs, way.map(\.sign)).pairs
      var next = 0
      for (index, partner) in pairs.enumerated() {
        let start = next
        // What lies before the partner is put in before this sign.
        let end = partner ?? next
        slots[index * 2].add(way[start..<end])
        slots[index * 2 + 1].add(partner.map { way[$0...$0] } ?? [])
        next = partner.map { $0 + 1 } ?? next
      }
      slots[pivot.count * 2].add(way[next...])
    }
    return slots
  }
}

extension ReadingNetwork.Cell {
  /// The same sign as another way has it: what either rules out, and how sure both are.
  fileprivate mutating func add(_ other: Self) {
    confidence += other.confidence
    letter?.excluded.formUnion(other.letter?.excluded ?? [])
  }
}

extension ReadingNetwork.Variant {
  fileprivate init(_ options: [ReadingNetwork.Slot.Option]) {
    words = []
    var letters: [(letter: RecognisedLetter, confidence: Double)] = []
    for cell in options.flatMap(\.cells) {
      if let letter = cell.letter {
        letters.append((letter, cell.confidence))
      } else {
        end(&letters)
      }
    }
    end(&letters)
  }

  private mutating func end(_ letters: inout [(letter: RecognisedLetter, confidence: Double)]) {
    defer { letters = [] }
    guard let first = letters.first else { return }
    words.append(
      RecognisedWord(
        text: letters.map(\.letter.text).joined(),
        box: letters.dropFirst().reduce(first.letter.box) { $0.union($1.letter.box) },
        confidence: letters.map(\.confidence).min() ?? 0, letters: letters.map(\.letter)))
  }
}

/// Two rows of signs laid beside each other at the least cost.
private struct Alignment {
  /// For each sign of the first row its partner in the second; nil where it has none.
  let pairs: [Int?]
  /// How many signs differ or are left over.
  let cost: Int

  init(_ one: [String], _ other: [String]) {
    let wide = other.count + 1
    var costs = [Int](repeating: 0, count: (one.count + 1) * wide)
    for j in 0...other.count { costs[j] = j }
    for i in 0..<one.count {
      costs[(i + 1) * wide] = i + 1
      for j in 0..<other.count {
        costs[(i + 1) * wide + j + 1] = min(
          costs[i * wide + j] + Self.difference(one[i], other[j]),
          costs[i * wide + j + 1] + 1, costs[(i + 1) * wide + j] + 1)
      }
    }
    var pairs = [Int?](repeating: nil, count: one.count)
    var (i, j) = (one.count, other.count)
    while i > 0, j > 0 {
      let here = costs[i * wide + j]
      if here == costs[(i - 1) * wide + j - 1] + Self.difference(one[i - 1], other[j - 1]) {
        pairs[i - 1] = j - 1
        (i, j) = (i - 1, j - 1)
      } else if here == costs[(i - 1) * wide + j] + 1 {
        i -= 1
      } else {
        j -= 1
      }
    }
    self.pairs = pairs
    cost = costs[one.count * wide + other.count]
  }

  /// A space is no sign that another could be.
  private static func difference(_ one: String, _ other: String) -> Int {
    one == other ? 0 : one == " " || other == " " ? 2 : 1
  }
}
