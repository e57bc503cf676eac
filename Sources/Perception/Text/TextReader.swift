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
  public static let defaultLimit: Duration = .seconds(30)

  private let executor = ThreadExecutor(name: "qa-text")
  /// The letters that it can read, and the languages they are from.
  public nonisolated let letters: Letters
  private let scripts: ScriptTraits
  private var recogniser: Polyglot?
  private var cache = LineCache()
  private var last: (frame: Frame, text: ScreenText)?
  /// The frame that was taken apart last: what is asked again is asked of the same one.
  private var lastPage: (frame: Frame, page: Page, large: [LargeText.Place]?)?

  /// The thread that everything of this reader runs on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Loads the data of languages; takes about 50 ms for each.
  ///
  /// - Parameter languages: as Tesseract names them, the one that most texts are in first.
  /// - Throws: `languageMissing`, which says how to install the data, or `unavailable`.
  public init(languages: [String] = ["eng"]) async throws(PerceptionError) {
    letters = Letters(of: languages)
    scripts = ScriptTraits(of: languages)
    try load()
  }

  private func load() throws(PerceptionError) {
    recogniser = try Polyglot(letters.languages)
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

  /// The same on this reader's own thread.
  func read(
    _ frame: Frame, region: PixelRect?, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> ScreenText {
    let part = frame.size.bounds.intersection(region ?? frame.size.bounds)
    guard !part.isEmpty else {
      throw PerceptionError(
        .outside, "the region \(region ?? part) is not on a screen of \(frame.size)")
    }
    if stop.value { throw PerceptionError(.cancelled, "reading the screen was cancelled") }
    // A text cursor is no letter, and a picture that it blinks on is read once.
    let frame = frame.withoutOverlays()
    if let last, Self.areEqual(last.frame, frame) {
      return part == frame.size.bounds ? last.text : last.text.within(part)
    }
    let page = page(of: frame)
    var (lines, unread) = try lines(on: page, in: part, until: deadline, stop: stop)
    for place in largePlaces(of: frame) where place.box.intersects(part) {
      let large = try self.large(on: place, beside: page, until: deadline, stop: stop)
      LargeText.add(large, to: &lines, &unread)
    }
    unread += try pale(on: frame, page, in: part, until: deadline, stop: stop)
    let text = TextLayout.text(of: lines, unread: unread)
    guard part != frame.size.bounds else {
      last = (frame, text)
      return text
    }
    return text.within(part)
  }

  /// The lines of a page that were read, and what was not.
  private func lines(
    on page: Page, in part: PixelRect, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> (lines: [TextLayout.Line], unread: [UnreadInk]) {
    var lines: [TextLayout.Line] = []
    var unread = page.unread
    for line in page.lines where line.box.intersects(part) {
      var (words, doubts) = try words(of: line, on: page, until: deadline, stop: stop)
      let told = InkAccount(of: line, words, page.ink).told(of: words)
      unread += UnreadFinder.unread(of: line, words, doubts, page) + told.unread
      words = told.words
      doubts += told.others
      if !words.isEmpty {
        lines.append(
          TextLayout.Line(words: words, doubts: doubts, box: line.box, parent: line.parent))
      }
    }
    return (lines, unread)
  }

  /// Text on a part of a frame that is so pale that a person may not see it.
  private func pale(
    on frame: Frame, _ page: Page, in part: PixelRect, until deadline: ContinuousClock.Instant,
    stop: StopFlag
  ) throws(PerceptionError) -> [UnreadInk] {
    var unread: [UnreadInk] = []
    for (page, box, lines) in PaleText.places(of: frame, page.map) where box.intersects(part) {
      var isText = false
      for line in lines where !isText {
        let (words, _) = try words(of: line, on: page, until: deadline, stop: stop)
        isText = words.contains { $0.confidence >= 0.5 && $0.text.count >= 2 }
      }
      if isText { unread += PaleText.rows(of: lines, at: box) }
    }
    return unread
  }

  /// The lines of large letters of a part of a screen, where they are on the screen.
  private func large(
    on place: LargeText.Place, beside page: Page, until deadline: ContinuousClock.Instant,
    stop: StopFlag
  ) throws(PerceptionError) -> LargeText.Read {
    var read = LargeText.Read()
    for line in place.lines {
      let (words, doubts) = try words(of: line, on: place.page, until: deadline, stop: stop)
      read.add(
        line, words, doubts, from: place, isWhole: LargeText.isWhole(line, of: place, in: page))
    }
    return read
  }

  /// A frame taken apart; that of the frame before is kept.
  func page(of frame: Frame) -> Page {
    if let lastPage, Self.areEqual(lastPage.frame, frame) { return lastPage.page }
    let page = Page(frame, scripts)
    lastPage = (frame, page, nil)
    return page
  }

  /// Where a frame has large letters; they are looked for once, however often is asked.
  func largePlaces(of frame: Frame) -> [LargeText.Place] {
    let page = page(of: frame)
    if let known = lastPage?.large { return known }
    let places = LargeText.pages(of: frame, page)
    lastPage?.large = places
    return places
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

  /// The words of a line, and what it was read as in another size where that says something else.
  private func words(
    of line: InkLine, on page: Page, until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> (words: [RecognisedWord], doubts: [RecognisedWord]) {
    let gaps = page.gaps(of: line)
    let isShort = line.box.width < 6 * line.letter
    let marks = marks(of: line, on: page)
    var picture = LineImage(line, page.ink, page.map)
    var read = try words(on: picture, marks: marks, until: deadline, stop: stop)
    var other: (picture: LineImage, read: [RecognisedWord])?
    // Another size is often read better; the surer reading counts. A third is worth it for a short text,
    // whose words say little about each other.
    let strokes = page.strokes(through: line)
    // Where dots make the letters, small doubts are large ones.
    let enough = scripts.hasLooseParts ? Self.enoughDoubt / 2 : Self.enoughDoubt
    for attempt in 1...(isShort ? 2 : 1)
    where Self.doubt(read) > enough || !strokes.isEmpty && attempt == 1 {
      let next = LineImage(line, page.ink, page.map, attempt: attempt)
      let again = try words(
        on: next, isOneWord: attempt == 1 && isShort && read.count < 2, marks: marks,
        until: deadline, stop: stop)
      if Self.isBetter(again, than: read, isGrid: gaps.isGrid) {
        other = (picture, read)
        (picture, read) = (next, again)
      } else {
        other = (next, again)
      }
    }
    let words = placed(read, picture, in: line, on: page, gaps).map { word in
      strokes.contains { $0.intersects(word.box) }
        || CrossSign.isLike(word, word.box, line, page.ink) ? word.doubted : word
    }
    let doubts = other.map { placed($0.read, $0.picture, in: line, on: page, gaps) } ?? []
    return (words, doubts.map(\.text) == words.map(\.text) ? [] : doubts)
  }

  /// How many dots and accents a line has, where languages are told from each other by them.
  func marks(of line: InkLine, on page: Page) -> Int {
    letters.languages.count > 1 ? LetterMarks.count(in: line, page.ink) : 0
  }

  /// The words of a picture of a line, where they are on the screen.
  func placed(
    _ read: [RecognisedWord], _ picture: LineImage, in line: InkLine, on page: Page,
    _ gaps: WordGaps
  ) -> [RecognisedWord] {
    let words = gaps.spaced(read.filter(Self.isWord).map { $0.placed(picture.onScreen) })
    let boxes = page.tight(words.map(\.box), in: line)
    return zip(words, boxes).map {
      var word = $0
      word.box = $1
      if line.members.count == 1 {
        word.text = Self.oneLetter($0.text)
      } else if Self.isCapitalI($0, $1, beside: boxes) {
        word.text = "I"
      } else {
        word = FiveOrS.corrected(word, of: line, page.ink, page.map)
      }
      return LookAlikes.checked(word, of: line, isGrid: gaps.isGrid, page.ink, page.map)
    }
  }

  /// Whether a lone upright stroke is an I: it ends where the letters beside it do, and a rule does not.
  private static func isCapitalI(
    _ word: RecognisedWord, _ box: PixelRect, beside boxes: [PixelRect]
  ) -> Bool {
    guard word.text == "|", boxes.count > 1 else { return false }
    let bottoms = boxes.map(\.maxY).sorted()
    return box.maxY <= bottoms[bottoms.count / 2] && box.y >= (boxes.map(\.y).min() ?? 0)
  }

  /// From this doubt on a line is read again.
  private static let enoughDoubt = 0.25

  /// Whether a second reading is surer; one that lost a space seldom is,
  /// however sure it says it is, unless the spaces are known anyway.
  private static func isBetter(_ again: [RecognisedWord], than read: [RecognisedWord], isGrid: Bool)
    -> Bool
  {
    let (one, other) = (doubt(again), doubt(read))
    let needed = again.count < read.count && !isGrid ? 0.7 : 0
    return one + needed < other
  }

  /// How unsure the recogniser is of a line's worst word, 0…1; 1 when it sees none.
  private static func doubt(_ words: [RecognisedWord]) -> Double {
    1 - (words.filter(isWord).map(\.confidence).min() ?? 0)
  }

  /// The words on a picture, or what was read on it before.
  func words(
    on picture: LineImage, isOneWord: Bool = false, marks: Int = 0,
    until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> [RecognisedWord] {
    if let known = cache[picture, isOneWord: isOneWord] { return known }
    guard let recogniser else {
      throw PerceptionError(.unavailable, "the text recogniser is not loaded")
    }
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else {
      throw PerceptionError(.deadline, "reading the screen took longer than was allowed")
    }
    let read = try recogniser.words(
      on: picture.image, isOneWord: isOneWord, marks: marks,
      milliseconds: Int(left / .milliseconds(1)),
      stop: stop)
    cache[picture, isOneWord: isOneWord] = read
    return read
  }

  /// A doubtful word stays: leaving it out could let a check pass that a text is not there.
  private static func isWord(_ word: RecognisedWord) -> Bool {
    word.text.contains { $0.isLetter || $0.isNumber }
      || word.confidence >= 0.1 && !word.text.allSatisfy(\.isWhitespace)
  }

  /// A lone letter is now and then read as itself in both cases: `Cc` is a C.
  private static func oneLetter(_ text: String) -> String {
    guard text.count == 2, let first = text.first, let last = text.last, first != last,
      first.lowercased() == last.lowercased()
    else { return text }
    return String(first)
  }
}

/// A frame taken apart into lines of ink.
struct Page {
  let map: InkMap
  let ink: InkComponents
  let lines: [InkLine]
  /// What looks like text and is in no line.
  let unread: [UnreadInk]
  /// Where letters may be that are too large to be found at this size; nil when there are none.
  let large: PixelRect?
  private let pitches: [Int32: Double]

  /// - Parameters:
  ///   - scripts: what is read.
  ///   - isPart: whether only its lines are wanted, because it is another picture of a part of a frame.
  init(_ frame: Frame, _ scripts: ScriptTraits = .plain, isPart: Bool = false) {
    let surfaces = Surfaces(frame)
    map = InkMap(frame, surfaces, scripts)
    ink = InkComponents(map)
    let found = LineFinder.lines(in: ink, on: surfaces.boxes, scripts)
    pitches = LetterPitch.pitches(of: found.lines, ink)
    lines = LooseParts.joined(LineFinder.joined(found.lines, ink, pitches: pitches), ink, scripts)
    unread = isPart ? [] : UnreadFinder.unread(in: found, ink)
    large = isPart ? nil : LargeText.area(surfaces, ink, width: map.size.width)
  }

  /// The gaps between a line's letters.
  func gaps(of line: InkLine) -> WordGaps {
    let pitch = LetterPitch.pitch(pitches[line.parent], for: line, ink)
    return WordGaps(line, ink, pitch: pitch)
  }

  /// Pieces as small as signs that stand beside the letters of a line, or between them, and are in no line.
  func strays(beside line: InkLine) -> [PixelRect] {
    let reach = line.letter * 2
    let near = PixelRect(
      x: line.box.x - reach, y: line.box.y, width: line.box.width + 2 * reach,
      height: line.box.height)
    let peak = line.members.map { ink.components[$0].peak }.max() ?? 0
    let inLines = Set(lines.lazy.filter { $0.box.intersects(near) }.flatMap(\.members))
    return ink.components.indices.filter { index in
      let piece = ink.components[index]
      let box = piece.box
      // Signs stand further off than letters do.
      let isNear =
        box.height * 3 <= line.letter
        || box.x >= line.box.x - line.letter * 6 / 5
          && box.maxX <= line.box.maxX + line.letter * 6 / 5
      return isNear && near.intersects(box) && piece.parent == line.parent && piece.peak >= 24
        && piece.peak * 2 >= peak && box.y >= line.box.y - 1 && box.maxY <= line.box.maxY + 1
        && box.width * 2 <= line.letter * 3 && box.x >= near.x && box.maxX <= near.maxX
        && !ink.isBox(piece) && !inLines.contains(index)
    }.map { ink.components[$0].box }
  }

  /// The strokes that went through letters of a line.
  func strokes(through line: InkLine) -> [PixelRect] {
    map.strokes.isEmpty
      ? [] : map.strokes.filter { $0.intersection(line.box).width * 2 >= $0.width }
  }

  /// The boxes around the ink that the words' rough boxes cover.
  func tight(_ boxes: [PixelRect], in line: InkLine) -> [PixelRect] {
    var result = boxes.map { PixelRect(x: $0.x, y: $0.y, width: 0, height: 0) }
    for member in line.members {
      let piece = ink.components[member].box
      let shares = boxes.map { min($0.maxX, piece.maxX) - max($0.x, piece.x) }
      // Letters of two words that touch are no better guide than the recogniser.
      let covered = boxes.indices.filter { shares[$0] * 2 > boxes[$0].width }
      guard covered.count < 2, let best = shares.indices.max(by: { shares[$0] < shares[$1] }),
        shares[best] > 0
      else { continue }
      result[best] = result[best].union(piece)
    }
    return zip(result, boxes).map { $0.isEmpty ? $1 : $0 }
  }
}

extension RecognisedWord {
  /// The same word, of which something was covered or left out, so that it counts as doubtful.
  var doubted: RecognisedWord {
    RecognisedWord(
      text: text, box: box, confidence: min(confidence, TextSearch.doubt - 0.05), letters: letters)
  }

  /// The same word with its boxes somewhere else.
  func placed(_ place: (PixelRect) -> PixelRect) -> RecognisedWord {
    RecognisedWord(
      text: text, box: place(box), confidence: confidence,
      letters: letters.map {
        RecognisedLetter(
          text: $0.text, box: place($0.box), confidence: $0.confidence, excluded: $0.excluded)
      })
  }
}
