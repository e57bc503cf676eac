import Pixels
import Props
import Testing

@testable import VNC

/// The rules by which a screen counts as settled, one situation after the other.
struct ClientSettleMachineTests {
  private let caret = PixelRect(x: 100, y: 50, width: 2, height: 18)
  private let button = PixelRect(x: 300, y: 200, width: 80, height: 30)
  private let row = PixelRect(x: 0, y: 60, width: 900, height: 24)
  private let window = PixelRect(x: 0, y: 0, width: 600, height: 400)

  /// A change at a time in milliseconds.
  private struct Change {
    let rect: PixelRect
    let at: Int
  }

  /// Plays changes to a machine whose action is at 10 s and returns what it says first, looking every
  /// millisecond, and when.
  private func play(
    _ changes: [Change], before: [Change] = [], policy: SettlePolicy = .init(),
    pointer: ScreenPoint? = nil
  ) -> (outcome: SettleOutcome?, at: Int) {
    let action = 10_000
    var machine = SettleMachine(policy: policy, actedAt: .milliseconds(action), pointer: pointer)
    for change in before { machine.remember([change.rect], at: .milliseconds(change.at)) }
    var rest = changes.sorted { $0.at < $1.at }[...]
    for now in 0...20_000 {
      while let next = rest.first, next.at <= now {
        machine.changed([next.rect], at: .milliseconds(action + next.at))
        rest = rest.dropFirst()
      }
      if let outcome = machine.outcome(at: .milliseconds(action + now)) { return (outcome, now) }
    }
    return (nil, 20_000)
  }

  private func every(
    _ period: Int, _ rect: PixelRect, from start: Int = 0, to end: Int
  ) -> [Change] {
    stride(from: start, to: end, by: period).map { Change(rect: rect, at: $0) }
  }

  @Test func `nothing at all is no effect`() {
    let (outcome, at) = play([])
    #expect(outcome == .noEffect(after: .milliseconds(250)))
    #expect(at == 250)
  }

  @Test func `one change and then rest is quiet`() {
    let (outcome, at) = play([Change(rect: button, at: 30)])
    #expect(outcome == .quiet(after: .milliseconds(30)))
    #expect(at == 150)
  }

  @Test func `a button that shows that it was pressed is not yet an answer`() throws {
    let screen = PixelSize(clampingWidth: 1000, height: 800)
    let pointer = try #require(screen.point(x: 320, y: 210))
    let pressed = [Change(rect: button, at: 10), Change(rect: button, at: 30)]
    let (late, at) = play(pressed + [Change(rect: window, at: 200)], pointer: pointer)
    #expect(late == .quiet(after: .milliseconds(200)))
    #expect(at == 320)
    let (alone, atLast) = play(pressed, pointer: pointer)
    #expect(alone == .feedback(after: .milliseconds(30)))
    #expect(atLast == 250)
    let (elsewhere, atOnce) = play(
      pressed + [Change(rect: caret, at: 40)], pointer: pointer)
    #expect(elsewhere == .quiet(after: .milliseconds(40)))
    #expect(atOnce == 160)
  }

  @Test func `a change just before the deadline still counts`() {
    let (outcome, at) = play([Change(rect: button, at: 249)])
    #expect(outcome == .quiet(after: .milliseconds(249)))
    #expect(at == 369)
  }

  @Test func `what changed before the action had ended is not its answer`() {
    let (alone, at) = play([Change(rect: window, at: -40)])
    #expect(alone == .feedback(after: .zero))
    #expect(at == 250)
    let (answered, atAnswer) = play([Change(rect: row, at: -40), Change(rect: window, at: 150)])
    #expect(answered == .quiet(after: .milliseconds(150)))
    #expect(atAnswer == 270)
    let (elsewhere, _) = play([Change(rect: row, at: -40), Change(rect: button, at: 10)])
    #expect(elsewhere == .quiet(after: .milliseconds(10)))
  }

  @Test func `what goes on where something changed during the action is not its answer`() {
    let letters = (0..<20).map { number in
      Change(
        rect: PixelRect(x: 100 + number * 10, y: 300, width: 10, height: 16), at: number * 5 - 60)
    }
    let (typed, _) = play(letters + [Change(rect: window, at: 180)])
    #expect(typed == .quiet(after: .milliseconds(180)))
    let again = [Change(rect: row, at: -75), Change(rect: row, at: 5)]
    let (marked, _) = play(again + [Change(rect: window, at: 150)])
    #expect(marked == .quiet(after: .milliseconds(150)))
    let (alone, at) = play(again)
    #expect(alone == .feedback(after: .milliseconds(5)))
    #expect(at == 250)
  }

