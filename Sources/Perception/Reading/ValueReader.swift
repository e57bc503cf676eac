public import Pixels

/// Finds the texts that may be the value of something that is named in words.
public enum ValueReader {
  /// The most candidates.
  static let limit = 32

  /// Texts that may be the value, best first: what follows the name on its line, what stands right of
  /// it, what stands below it; without the name on the screen, the lines of the region.
  ///
  /// - Parameters:
  ///   - what: the name, as a label on the screen says it.
  ///   - region: where to look; only then does a value without its name count.
  ///   - text: the text that was read, of the region when there is one.
  public static func read(_ what: String, region: PixelRect?, in text: ScreenText) -> [String] {
    var values: [String] = []
    for hit in TextSearch.hits(for: what, in: text) {
      values += rightOf(hit.box, text)
      values += below(hit.box, text)
    }
    if region != nil { values += text.lines.map(\.text) }
    var seen: Set<String> = []
    return Array(values.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(limit))
  }

  private static func rightOf(_ label: PixelRect, _ text: ScreenText) -> [String] {
    let words = text.words.filter { word in
      word.box.x >= label.maxX - 2 && word.box.center.y >= label.y && word.box.center.y < label.maxY
    }.sorted { $0.box.x < $1.box.x }
    guard !words.isEmpty else { return [] }
    return [clean(words.map(\.text).joined(separator: " ")), clean(words[0].text)]
  }

  private static func below(_ label: PixelRect, _ text: ScreenText) -> [String] {
    text.lines.filter { line in
      line.box.y >= label.maxY - 2 && line.box.y < label.maxY + 3 * label.height
        && line.box.x < label.maxX && line.box.maxX > label.x
    }.map(\.text)
  }

  /// Without the colon that often stands between a name and its value.
  private static func clean(_ text: String) -> String {
    String(text.drop { $0 == ":" || $0 == "=" || $0.isWhitespace })
  }
}
