/// Writes the lines of a table of figures.
enum Table {
  /// A heading.
  static func title(_ text: String) { print("\n\(text)") }

  /// `name   1.23 ms   (1.10 to 2.00)`, and what was hoped for.
  static func line(_ name: String, _ times: Times, reach: String? = nil) {
    let spread = "(\(milliseconds(times.quantile(0))) to \(milliseconds(times.quantile(1))))"
    line(
      name, "\(milliseconds(times.median)) ms", "\(spread)\(reach.map { "   reach \($0)" } ?? "")")
  }

  /// Any other figure.
  static func line(_ name: String, _ figure: String, _ note: String = "") {
    print("\(padded(name, 48)) \(padded(figure, 14, atEnd: false))   \(note)")
  }

  /// Milliseconds with three digits that say something.
  static func milliseconds(_ seconds: Double) -> String {
    let value = seconds * 1000
    return decimal(value, digits: value < 1 ? 3 : value < 100 ? 2 : 0)
  }

  /// A number with so many digits after the point; at most three.
  static func decimal(_ value: Double, digits: Int) -> String {
    let scale = [1.0, 10, 100, 1000][min(max(digits, 0), 3)]
    guard let whole = Int(exactly: (value * scale).rounded()) else { return "?" }
    guard digits > 0 else { return "\(whole)" }
    let fraction = String(whole.magnitude % UInt(scale))
    let zeros = String(repeating: "0", count: min(digits, 3) - fraction.count)
    return "\(whole < 0 ? "-" : "")\(whole.magnitude / UInt(scale)).\(zeros)\(fraction)"
  }

  private static func padded(_ text: String, _ width: Int, atEnd: Bool = true) -> String {
    let space = String(repeating: " ", count: max(width - text.count, 0))
    return atEnd ? text + space : space + text
  }
}