  @Test func `a blink beside a pressed button is no answer`() throws {
    let screen = PixelSize(clampingWidth: 1000, height: 800)
    let pointer = try #require(screen.point(x: 320, y: 210))
    let (outcome, _) = play(
      [Change(rect: button, at: 10), Change(rect: caret, at: 40), Change(rect: window, at: 190)],
      before: every(500, caret, from: 5040, to: 10_000), pointer: pointer)
    #expect(outcome == .quiet(after: .milliseconds(190)))
  }

  @Test func `each change starts the rest anew`() {
    let (outcome, at) = play(every(100, window, from: 50, to: 1000))
    #expect(outcome == .quiet(after: .milliseconds(950)))
    #expect(at == 1070)
  }

  @Test func `a pause as long as the quiet window ends it`() {
    let (outcome, _) = play([Change(rect: window, at: 10), Change(rect: button, at: 131)])
    #expect(outcome == .quiet(after: .milliseconds(10)))
    let (longer, _) = play([Change(rect: window, at: 10), Change(rect: button, at: 129)])
    #expect(longer == .quiet(after: .milliseconds(129)))
  }

  @Test func `a caret that blinked before the action is no effect`() {
    let (outcome, _) = play(
      every(500, caret, from: 120, to: 3000), before: every(500, caret, from: 5120, to: 10_000))
    #expect(outcome == .noEffect(after: .milliseconds(250)))
  }

  @Test func `a caret that blinked before the action does not disturb its rest`() {
    let policy = SettlePolicy(quiet: .milliseconds(700))
    let (outcome, at) = play(
      every(500, caret, from: 120, to: 4000) + [Change(rect: button, at: 60)],
      before: every(500, caret, from: 5120, to: 10_000), policy: policy)
    #expect(outcome == .quiet(after: .milliseconds(60)))
    #expect(at == 760)
  }

  @Test func `a caret is learned while it blinks`() {
    let policy = SettlePolicy(quiet: .milliseconds(700))
    let (outcome, at) = play(
      [Change(rect: window, at: 20)] + every(500, caret, from: 400, to: 10_000), policy: policy)
    #expect(outcome == .quiet(after: .milliseconds(20)))
    #expect(at == 1900)
  }

  @Test func `a spinner is learned after a while`() {
    let spinner = PixelRect(x: 400, y: 300, width: 32, height: 32)
    let (outcome, at) = play(
      [Change(rect: window, at: 20)] + every(33, spinner, from: 40, to: 9000))
    #expect(outcome == .quiet(after: .milliseconds(20)))
    #expect((640..<720).contains(at))
  }

  @Test func `a clock that shows seconds is noise`() {
    let clock = PixelRect(x: 900, y: 4, width: 60, height: 14)
    let digit = PixelRect(x: 950, y: 4, width: 10, height: 14)
    let before =
      every(1000, clock, from: 100, to: 5000) + every(1000, digit, from: 5100, to: 10_000)
    let (outcome, _) = play([Change(rect: digit, at: 100)], before: before)
    #expect(outcome == .noEffect(after: .milliseconds(250)))
  }

  @Test func `two carets are two noises`() {
    let other = PixelRect(x: 500, y: 50, width: 2, height: 18)
    let before =
      every(500, caret, from: 5000, to: 10_000) + every(400, other, from: 5000, to: 10_000)
    let (outcome, _) = play(
      [Change(rect: caret, at: 10), Change(rect: other, at: 200)],
      before: before.sorted { $0.at < $1.at })
    #expect(outcome == .noEffect(after: .milliseconds(250)))
  }

  @Test func `text that grows at the caret is no noise`() {
    let before = every(500, caret, from: 5000, to: 10_000)
    let letters = (0..<10).map {
      Change(rect: PixelRect(x: 100 + $0 * 9, y: 50, width: 11, height: 18), at: 30 + $0 * 80)
    }
    let (outcome, _) = play(letters, before: before)
    #expect(outcome == .quiet(after: .milliseconds(750)))
  }

