internal import Hands
import Pixels

/// What a frame shows around texts: buttons, links, fields and boxes to tick.
///
/// All of it is told from pixels, so it only ever narrows a choice: what looks like nothing known is no
/// button, and is named in the refusal.
final class Controls {
  private let frame: Frame
  private let text: ScreenText
  private let paragraphs: Paragraphs
  private lazy var surfaces = Surfaces(frame)
  private lazy var fields = FieldFinder.fields(on: surfaces, in: frame, text)

  private lazy var areas = OpenField.areas(on: surfaces, in: frame, text)

  init(_ frame: Frame, _ text: ScreenText) {
    self.frame = frame
    self.text = text
    paragraphs = Paragraphs(text)
  }

  /// Those of some hits that are of a kind, the likeliest ones only; empty when none is.
  ///
  /// Where nothing is said about the kind, and for kinds that have no looks of their own, whole labels are
  /// preferred to words of a sentence.
  func narrowed(_ hits: [TextHit], to kind: TargetKind?) -> [TextHit] {
    switch kind {
    case .field: return labels(hits, ofDistinct: field(for:))
    case .checkbox, .radioButton: return labels(hits, ofDistinct: toggle(for:))
    case .button: return buttons(hits)
    case .link: return links(hits)
    case .list:
      let fields = labels(hits, ofDistinct: field(for:))
      if !fields.isEmpty { return fields }
      let buttons = buttons(hits)
      return buttons.isEmpty ? hits.filter(\.isWholeLabel) : buttons
    case .file, .folder, .icon, .item, .label, .menu, .option, .row, .tab, nil:
      let whole = hits.filter(\.isWholeLabel)
      if !whole.isEmpty || hits.count < 2 { return whole.isEmpty ? hits : whole }
      let links = hits.filter(isLink)
      return links.isEmpty ? hits : links
    }
  }

  /// What is pressed for a hit of a kind: the field or the box that belongs to a label, else the text.
  func box(of hit: TextHit, as kind: TargetKind?) -> PixelRect {
    switch kind {
    case .field, .list: field(for: hit) ?? hit.box
    case .checkbox, .radioButton: toggle(for: hit) ?? hit.box
    case .button, .file, .folder, .icon, .item, .label, .link, .menu, .option, .row, .tab, nil:
      hit.box
    }
  }

  /// The labels of things, whole ones if there are any; of two labels of one thing the first.
  private func labels(
    _ hits: [TextHit], ofDistinct thing: (TextHit) -> PixelRect?
  ) -> [TextHit] {
    let whole = hits.filter(\.isWholeLabel)
    for some in [whole, hits.filter { !$0.isWholeLabel && !isProse($0) }] {
      var seen: Set<PixelRect> = []
      let labels = some.filter { thing($0).map { seen.insert($0).inserted } == true }
      if !labels.isEmpty { return labels }
    }
    return []
  }

  // MARK: - Fields and boxes

  /// The field of a label; of a part of a label also the one that stands beside all of it.
  private func field(for hit: TextHit) -> PixelRect? {
    let isMirrored = hit.text.isRightToLeft
    let field = { (label: PixelRect, fields: [PixelRect]) in
      FieldFinder.field(for: label, among: fields, isRightToLeft: isMirrored)
    }
    if let field = field(hit.box, fields) { return field }
    guard let line = line(of: hit) else { return nil }
    let label = text.lines[line].box
    if let field = field(label, fields) { return field }
    guard hit.isWholeLabel else { return nil }
    let beside = areas.filter { !$0.intersects(label) }
    return field(label, beside)
      ?? OpenField.underlined(label, frame, text)
  }

  private func toggle(for hit: TextHit) -> PixelRect? {
    ToggleFinder.toggle(for: hit.box, in: frame)?.box
  }

  // MARK: - Prose

  /// Whether a hit is a word of a text that is read, not pressed.
  private func isProse(_ hit: TextHit) -> Bool {
    guard !hit.isWholeLabel, let line = line(of: hit) else { return false }
    let lines = paragraphs.lines(around: line, over: .sure)
    let words = lines.reduce(0) { $0 + text.lines[$1].words.count }
    return words >= 7 || words >= 4 && lines.last.map { text.lines[$0].endsSentence } == true
  }

  private func line(of hit: TextHit) -> Int? {
    text.lines.firstIndex {
      $0.box.contains(x: hit.box.center.x, y: hit.box.center.y)
    } ?? text.lines.firstIndex { $0.box.intersects(hit.box) }
  }

  // MARK: - Buttons

