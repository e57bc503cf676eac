/// Text on its way to a terminal: how wide it is, how it is cut and wrapped, and what it must not contain.
enum TerminalText {
  /// How many columns a text takes; escape sequences must not be in it.
  static func width(_ text: String) -> Int {
    text.utf8.allSatisfy({ $0 < 0x80 })
      ? text.utf8.count : text.reduce(0) { $0 + width($1) }
  }

  /// The text, or as much of it as fits, with `…` at the end if some is missing.
  static func cut(_ text: String, to width: Int) -> String {
    guard self.width(text) > width else { return text }
    guard width > 0 else { return "" }
    var left = width - 1
    let kept = text.prefix { character in
      left -= self.width(character)
      return left >= 0
    }
    return kept + "…"
  }

  /// The text in lines no wider than `width`, broken at spaces; a longer word is left whole.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, self.width(line) + 1 + self.width(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }

  /// The text on one line, with nothing in it that a terminal obeys.
  ///
  /// Names and reasons come from screens, models and files. Line ends and tabs become spaces; other control
  /// characters, and the marks that turn the direction of writing, become visible: `\u{1b}`.
  static func neutral(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}":
        if !result.hasSuffix(" ") { result += " " }
      case _ where isUnsafe(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The lines of a text, each neutral and at most 500 columns wide; at most `limit` of them, the last of which
  /// says how many are missing.
  static func neutralLines(_ text: String, limit: Int) -> [String] {
    let parts = text.split(omittingEmptySubsequences: true) { $0.isNewline }
    let lines = parts.prefix(limit).map { cut(neutral(String($0)), to: 500) }
    guard parts.count > limit else { return lines }
    return lines.dropLast() + ["… and \(parts.count - limit + 1) more lines"]
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true  // C0, DEL and C1
    case 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C: true  // lines and directions
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // interlinear marks and invisible tags
    default: false
    }
  }

  private static func width(_ character: Character) -> Int {
    // A sequence with an emoji presentation selector takes two columns.
    if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    return character.unicodeScalars.map(width).max() ?? 0
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value < 0x20 ? 0 : 1 }
    if isWide(scalar.value) { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return 1
    }
  }

  /// East Asian wide and full width, and pictures (Unicode Standard Annex 11), in ranges.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0x4DBF,
      0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB,
      0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
