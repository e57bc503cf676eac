extension Duration {
  /// Whole milliseconds, rounded towards zero; of a length beyond 30,000 years, as many as those have.
  public var milliseconds: Int {
    let (seconds, attoseconds) = components
    let most: Int64 = 1_000_000_000_000
    guard seconds.magnitude < most else { return Int(seconds < 0 ? -most : most) * 1000 }
    return Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }

  /// Seconds.
  public var seconds: Double { self / .seconds(1) }

  /// A limit or a pause, as people write it: `250ms`, `1.5s`, `5m`.
  public var brief: String {
    let milliseconds = milliseconds
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    if milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000)m" }
    let tenths = milliseconds / 100
    return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
  }

  /// How long something took, as people say it: `0.4s`, `12s`, `1m 02s`, `2h 05m`; never less than nothing.
  public var elapsed: String {
    let tenths = max(0, milliseconds) / 100
    let seconds = tenths / 10
    if tenths < 100 { return "\(seconds).\(tenths % 10)s" }
    if seconds < 60 { return "\(seconds)s" }
    let (large, small) =
      seconds < 3600 ? (seconds / 60, seconds % 60) : (seconds / 3600, seconds / 60 % 60)
    let padded = small < 10 ? "0\(small)" : "\(small)"
    return seconds < 3600 ? "\(large)m \(padded)s" : "\(large)h \(padded)m"
  }
}
