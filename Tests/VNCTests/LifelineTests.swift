import Testing

@testable import VNC

/// Who may end a connection, and when.
struct LifelineTests {
  @Test func `a limit for connecting does nothing once the connection stands`() {
    let lifeline = Lifeline()
    #expect(lifeline.finishOpening())
    lifeline.cut(.timedOut)
    lifeline.cut(.cancelled)
    #expect(lifeline.end == nil)
    lifeline.cut(.closed)
    #expect(lifeline.end == .closed)
  }

  @Test func `a connection that was broken off does not stand`() {
    let lifeline = Lifeline()
    lifeline.cut(.timedOut)
    #expect(!lifeline.finishOpening())
    lifeline.cut(.closed)
    #expect(lifeline.end == .timedOut, "the first reason stays")
  }
}
