internal import CTesseract
import Pixels
import Platform

/// A word as the recogniser reports it, in pixels of the picture it was given.
struct RecognisedWord: Hashable, Sendable {
  var text: String
  var box: PixelRect
  var confidence: Double
  /// Its letters; the recogniser knows only roughly where each is.
  var letters: [RecognisedLetter]
}

/// A letter as the recogniser reports it.
struct RecognisedLetter: Hashable, Sendable {
  var text: String
  var box: PixelRect
  /// How sure the recogniser is of this letter alone, 0…1.
  var confidence: Double = 1
  /// Signs that look like it and that it is not, by its shape.
  var excluded: Set<Character> = []
  /// What it was read as in other ways.
  var others: Set<String> = []
}

/// A grey picture: one byte a pixel, 0 is black.
struct GreyImage: Hashable, Sendable {
  var width: Int
  var height: Int
  var pixels: [UInt8]
}

/// A flag that stops a recognition from another thread.
final class StopFlag: Sendable {
  private let isSet = Locked(false)

  func set() { isSet.withLock { $0 = true } }

  var value: Bool { isSet.withLock { $0 } }
}

/// Tesseract with its data loaded; it belongs to the thread it was made on.
final class Recogniser {
  private let handle: OpaquePointer

  /// Loads the data; takes about 50 ms.
  init(_ place: LanguageData.Place) throws(PerceptionError) {
    if let problem = qa_tesseract_load() {
      throw PerceptionError(
        .unavailable,
        "the text recogniser cannot be loaded (\(String(cString: problem))); install libtesseract5")
    }
    qa_tesseract_use_one_thread()
    guard let handle = TessBaseAPICreate() else {
      throw PerceptionError(.unavailable, "the text recogniser could not be made: out of memory")
    }
    guard TessBaseAPIInit2(handle, place.folder, place.name, OEM_LSTM_ONLY) == 0 else {
      TessBaseAPIDelete(handle)
      throw PerceptionError(
        .unavailable,
        "the text recogniser cannot read \(place.path); install "
          + "\(LanguageNames.package(of: place.name)) again")
    }
    self.handle = handle
    // Without this it writes remarks about pictures to standard error.
    TessBaseAPISetVariable(handle, "debug_file", "/dev/null")
    // The pictures are already dark on light.
    TessBaseAPISetVariable(handle, "tessedit_do_invert", "0")
  }

  deinit {
    TessBaseAPIEnd(handle)
    TessBaseAPIDelete(handle)
  }

  /// The words on a picture of one line of dark text on a light ground, in reading order.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - isOneWord: whether to read it as one word, which also finds a lone sign.
  ///   - milliseconds: the time allowed.
  ///   - stop: ends it early.
  /// - Throws: `deadline` or `cancelled`.
  func words(
    on image: GreyImage, isOneWord: Bool = false, milliseconds: Int, stop: StopFlag
  ) throws(PerceptionError) -> [RecognisedWord] {
    TessBaseAPISetPageSegMode(handle, isOneWord ? PSM_SINGLE_WORD : PSM_SINGLE_LINE)
    TessBaseAPISetImage(
      handle, image.pixels, CInt(image.width), CInt(image.height), 1, CInt(image.width))
    TessBaseAPISetSourceResolution(handle, 192)
    let status = recognise(milliseconds: milliseconds, stop: stop)
    if stop.value { throw PerceptionError(.cancelled, "reading the screen was cancelled") }
    guard status == 0 else {
      throw PerceptionError(.deadline, "reading the screen took longer than was allowed")
    }
    return collect()
  }

  private func recognise(milliseconds: Int, stop: StopFlag) -> CInt {
    guard let monitor = TessMonitorCreate() else { return -1 }
    defer { TessMonitorDelete(monitor) }
    TessMonitorSetDeadlineMSecs(monitor, CInt(clamping: max(milliseconds, 1)))
    TessMonitorSetCancelFunc(monitor, isStopped)
    return withExtendedLifetime(stop) {
      TessMonitorSetCancelThis(monitor, Unmanaged.passUnretained(stop).toOpaque())
      return TessBaseAPIRecognize(handle, monitor)
    }
  }

  private func collect() -> [RecognisedWord] {
    guard let iterator = TessBaseAPIGetIterator(handle) else { return [] }
    defer { TessResultIteratorDelete(iterator) }
    let page = TessResultIteratorGetPageIteratorConst(iterator)
    var words: [RecognisedWord] = []
    repeat {
      guard let letter = Self.letter(iterator, page) else { continue }
      if TessPageIteratorIsAtBeginningOf(page, RIL_WORD) != 0 || words.isEmpty {
        let confidence = Double(TessResultIteratorConfidence(iterator, RIL_WORD)) / 100
        words.append(
          RecognisedWord(text: "", box: letter.box, confidence: confidence, letters: []))
      }
      words[words.count - 1].text += letter.text
      words[words.count - 1].box = words[words.count - 1].box.union(letter.box)
      words[words.count - 1].letters.append(letter)
    } while TessResultIteratorNext(iterator, RIL_SYMBOL) != 0
    return words
  }

  private static func letter(
    _ iterator: OpaquePointer, _ page: OpaquePointer?
  ) -> RecognisedLetter? {
    var (left, top, right, bottom): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
    guard
      let text = TessResultIteratorGetUTF8Text(iterator, RIL_SYMBOL),
      TessPageIteratorBoundingBox(page, RIL_SYMBOL, &left, &top, &right, &bottom) != 0
    else { return nil }
    defer { TessDeleteText(text) }
    return RecognisedLetter(
      text: String(cString: text),
      box: PixelRect(
        x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top)),
      confidence: Double(TessResultIteratorConfidence(iterator, RIL_SYMBOL)) / 100)
  }
}

/// Asked by Tesseract after each word.
private let isStopped: TessCancelFunc = { context, _ in
  guard let context else { return false }
  return Unmanaged<StopFlag>.fromOpaque(context).takeUnretainedValue().value
}
