public import Pixels

/// A picture that was on the screen for a while.
public struct ScreenMoment: Sendable {
  let moment: FrameHistory.Moment
  /// How long ago it appeared.
  public let age: Duration

  /// The update that made it.
  public var sequence: UInt64 { moment.sequence }
  /// What of it differs from the moment before, in tiles; nil is all.
  public var changes: [PixelRect]? { moment.changes }
  /// The picture, put together now.
  public var frame: Frame? { moment.frame }
}

extension VNCConnection {
  /// What the screen showed after an update, oldest first, the current picture last.
  ///
  /// Each picture that was there for at least 80 ms is among them, as far as memory allows: see
  /// `VNCOptions.historyLimit`.
  ///
  /// - Returns: the pictures, and whether none since then was dropped.
  public func past(
    since sequence: UInt64
  ) throws(VNCError) -> (moments: [ScreenMoment], isWhole: Bool) {
    try check()
    let now = self.now
    let moments = history.moments(since: sequence).map {
      ScreenMoment(moment: $0, age: now - $0.time)
    }
    return (moments, history.isWhole(since: sequence))
  }
}
