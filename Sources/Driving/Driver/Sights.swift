internal import Pixels
internal import Scenario
internal import Story

/// The pictures of an attempt that an effect may be about.
struct Sights: Sendable {
  /// The last picture.
  private(set) var latest: KeptFrame?
  /// The last picture when the last action was decided: a field is compared with it.
  private(set) var beforeAction: KeptFrame?
  /// The picture that the model was shown last.
  private var shown: KeptFrame?

  /// Takes in what was seen by an effect.
  mutating func keep(_ seen: KeptFrame?, after effect: Effect) {
    switch effect {
    case .act: beforeAction = latest
    case .think: shown = latest
    default: break
    }
    latest = seen ?? latest
  }

  /// The last picture.
  func last() throws(Fault) -> KeptFrame {
    guard let latest else {
      throw Fault(.harness, "internal error: nothing was observed before this")
    }
    return latest
  }

  /// The picture of a reference; nil is the last one.
  func frame(_ reference: FrameReference?) throws(Fault) -> Frame {
    guard let reference else { return try last().frame }
    for kept in [latest, beforeAction, shown] {
      if let kept, kept.reference == reference { return kept.frame }
    }
    throw Fault(.harness, "internal error: the picture \(reference.sequence) is not kept any more")
  }
}
