internal import Glibc
internal import Imaging
public import Pixels

/// What became of the field around a point between two pictures, from its pixels alone.
public struct FieldChange: Hashable, Sendable {
  /// The kinds of it.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// All of the screen shows what it showed, but for a text cursor.
    case same
    /// The field shows what it showed, and something else on the screen does not.
    case elsewhere
    /// The field shows something else.
    case changed
    /// Its outline is not there any more: it is gone, or covered.
    case gone
  }

  /// What became of it.
  public var kind: Kind
  /// Whether there was a field; without one all of the screen is compared.
  public var isField: Bool
  /// Whether anything on it or around it is not as it was, a text cursor too.
  public var isTouched: Bool
  /// Whether anything is in the field.
  public var hasInk: Bool
  /// Whether all that is in it is as pale as a hint, or stands where icons do.
  public var isPale: Bool
  /// Whether a part of what is in it is picked out, as the day of a date is.
  public var isSegmented: Bool
}

extension FieldFinder {
  /// What became of the field around a point; takes some milliseconds on the caller's thread.
  ///
  /// - Parameters:
  ///   - before: the earlier picture.
  ///   - frame: the later one.
  public static func change(
    around x: Int, _ y: Int, from before: Frame, to frame: Frame
  ) -> FieldChange {
    var change = change(
      around: x, y, fromBare: before.withoutOverlays(), toBare: frame.withoutOverlays())
    // A text cursor is no change of a field, but it shows that the field has the focus.
    if change.isField, !change.isTouched, !frame.overlays.isEmpty,
      let box = field(around: x, y, in: frame)
    {
      change.isTouched = frame.overlays.contains { $0.box.intersects(box) }
    }
    return change
  }

  private static func change(
    around x: Int, _ y: Int, fromBare before: Frame, toBare frame: Frame
  ) -> FieldChange {
    guard before.size == frame.size, let old = field(around: x, y, in: before) else {
      let isSame = before.size == frame.size && difference(before, frame, in: nil).isNothing
      return FieldChange(
        kind: isSame ? .same : .changed, isField: false, isTouched: !isSame, hasInk: true,
        isPale: false, isSegmented: false)
    }
    let there = field(around: x, y, in: frame)
    let new = there.flatMap { isSame(old, $0) ? $0 : nil }
    let inside = FieldPicture(frame, new ?? old)
    var change = FieldChange(
      kind: .changed, isField: true,
      isTouched: difference(before, frame, in: old.insetBy(-4)).isAny,
      hasInk: inside.hasInk(in: frame),
      isPale: inside.isPale(in: frame), isSegmented: inside.isSegmented(in: frame))
    // Where all moved on, another field of a column may have come near its place.
    if new == nil, there.map({ isOther(old, $0) }) ?? isOutlineGone(old, before, frame) {
      change.kind = .gone
      return change
    }
    let box = old.intersection(new ?? old).insetBy(3)
    if difference(before, frame, in: box).isNothing {
      let isAllSame = difference(before, frame, in: nil).isNothing
      change.kind = isAllSame ? .same : .elsewhere
    }
    return change
  }

  /// Whether two boxes are one field: its sides may move when it gets the focus, its line does not.
  private static func isSame(_ one: PixelRect, _ other: PixelRect) -> Bool {
    let shared = min(one.maxX, other.maxX) - max(one.x, other.x)
    return abs(one.y - other.y) <= 8 && abs(one.maxY - other.maxY) <= 8
      && shared * 2 >= min(one.width, other.width)
  }

  /// Whether two boxes are fields one of which does not lie in the other: some toolkits draw a field into another.
  private static func isOther(_ one: PixelRect, _ other: PixelRect) -> Bool {
    let shared = one.intersection(other)
    return shared != one && shared != other
  }

  // MARK: - Differences

  /// The columns and rows in which two pictures differ.
  private struct Difference {
    var left = Int.max
    var right = Int.min

    var isAny: Bool { right >= left }

    /// Whether that is nothing, or a text cursor that blinks.
    var isNothing: Bool { right < left || right - left < FieldFinder.cursorWidth }
  }

