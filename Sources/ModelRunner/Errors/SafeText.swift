extension String {
  /// The beginning of untrusted text, fit to be shown: one line, no control or direction characters.
  func excerpt(_ limit: Int) -> String {
    var result = ""
    var length = 0
    for scalar in unicodeScalars {
      guard length < limit else { return result + "…" }
      length += 1
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: result += " "
      case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
        0xFFF9...0xFFFB:
        result += "�"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text without white space at its ends.
  var trimmedSpaces: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
