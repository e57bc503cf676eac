internal import Story

/// What a person has ordered so far, and what came of it.
struct Steering: Hashable, Sendable {
  /// What the attempt does when it goes on.
  enum Then: Hashable, Sendable {
    /// The step that was about to begin begins.
    case begin
    /// What was about to be asked for is asked for.
    case want(Effect)
    /// The step ends like that.
    case end(Ending)
    /// The step is tried again on the target that was attached.
    case tryAgain
  }

  /// A hold: nothing happens until a person lets it.
  struct Held: Hashable, Sendable {
    var then: Then
    /// When it began, in the time of the clock.
    let since: Duration
  }

  /// The hold; nil while the attempt runs.
  private(set) var held: Held?
  /// How long all holds took that are over.
  private(set) var heldFor: Duration = .zero
  /// The boundary that is held at next.
  var until: Order.Boundary?
  /// The steps that are held before.
  var stops: Set<Int> = []
  /// Whether a step is held that is about to fail.
  var stopsOnFailure = false
  /// What the attempt was held before, and is done now.
  var leaving: Effect?
  /// Whether nobody is asked any more, because somebody asked to stop.
  var isLeft = false
  /// Whether a person changed the course.
  var isSteered = false

  /// Begins to hold.
  mutating func hold(_ then: Then, at clock: Duration) {
    held = Held(then: then, since: clock)
    until = nil
  }

  /// Ends the hold, and counts its time.
  mutating func letGo(at clock: Duration) {
    if let held { heldFor += max(.zero, clock - held.since) }
    held = nil
  }

  /// Goes on otherwise than was meant.
  mutating func change(to then: Then) { held?.then = then }

  /// The time of the clock less what was held.
  func running(at clock: Duration) -> Duration {
    max(.zero, (held?.since ?? clock) - heldFor)
  }
}
