import Pixels

/// A line that was read in several ways, because the usual one leaves a question open.
struct HardLine: Hashable, Sendable {
  /// Where its ink is.
  let box: PixelRect
  /// What it says, one way and another.
  ///
  /// The usual way comes first. Ways in which nothing was seen have no words.
  let readings: [HardReading]
}

/// What a line says, read in one way.
struct HardReading: Hashable, Sendable {
  /// Its words, in pixels of the screen, with their letters and how sure each is.
  let words: [RecognisedWord]
  /// The ink that no letter of these words explains.
  let account: InkAccount

  /// The words, joined by spaces.
  var text: String { words.map(\.text).joined(separator: " ") }
}

/// A way to draw and to read a line.
private struct Way {
  var attempt = 0
  var shade = Shade.plain

  /// The ways, those that differ most first.
  static let all = [
    Way(), Way(attempt: 1), Way(attempt: 1, shade: .thick), Way(attempt: 2, shade: .soft),
    Way(attempt: 2),
  ]
}

extension TextReader {
  /// What the lines that touch a box say, each read in several ways.
  ///
  /// What was read before, also in these ways, costs nothing again.
  ///
  /// - Parameters:
  ///   - box: where to read, in pixels of the frame.
  ///   - frame: the frame.
  ///   - deadline: when to give up.
  ///   - stop: ends it early.
  /// - Throws: `cancelled` or `deadline`.
  func hardReadings(
    of box: PixelRect, on frame: Frame, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> [HardLine] {
    if stop.value { throw PerceptionError(.cancelled, "reading the screen was cancelled") }
    let page = page(of: frame)
    var lines: [HardLine] = []
    for line in page.lines where line.box.intersects(box) {
      lines.append(
        HardLine(
          box: line.box, readings: try readings(of: line, on: page, until: deadline, stop: stop)))
    }
    for place in largePlaces(of: frame) {
      // The frame of a window may look like huge letters, and what is asked for is about as high as its line.
      for line in place.lines where isLarge(line, of: place, beside: page, lines, asked: box) {
        let large = HardLine(
          box: place.onScreen(line.box),
          readings: try readings(of: line, on: place.page, until: deadline, stop: stop)
            .map {
              HardReading(
                words: $0.words.map { $0.placed(place.onScreen) },
                account: $0.account.placed(place.onScreen))
            })
        // What was seen inside of large letters is no text, and what was seen of them is a part.
        lines.removeAll { $0.box.intersection(large.box).area * 10 >= $0.box.area * 8 }
        lines.append(large)
      }
    }
    return lines.sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
  }

  /// Whether a line of a smaller picture is one that is asked for, and is not among the ordinary ones, nor among
  /// those that were taken from another picture.
  private func isLarge(
    _ line: InkLine, of place: LargeText.Place, beside page: Page, _ taken: [HardLine],
    asked: PixelRect
  ) -> Bool {
    let large = place.onScreen(line.box)
    guard large.intersects(asked), large.height <= 2 * asked.height else { return false }
    let ordinary = page.lines.filter { $0.box.height * 2 >= large.height }.map(\.box)
    if !isCovered(large, by: ordinary) { return true }
    // Ordinary lines were all taken before; what is no line of theirs came from another picture.
    let others = taken.map(\.box).filter { box in !page.lines.contains { $0.box == box } }
    return !isCovered(large, by: others) && !LargeText.isWhole(line, of: place, in: page)
  }

  private func isCovered(_ large: PixelRect, by boxes: [PixelRect]) -> Bool {
    boxes.reduce(0) { $0 + $1.intersection(large).width } * 10 >= large.width * 6
  }

  /// The same for callers outside of this reader's thread.
  ///
  /// - Throws: `cancelled` or `deadline`.
  func hardReadings(
    of box: PixelRect, on frame: Frame, limit: Duration = defaultLimit
  ) async throws(PerceptionError) -> [HardLine] {
    let stop = StopFlag()
    let result: Result<[HardLine], PerceptionError> = await withTaskCancellationHandler {
      Result { () throws(PerceptionError) in
        try hardReadings(of: box, on: frame, until: .now + limit, stop: stop)
      }
    } onCancel: {
      stop.set()
    }
    return try result.get()
  }

  private func readings(
    of line: InkLine, on page: Page, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> [HardReading] {
    let gaps = page.gaps(of: line)
    let strays = page.strays(beside: line)
    var readings: [HardReading] = []
    for way in Way.all {
      let picture = LineImage(
        line, page.ink, page.map, attempt: way.attempt, shade: way.shade)
      let marks = marks(of: line, on: page)
      var read = try words(on: picture, marks: marks, until: deadline, stop: stop)
      // A sign alone is often no line to the recogniser, but a word.
      if read.isEmpty {
        read = try words(
          on: picture, isOneWord: true, marks: marks, until: deadline, stop: stop)
      }
      let words = placed(read, picture, in: line, on: page, gaps)
      readings.append(
        HardReading(words: words, account: InkAccount(of: line, words, page.ink, strays: strays)))
    }
    return readings
  }
}