  @Test func `a bar that fills up is awaited`() {
    let steps = (0..<40).map {
      Change(rect: PixelRect(x: 200 + $0 * 4, y: 300, width: 4, height: 12), at: 20 + $0 * 50)
    }
    let (outcome, _) = play(steps)
    #expect(outcome == .quiet(after: .milliseconds(1970)))
  }

  @Test func `a film is an animation with its place`() {
    let film = PixelRect(x: 100, y: 100, width: 640, height: 360)
    let (outcome, at) = play([Change(rect: button, at: 20)] + every(40, film, from: 0, to: 9000))
    #expect(outcome == .animated([film], after: .seconds(5)))
    #expect(at == 5000)
  }

  @Test func `a film on a page that has just been drawn is told from the page`() {
    let film = PixelRect(x: 100, y: 100, width: 640, height: 360)
    let page = PixelRect(x: 0, y: 0, width: 1280, height: 800)
    let (outcome, _) = play([Change(rect: page, at: 5)] + every(40, film, from: 20, to: 9000))
    #expect(outcome == .animated([film], after: .seconds(5)))
  }

  @Test func `changes all over the place are no animation`() {
    let wandering = (0..<200).map {
      Change(
        rect: PixelRect(x: $0 * 37 % 1200, y: $0 * 71 % 700, width: 20, height: 20), at: $0 * 50)
    }
    let (outcome, at) = play(wandering)
    #expect(outcome == .timedOut(after: .seconds(5)))
    #expect(at == 5000)
  }

  @Test func `a film beside work that goes on is no animation`() {
    let film = PixelRect(x: 100, y: 100, width: 640, height: 360)
    let work = (0..<100).map {
      Change(rect: PixelRect(x: $0 * 10, y: 600, width: 10, height: 12), at: $0 * 50)
    }
    let (outcome, _) = play(every(40, film, from: 0, to: 9000) + work)
    #expect(outcome == .timedOut(after: .seconds(5)))
  }

  @Test func `the film stops and the screen is quiet`() {
    let film = PixelRect(x: 100, y: 100, width: 640, height: 360)
    let (outcome, _) = play(every(40, film, from: 0, to: 2001))
    #expect(outcome == .quiet(after: .milliseconds(2000)))
  }

  @Test func `ignored regions do not count`() {
    let policy = SettlePolicy(ignoring: [PixelRect(x: 0, y: 0, width: 640, height: 480)])
    let (outcome, _) = play(every(40, window, to: 9000), policy: policy)
    #expect(outcome == .noEffect(after: .milliseconds(250)))
    let partly = PixelRect(x: 600, y: 400, width: 100, height: 100)
    let (other, _) = play([Change(rect: partly, at: 10)], policy: policy)
    #expect(other == .quiet(after: .milliseconds(10)))
  }

  @Test func `a limit shorter than the first deadline holds`() {
    let policy = SettlePolicy(limit: .milliseconds(100))
    #expect(play([], policy: policy).outcome == .noEffect(after: .milliseconds(100)))
    let busy = play(every(10, button, to: 500), policy: policy)
    #expect(busy.outcome == .timedOut(after: .milliseconds(100)))
  }

  @Test func `empty rectangles are nothing`() {
    let (outcome, _) = play([Change(rect: PixelRect(x: 5, y: 5, width: 0, height: 9), at: 10)])
    #expect(outcome == .noEffect(after: .milliseconds(250)))
  }

  @Test func `the next look is never later than an answer`() {
    var machine = SettleMachine(policy: .init(), actedAt: .zero)
    #expect(machine.nextLook == .milliseconds(250))
    machine.changed([button], at: .milliseconds(200))
    #expect(machine.nextLook == .milliseconds(320))
    #expect(machine.outcome(at: .milliseconds(319)) == nil)
    #expect(machine.outcome(at: .milliseconds(320)) != nil)
    machine.changed([button], at: .milliseconds(4990))
    #expect(machine.nextLook == .seconds(5))
    #expect(machine.outcome(at: .seconds(5)) != nil)
  }

  @Test func `any changes get an answer within the limit`() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let changes = (0..<random.below(300)).map { _ in
        Change(
          rect: PixelRect(
            x: random.below(1200), y: random.below(700), width: random.below(400),
            height: random.below(300)), at: random.below(6000))
      }
      #expect(play(changes).outcome != nil)
    }
  }
}
