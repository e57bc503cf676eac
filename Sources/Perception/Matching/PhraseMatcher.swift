import Numbers

/// Compares a text that somebody wrote with one that was read off a screen.
///
/// A sign that was read for sure is itself and no other; a number equals a number of the same value, sign
/// and unit. Where tolerance is asked for, a word that the recogniser doubts may also be what it is often
/// taken for:
/// - one character must be itself, but for 0/O and 1/l/I in a phrase; two or three may only differ in those;
/// - from four on, the other likenesses count too: 5/S, 8/B, 2/Z, rn/m, vv/w, cl/d;
/// - a letter may be wrong, missing or too many only inside a word of seven letters or more; never a digit.
struct PhraseMatcher: Sendable {
  /// What a comparison costs; the score is 1 less the sum.
  enum Cost {
    static let letterCase = 0.0001
    static let likeness = 0.012
    static let error = 0.06
    /// From here on two short texts are not the same; a long one may cost more by `perUnit`.
    static let limit = 0.25
    static let perUnit = 0.004
  }

  /// The longest text that is looked for, in units.
  static let longest = 1000

  /// Whether a doubtful sign may be another.
  enum Tolerance: Sendable { case none, doubtful }

  /// The units of the text that is looked for.
  let query: [TextUnit]
  /// How the other side is to be taken apart; nil where digits are signs like others.
  let style: NumberStyle?
  private let tolerance: Tolerance
  /// How many errors it may have.
  private let errors: Int

  /// A matcher; nil when nothing of the text counts, or when it is too long.
  init?(_ text: String, _ tolerance: Tolerance, _ numbers: NumberStyle) {
    // A doubtful digit is compared with what it may be, so there each is a sign of its own.
    style = tolerance == .none ? numbers : nil
    var units = TextUnits.units(of: text, style)
    guard !units.isEmpty, units.count <= Self.longest else { return nil }
    for index in units.indices { units[index].isInPhrase = units.count >= 4 }
    query = units
    self.tolerance = tolerance
    let long = Set(units.filter { $0.wordLength >= 7 }.map(\.word)).count
    errors = tolerance == .none ? 0 : min(long, max(units.count / 8, long > 0 ? 1 : 0))
  }

  /// Whether it cannot be told whether what was matched is negative: a dash or brackets beside a number.
  func mayBeNegative(_ matched: ArraySlice<TextUnit>) -> Bool {
    matched.contains(where: \.mayBeNegative)
      && !query.contains { $0.number == nil && "-()~≈±#<>≤≥".contains($0.character) }
  }

  /// A match: how many units it took, and its score, 0…1.
  struct Match: Hashable, Sendable {
    var length: Int
    var score: Double
  }

  /// The best match that starts with the first unit of `stream` and ends where a match may end.
  ///
  /// - Parameters:
  ///   - stream: what was read.
  ///   - isUnsure: whether the recogniser doubts the word that a unit of `stream` is in.
  func match(_ stream: ArraySlice<TextUnit>, isUnsure: (TextUnit) -> Bool) -> Match? {
    guard let first = stream.first, first.mayStart, canStart(first) else { return nil }
    let slack = errors + 2 + min(query.count / 6, 12)
    let stream = Array(stream.prefix(query.count + slack))
    let limit = Cost.limit + Cost.perUnit * Double(query.count)
    guard let costs = costs(stream, slack, stream.map(isUnsure), limit) else { return nil }
    var best: (length: Int, cost: Double)?
    for length in 1...stream.count where stream[length - 1].mayEnd {
      if costs[length] <= limit, costs[length] < best?.cost ?? .infinity {
        best = (length, costs[length])
      }
    }
    return best.map { Match(length: $0.length, score: max(1 - $0.cost, 0)) }
  }

  /// From this length on a phrase with other spaces is hardly another phrase.
  static let unmistakable = 12

  /// Whether what was matched has its spaces where the query has them, as far as that can be told.
  func hasSameSpaces(_ matched: ArraySlice<TextUnit>) -> Bool {
    let seen = Array(matched)
    guard seen.count == query.count, query.count < Self.unmistakable else { return true }
    return (1..<max(query.count, 1)).allSatisfy { index in
      (query[index].word != query[index - 1].word) == (seen[index].word != seen[index - 1].word)
        || query[index - 1].mayEnd && seen[index - 1].mayEnd
    }
  }

  /// Whether a first unit is not out of the question, which spares most of the work.
  private func canStart(_ unit: TextUnit) -> Bool {
    likeness(query[0], unit, isUnsure: true) != nil
      || tolerance != .none && query[0].wordLength >= 4
        && (Self.couples.contains { $0.pair.first == query[0].folded && $0.one == unit.folded }
          || Self.couples.contains { $0.one == query[0].folded && $0.pair.first == unit.folded })
  }

