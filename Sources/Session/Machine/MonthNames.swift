/// The names of the months in the languages of Europe that fields show dates in.
enum MonthNames {
  /// Which months, from 1, a word may stand for; empty where it is the name of none.
  ///
  /// - Parameter word: in small letters.
  static func numbers(of word: String) -> Set<Int> {
    guard word.count >= 3 else { return [] }
    return Set(
      beginnings.indices.filter { month in
        beginnings[month].contains { word.hasPrefix($0) }
      }.map { $0 + 1 })
  }

  /// What the names of each month begin with.
  private static let beginnings: [[String]] = [
    ["jan", "ene", "gen", "sty", "led"],
    ["feb", "fev", "fév", "lut", "úno"],
    ["mar", "mär", "mrt", "maa", "bře"],
    ["apr", "avr", "abr", "kwi", "dub"],
    ["may", "mai", "maj", "mag", "mei", "kvě"],
    ["jun", "juin", "giu", "cze", "čer"],
    ["jul", "juil", "lug", "lip", "čer"],
    ["aug", "aoû", "aou", "ago", "sie", "srp"],
    ["sep", "set", "wrz", "zář"],
    ["oct", "okt", "ott", "out", "paź", "říj"],
    ["nov", "lis"],
    ["dec", "dez", "dic", "déc", "gru", "pro"],
  ]
}
