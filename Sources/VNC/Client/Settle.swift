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

extension SettlePolicy {
  /// For those to whom a look too early costs seconds: an answer may take a second to begin.
  public static let patient = SettlePolicy(quiet: .milliseconds(200), firstChange: .seconds(1))
}

/// How a screen came to rest after an action; durations count from the action.
public enum SettleOutcome: Hashable, Sendable {
  /// The screen changed, last after this time, and then rested.
  case quiet(after: Duration)
  /// Nothing changed but what changes all the time.
  case noEffect(after: Duration)
  /// Nothing changed but what the action was done to, last after this time: a button that shows that it was
  /// pressed, or what came before the action had ended.
  case feedback(after: Duration)
  /// At the limit only these regions, which keep changing, were not at rest.
  case animated([PixelRect], after: Duration)
  /// At the limit the screen was still changing in no regular way.
  case timedOut(after: Duration)
}

/// Decides from damage alone when a screen has settled.
///
/// A value without a clock. Small changes are kept in tracks: places that change again and again. A
/// track that has stayed where it is for three changes and 600 ms is noise: a caret, a spinner, a
/// clock. Text being typed and a bar that fills up grow, so they are not. Noise neither counts as an
/// effect nor disturbs the rest. A change under the pointer alone, such as a button that shows that it was
/// pressed, is an answer of the toolkit and not yet of the application, and so is what came before the action had
/// ended, as a row that is marked by the first press of a double click, or changes in such a place later on: the
/// answer is waited for until `firstChange`, and if nothing else comes, that is what is said. What is still changing at the limit is an animation when the last
/// 600 ms changed nothing but what the 600 ms before had changed.
public struct SettleMachine: Sendable {
  /// How many changes in one place, after the first, make it one that keeps changing.
  private static let repeats = 3
  /// How long they must go on.
  private static let persistence = Duration.milliseconds(600)
  /// The largest box that can be noise.
  private static let noiseWidth = 160
  private static let noiseHeight = 96
  /// The largest box that can be the thing that was clicked: a wide button or a field.
  private static let controlWidth = 640
  private static let controlHeight = 96
  /// How far a box may grow without counting as moved.
  private static let slack = 2
  private static let trackLimit = 32
  private static let recentLimit = 2048
  private static let placeLimit = 64
  /// How far a place reaches that changed during the action: the next letter of a text is beside the last.
  private static let placeReach = (x: 32, y: 4)

  private struct Track {
    var box: PixelRect
    var stableSince: Duration
    var stableCount = 0
    var last: Duration
    /// The last change after the action.
    var lastEffect: Duration?

    var isNoise: Bool { stableCount >= repeats && last - stableSince >= persistence }
  }

  private let policy: SettlePolicy
  private let actedAt: Duration
  private let endedAt: Duration
  private let pointer: ScreenPoint?
  /// Whether anything has changed since the action ended but what it was done to.
  private var hasAnswer = false
  /// The lines and controls that changed while it lasted.
  private var places: [PixelRect] = []
  private var tracks: [Track] = []
  /// The last change that was too large for a track.
  private var lastLarge: Duration?
  /// What changed in the last two stretches of time.
  private var recent: [(rect: PixelRect, time: Duration)] = []

  /// A machine for an action at `actedAt`; all times count from the same moment, whichever it is.
  ///
  /// - Parameters:
  ///   - policy: what counts as settled.
  ///   - actedAt: from when on nothing must have changed for the action to have had no effect.
  ///   - endedAt: when the action ended, at most `actedAt`; nil means then.
  ///   - pointer: where a click was made; nil for anything else.
  public init(
    policy: SettlePolicy, actedAt: Duration, endedAt: Duration? = nil, pointer: ScreenPoint? = nil
  ) {
    self.policy = policy
    self.actedAt = actedAt
    self.endedAt = endedAt ?? actedAt
    self.pointer = pointer
  }

  /// Takes in what changed before the action, the oldest first, to learn what is noise.
  public mutating func remember(_ rects: [PixelRect], at time: Duration) {
    for rect in rects where Self.isSmall(rect) { track(rect, at: time, isEffect: false) }
  }

  /// Takes in what changed since the action began, the oldest first.
  public mutating func changed(_ rects: [PixelRect], at time: Duration) {
    for rect in rects where counts(rect) {
      recent.append((rect, time))
      let isNoise = track(rect, at: time, isEffect: true)
      if time <= endedAt || isInPlace(rect) {
        notePlace(rect)
      } else if !isNoise, !isUnderPointer(rect) {
        hasAnswer = true
      }
    }
    let oldest = time - Self.persistence * 2
    recent.removeAll { $0.time < oldest }
    recent.removeFirst(max(recent.count - Self.recentLimit, 0))
  }

