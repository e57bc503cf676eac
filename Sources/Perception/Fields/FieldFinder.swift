public import Pixels

/// Finds the input field that belongs to a label.
///
/// A field is a flat rectangle of the proportions of one line (or a few lines) of text, without a strong
/// colour. The one that belongs to a label is, in this order:
/// - the one around the label, when the label stands at its left edge: a placeholder;
/// - the nearest one right of the label in its row, or right below the label, whichever is nearer.
///
/// It is found on pixels alone, so it works the same on every toolkit, and it may be wrong: who types into
/// it should look whether the text arrived.
public enum FieldFinder {
  /// Heights of a field, in pixels.
  static let heights = 14...160
  /// How far right of its label a field may start, in pixels.
  static let reach = 360

  /// The inside of the field that belongs to a label, or nil when there is none near by.
  ///
  /// Takes about 2 ms for 1280x800 on the caller's thread.
  ///
  /// - Parameters:
  ///   - label: the box of the label's text.
  ///   - frame: the screen.
  public static func field(for label: PixelRect, in frame: Frame) -> PixelRect? {
    field(for: label, among: fields(in: frame))
  }

  /// The field among several that belongs to a label.
  static func field(for label: PixelRect, among fields: [PixelRect]) -> PixelRect? {
    let around = fields.filter { isPlaceholder(label, in: $0) }.min { $0.area < $1.area }
    if let around { return around }
    // By place as well, so that the answer does not hang on the order of a dictionary.
    return fields.compactMap { field in cost(of: field, label).map { (field, $0) } }
      .min { ($0.1, $0.0.y, $0.0.x) < ($1.1, $1.0.y, $1.0.x) }?.0
  }

  /// The same for a label whose line may run from right to left, where the field stands left of it.
  static func field(
    for label: PixelRect, among fields: [PixelRect], isRightToLeft: Bool
  ) -> PixelRect? {
    guard isRightToLeft else { return field(for: label, among: fields) }
    let width = (fields + [label]).map(\.maxX).max() ?? 0
    return field(
      for: label.mirrored(in: width), among: fields.map { $0.mirrored(in: width) })?
      .mirrored(in: width)
  }

  /// Everything on a frame that may be a field, in no order.
  static func fields(in frame: Frame) -> [PixelRect] { fields(on: Surfaces(frame), in: frame) }

  /// Everything on a frame that may be a field, and is no button as far as its text tells.
  static func fields(
    on surfaces: Surfaces, in frame: Frame, _ text: ScreenText
  ) -> [PixelRect] {
    let fields = fields(on: surfaces, in: frame)
    return fields.filter { !isButton($0, text) && !isCell($0, fields, text) }
  }

  /// Whether a box with text in it touches others on two sides, as the cells of a table do.
  private static func isCell(_ box: PixelRect, _ all: [PixelRect], _ text: ScreenText) -> Bool {
    guard text.lines.contains(where: { box.intersection($0.box) == $0.box }) else { return false }
    let around = box.insetBy(-3)
    let neighbours = all.filter { $0 != box && $0.intersects(around) && !$0.intersects(box) }
    let isBeside = neighbours.contains { abs($0.y - box.y) <= 2 && abs($0.maxY - box.maxY) <= 2 }
    let isBelow = neighbours.contains { abs($0.x - box.x) <= 2 && abs($0.maxX - box.maxX) <= 2 }
    return isBeside && isBelow
  }

  /// Whether one line of text stands in the middle of a box, as on a button.
  private static func isButton(_ box: PixelRect, _ text: ScreenText) -> Bool {
    let lines = text.lines.filter { box.intersection($0.box) == $0.box }
    guard let line = lines.first, lines.count == 1 else { return false }
    let (left, right) = (line.box.x - box.x, box.maxX - line.box.maxX)
    return left >= 6 && abs(left - right) <= max(3, box.width / 20)
  }

  private static func fields(on surfaces: Surfaces, in frame: Frame) -> [PixelRect] {
    surfaces.boxes.compactMap { number, box -> PixelRect? in
      let area = surfaces.areas[number] ?? 0
      return isField(box, area: area) && isPlain(box, in: frame) ? box : nil
    }
  }

  private static func isField(_ box: PixelRect, area: Int) -> Bool {
    heights.contains(box.height) && box.width >= 36 && box.width * 2 >= box.height * 3
      && area * 10 >= box.area * 5
  }

  /// Whether the colour that most of a box has is a shade of grey, or nearly; a very dark one may be tinted
  /// more.
  static func isPlain(_ box: PixelRect, in frame: Frame) -> Bool {
    guard let color = PixelColors.commonest(in: box, of: frame) else { return false }
    return PixelColors.saturation(color) <= (PixelColors.lightness(color) <= 40 ? 48 : 28)
  }

  private static func isPlaceholder(_ label: PixelRect, in field: PixelRect) -> Bool {
    guard field.intersection(label) == label, field.height <= label.height * 4 else { return false }
    let (left, right) = (label.x - field.x, field.maxX - label.maxX)
    // A label in the middle is a button's. In front of it there may be an icon.
    return left <= max(28, field.height * 5 / 4) && right > left + 8
  }

  /// How far a field is from a label that it could belong to; nil when it could not.
  private static func cost(of field: PixelRect, _ label: PixelRect) -> Int? {
    let shared = min(field.maxY, label.maxY) - max(field.y, label.y)
    let right = field.x - label.maxX
    if shared * 2 >= label.height, (-4...reach).contains(right) { return max(right, 0) }
    let below = field.y - label.maxY
    guard (-2...max(label.height * 2, 28)).contains(below),
      abs(field.x - label.x) <= 24 || field.x <= label.x && label.maxX <= field.maxX
    else { return nil }
    return max(below, 0) * 3 + 12
  }
}

/// Colours of parts of a frame.
enum PixelColors {
  /// The colour that most pixels of a box have, out of at most about a thousand that are looked at.
  static func commonest(in box: PixelRect, of frame: Frame) -> UInt32? {
    let part = frame.size.bounds.intersection(box)
    guard !part.isEmpty else { return nil }
    let step = max(1, Int(Double(part.area / 1024).squareRoot()))
    var counts: [UInt32: Int] = [:]
    for y in stride(from: part.y, to: part.maxY, by: step) {
      for x in stride(from: part.x, to: part.maxX, by: step) {
        counts[pixel(x, y, frame), default: 0] += 1
      }
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  /// A pixel as one number, blue in its lowest byte.
  static func pixel(_ x: Int, _ y: Int, _ frame: Frame) -> UInt32 {
    let at = y * frame.stride + x * 4
    return UInt32(frame.pixels[at]) | UInt32(frame.pixels[at + 1]) << 8
      | UInt32(frame.pixels[at + 2]) << 16
  }

  /// How far a colour is from grey, 0…255.
  static func saturation(_ color: UInt32) -> UInt32 {
    let channels = [color & 0xFF, color >> 8 & 0xFF, color >> 16 & 0xFF]
    return (channels.max() ?? 0) - (channels.min() ?? 0)
  }

  /// How light a colour looks, 0…255.
  static func lightness(_ color: UInt32) -> Int {
    (Int(color & 0xFF) * 29 + Int(color >> 8 & 0xFF) * 150 + Int(color >> 16 & 0xFF) * 77) >> 8
  }
}
