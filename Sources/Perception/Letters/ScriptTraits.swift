/// What is particular to the scripts of some languages, as far as finding and drawing their lines goes.
struct ScriptTraits: Hashable, Sendable {
  /// Signs are made of pieces, some of them below others: Chinese, Japanese, Korean.
  var isStacked = false
  /// The letters of a word are joined by a stroke: Arabic, Devanagari.
  var isJoined = false
  /// Lines run from right to left: Arabic, Hebrew.
  var isRightToLeft = false
  /// Much of what letters mean is in the dots and strokes around them.
  var hasLooseParts: Bool { isStacked || isJoined || isRightToLeft }

  /// The traits of letters like those of Latin.
  static let plain = ScriptTraits()

  private init() {}

  /// The traits that the scripts of some languages have together.
  init(of languages: [String]) {
    for language in languages {
      let short = LanguageNames.short(language)
      isStacked = isStacked || Self.stacked.contains(Self.root(short))
      isJoined = isJoined || Self.joined.contains(Self.root(short))
      isRightToLeft = isRightToLeft || Self.rightToLeft.contains(Self.root(short))
    }
  }

  private static func root(_ name: String) -> String {
    for suffix in ["_vert", "_sim", "_tra"] where name.hasSuffix(suffix) {
      return root(String(name.dropLast(suffix.count)))
    }
    return name
  }

  private static let stacked: Set<String> = [
    "chi", "jpn", "kor", "HanS", "HanT", "Japanese", "Hangul",
  ]
  private static let joined: Set<String> = [
    "ara", "fas", "urd", "pus", "snd", "uig", "kur_ara", "Arabic", "hin", "mar", "nep", "san",
    "ben", "asm", "pan", "Devanagari", "Bengali", "Gurmukhi", "syr", "Syriac",
  ]
  private static let rightToLeft: Set<String> = [
    "ara", "fas", "urd", "pus", "snd", "uig", "Arabic", "heb", "yid", "Hebrew", "syr", "Syriac",
    "div", "Thaana",
  ]
}