  /// What is known at `now`; nil while it is too early to tell.
  public func outcome(at now: Duration) -> SettleOutcome? {
    let elapsed = max(now - actedAt, .zero)
    if let last = lastEffect {
      if now - last >= policy.quiet, !hasAnswer, now - endedAt >= policy.firstChange {
        return .feedback(after: max(last - actedAt, .zero))
      }
      if now - last >= policy.quiet, hasAnswer {
        return .quiet(after: max(last - actedAt, .zero))
      }
    } else if elapsed >= min(policy.firstChange, policy.limit) {
      return .noEffect(after: elapsed)
    }
    guard elapsed >= policy.limit else { return nil }
    guard let regions = animation(at: now) else { return .timedOut(after: elapsed) }
    return .animated(regions, after: elapsed)
  }

  /// When `outcome` may answer differently although nothing changes.
  var nextLook: Duration {
    let limit = actedAt + policy.limit
    guard let last = lastEffect else { return min(actedAt + policy.firstChange, limit) }
    let answer = hasAnswer ? last : endedAt + policy.firstChange
    return min(max(last + policy.quiet, answer), limit)
  }

  private func isUnderPointer(_ rect: PixelRect) -> Bool {
    guard let pointer, rect.width <= Self.controlWidth, rect.height <= Self.controlHeight else {
      return false
    }
    return rect.insetBy(-4).contains(x: pointer.x, y: pointer.y)
  }

  /// Remembers a line or a control that the action was done to; what is higher is a part of the screen.
  private mutating func notePlace(_ rect: PixelRect) {
    guard rect.height <= Self.controlHeight, places.count < Self.placeLimit else { return }
    places.append(
      PixelRect(
        x: rect.x - Self.placeReach.x, y: rect.y - Self.placeReach.y,
        width: rect.width + 2 * Self.placeReach.x, height: rect.height + 2 * Self.placeReach.y))
  }

  /// Whether a change goes on in the line of one that came while the action lasted.
  private func isInPlace(_ rect: PixelRect) -> Bool {
    places.contains { $0.y <= rect.y && rect.maxY <= $0.maxY && $0.intersects(rect) }
  }

  private var lastEffect: Duration? {
    let small = tracks.lazy.filter { !$0.isNoise }.compactMap(\.lastEffect).max()
    return [small, lastLarge].compactMap(\.self).max()
  }

  /// The places that keep changing, or nil when the changes have moved on to new places.
  private func animation(at now: Duration) -> [PixelRect]? {
    let noise = tracks.filter(\.isNoise).map { $0.box.insetBy(-Self.slack) }
    var before = RectList()
    var lately = RectList()
    for (rect, time) in recent where !noise.contains(where: { $0.intersection(rect) == rect }) {
      if now - time < Self.persistence { lately.add(rect) } else { before.add(rect) }
    }
    let known = before.rects.map { $0.insetBy(-RectList.reach) }
    for rect in lately.rects {
      let rest = known.reduce([rect]) { rest, place in rest.flatMap { $0.subtracting(place) } }
      guard rest.map(\.area).reduce(0, +) * 4 <= rect.area else { return nil }
    }
    for rect in lately.rects { before.add(rect) }
    return before.rects
  }

  // MARK: - Tracks

  private static func isSmall(_ box: PixelRect) -> Bool {
    box.width <= noiseWidth && box.height <= noiseHeight
  }

  private func counts(_ rect: PixelRect) -> Bool {
    !rect.isEmpty && !policy.ignoring.contains { $0.intersection(rect) == rect }
  }

  /// Adds a change to what is known; whether it is noise.
  @discardableResult
  private mutating func track(_ rect: PixelRect, at time: Duration, isEffect: Bool) -> Bool {
    if let index = tracks.firstIndex(where: { Self.belongs(rect, to: $0.box) }) {
      extend(&tracks[index], by: rect, at: time)
      if isEffect { tracks[index].lastEffect = time }
      return tracks[index].isNoise
    }
    if Self.isSmall(rect), tracks.count < Self.trackLimit {
      tracks.append(
        Track(box: rect, stableSince: time, last: time, lastEffect: isEffect ? time : nil))
    } else if isEffect {
      lastLarge = time
    }
    return false
  }

  /// Whether a change is beside a track that stays small with it.
  private static func belongs(_ rect: PixelRect, to box: PixelRect) -> Bool {
    isSmall(box.union(rect)) && box.insetBy(-4).intersects(rect)
  }

  private func extend(_ track: inout Track, by rect: PixelRect, at time: Duration) {
    let isInside = track.box.insetBy(-Self.slack).intersection(rect) == rect
    track.box = track.box.union(rect)
    if !isInside {
      track.stableSince = time
      track.stableCount = 0
    } else if time > track.last {
      track.stableCount += 1
    }
    track.last = max(track.last, time)
  }
}
