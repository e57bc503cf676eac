import Pixels

/// Places that may say what was found elsewhere, though they were read as something else.
///
/// A text that stands there twice and is misread once looks single, and a click on it could go to the
/// wrong one. So a place counts when the recogniser was in doubt and
/// - another, less sure reading of it has the text, or
/// - it differs from the text in one letter.
struct NearMisses {
  /// The shortest text, in units, of which one letter may differ.
  static let shortest = 5

  let text: ScreenText
  let query: String

  /// Those of the places that are not the hit, and are whole labels if the hit is one.
  func places(beside hit: TextHit) -> [TextHit] {
    (doubtful() + nearly()).filter {
      !$0.box.intersects(hit.box) && ($0.isWholeLabel || !hit.isWholeLabel)
    }
  }

  /// Hits in the less sure readings; there nothing more is forgiven.
  private func doubtful() -> [TextHit] {
    guard !text.doubts.isEmpty else { return [] }
    return TextSearch.hits(for: query, in: ScreenText(words: text.doubts))
  }

  private func nearly() -> [TextHit] {
    let wanted = TextUnits.units(of: query)
    let count = query.split(whereSeparator: \.isWhitespace).count
    guard wanted.count >= Self.shortest else { return [] }
    return text.lines.flatMap { line -> [TextHit] in
      guard line.words.count >= count else { return [] }
      return (line.words.lowerBound...line.words.upperBound - count).compactMap { start in
        let words = text.words[start..<start + count]
        guard words.contains(where: { $0.confidence < TextSearch.doubt }),
          Self.differInOneLetter(wanted, words.map { ($0.text, $0.confidence) })
        else { return nil }
        return TextHit(
          box: words.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.box) },
          text: words.map(\.text).joined(separator: " "), score: 0.9,
          isWholeLabel: count == line.words.count)
      }
    }
  }

  /// Whether one letter of a doubtful word is another; a digit in the place of another is another text.
  private static func differInOneLetter(
    _ wanted: [TextUnit], _ words: [(text: String, confidence: Double)]
  ) -> Bool {
    let seen = words.flatMap { word in
      TextUnits.units(of: word.text).map { ($0, word.confidence < TextSearch.doubt) }
    }
    guard seen.count == wanted.count else { return false }
    let other = zip(wanted, seen).filter { $0.folded != $1.0.folded }
    guard let (one, (unit, isUnsure)) = other.first, other.count == 1 else { return false }
    return isUnsure && !(one.isDigit && unit.isDigit)
  }
}
