/// Which language to add for a letter that the chosen ones do not know.
///
/// Data that is installed answers for itself; of other languages the usual alphabet is known here.
enum LetterHomes {
  /// A language that knows a sign, and of those the one that knows most of the others; nil when none does.
  static func home(of sign: Character, among others: [Character]) -> String? {
    // A language of the list is named before one that only happens to be installed.
    let candidates = alphabets.map(\.language).filter {
      // Many languages' data happens to have a sign that every keyboard has; nobody means Russian by it.
      (!sign.isASCII || $0 == "eng" || $0 == "Latin") && knows($0, sign)
    }
    return candidates.max { count($0, others) < count($1, others) }
  }

  private static func count(_ language: String, _ signs: [Character]) -> Double {
    let known = signs.count { knows(language, $0) }
    // Of equals the earlier one is the more usual language. A whole script is the last: its data is large.
    let place = alphabets.firstIndex { $0.language == language } ?? alphabets.count
    return LanguageNames.isScript(language) ? 0 : Double(known) - Double(place) / 1000
  }

  /// Whether a language's data has a sign.
  static func knows(_ language: String, _ sign: Character) -> Bool {
    let forms = SignForms.folded(String(sign))
    if let place = LanguageData.place(of: language), let known = Letters.known(to: place) {
      return forms.allSatisfy { part in
        known.contains(part) || part.unicodeScalars.allSatisfy { known.contains(Character($0)) }
      }
    }
    guard let row = alphabets.first(where: { $0.language == language }) else { return false }
    return forms.allSatisfy { form in
      row.letters.contains(form) || (form.lowercased().first.map(row.letters.contains) ?? false)
        || form.unicodeScalars.allSatisfy { scalar in
          row.ranges.contains { $0.contains(scalar.value) }
        }
    }
  }

  private struct Row {
    let language: String
    let letters: Set<Character>
    let ranges: [ClosedRange<UInt32>]

    init(_ language: String, _ letters: String = "", _ ranges: ClosedRange<UInt32>...) {
      self.language = language
      self.letters = Set(letters)
      self.ranges = ranges
    }
  }

  /// The usual alphabets, in small letters, the more usual languages first.
  private static let alphabets: [Row] = [
    Row("eng", "", 0x21...0x5D, 0x5F...0x5F, 0x61...0x7E), Row("deu", "äöüß"),
    Row("fra", "àâæçéèêëîïôœùûüÿ"), Row("spa", "áéíóúüñ¿¡ºª"), Row("por", "ãõáâàçéêíóôú"),
    Row("ita", "àèéìíîòóùú"), Row("pol", "ąćęłńóśźż"), Row("ces", "áčďéěíňóřšťúůýž"),
    Row("swe", "åäöé"), Row("dan", "æøåé"), Row("nor", "æøåéòô"), Row("tur", "çğıİöşüâ"),
    Row("hun", "áéíóöőúüű"), Row("ron", "ăâîșțşţ"), Row("hrv", "čćđšž"),
    Row("slk", "áäčďéíĺľňóôŕšťúýž"),
    Row("slv", "čšž"), Row("nld", "ëïéèöüĳ"), Row("fin", "äöåšž"), Row("est", "äöõüšž"),
    Row("lav", "āčēģīķļņšūž"), Row("lit", "ąčęėįšųūž"), Row("isl", "áðéíóúýþæö"),
    Row("cat", "àçèéíïòóúü·"), Row("epo", "ĉĝĥĵŝŭ"), Row("cym", "âêîôûŵŷ"), Row("mlt", "ċġħż"),
    Row(
      "vie", "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"),
    Row("rus", "№", 0x0410...0x044F, 0x0401...0x0401, 0x0451...0x0451),
    Row("ukr", "ґєії", 0x0410...0x044F),
    Row("bel", "ўі", 0x0410...0x044F), Row("srp", "ђјљњћџ", 0x0410...0x044F),
    Row("mkd", "ѓѕјљњќџ", 0x0410...0x044F), Row("kaz", "әғқңөұүһі", 0x0410...0x044F),
    Row("ell", "", 0x0370...0x03FF), Row("grc", "", 0x1F00...0x1FFF),
    Row("heb", "", 0x0590...0x05FF),
    Row("ara", "", 0x0621...0x064A, 0x0660...0x0669, 0x060C...0x061F),
    Row("fas", "پچژگکی", 0x0621...0x064A, 0x06F0...0x06F9), Row("urd", "ٹڈڑںھہےۓ", 0x0621...0x06D3),
    Row("hye", "", 0x0530...0x058F), Row("kat", "", 0x10A0...0x10FF),
    Row("hin", "", 0x0900...0x097F),
    Row("ben", "", 0x0980...0x09FF), Row("pan", "", 0x0A00...0x0A7F),
    Row("guj", "", 0x0A80...0x0AFF),
    Row("tam", "", 0x0B80...0x0BFF), Row("tel", "", 0x0C00...0x0C7F),
    Row("kan", "", 0x0C80...0x0CFF),
    Row("mal", "", 0x0D00...0x0D7F), Row("sin", "", 0x0D80...0x0DFF),
    Row("tha", "", 0x0E00...0x0E7F),
    Row("lao", "", 0x0E80...0x0EFF), Row("bod", "", 0x0F00...0x0FFF),
    Row("mya", "", 0x1000...0x109F),
    Row("amh", "", 0x1200...0x137F), Row("khm", "", 0x1780...0x17FF),
    Row("kor", "", 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7A3),
    Row("chi_sim", "", 0x3000...0x3003, 0x3007...0x3011, 0x4E00...0x9FFF),
    Row("jpn", "々", 0x3000...0x3003, 0x3007...0x3011, 0x3040...0x30FF, 0x4E00...0x9FFF),
    Row("chi_tra", "", 0x4E00...0x9FFF), Row("Latin", "•…^", 0xC0...0x24F, 0x1E00...0x1EFF),
  ]
}