  /// The most columns of a text cursor, on screens of twice the usual size too.
  private static let cursorWidth = 4
  /// So far may a pixel be from what it was, in a channel, and still show the same.
  private static let noise: UInt32 = 24

  /// Where two pictures of one size differ; in a box a new colour of its ground is no difference.
  private static func difference(
    _ before: Frame, _ frame: Frame, in part: PixelRect?
  ) -> Difference {
    var difference = Difference()
    let box = frame.size.bounds.intersection(part ?? frame.size.bounds)
    guard !box.isEmpty, before.sequence != frame.sequence || !before.sharesPixels(with: frame)
    else { return difference }
    let grounds = part.flatMap { _ in
      PixelColors.commonest(in: box, of: before).flatMap { old in
        PixelColors.commonest(in: box, of: frame).map { (old: old, new: $0) }
      }
    }
    for y in box.y..<box.maxY {
      if part == nil, isSameRow(y, before, frame) { continue }
      for x in box.x..<box.maxX {
        let (old, new) = (PixelColors.pixel(x, y, before), PixelColors.pixel(x, y, frame))
        guard old != new, Surfaces.distance(old, new) > noise else { continue }
        if let grounds, Surfaces.distance(old, grounds.old) <= noise,
          Surfaces.distance(new, grounds.new) <= noise
        {
          continue
        }
        difference.left = min(difference.left, x)
        difference.right = max(difference.right, x)
      }
      if part == nil, !difference.isNothing { break }
    }
    return difference
  }

  private static func isSameRow(_ y: Int, _ one: Frame, _ other: Frame) -> Bool {
    let start = y * one.stride
    return one.pixels.withUnsafeBytes { a in
      other.pixels.withUnsafeBytes { b in
        guard let left = a.baseAddress, let right = b.baseAddress else { return true }
        return memcmp(left + start, right + start, one.stride) == 0
      }
    }
  }

  // MARK: - Outlines

  /// Whether the upper and the lower edge of a field are not where they were, or the left and the right one: edges of
  /// others may have come near two of them.
  private static func isOutlineGone(_ box: PixelRect, _ before: Frame, _ frame: Frame) -> Bool {
    let level = [box.y, box.maxY].allSatisfy { y in
      levelEdge(at: y, of: box, in: frame) * 10 < levelEdge(at: y, of: box, in: before) * 7
    }
    return level
      || [box.x, box.maxX].allSatisfy { x in
        uprightEdge(at: x, of: box, in: frame) * 10 < uprightEdge(at: x, of: box, in: before) * 7
      }
  }

  /// At how many of some places along a horizontal line there is an edge.
  private static func levelEdge(at y: Int, of box: PixelRect, in frame: Frame) -> Int {
    let rows = max(y - 5, 0)..<min(y + 5, frame.size.height)
    let step = max(1, box.width / 48)
    return stride(from: box.x, to: min(box.maxX, frame.size.width), by: step).count { x in
      rows.dropFirst().contains { isEdge(x, $0 - 1, x, $0, frame) }
    }
  }

  /// The same along a vertical line.
  private static func uprightEdge(at x: Int, of box: PixelRect, in frame: Frame) -> Int {
    let columns = max(x - 5, 0)..<min(x + 5, frame.size.width)
    return (box.y..<min(box.maxY, frame.size.height)).count { y in
      columns.dropFirst().contains { isEdge($0 - 1, y, $0, y, frame) }
    }
  }

  private static func isEdge(_ x: Int, _ y: Int, _ toX: Int, _ toY: Int, _ frame: Frame) -> Bool {
    Surfaces.distance(PixelColors.pixel(x, y, frame), PixelColors.pixel(toX, toY, frame)) > 8
  }
}

// MARK: - What is in a field

