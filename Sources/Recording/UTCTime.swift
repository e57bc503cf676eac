internal import Durations
internal import Glibc

/// A moment on the wall clock, in whole milliseconds, shown in UTC.
public struct UTCTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Milliseconds since the start of 1970, in the years 1970…9999.
  public let milliseconds: Int64

  private static let range: ClosedRange<Int64> = 0...253_402_300_799_999

  /// A moment; one outside the years 1970…9999 is brought to their edge.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// Now: for names and reports only, never for measuring.
  public static var now: UTCTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTCTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The moment so long after this one.
  public func advanced(by duration: Duration) -> UTCTime {
    UTCTime(milliseconds: milliseconds + Int64(duration.milliseconds))
  }

  /// `2026-11-20T12:00:00Z`, the milliseconds left out.
  public var description: String { text(separator: ":") }

  /// `2026-11-20T12-00-00Z`: the form that may stand in a file name.
  public var fileName: String { text(separator: "-") }

  /// Reads `2026-11-20T12:00:00Z`; nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20, bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "Z") else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int64? {
      let digits = bytes[range]
      guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    self.init(milliseconds: (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
    // A field out of range moves the date, and separators are not looked at: compare the whole.
    guard description == text else { return nil }
  }

  /// Earlier is less.
  public static func < (left: UTCTime, right: UTCTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  private func text(separator: String) -> String {
    let seconds = milliseconds / 1000
    let (year, month, day) = Self.date(days: seconds / 86_400)
    let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { Self.pad($0, 2) }
    return "\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(day, 2))T"
      + time.joined(separator: separator) + "Z"
  }

  private static func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The day of the proleptic Gregorian calendar, counted in years that start in March, so that the leap day
  /// is the last of its year.
  private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1
    )
  }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