  /// The least cost of the whole query against each beginning of the stream; nil when all cost too much.
  private func costs(
    _ stream: [TextUnit], _ slack: Int, _ unsure: [Bool], _ limit: Double
  ) -> [Double]? {
    let none = [Double](repeating: .infinity, count: stream.count + 1)
    // The rows of the last two units of the query and of this one.
    var rows = [none, none, none]
    rows[2][0] = 0
    for i in 1...query.count {
      rows.swapAt(0, 1)
      rows.swapAt(1, 2)
      for j in rows[2].indices { rows[2][j] = .infinity }
      let (low, high) = (max(1, i - slack), min(stream.count, i + slack))
      guard low <= high else { return nil }
      var least = Double.infinity
      for j in low...high {
        var cost = couple(rows, i, j, stream, unsure)
        if let step = likeness(query[i - 1], stream[j - 1], isUnsure: unsure[j - 1]) {
          cost = min(cost, rows[1][j - 1] + step)
        }
        if stream[j - 1].isOptional { cost = min(cost, rows[2][j - 1] + Cost.letterCase) }
        if errors > 0 { cost = min(cost, error(rows, i, j, stream, unsure)) }
        rows[2][j] = cost
        least = min(least, cost)
      }
      // A pair in the next unit may still start from the row before this one.
      if least > limit, rows[1].allSatisfy({ $0 > limit }) { return nil }
    }
    return rows[2]
  }

  // MARK: - Likeness

  /// What it costs to take one unit for the other; nil when they are too different.
  private func likeness(_ wanted: TextUnit, _ seen: TextUnit, isUnsure: Bool) -> Double? {
    if wanted.number != nil || seen.number != nil {
      return Self.isSameNumber(wanted, seen) ? 0 : nil
    }
    if wanted.character == seen.character { return 0 }
    if wanted.folded == seen.folded { return Cost.letterCase }
    guard tolerance == .doubtful, isUnsure else { return nil }
    if Self.isStroke(wanted, seen) || Self.isStroke(seen, wanted) { return Cost.likeness }
    let isAlike = Self.alike.contains { shapes, length in
      (wanted.wordLength >= length || length < 4 && wanted.isInPhrase)
        && shapes.contains(wanted.character) && shapes.contains(seen.character)
    }
    return isAlike ? Cost.likeness : nil
  }

  private static func isSameNumber(_ wanted: TextUnit, _ seen: TextUnit) -> Bool {
    guard let one = wanted.number, var other = seen.number else { return false }
    if one == other { return true }
    // Whether it is the same is not known, which is told later.
    guard seen.mayBeNegative, one.sign == "-" else { return false }
    other.sign = "-"
    return one == other
  }

  /// Whether one is an I or an l and the other the bare stroke that it is read as, even when it stands alone.
  private static func isStroke(_ letter: TextUnit, _ other: TextUnit) -> Bool {
    other.character == "|" && (letter.character == "I" || letter.character == "l")
  }

  /// Shapes that look alike, and how long a word must be for them to count.
  private static let alike: [(shapes: Set<Character>, length: Int)] = [
    (["0", "O", "o"], 2), (["1", "l", "I", "|"], 2), (["5", "S", "s"], 4), (["8", "B"], 4),
    (["2", "Z", "z"], 4), ([".", ","], 4),
  ]

  /// Two letters that look like one.
  private static let couples: [(pair: [Character], one: Character)] = [
    (["r", "n"], "m"), (["v", "v"], "w"), (["c", "l"], "d"),
  ]

  private func couple(
    _ rows: [[Double]], _ i: Int, _ j: Int, _ stream: [TextUnit], _ unsure: [Bool]
  ) -> Double {
    var cost = Double.infinity
    guard tolerance == .doubtful, unsure[j - 1], query[i - 1].wordLength >= 4 else { return cost }
    for couple in Self.couples {
      if i >= 2, stream[j - 1].folded == couple.one, query[i - 1].folded == couple.pair[1],
        query[i - 2].folded == couple.pair[0]
      {
        cost = min(cost, rows[0][j - 1] + Cost.likeness)
      }
      if j >= 2, query[i - 1].folded == couple.one, stream[j - 1].folded == couple.pair[1],
        stream[j - 2].folded == couple.pair[0]
      {
        cost = min(cost, rows[1][j - 2] + Cost.likeness)
      }
    }
    return cost
  }

  // MARK: - Errors

  /// The cost with one more error: a letter wrong, missing or too many.
  private func error(
    _ rows: [[Double]], _ i: Int, _ j: Int, _ stream: [TextUnit], _ unsure: [Bool]
  ) -> Double {
    let (wanted, seen) = (query[i - 1], stream[j - 1])
    guard wanted.wordLength >= 7, wanted.isInside, unsure[j - 1], !wanted.isDigit, !seen.isDigit
    else { return .infinity }
    let before = min(rows[1][j - 1], rows[1][j], rows[2][j - 1])
    // Likenesses are cheap beside errors, so the cost tells how many errors there were.
    guard before < Cost.error * Double(errors) else { return .infinity }
    return before + Cost.error
  }
}
