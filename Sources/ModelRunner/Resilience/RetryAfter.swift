extension Duration {
  /// A `Retry-After` header: whole seconds, or a moment (RFC 9110, 10.2.3).
  ///
  /// Anything else, and a moment that has passed, is no wish.
  ///
  /// - Parameter now: seconds since 1970 in UTC.
  init?(retryAfter text: String?, now: Int) {
    guard let text else { return nil }
    if text.utf8.count <= 9, let seconds = Int(text), seconds >= 0 {
      self = .seconds(seconds)
    } else if let moment = HTTPDate.seconds(text), moment > now {
      let (wait, overflow) = moment.subtractingReportingOverflow(now)
      guard !overflow else { return nil }
      self = .seconds(wait)
    } else {
      return nil
    }
  }
}

/// The one form of a date that HTTP still allows to be sent: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; nil for any other form, and for a day or an hour that does not exist.
  static func seconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 29, text.hasSuffix(" GMT"), bytes[3] == UInt8(ascii: ","),
      [4, 7, 11, 16].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }),
      [19, 22].allSatisfy({ bytes[$0] == UInt8(ascii: ":") }),
      let day = number(bytes[5..<7]), let year = number(bytes[12..<16]),
      let hour = number(bytes[17..<19]), let minute = number(bytes[20..<22]),
      let second = number(bytes[23..<25]),
      let month = months.firstIndex(of: String(decoding: bytes[8..<11], as: UTF8.self)),
      hour < 24, minute < 60, second <= 60, year >= 1, (1...length(month, year)).contains(day)
    else { return nil }
    let days = daysSince1970(year, month, day)
    // The first of January 1970 was a Thursday.
    guard weekdays[(days % 7 + 7) % 7] == String(decoding: bytes[..<3], as: UTF8.self) else {
      return nil
    }
    return ((days * 24 + hour) * 60 + minute) * 60 + second
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.reduce(0 as Int?) { number, byte in
      guard let number, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      return number * 10 + Int(byte - UInt8(ascii: "0"))
    }
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Days of a month, which counts from 0.
  private static func length(_ month: Int, _ year: Int) -> Int {
    month == 1 ? (isLeap(year) ? 29 : 28) : [3, 5, 8, 10].contains(month) ? 30 : 31
  }

  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = year - 1
    let years = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    return years + (0..<month).reduce(day - 1) { $0 + length($1, year) }
  }
}
