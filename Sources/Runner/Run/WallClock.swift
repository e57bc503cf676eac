internal import FoundationEssentials
internal import Recording

/// The time of day: for names and reports only, never for measuring.
enum WallClock {
  /// Now.
  static var now: UTCTime {
    UTCTime(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}
