internal import Imaging
public import Numbers
public import Pixels

/// What an input field shows.
public enum FieldContent: Hashable, Sendable {
  /// There is no field there, or one of another kind than a line of text.
  case none
  /// Nothing is in it.
  case empty
  /// It shows signs in place of letters, so many of them; nil where they cannot be counted.
  case masked(signs: Int?)
  /// A line of text; `isSure` where the recogniser does not doubt it and nothing of it can be cut off.
  case text(String, isSure: Bool)
}

extension TextReader {
  /// What the input field around a point shows.
  ///
  /// Only the field is read: one line at the most.
  ///
  /// - Throws: what `read` throws.
  public func field(
    around x: Int, _ y: Int, in frame: Frame
  ) async throws(PerceptionError) -> FieldContent {
    let frame = frame.withoutOverlays()
    guard let box = FieldFinder.field(around: x, y, in: frame) else { return .none }
    let inside = FieldPicture(frame, box)
    switch inside.mask {
    case .signs(let count): return .masked(signs: count)
    case .nothing where inside.hasInk(in: frame): break
    case .nothing where box.height <= FieldPicture.tallestLine: return .empty
    case .nothing: return .none
    case .other: break
    }
    guard let (picture, place) = inside.alone(in: frame) else { return .none }
    // A part of a picture is read, so that what is known of the whole screen stays known.
    let content = FieldContent(try await read(picture, region: place), in: place)
      .with(dashesOf: FieldPicture(picture, place.insetBy(-2)))
    // What stands where icons stand may be one.
    if inside.isOrnamentOnly, case .text(let shown, _) = content {
      return .text(shown, isSure: false)
    }
    return content
  }
}

extension TextReader {
  /// Whether the input field around a point surely shows a text, alone or among others, however hard it is to read.
  ///
  /// - Throws: what `read` throws.
  public func field(
    around x: Int, _ y: Int, shows text: String, numbers: NumberStyle = .point, in frame: Frame
  ) async throws(PerceptionError) -> Bool {
    let frame = frame.withoutOverlays()
    guard let box = FieldFinder.field(around: x, y, in: frame),
      let (picture, _) = FieldPicture(frame, box).alone(in: frame)
    else { return false }
    return try await presence(of: text, numbers: numbers, on: picture).isShown
  }
}

extension FieldContent {
  /// The same with the dashes that the recogniser lost.
  fileprivate func with(dashesOf picture: FieldPicture) -> FieldContent {
    guard case .text(let read, let isSure) = self, let first = read.first else { return self }
    var shown = read
    if picture.beginsWithMinus, first.isNumber { shown = "-" + shown }
    if picture.endsOpen, !FieldComparison.endsOpen(shown) { shown += " --" }
    return .text(shown, isSure: isSure)
  }

  /// From this confidence on the recogniser counts as sure; the same as in searches.
  private static let sureness = TextSearch.doubt

  /// What was read inside of a field.
  init(_ text: ScreenText, in box: PixelRect) {
    guard let first = text.lines.first, let last = text.lines.last else {
      self = .text("", isSure: false)
      return
    }
    let isOneRow = text.lines.allSatisfy { TextLayout.areInOneRow($0.box, first.box) }
    // A view of several lines begins at its top; a field of one line has it in its middle.
    let isCentered = abs(first.box.center.y - box.center.y) <= box.height / 5 + 2
    guard isOneRow, isCentered else {
      self = .none
      return
    }
    // A text that is too long is scrolled, and then reaches the right edge.
    let isWhole = box.maxX - last.box.maxX >= max(12, first.box.height)
    // Two readings that differ are a doubt, however sure the better one is.
    let isSure =
      text.doubts.isEmpty && isWhole && text.words.allSatisfy { $0.confidence >= Self.sureness }
    self = .text(text.lines.map(\.text).joined(separator: " "), isSure: isSure)
  }
}

extension FieldFinder {
  /// The inside of the smallest field around a point, or nil when there is none.
  ///
  /// The point may be on a part that is picked out, as where a part of a date was clicked.
  public static func field(around x: Int, _ y: Int, in frame: Frame) -> PixelRect? {
    guard frame.size.bounds.contains(x: x, y: y) else { return nil }
    // What reaches beyond these rows is too high for a field, and seen to be.
    let reach = heights.upperBound + 2
    let top = max(y - reach, 0)
    let rows = PixelRect(
      x: 0, y: top, width: frame.size.width, height: min(y + reach, frame.size.height) - top)
    guard let part = frame.cropped(to: rows) else { return nil }
    let fields = fields(in: part)
    let picked = PickedPart(part, rows: y - top - 8..<y - top + 8)?.columns(around: x)
    let places = picked.map { [$0.upperBound, $0.lowerBound - 1] } ?? [x]
    return places.lazy.compactMap { x in
      fields.filter { $0.contains(x: x, y: y - top) }
        .min { ($0.area, $0.y, $0.x) < ($1.area, $1.y, $1.x) }
    }.first.map { field in
      let whole =
        PickedPart(part, rows: field.y + 2..<field.maxY - 2)?.whole(field) ?? field
      return PixelRect(x: whole.x, y: whole.y + top, width: whole.width, height: whole.height)
    }
  }
}
