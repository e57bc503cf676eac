public import Pixels
public import Scenario

/// What a person asks of an attempt from outside, beside what happens to it.
///
/// Orders are taken between effects: none is cut off by one, or done twice for one. Those that change the
/// course make the attempt a steered one, which is never a clean pass.
public enum Order: Hashable, Codable, Sendable {
  /// Hold before whatever is to be done next.
  case hold
  /// Go on to the next boundary of a kind; without one, to a step that was named, or to the end.
  case goOn(until: Boundary?)
  /// Hold before these steps, by the numbers in their `StepInfo`, and before no others.
  case holdBefore(steps: [Int])
  /// Hold, or do not, where a step is about to end in a failure or an error.
  case holdOnFailure(Bool)
  /// Leave the step, undone or as far as it is done.
  case skip
  /// Do the step again from its beginning.
  case retry
  /// Go back to a step, by the number in its `StepInfo`.
  case rewind(to: Int)
  /// Put a step in the place of one that is still to come, or that is held.
  case replace(step: Int, with: Step)
  /// Do a step before the one that is held, and hold again.
  case insert(Step)
  /// Give a result another value.
  case setResult(name: String, value: String)
  /// The target was attached again, with a screen of this size.
  case reattached(size: PixelSize)

  /// Where an attempt may hold.
  public enum Boundary: String, Hashable, Codable, Sendable, CaseIterable {
    /// Before a step.
    case step
    /// Before something is done to the target.
    case action
    /// Before anything at all.
    case effect
  }
}
