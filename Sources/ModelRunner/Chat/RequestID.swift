/// The name of one chat call, for the journal and for the server's log.
///
/// All attempts of a call share it; on the wire each attempt adds its own number.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
  /// 128 bits as 32 hexadecimal digits in lower case.
  public let text: String

  /// An ID from chance.
  ///
  /// - Parameter random: gives numbers in 0..<1.
  public init(random: () -> Double) {
    text = (0..<4).map { _ in Self.digits(random()) }.joined()
  }

  /// An ID that was written down; nil when the text is not 32 hexadecimal digits in lower case.
  public init?(_ text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy(Self.isDigit) else { return nil }
    self.text = text
  }

  /// The text.
  public var description: String { text }

  /// What the `X-Request-Id` header of an attempt says.
  ///
  /// Never the same twice: an engine that takes the header for its own id refuses one that is in use.
  func header(attempt: Int) -> String { "\(text)-\(attempt)" }

  private static func digits(_ random: Double) -> String {
    let share = random.isFinite ? min(max(random, 0), 1) : 0
    let text = String(UInt32(min(share * 0x1p32, 0x1p32 - 1)), radix: 16)
    return String(repeating: "0", count: 8 - text.utf8.count) + text
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
