/// Tesseract's names of languages and scripts, and the Debian packages that bring their data.
enum LanguageNames {
  /// The languages that Debian has data for.
  static let languages: [String] =
    """
    afr amh ara asm aze aze_cyrl bel ben bod bos bre bul cat ceb ces chi_sim chi_sim_vert \
    chi_tra chi_tra_vert chr cos cym dan deu div dzo ell eng enm epo est eus fao fas fil fin fra \
    frk frm fry gla gle glg grc guj hat heb hin hrv hun hye iku ind isl ita ita_old jav jpn \
    jpn_vert kan kat kat_old kaz khm kir kmr kor kor_vert lao lat lav lit ltz mal mar mkd mlt \
    mon mri msa mya nep nld nor oci ori pan pol por pus que ron rus san sin slk slv snd spa \
    spa_old sqi srp srp_latn sun swa swe syr tam tat tel tgk tha tir ton tur uig ukr urd uzb \
    uzb_cyrl vie yid yor
    """.split(separator: " ").map(String.init)

  /// The scripts that Debian has data for, with the names of their packages.
  static let scripts: [String: String] = [
    "Arabic": "arab", "Armenian": "armn", "Bengali": "beng", "Cyrillic": "cyrl",
    "Devanagari": "deva", "Ethiopic": "ethi", "Georgian": "geor", "Greek": "grek",
    "Gujarati": "gujr", "Gurmukhi": "guru", "HanS": "hans", "HanT": "hant", "Hangul": "hang",
    "Hebrew": "hebr", "Japanese": "jpan", "Kannada": "knda", "Khmer": "khmr", "Lao": "laoo",
    "Latin": "latn", "Malayalam": "mlym", "Myanmar": "mymr", "Oriya": "orya", "Sinhala": "sinh",
    "Syriac": "syrc", "Tamil": "taml", "Telugu": "telu", "Thaana": "thaa", "Thai": "thai",
    "Tibetan": "tibt", "Vietnamese": "viet",
  ]

  /// A name without the folder that scripts are in elsewhere: `script/Latin` is `Latin`.
  static func short(_ name: String) -> String {
    name.hasPrefix("script/") ? String(name.dropFirst(7)) : name
  }

  /// Whether a short name is a script's.
  static func isScript(_ short: String) -> Bool { scripts[short] != nil }

  /// Whether Debian has data of a short name.
  static func isKnown(_ short: String) -> Bool { isScript(short) || languages.contains(short) }

  /// The package that brings the data: `tesseract-ocr-chi-sim`.
  static func package(of name: String) -> String {
    let short = short(name)
    if let script = scripts[short] { return "tesseract-ocr-script-\(script)" }
    return "tesseract-ocr-" + short.lowercased().replacing("_", with: "-")
  }

  /// The known name that is most like an unknown one: `ger` has none, `den` has `deu`.
  static func nearest(to name: String) -> String? {
    if let code = others[name.lowercased()] { return code }
    let wanted = Array(name.lowercased())
    let near = (languages + scripts.keys.sorted()).map {
      ($0, EditDistance.likeness(wanted, Array($0.lowercased())))
    }.max { $0.1 < $1.1 }
    return near.flatMap { $0.1 >= 0.6 ? $0.0 : nil }
  }

  /// What languages are called elsewhere: by ISO 639-1, by the other codes of ISO 639-2, and in English.
  private static let others = [
    "ar": "ara", "arabic": "ara", "chi": "chi_sim", "chinese": "chi_sim", "cs": "ces",
    "cze": "ces", "czech": "ces", "da": "dan", "danish": "dan", "de": "deu", "dut": "nld",
    "dutch": "nld", "el": "ell", "en": "eng", "english": "eng", "es": "spa", "fi": "fin",
    "finnish": "fin", "fr": "fra", "fre": "fra", "french": "fra", "ger": "deu", "german": "deu",
    "gre": "ell", "greek": "ell", "he": "heb", "hebrew": "heb", "hi": "hin", "hu": "hun",
    "hungarian": "hun", "it": "ita", "italian": "ita", "ja": "jpn", "japanese": "jpn",
    "ko": "kor", "korean": "kor", "nl": "nld", "no": "nor", "norwegian": "nor", "per": "fas",
    "persian": "fas", "pl": "pol", "polish": "pol", "portuguese": "por", "pt": "por", "ro": "ron",
    "ru": "rus", "rum": "ron", "russian": "rus", "spanish": "spa", "sv": "swe", "swedish": "swe",
    "th": "tha", "tr": "tur", "turkish": "tur", "uk": "ukr", "ukrainian": "ukr", "vi": "vie",
    "zh": "chi_sim", "zho": "chi_sim", "zh_cn": "chi_sim", "zh_tw": "chi_tra",
  ]
}
