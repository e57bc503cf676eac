internal import Pixels
internal import Story

/// An action on its way: proposed, compared with the screen, allowed, done.
struct DeedRun: Hashable, Sendable {
  let proposal: Proposal
  /// What must be as it was for it to be done.
  let lookedAt: [LookedAt]
  /// How much of that was compared.
  var compared = 0
  /// Whether a person allowed it.
  var isAllowed = false
  /// Whether an effect that comes late was waited for.
  var isWaitedOut = false

  /// What is to be compared next; nil when all was.
  var next: LookedAt? { lookedAt.dropFirst(compared).first }

  /// A part of the screen that must be as it was on a picture.
  struct LookedAt: Hashable, Sendable {
    let patch: PixelRect
    /// The picture; nil is the last one.
    var since: FrameReference?
  }
}
