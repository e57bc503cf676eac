/// Keeps a few changing lines below the text that scrolls by, with plain cursor movements.
///
/// Between two writes the cursor stands at the start of the line below, so that a process that is killed
/// leaves a usable terminal.
struct LiveScreen: Equatable, Sendable {
  /// The widths of the lines that stand there.
  private var widths: [Int] = []
  /// The lines as they were written last.
  private var shown: [String] = []
  private var columns = 0

  /// What to write so that `text` stands above and `lines` below; empty when nothing changes.
  ///
  /// - Parameters:
  ///   - text: whole lines that stay.
  ///   - lines: each with its width in columns; none wider than the terminal.
  ///   - columns: the terminal's width now.
  mutating func update(text: String, lines: [String], columns: Int) -> String {
    guard !text.isEmpty || lines != shown || columns != self.columns else { return "" }
    guard !(widths.isEmpty && lines.isEmpty) else { return text }
    // The terminal folds lines anew when it becomes narrower.
    let height = widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
    shown = lines
    widths = lines.map { TerminalText.width(TerminalText.plain($0)) }
    self.columns = columns
    let up = height > 0 ? "\u{1B}[\(height)A" : ""
    let body = text + lines.map { $0 + "\n" }.joined()
    return "\u{1B}[?25l\(up)\r\u{1B}[J\(body)\u{1B}[?25h"
  }
}

extension TerminalText {
  /// The text without the colours that `Style` gives it.
  static func plain(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var result = ""
    var isInside = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" { isInside = true }
      if !isInside { result.unicodeScalars.append(scalar) }
      if scalar == "m" { isInside = false }
    }
    return result
  }
}
