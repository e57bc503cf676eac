/// Numbers with units, as people write them.
public enum Units {
  /// The longest duration that is read.
  public static let longestDuration = Duration.seconds(7 * 24 * 3600)

  /// Reads `500ms`, `1.5s`, `5m`, `1h`, `1m30s`, the largest unit first and each once; nil for anything else,
  /// also for a number without a unit.
  public static func duration(_ text: String) -> Duration? {
    var rest = text.utf8[...]
    var total = Duration.zero
    var last = Int.max
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      guard let (value, scale) = number(&rest), let unit = unit(&rest), unit < last else {
        return nil
      }
      last = unit
      total += .nanoseconds(value) * unit / scale
      guard total <= longestDuration else { return nil }
    }
    return total
  }

  /// Digits with an optional fraction: the digits as a whole number, and what they are divided by.
  private static func number(_ rest: inout Substring.UTF8View) -> (Int64, Int)? {
    let whole = digits(&rest)
    guard !whole.isEmpty else { return nil }
    var fraction = ""
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = digits(&rest)
      guard !fraction.isEmpty else { return nil }
    }
    guard whole.count + fraction.count <= 9, let value = Int64(whole + fraction) else { return nil }
    return (value, (0..<fraction.count).reduce(1) { scale, _ in scale * 10 })
  }

  private static func digits(_ rest: inout Substring.UTF8View) -> String {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest.removeFirst(digits.count)
    return String(Substring(digits))
  }

  /// The nanoseconds of a unit.
  private static func unit(_ rest: inout Substring.UTF8View) -> Int? {
    let letters = rest.prefix { (0x61...0x7A).contains($0) }
    rest.removeFirst(letters.count)
    switch String(Substring(letters)) {
    case "ms": return 1_000_000
    case "s": return 1_000_000_000
    case "m": return 60_000_000_000
    case "h": return 3_600_000_000_000
    default: return nil
    }
  }

  /// A duration as it would be written: `1m30s`, `500ms`.
  public static func text(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    let parts = [
      (milliseconds / 3_600_000, "h"), (milliseconds / 60_000 % 60, "m"),
      (milliseconds / 1000 % 60, "s"), (milliseconds % 1000, "ms"),
    ]
    let text = parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
  }
}