extension FieldPicture {
  /// Whether anything is in it, be it as faint as the text of a field that is disabled.
  func hasInk(in frame: Frame) -> Bool {
    if mask != .nothing { return true }
    var columns: Set<Int> = []
    // Shades below an upper border are none of it.
    for y in box.y + box.height / 4..<max(box.maxY - box.height / 4, box.y + box.height / 4) {
      for x in box.x..<box.maxX
      where Surfaces.distance(PixelColors.pixel(x, y, frame), ground) > Self.faintest {
        columns.insert(x)
      }
    }
    // A text cursor is as narrow as this.
    return columns.count > 4
  }

  /// How far from the ground, in a channel, a pixel is faint ink.
  private static let faintest: UInt32 = 20

  /// The least contrast of a text that is no hint.
  private static let paleness = 5.0

  /// Whether all of its ink, but for a text cursor, is paler than a text is.
  func isPale(in frame: Frame) -> Bool {
    if isOrnamentOnly { return true }
    let letters = pieces.filter { $0.width > 4 || $0.height < max(10, $0.width * 3) }
    var contrasts: [Double] = []
    for piece in letters {
      for y in piece.top..<piece.bottom {
        for x in piece.left..<piece.right {
          let pixel = PixelColors.pixel(x, y, frame)
          guard Surfaces.distance(pixel, ground) > 64 else { continue }
          contrasts.append(PixelColors.contrast(pixel, ground))
        }
      }
    }
    guard !contrasts.isEmpty else { return false }
    contrasts.sort()
    // Hints are grey; what is coloured is a selection. The edges of letters are always pale.
    return !isColoured(letters, in: frame) && contrasts[contrasts.count * 9 / 10] < Self.paleness
  }

  /// Whether most ink has a colour.
  private func isColoured(_ letters: [Ink.Piece], in frame: Frame) -> Bool {
    letters.contains { letter in
      guard letter.area * 100 >= letter.box.area * 45, letter.height >= 12,
        let color = PixelColors.commonest(in: letter.box, of: frame)
      else { return false }
      return PixelColors.saturation(color) >= 40
    }
  }

  /// Whether a part of its text, and not all of it, stands on a coloured patch.
  func isSegmented(in frame: Frame) -> Bool {
    pieces.contains { isPatch($0, beside: pieces, in: frame) }
      // A single digit at the start is as narrow as no icon is.
      || all.contains { $0.width < 10 && isHighest($0) && isPatch($0, beside: all, in: frame) }
  }

  /// The coloured patches that a part of its text stands on, and not all of it.
  func patches(in frame: Frame) -> [Ink.Piece] {
    all.filter { ($0.width >= 10 || isHighest($0)) && isPatch($0, beside: all, in: frame) }
  }

  private func isPatch(_ patch: Ink.Piece, beside pieces: [Ink.Piece], in frame: Frame) -> Bool {
    guard patch.width >= 6, patch.height >= 12, patch.area * 100 >= patch.box.area * 45,
      patch.width >= 10 || isHighest(patch),
      let color = PixelColors.commonest(in: patch.box, of: frame),
      PixelColors.saturation(color) >= 40, Surfaces.distance(color, ground) > 64
    else { return false }
    let reach = patch.height * 7 / 10
    return pieces.contains { other in
      other != patch && other.bottom > patch.top && other.top < patch.bottom
        && (0...reach).contains(max(other.left - patch.right, patch.left - other.right))
    }
  }

  /// Whether a piece is higher than all others: the ground of a single digit that is picked out, and no letter.
  private func isHighest(_ patch: Ink.Piece) -> Bool {
    all.allSatisfy { $0 == patch || $0.top >= patch.top + 1 && $0.bottom <= patch.bottom - 1 }
  }
}

extension PixelColors {
  /// The contrast of two colours as accessibility guidelines count it, 1…21.
  static func contrast(_ one: UInt32, _ other: UInt32) -> Double {
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// How much light a colour gives, 0…1, near enough to the curve of sRGB.
  private static func luminance(_ color: UInt32) -> Double {
    func linear(_ value: UInt32) -> Double {
      let share = Double(value & 0xFF) / 255
      return share * (0.0125 + share * (0.6822 + share * 0.3053))
    }
    return 0.0722 * linear(color) + 0.7152 * linear(color >> 8) + 0.2126 * linear(color >> 16)
  }
}
