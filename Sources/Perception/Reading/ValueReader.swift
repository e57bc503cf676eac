public import Pixels

/// A text that may be the value that somebody asked for.
public struct ValueCandidate: Hashable, Sendable {
  /// Where it stands in relation to its label.
  public enum Place: String, Hashable, Sendable, CaseIterable {
    /// In the label's own line, behind it.
    case sameLine
    /// In the label's row, right of it.
    case right
    /// Below the label.
    case below
    /// Anywhere, because no label was found.
    case anywhere
  }

  /// The text as it was read.
  public let text: String
  /// Where it is.
  public let box: PixelRect
  /// Where it stands in relation to its label.
  public let place: Place
  /// How sure the recogniser is of its worst word, 0…1.
  public let confidence: Double
}

/// Finds the values that may belong to a label, for `read:` steps; what they must look like is the
/// caller's to check.
public enum ValueReader {
  /// The texts that may be the value of a label, likeliest first.
  ///
  /// For each place where the label is: the rest of its line, then the nearest text right of it in its
  /// row, then the nearest text below. When the label is nowhere and a region is given, each line in
  /// the region is a candidate; without a region there is none.
  ///
  /// - Parameters:
  ///   - label: the label, such as `Order number`.
  ///   - region: the part of the screen to look in; nil means all of it.
  ///   - text: what is written on the screen.
  public static func read(
    what label: String, region: PixelRect? = nil, in text: ScreenText
  ) -> [ValueCandidate] {
    let text = region.map(text.within) ?? text
    let hits = TextSearch.hits(for: label, in: text)
    guard !hits.isEmpty else {
      guard region != nil else { return [] }
      return text.lines.map { candidate(text.words[$0.words], .anywhere) }
    }
    var found: [ValueCandidate] = []
    for hit in hits { found += candidates(beside: hit.box, in: text) }
    var seen: Set<PixelRect> = []
    return found.filter { seen.insert($0.box).inserted }
  }

  private static func candidates(
    beside label: PixelRect, in text: ScreenText
  ) -> [ValueCandidate] {
    var found: [ValueCandidate] = []
    for line in text.lines where TextLayout.areInOneRow(line.box, label) {
      let rest = text.words[line.words].drop { $0.box.center.x <= label.maxX }
      guard let first = rest.first else { continue }
      let isSame = line.box.intersects(label)
      // Without this a label in the first column would take the value of every other column too.
      if !isSame, found.contains(where: { $0.place == .right }) { continue }
      guard first.box.x - label.maxX <= FieldFinder.reach else { continue }
      found.append(candidate(rest, isSame ? .sameLine : .right))
    }
    if let below = text.lines.filter({ isBelow($0.box, label) }).min(by: { $0.box.y < $1.box.y }) {
      found.append(candidate(text.words[below.words], .below))
    }
    return found
  }

  private static func isBelow(_ box: PixelRect, _ label: PixelRect) -> Bool {
    let gap = box.y - label.maxY
    guard gap >= -1, gap <= label.height * 4, !TextLayout.areInOneRow(box, label) else {
      return false
    }
    return abs(box.x - label.x) <= 2 * label.height
      || max(box.x, label.x) < min(box.maxX, label.maxX)
  }

  private static func candidate(
    _ words: ArraySlice<TextWord>, _ place: ValueCandidate.Place
  ) -> ValueCandidate {
    ValueCandidate(
      text: words.map(\.text).joined(separator: " "),
      box: words.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.box) },
      place: place, confidence: words.map(\.confidence).min() ?? 0)
  }
}
