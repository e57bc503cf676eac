public import Pixels

/// A word seen on the screen.
public struct TextWord: Hashable, Sendable {
  /// The letters as they were read.
  public var text: String
  /// Where it is, in pixels of the screen.
  public var box: PixelRect
  /// How sure the recogniser is, 0…1.
  public var confidence: Double
  /// The number of its line in `ScreenText.lines`.
  public var line: Int
  /// The number of its block: lines that belong together, like a paragraph.
  public var block: Int

  /// A word.
  public init(text: String, box: PixelRect, confidence: Double = 1, line: Int, block: Int) {
    self.text = text
    self.box = box
    self.confidence = confidence
    self.line = line
    self.block = block
  }
}

/// Words side by side on one surface with ordinary spaces between them: a label, a cell, a line of a
/// paragraph.
public struct TextLine: Hashable, Sendable {
  /// The words, joined by spaces.
  public let text: String
  /// The box around the words.
  public let box: PixelRect
  /// Its words, as a range of `ScreenText.words`.
  public let words: Range<Int>
  /// The number of its block.
  public let block: Int
}

/// What is written on a screen: a value, in reading order.
///
/// Reading order is by rows from the top, and from the left inside a row. Lines of one row are separate
/// when there is a wide gap or an edge between them, so that a button is a line of its own.
public struct ScreenText: Hashable, Sendable {
  /// Every word, in reading order; `words[i].line` is never smaller than `words[i - 1].line`.
  public let words: [TextWord]
  /// The lines, in reading order.
  public let lines: [TextLine]
  /// The words of lines that were read with doubt, as a less sure reading has them; their `line` only says
  /// which of them belong together.
  public let doubts: [TextWord]
  /// Ink that looks like text and was not read, in no particular order.
  public let unread: [UnreadInk]

  /// A screen without text.
  public static let empty = ScreenText(words: [])

  /// A screen from its words.
  ///
  /// Neighbours with the same `line` are one line; lines are numbered anew from 0 in the order in which
  /// they come.
  ///
  /// - Parameters:
  ///   - words: the words in reading order.
  ///   - doubts: what some lines may say instead.
  ///   - unread: what looks like text and was not read.
  public init(words: [TextWord], doubts: [TextWord] = [], unread: [UnreadInk] = []) {
    var numbered: [TextWord] = []
    var lines: [TextLine] = []
    var start = 0
    for (index, word) in words.enumerated() {
      if index > start, word.line != words[start].line {
        lines.append(Self.line(words, start..<index))
        start = index
      }
      var word = word
      word.line = lines.count
      numbered.append(word)
    }
    if start < words.count { lines.append(Self.line(words, start..<words.count)) }
    self.words = numbered
    self.lines = lines
    self.doubts = doubts
    self.unread = unread
  }

  private static func line(_ words: [TextWord], _ range: Range<Int>) -> TextLine {
    TextLine(
      text: words[range].map(\.text).joined(separator: " "),
      box: words[range].reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.box) },
      words: range, block: words[range.lowerBound].block)
  }

  /// How much of what looks like text was read.
  public var share: ReadShare {
    let places = unread.map(\.box)
    var (sure, doubtful) = (0, 0)
    for word in words {
      let middle = (x: word.box.center.x, y: word.box.center.y)
      if places.contains(where: { $0.contains(x: middle.x, y: middle.y) }) { continue }
      if word.confidence >= TextSearch.doubt {
        sure += word.box.area
      } else {
        doubtful += word.box.area
      }
    }
    return ReadShare(sure: sure, doubtful: doubtful, unread: places.reduce(0) { $0 + $1.area })
  }

  /// All of it, one line of text for each line of the screen.
  public var text: String { lines.map(\.text).joined(separator: "\n") }

  /// The words whose middle is inside `region`.
  public func within(_ region: PixelRect) -> ScreenText {
    let isInside = { (word: TextWord) in
      region.contains(x: word.box.center.x, y: word.box.center.y)
    }
    return ScreenText(
      words: words.filter(isInside), doubts: doubts.filter(isInside),
      unread: unread.filter { $0.box.intersects(region) })
  }
}

/// How much of a screen's text was read, by the area of its boxes in pixels.
public struct ReadShare: Hashable, Codable, Sendable {
  /// Words that the recogniser is sure of.
  public let sure: Int
  /// Words that it doubts.
  public let doubtful: Int
  /// What looks like text and was not read.
  public let unread: Int

  /// Shares of a screen.
  public init(sure: Int, doubtful: Int, unread: Int) {
    self.sure = sure
    self.doubtful = doubtful
    self.unread = unread
  }

  /// The part that was read for sure, 0…1; 1 where there is no text.
  public var readSurely: Double {
    let all = sure + doubtful + unread
    return all == 0 ? 1 : Double(sure) / Double(all)
  }
}
