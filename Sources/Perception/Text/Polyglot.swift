import Pixels

/// The recognisers of all languages that are read; it belongs to the thread it was made on.
///
/// Each language has a recogniser of its own, and the first is asked first: what it is sure of costs no more
/// than with one language. Where it doubts, or where its reading leaves marks above the letters that it does
/// not tell of, the others are asked too, and the surest reading counts.
final class Polyglot {
  /// Above this confidence a reading counts without asking other languages.
  ///
  /// Data that reads its own language is hardly ever less sure than 0.95 where letters are clear; data that
  /// reads another one hardly ever surer than 0.92.
  static let sure = 0.93

  private static let stackedBonus = 0.3

  private let recognisers: [(recogniser: Recogniser, scripts: ScriptTraits)]

  /// Loads the data of languages, each once.
  ///
  /// - Throws: `languageMissing`, which says how to install the data, or `unavailable`.
  init(_ languages: [String]) throws(PerceptionError) {
    var recognisers: [(Recogniser, ScriptTraits)] = []
    var places: Set<LanguageData.Place> = []
    for language in languages.isEmpty ? ["eng"] : languages {
      guard let place = LanguageData.place(of: language) else {
        let fault = LanguageData.fault(of: language)
        throw PerceptionError(
          .languageMissing,
          fault.map { "\($0.message): \($0.help)" } ?? "there is no language “\(language)”")
      }
      if places.insert(place).inserted {
        recognisers.append((try Recogniser(place), ScriptTraits(of: [language])))
      }
    }
    self.recognisers = recognisers
  }

  /// The words on a picture of one line, in reading order; the parameters are those of `Recogniser.words`.
  ///
  /// - Parameter marks: how many pieces of ink lie above letters: dots and accents.
  func words(
    on image: GreyImage, isOneWord: Bool = false, marks: Int = 0, milliseconds: Int, stop: StopFlag
  ) throws(PerceptionError) -> [RecognisedWord] {
    var best: (words: [RecognisedWord], worth: Double)?
    for (recogniser, scripts) in recognisers {
      // The signs of these scripts are read as a line only, however short it is.
      let words = try recogniser.words(
        on: image, isOneWord: isOneWord && !scripts.hasLooseParts, milliseconds: milliseconds,
        stop: stop)
      if recognisers.count == 1 { return words }
      var worth = Self.worth(words, marks: marks)
      // Other data takes a sign of many pieces for a letter or two, and is not even in much doubt.
      if scripts.isStacked, words.contains(where: { $0.text.contains(where: SignSpacing.isTight) })
      {
        worth += Self.stackedBonus
      }
      if best.map({ worth > $0.worth }) ?? true { best = (words, worth) }
      if worth >= Self.sure { break }
    }
    return best?.words ?? []
  }

  /// How good a reading is, 0…1: how sure of its worst word, less what it does not tell of.
  private static func worth(_ words: [RecognisedWord], marks: Int) -> Double {
    let known = words.filter { !$0.text.allSatisfy(\.isWhitespace) }
    guard let least = known.map(\.confidence).min() else { return 0 }
    let told = known.reduce(0) { $0 + $1.text.reduce(0) { $0 + LetterMarks.count(of: $1) } }
    let odd = known.contains { LetterMarks.mixesCases($0.text) } ? 1 : 0
    return max(least - 0.05 * Double(min(max(marks - told, 0) + odd, 8)), 0)
  }
}

/// The pieces of ink that lie above a letter and belong to it.
enum LetterMarks {
  /// How many dots, accents and the like a sign has above another part of it; many where that is not known.
  static func count(of sign: Character) -> Int {
    guard let scalar = sign.unicodeScalars.first, sign.unicodeScalars.count == 1 else { return 8 }
    if let known = known[sign] { return known }
    // Chinese, Arabic and the like are made of pieces that tell nothing.
    guard scalar.value < 0x0530 || (0x1E00..<0x2190).contains(scalar.value) else { return 64 }
    guard let marks = (scalar.properties.name ?? "").split(separator: " WITH ").dropFirst().last
    else {
      return 0
    }
    return marks.split(separator: " AND ").reduce(0) { $0 + (pieces[$1] ?? 1) }
  }

  private static let known: [Character: Int] = {
    var known: [Character: Int] = ["%": 2, "‰": 3, "ё": 2, "Ё": 2, "ї": 2, "Ї": 2, "÷": 2]
    for sign in "ij!?:;=\"йЙўЎіј±≤≥£€¿¡" { known[sign] = 1 }
    return known
  }()

  /// Marks that are two pieces, or none above the letter.
  private static let pieces: [Substring: Int] = [
    "DIAERESIS": 2, "DIALYTIKA": 2, "DOUBLE ACUTE": 2, "DOUBLE GRAVE": 2, "CEDILLA": 0, "OGONEK": 0,
    "COMMA BELOW": 0, "DOT BELOW": 0, "STROKE": 0, "HORN": 0, "HOOK": 0, "DESCENDER": 0,
    "UPTURN": 0, "YPOGEGRAMMENI": 0, "PROSGEGRAMMENI": 0,
  ]

  /// Whether a capital stands behind a small letter, as where an ß was taken for a B.
  static func mixesCases(_ text: String) -> Bool {
    zip(text, text.dropFirst()).contains { $0.isLowercase && $1.isUppercase }
  }

  /// How many pieces of a line lie above others, and are smaller than those.
  static func count(in line: InkLine, _ ink: InkComponents) -> Int {
    let boxes = line.members.map { ink.components[$0].box }.sorted { $0.x < $1.x }
    return boxes.count { mark in
      guard mark.height * 2 <= line.letter + 2, mark.width <= line.letter else { return false }
      return boxes.contains { body in
        body.height > mark.height && body.y >= mark.maxY - 1
          && min(body.maxX, mark.maxX) > max(body.x, mark.x)
      }
    }
  }
}
