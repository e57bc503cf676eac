public import Pixels

/// A check box or a radio button.
public struct Toggle: Hashable, Sendable {
  /// Where it is.
  public let box: PixelRect
  /// Whether it is switched on; nil when that cannot be told.
  public let isOn: Bool?
}

/// Finds the check box or the radio button that belongs to a label, and whether it is on.
public enum ToggleFinder {
  /// The sides of a toggle, in pixels.
  static let sides = 9...32
  /// How far from its label a toggle may be, in pixels.
  static let reach = 28

  /// The toggle left of a label, or right of it when there is none on the left; nil without one.
  ///
  /// Takes about 5 ms for 1280x800 on the caller's thread.
  ///
  /// - Parameters:
  ///   - label: the box of the label's text.
  ///   - frame: the screen.
  public static func toggle(for label: PixelRect, in frame: Frame) -> Toggle? {
    let surfaces = Surfaces(frame)
    let ink = InkComponents(InkMap(frame, surfaces))
    // A box without rounded corners is wiped as a rule, but what is inside of it is a surface.
    let pieces = ink.components.filter { ink.isBox($0) || ink.isRound($0) }.map(\.box)
    let flats = surfaces.boxes.compactMap { number, box in
      (surfaces.areas[number] ?? 0) * 10 >= box.area * 4 ? box : nil
    }
    let candidates = (pieces + flats)
      .filter { isToggle($0, label) && standsAlone($0, among: ink.components) }
    let left = candidates.filter { $0.center.x < label.x }.min { far($0, label) < far($1, label) }
    let right = candidates.filter { $0.center.x > label.maxX }
      .min { far($0, label) < far($1, label) }
    guard let nearest = left ?? right else { return nil }
    // The outline and what is inside of it are both candidates: the outline is the toggle.
    let box = candidates.filter { $0.intersects(nearest) }.reduce(nearest) { $0.union($1) }
    return Toggle(box: box, isOn: isOn(box, beside: label, in: frame))
  }

  private static func isToggle(_ box: PixelRect, _ label: PixelRect) -> Bool {
    guard sides.contains(box.width), sides.contains(box.height),
      abs(box.width - box.height) * 6 <= max(box.width, box.height)
    else { return false }
    // As high as a letter or more, or it is one.
    guard box.height * 10 >= label.height * 7 else { return false }
    return abs(box.center.y - label.center.y) * 2 <= max(box.height, label.height)
      && gap(box, label) <= reach && gap(box, label) >= 0
  }

  /// Whether nothing is drawn close beside a box: a letter O has neighbours.
  private static func standsAlone(_ box: PixelRect, among pieces: [InkComponent]) -> Bool {
    let room = max(3, box.height / 4)
    return !pieces.contains { piece in
      guard piece.box.maxY > box.y, piece.box.y < box.maxY, piece.area > 3 else { return false }
      let gap = max(box.x - piece.box.maxX, piece.box.x - box.maxX)
      return (1..<room).contains(gap)
    }
  }

  private static func gap(_ box: PixelRect, _ label: PixelRect) -> Int {
    max(label.x - box.maxX, box.x - label.maxX)
  }

  /// The gap, then the place: so that equal gaps are always decided alike.
  private static func far(_ box: PixelRect, _ label: PixelRect) -> (Int, Int, Int) {
    (gap(box, label), box.y, box.x)
  }

  // MARK: - State

  /// On when something is drawn inside, or when the inside has a strong colour.
  private static func isOn(
    _ box: PixelRect, beside label: PixelRect, in frame: Frame
  ) -> Bool? {
    let inside = box.insetBy(max(box.width * 3 / 10, 3))
    guard !inside.isEmpty, let main = PixelColors.commonest(in: inside, of: frame),
      let page = PixelColors.commonest(in: label.insetBy(-3), of: frame)
    else { return nil }
    var drawn = 0
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX
      where Surfaces.distance(PixelColors.pixel(x, y, frame), main) >= 56 { drawn += 1 }
    }
    if drawn * 12 >= inside.area { return true }
    if PixelColors.saturation(main) >= 60, Surfaces.distance(main, page) >= 60 { return true }
    let (here, around) = (PixelColors.lightness(main), PixelColors.lightness(page))
    if abs(here - around) < 64 || here > around && around >= 128 { return false }
    return here < around && around >= 128 ? true : nil
  }
}
