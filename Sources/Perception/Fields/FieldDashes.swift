import Pixels

// Dashes in a field say much of its value, and are so small that they are lost in reading.
extension FieldPicture {
  /// Whether its text begins with a minus.
  var beginsWithMinus: Bool {
    guard pieces.count > 1, Self.isDash(pieces[0], beside: pieces[1]) else { return false }
    return !Self.isDash(pieces[1], beside: pieces[0])
  }

  /// Whether its text ends with dashes in the place of signs that are not filled: `06:05 --`.
  var endsOpen: Bool {
    guard pieces.count > 2, let last = pieces.last else { return false }
    let before = pieces[pieces.count - 2]
    guard last.isLike(before), let letter = pieces.first(where: { !Self.isFlat($0) }) else {
      return false
    }
    return Self.isDash(last, beside: letter) && Self.isDash(before, beside: letter)
  }

  private static func isFlat(_ piece: Ink.Piece) -> Bool {
    piece.width >= 3 && piece.height * 2 <= piece.width
  }

  /// Whether a piece is a dash: flat, and in the middle of a letter's height.
  private static func isDash(_ piece: Ink.Piece, beside letter: Ink.Piece) -> Bool {
    isFlat(piece) && piece.width <= letter.height
      && piece.top >= letter.top + letter.height / 4
      && piece.bottom <= letter.bottom - letter.height / 8
  }
}
