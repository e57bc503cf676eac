import Pixels

/// Tells an x from a cross that is drawn as a sign: an x is the same from left and from right.
enum CrossSign {
  /// What the recogniser takes such signs for.
  private static let letters: Set<String> = ["x", "X", "×"]

  /// Whether a word is read as an x and is not drawn like one.
  static func isLike(
    _ word: RecognisedWord, _ box: PixelRect, _ line: InkLine, _ ink: InkComponents
  )
    -> Bool
  {
    guard letters.contains(word.text) else { return false }
    let pieces = line.members.map { ink.components[$0] }
      .filter { box.contains(x: $0.box.center.x, y: $0.box.center.y) }
    guard pieces.count == 1, let piece = pieces.first else { return false }
    let middle = piece.box.x + piece.box.maxX
    var (all, apart) = (0, 0)
    for run in ink.runs[piece.runs] {
      let mirrored = (start: middle - Int(run.end), end: middle - Int(run.start))
      let own = ink.runs[piece.runs].lazy.filter { $0.y == run.y }
      let shared = own.reduce(0) {
        $0 + max(min(Int($1.end), mirrored.end) - max(Int($1.start), mirrored.start), 0)
      }
      all += Int(run.end - run.start)
      apart += Int(run.end - run.start) - shared
    }
    return apart * 100 > all * 16
  }
}
