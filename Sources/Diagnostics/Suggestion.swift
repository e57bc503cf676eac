/// Finds what somebody most likely meant.
public enum Suggestion {
  /// The candidate nearest to a word; nil when none is near.
  ///
  /// Near is an edit distance of at most a third of the word (at least 1): a letter too many, too few,
  /// another, or two exchanged. Case counts nothing, nor does `-` for `_`. A word of three letters or
  /// more that only one candidate starts with means that one.
  public static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = normalized(word)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let known = candidates.map { (name: $0, letters: normalized($0)) }
    let near =
      known
      .filter { abs($0.letters.count - wanted.count) <= max(wanted.count / 3, 1) }
      .map { (name: $0.name, distance: distance($0.letters, wanted)) }
      .min { $0.distance < $1.distance }
    if let near, near.distance <= max(wanted.count / 3, 1) { return near.name }
    let longer = known.filter { wanted.count >= 3 && $0.letters.starts(with: wanted) }
    return longer.count == 1 ? longer[0].name : nil
  }

  /// `did you mean “click”?`; nil when nothing is near.
  public static func question(for word: String, among candidates: some Sequence<String>) -> String?
  {
    closest(to: word, among: candidates).map { "did you mean “\($0)”?" }
  }

  /// The candidates, those first that are nearest to a word; equally near ones stay in their order.
  ///
  /// Of a word or a candidate only the first 64 letters count.
  public static func nearestFirst(to word: String, among candidates: [String]) -> [String] {
    let wanted = Array(normalized(word).prefix(64))
    let known = candidates.enumerated().map { index, name in
      (name: name, index: index, distance: distance(Array(normalized(name).prefix(64)), wanted))
    }
    return known.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.map(\.name)
  }

  private static func normalized(_ word: String) -> [Character] {
    word.lowercased().map { $0 == "-" ? "_" : $0 }
  }

  /// Insertions, removals, replacements and exchanges of neighbours, each counted once.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(last[column + 1] + 1, current[column] + 1)
        best = min(best, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
