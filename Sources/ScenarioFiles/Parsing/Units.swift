internal import Durations

extension Units {
  /// Reads `1280x800`; nil unless both sides are in 64…8192.
  static func size(_ text: String) -> (width: Int, height: Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let width = Int(parts[0]), let height = Int(parts[1]), (64...8192).contains(width),
      (64...8192).contains(height)
    else { return nil }
    return (width, height)
  }

  /// Reads `0.1%` or a share such as `0.001`; nil unless it is in 0…1.
  static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    let digits = isPercent ? text.dropLast() : text[...]
    guard !digits.isEmpty,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
      let number = Double(digits)
    else { return nil }
    let share = isPercent ? number / 100 : number
    return (0...1).contains(share) ? share : nil
  }
}
