import Glibc
public import Pixels
import Platform

/// Reads what is written on frames, with Tesseract kept warm on a thread of its own.
///
/// Text is found by us and read by Tesseract, line by line: surfaces of even colour are found first, what
/// is drawn on them is ink, ink that lies side by side is a line, and each line is drawn black on white
/// and enlarged before it is read. White text on a coloured button so reads as well as any other, and
/// what a line says depends on its own pixels only: a line that was read before is never read again, and
/// reading a part of a screen gives the same words as reading all of it.
///
/// Calls are served one after another; two readers use two threads and do not disturb each other.
public actor TextReader {
  /// The most time a reading may take unless the caller says otherwise.
  public static let defaultLimit: Duration = .seconds(15)

  private let executor = ThreadExecutor(name: "qa-text")
  private let language: String
  private var recogniser: Recogniser?
  private var cache = LineCache()
  private var last: (frame: Frame, text: ScreenText)?

  /// The thread that everything of this reader runs on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Loads a language's data; takes about 50 ms.
  ///
  /// - Parameter language: as Tesseract names it: `eng`, or `eng+deu` for both.
  /// - Throws: `languageMissing`, which says how to install the data, or `unavailable`.
  public init(language: String = "eng") async throws(PerceptionError) {
    self.language = language
    let folder = try LanguageData.folder(for: language)
    try load(folder)
  }

  private func load(_ folder: String) throws(PerceptionError) {
    recogniser = try Recogniser(language: language, folder: folder)
  }

  /// The text on a frame.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - region: only words whose middle is inside it; nil means all of the frame.
  ///   - limit: the time allowed, from when this reader's turn comes.
  /// - Throws: `outside` when the region is not on the frame, `cancelled`, or `deadline`.
  public func read(
    _ frame: Frame, region: PixelRect? = nil, limit: Duration = defaultLimit
  ) async throws(PerceptionError) -> ScreenText {
    let stop = StopFlag()
    let result: Result<ScreenText, PerceptionError> = await withTaskCancellationHandler {
      Result { () throws(PerceptionError) in
        try read(frame, region: region, until: .now + limit, stop: stop)
      }
    } onCancel: {
      stop.set()
    }
    return try result.get()
  }

  private func read(
    _ frame: Frame, region: PixelRect?, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> ScreenText {
    let part = frame.size.bounds.intersection(region ?? frame.size.bounds)
    guard !part.isEmpty else {
      throw PerceptionError(
        .outside, "the region \(region ?? part) is not on a screen of \(frame.size)")
    }
    if stop.value { throw PerceptionError(.cancelled, "reading the screen was cancelled") }
    if let last, Self.areEqual(last.frame, frame) {
      return part == frame.size.bounds ? last.text : last.text.within(part)
    }
    let page = Page(frame)
    var lines: [TextLayout.Line] = []
    for line in page.lines where line.box.intersects(part) {
      let words = try words(of: line, on: page, until: deadline, stop: stop)
      if !words.isEmpty {
        lines.append(TextLayout.Line(words: words, box: line.box, parent: line.parent))
      }
    }
    let text = TextLayout.text(of: lines)
    guard part != frame.size.bounds else {
      last = (frame, text)
      return text
    }
    return text.within(part)
  }

  private static func areEqual(_ one: Frame, _ other: Frame) -> Bool {
    guard one.size == other.size else { return false }
    return one.pixels.withUnsafeBytes { one in
      other.pixels.withUnsafeBytes { other in
        guard let start = one.baseAddress, let second = other.baseAddress else { return false }
        return start == second || memcmp(start, second, one.count) == 0
      }
    }
  }

  private func words(
    of line: InkLine, on page: Page, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> [RecognisedWord] {
    let picture = LineImage(line, page.ink, page.map)
    let read: [RecognisedWord]
    if let known = cache[picture.image] {
      read = known
    } else {
      guard let recogniser else {
        throw PerceptionError(.unavailable, "the text recogniser is not loaded")
      }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else {
        throw PerceptionError(.deadline, "reading the screen took longer than was allowed")
      }
      read = try recogniser.words(
        on: picture.image, kind: .line, milliseconds: Int(left / .milliseconds(1)), stop: stop)
      cache[picture.image] = read
    }
    return read.compactMap { word in
      guard word.confidence >= 0.1, !word.text.allSatisfy(\.isWhitespace) else { return nil }
      var word = word
      word.box = page.tight(picture.onScreen(word.box), in: line)
      return word
    }
  }
}

/// A frame taken apart into lines of ink.
struct Page {
  let map: InkMap
  let ink: InkComponents
  let lines: [InkLine]

  init(_ frame: Frame) {
    map = InkMap(frame, Surfaces(frame))
    ink = InkComponents(map)
    lines = LineFinder.lines(in: ink)
  }

  /// The box around the ink that a word's rough box covers.
  func tight(_ box: PixelRect, in line: InkLine) -> PixelRect {
    var result = PixelRect(x: 0, y: 0, width: 0, height: 0)
    for member in line.members {
      let piece = ink.components[member].box
      guard piece.center.x >= box.x, piece.center.x < box.maxX else { continue }
      result = result.union(piece)
    }
    // Letters of two words that touch make the ink no better guide than the recogniser.
    return result.isEmpty || result.width > box.width + 8 ? box : result
  }
}
