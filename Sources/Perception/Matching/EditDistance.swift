/// How far two texts are apart.
enum EditDistance {
  /// 1 for the same, 0 for nothing in common: Levenshtein's distance by the longer text.
  ///
  /// Takes as many steps as the product of the lengths; callers keep the texts short.
  static func likeness(_ one: some Collection<Character>, _ other: some Collection<Character>)
    -> Double
  {
    let longest = max(one.count, other.count)
    guard longest > 0 else { return 1 }
    var row = Array(0...other.count)
    for (i, left) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in other.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(diagonal + (left == right ? 0 : 1), above + 1, row[j] + 1)
        diagonal = above
      }
    }
    return 1 - Double(row[other.count]) / Double(longest)
  }
}
