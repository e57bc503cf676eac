internal import Pixels
internal import VNC

/// How often and how long settling is wrong, on scripted screens and in virtual time.
enum SettleSuite {
  /// A change of a part of the screen, in milliseconds after the click.
  private struct Change {
    let rect: PixelRect
    let at: Int
  }

  /// A screen: what changes before and after a click, and when its last change that matters is.
  private struct Script {
    var before: [Change] = []
    var after: [Change] = []
    var last: Int { after.filter { $0.rect.area > 200 }.map(\.at).max() ?? 0 }
  }

  private static let button = PixelRect(x: 300, y: 200, width: 80, height: 30)
  private static let page = PixelRect(x: 0, y: 0, width: 900, height: 600)
  private static let caret = PixelRect(x: 100, y: 50, width: 2, height: 18)
  private static let kinds = ["a page", "a button, then a page", "bursts", "a caret and a page"]

  /// Prints a table; it takes no time worth measuring.
  static func run(_ runs: Int) {
    for (name, policy) in [("default", SettlePolicy()), ("for models", SettlePolicy.patient)] {
      Table.title("Settling, \(name): answers 0 to 2 s after a click, in virtual time")
      for (index, kind) in kinds.enumerated() {
        let results = (0..<2000).map { play(script(index, number: $0), policy) }
        report(kind, results)
      }
    }
  }

  /// One of many screens of a kind; the numbers spread the answers evenly over two seconds.
  private static func script(_ kind: Int, number: Int) -> Script {
    let answer = number
    var script = Script()
    switch kind {
    case 0: script.after = [Change(rect: page, at: answer)]
    case 1:
      script.after =
        [15, 35].map { Change(rect: button, at: $0) }
        + [Change(rect: page, at: max(answer, 36))]
    case 2:
      let gap = 20 + number % 80
      script.after = (0..<6).map { Change(rect: page, at: answer + $0 * gap) }
    default:
      let phase = number % 500
      script.before = (1...10).map { Change(rect: caret, at: phase - $0 * 500) }
      script.after =
        (0...8).map { Change(rect: caret, at: phase + $0 * 500) }
        + [Change(rect: page, at: answer)]
    }
    return script
  }

  /// What the settling said, whether that was too early, and how long after the last change it was.
  private static func play(
    _ script: Script, _ policy: SettlePolicy
  ) -> (isFalse: Bool, isNoEffect: Bool, delay: Double) {
    let zero = 20_000
    let screen = PixelSize(clampingWidth: 1280, height: 800)
    var machine = SettleMachine(
      policy: policy, actedAt: .milliseconds(zero), pointer: screen.point(x: 320, y: 210))
    for change in script.before.sorted(by: { $0.at < $1.at }) {
      machine.remember([change.rect], at: .milliseconds(zero + change.at))
    }
    var rest = script.after.sorted { $0.at < $1.at }[...]
    for now in 0...10_000 {
      while let next = rest.first, next.at <= now {
        machine.changed([next.rect], at: .milliseconds(zero + next.at))
        rest = rest.dropFirst()
      }
      guard let outcome = machine.outcome(at: .milliseconds(zero + now)) else { continue }
      let isEarly = now < script.last
      let delay = Double(now - script.last) / 1000
      switch outcome {
      case .noEffect, .feedback: return (false, isEarly, delay)
      case .quiet, .animated, .timedOut: return (isEarly, false, delay)
      }
    }
    return (false, false, 10)
  }

  private static func report(
    _ kind: String, _ results: [(isFalse: Bool, isNoEffect: Bool, delay: Double)]
  ) {
    func percent(_ count: Int) -> String {
      Table.decimal(Double(count) * 100 / Double(max(results.count, 1)), digits: 1) + " %"
    }
    let right = Times(results.filter { !$0.isFalse && !$0.isNoEffect }.map(\.delay))
    Table.line(
      kind, percent(results.count { $0.isFalse }) + " false",
      "\(percent(results.count { $0.isNoEffect })) said that no answer had come yet; otherwise "
        + "\(Table.milliseconds(right.median)) ms after the last change, 95 % within "
        + "\(Table.milliseconds(right.quantile(0.95))) ms")
  }
}
