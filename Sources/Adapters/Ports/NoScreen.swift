internal import Driving
internal import Pixels
internal import Scenario
internal import Story

/// The screen of a target that has none: it is up at once, and shows nothing.
struct NoScreen: ScreenPort {
  /// The host that is worked on.
  let address: String

  func prepare() async throws(Fault) -> ScreenInfo {
    ScreenInfo(size: PixelSize(clampingWidth: 1, height: 1), description: "no screen, \(address)")
  }

  func frame(settled: Bool) async throws(Fault) -> Frame { throw nothing }
  func perform(_ action: Action) async throws(Fault) { throw nothing }
  func settle(quiet: Duration?, isPatient: Bool) async throws(Fault) -> Settling { throw nothing }
  func awaitChange(after sequence: UInt64, upTo limit: Duration) async throws(Fault) -> Bool {
    throw nothing
  }
  func isUnchanged(_ patch: PixelRect, since frame: Frame) async throws(Fault) -> Bool {
    throw nothing
  }
  func past(since sequence: UInt64) async throws(Fault) -> ScreenPast { throw nothing }
  func recover() async throws(Fault) -> ScreenInfo { throw nothing }
  func close() async {}

  private var nothing: Fault {
    Fault(
      .scenario,
      "the target has no screen: add desktop, vnc or demo to it, or leave this step out")
  }
}
