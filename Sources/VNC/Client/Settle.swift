public import Pixels

/// When a screen counts as settled after an action.
public struct SettlePolicy: Hashable, Sendable {
  /// How long nothing may change.
  public var quiet: Duration
  /// By when something must have changed, or the action had no effect.
  public var firstChange: Duration
  /// The limit for all of it.
  public var limit: Duration
  /// Regions whose changes do not count.
  public var ignoring: [PixelRect]

  /// A policy.
  public init(
    quiet: Duration = .milliseconds(120), firstChange: Duration = .milliseconds(250),
    limit: Duration = .seconds(5), ignoring: [PixelRect] = []
  ) {
    self.quiet = quiet
    self.firstChange = firstChange
    self.limit = limit
    self.ignoring = ignoring
  }
}

/// How a screen came to rest after an action; durations count from the action.
public enum SettleOutcome: Hashable, Sendable {
  /// The screen changed, last after this time, and then rested.
  case quiet(after: Duration)
  /// Nothing changed but what changes all the time.
  case noEffect(after: Duration)
  /// At the limit only these regions, which keep changing, were not at rest.
  case animated([PixelRect], after: Duration)
  /// At the limit the screen was still changing in no regular way.
  case timedOut(after: Duration)
}

/// Decides from damage alone when a screen has settled.
///
/// A value without a clock.
///
/// Changes are kept in tracks: places that change again and again. A small track that has stayed where
/// it is for three changes and 600 ms is noise: a caret, a spinner, a clock. Text being typed and a bar
/// that fills up grow, so they are not. Noise neither counts as an effect nor disturbs the rest.
public struct SettleMachine: Sendable {
  /// How many changes in one place, after the first, make it one that keeps changing.
  static let repeats = 3
  /// How long they must go on.
  static let persistence = Duration.milliseconds(600)
  /// The largest box that can be noise.
  static let noiseWidth = 160
  static let noiseHeight = 96
  /// How far a box may grow without counting as moved.
  private static let slack = 2
  private static let trackLimit = 32

  private struct Track {
    var box: PixelRect
    var stableSince: Duration
    var stableCount = 0
    var last: Duration
    /// The last change after the action.
    var lastEffect: Duration?

    var isSmall: Bool { SettleMachine.isSmall(box) }
    var keepsChanging: Bool { stableCount >= repeats && last - stableSince >= persistence }
    var isNoise: Bool { isSmall && keepsChanging }
  }

  private let policy: SettlePolicy
  private let actedAt: Duration
  private var tracks: [Track] = []

  /// A machine for an action at `actedAt`; all times count from the same moment, whichever it is.
  public init(policy: SettlePolicy, actedAt: Duration) {
    self.policy = policy
    self.actedAt = actedAt
  }

  /// Takes in what changed before the action, the oldest first, to learn what is noise.
  public mutating func remember(_ rects: [PixelRect], at time: Duration) {
    for rect in rects { note(rect, at: time, isEffect: false) }
  }

  /// Takes in what changed after the action.
  public mutating func changed(_ rects: [PixelRect], at time: Duration) {
    for rect in rects { note(rect, at: time, isEffect: true) }
  }

  /// What is known at `now`; nil while it is too early to tell.
  public func outcome(at now: Duration) -> SettleOutcome? {
    let elapsed = max(now - actedAt, .zero)
    if let last = lastEffect {
      if now - last >= policy.quiet { return .quiet(after: max(last - actedAt, .zero)) }
    } else if elapsed >= min(policy.firstChange, policy.limit) {
      return .noEffect(after: elapsed)
    }
    guard elapsed >= policy.limit else { return nil }
    let restless = tracks.filter {
      guard let last = $0.lastEffect, !$0.isNoise else { return false }
      return now - last < max(policy.quiet, Self.persistence)
    }
    guard restless.allSatisfy(\.keepsChanging) else { return .timedOut(after: elapsed) }
    return .animated(restless.map(\.box), after: elapsed)
  }

  /// When `outcome` may answer differently although nothing changes.
  public var nextLook: Duration {
    let limit = actedAt + policy.limit
    guard let last = lastEffect else { return min(actedAt + policy.firstChange, limit) }
    return min(last + policy.quiet, limit)
  }

  private var lastEffect: Duration? {
    tracks.lazy.filter { !$0.isNoise }.compactMap(\.lastEffect).max()
  }

  private static func isSmall(_ box: PixelRect) -> Bool {
    box.width <= noiseWidth && box.height <= noiseHeight
  }

  private mutating func note(_ rect: PixelRect, at time: Duration, isEffect: Bool) {
    guard !rect.isEmpty, !policy.ignoring.contains(where: { $0.intersection(rect) == rect })
    else { return }
    if let index = track(for: rect) {
      extend(&tracks[index], by: rect, at: time, isEffect: isEffect)
      if !tracks[index].isSmall { mergeLarge(into: index) }
    } else {
      tracks.append(
        Track(box: rect, stableSince: time, last: time, lastEffect: isEffect ? time : nil))
    }
  }

  /// A small change belongs to a small track beside it, a large one to a large one that it touches.
  ///
  /// With all tracks taken it belongs to the one that changed last.
  private func track(for rect: PixelRect) -> Int? {
    let found = tracks.firstIndex {
      guard $0.box.insetBy(-4).intersects(rect) else { return false }
      guard Self.isSmall(rect) else { return !$0.isSmall }
      return $0.isSmall && Self.isSmall($0.box.union(rect))
    }
    guard found == nil, tracks.count >= Self.trackLimit else { return found }
    return tracks.indices.max { tracks[$0].last < tracks[$1].last }
  }

  private func extend(
    _ track: inout Track, by rect: PixelRect, at time: Duration, isEffect: Bool
  ) {
    let isInside = track.box.insetBy(-Self.slack).intersection(rect) == rect
    track.box = track.box.union(rect)
    if !isInside {
      track.stableSince = time
      track.stableCount = 0
    } else if time > track.last {
      track.stableCount += 1
    }
    track.last = max(track.last, time)
    if isEffect { track.lastEffect = time }
  }

  private mutating func mergeLarge(into index: Int) {
    var merged = tracks[index]
    tracks.removeAll { other in
      guard !other.isSmall, other.box.intersects(merged.box) else { return false }
      merged.box = merged.box.union(other.box)
      merged.lastEffect = [merged.lastEffect, other.lastEffect].compactMap(\.self).max()
      return true
    }
    tracks.append(merged)
  }
}
