import Pixels

/// Finds dotted rules, such as the branches of a tree: their dots belong to no letter.
enum DottedRules {
  /// The largest dot, in pixels.
  private static let largest = 2
  /// From one dot to the next, in pixels.
  private static let steps = 2...4
  /// The fewest dots; three one above the other are the sign for a menu.
  private static let fewest = 5

  /// The boxes that are dots of a rule, of all boxes of ink.
  static func dots(among boxes: [PixelRect]) -> Set<PixelRect> {
    let small = boxes.filter { $0.width <= largest && $0.height <= largest }
    let known = Set(small)
    var found: Set<PixelRect> = []
    guard known.count >= fewest else { return found }
    for (across, down) in steps.flatMap({ [($0, 0), (0, $0)] }) {
      // The next dots of a line of text, `......`, are further apart than the dots of a rule are wide.
      for dot in small where !known.contains(dot.moved(-across, -down)) {
        var rule = [dot]
        while let last = rule.last, case let next = last.moved(across, down), known.contains(next) {
          rule.append(next)
        }
        if rule.count >= fewest { found.formUnion(rule) }
      }
    }
    return found.isEmpty ? found : found.union(rest(of: found, among: small, known))
  }

  /// The short stretches of a dotted underline, between letters that reach through it: two dots and more in
  /// the same row, one step apart, and near to a stretch that is long enough.
  ///
  /// A lone dot there may be a decimal point.
  private static func rest(
    of rules: Set<PixelRect>, among small: [PixelRect], _ known: Set<PixelRect>
  ) -> Set<PixelRect> {
    var rest: Set<PixelRect> = []
    for dot in small where !rules.contains(dot) {
      let hasTwin = steps.contains {
        known.contains(dot.moved($0, 0)) || known.contains(dot.moved(-$0, 0))
      }
      let isNear = (1...24).contains {
        rules.contains(dot.moved($0, 0)) || rules.contains(dot.moved(-$0, 0))
      }
      if hasTwin, isNear { rest.insert(dot) }
    }
    return rest
  }
}

extension PixelRect {
  fileprivate func moved(_ across: Int, _ down: Int) -> PixelRect {
    PixelRect(x: x + across, y: y + down, width: width, height: height)
  }
}
