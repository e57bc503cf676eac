/// Finds what a person probably meant.
enum Suggestion {
  /// The candidate nearest to a word, if one is near enough.
  ///
  /// A candidate that starts with the word wins; otherwise the fewest edits, at most one for each three letters.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.lowercased().utf8)
    guard (1...64).contains(letters.count) else { return nil }
    if letters.count >= 2, let longer = candidates.first(where: { $0.hasPrefix(word) }) {
      return longer
    }
    let limit = max(1, letters.count / 3)
    let ranked = candidates.map { ($0, distance(letters, Array($0.lowercased().utf8))) }
    return ranked.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// The fewest insertions, removals, replacements and swaps of neighbours that turn one into the other.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(
          last[column] + (byte == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