  /// Labels on a surface of their own; else whole labels, which a flat button has; else a part of what
  /// a button says.
  private func buttons(_ hits: [TextHit]) -> [TextHit] {
    let whole = hits.filter(\.isWholeLabel)
    let ranks: [[TextHit]] = [
      whole.filter { surface(of: $0).map(isCompact) == true },
      whole.filter { surface(of: $0) != nil }, whole,
      hits.filter { !isProse($0) && surface(of: $0) != nil },
    ]
    return ranks.first { !$0.isEmpty } ?? []
  }

  private func isCompact(_ box: PixelRect) -> Bool { box.width <= box.height * 10 }

  /// The surface that holds the line of a hit and nothing else, as a button's does.
  private func surface(of hit: TextHit) -> PixelRect? {
    guard let index = line(of: hit) else { return nil }
    let label = paragraphs.lines(around: index).map { text.lines[$0].box }
      .reduce(hit.box) { $0.union($1) }
    let around = surfaces.boxes.filter { number, box in
      box.intersection(label) == label && box != label && box.height >= label.height + 4
        && box.height <= max(label.height * 5, 24)
        && (surfaces.areas[number] ?? 0) * 2 >= box.area
    }.map(\.value)
    guard let box = around.min(by: { $0.area < $1.area }), isButton(box, around: label) else {
      return nil
    }
    let isAlone = text.words.allSatisfy {
      !box.contains(x: $0.box.center.x, y: $0.box.center.y)
        || label.contains(x: $0.box.center.x, y: $0.box.center.y)
    }
    return isAlone ? box : nil
  }

  /// Whether a label stands in a box as on a button: in its middle, or behind an icon; on a strong colour
  /// anywhere.
  private func isButton(_ box: PixelRect, around label: PixelRect) -> Bool {
    let (left, right) = (label.x - box.x, box.maxX - label.maxX)
    if abs(left - right) <= max(6, box.width / 8) { return true }
    if right <= label.height * 2, left <= label.height * 4 { return true }
    return PixelColors.commonest(in: box, of: frame).map { PixelColors.saturation($0) >= 60 }
      == true
  }

  // MARK: - Links

  /// Texts that look like links; else whole labels.
  private func links(_ hits: [TextHit]) -> [TextHit] {
    let links = hits.filter(isLink)
    return links.isEmpty ? hits.filter(\.isWholeLabel) : links
  }

  /// Whether a text is underlined, or has a strong colour that the rest of its line does not have.
  private func isLink(_ hit: TextHit) -> Bool {
    if isUnderlined(hit.box) { return true }
    guard let ink = ink(in: hit.box), PixelColors.saturation(ink) >= 60 else { return false }
    guard !hit.isWholeLabel, let line = line(of: hit) else { return true }
    let others = text.words[text.lines[line].words].filter { !$0.box.intersects(hit.box) }
    let inks = others.compactMap { self.ink(in: $0.box) }
    return inks.isEmpty || inks.contains { Surfaces.distance($0, ink) >= 48 }
  }

  /// The colour that most of what is written in a box has.
  private func ink(in box: PixelRect) -> UInt32? {
    guard let ground = PixelColors.commonest(in: box.insetBy(-2), of: frame) else { return nil }
    var counts: [UInt32: Int] = [:]
    let part = frame.size.bounds.intersection(box)
    for y in part.y..<part.maxY {
      for x in part.x..<part.maxX {
        let pixel = PixelColors.pixel(x, y, frame)
        if Surfaces.distance(pixel, ground) >= 90 { counts[pixel, default: 0] += 1 }
      }
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  private func isUnderlined(_ box: PixelRect) -> Bool {
    guard let ground = PixelColors.commonest(in: box.insetBy(-2), of: frame) else { return false }
    let part = frame.size.bounds.intersection(
      PixelRect(x: box.x, y: box.maxY - 2, width: box.width, height: box.height / 3 + 3))
    guard part.width >= 4 else { return false }
    // What goes on beside the text is a rule or a border.
    let isInk = { (x: Int, y: Int) in
      Surfaces.distance(PixelColors.pixel(x, y, self.frame), ground) >= 48
    }
    return (part.y..<part.maxY).contains { y in
      let inked = (part.x..<part.maxX).count { isInk($0, y) }
      let (left, right) = (part.x - 8, part.maxX + 7)
      let goesOn = left >= 0 && right < frame.size.width && isInk(left, y) && isInk(right, y)
      return inked * 10 >= part.width * 8 && !goesOn
    }
  }
}
