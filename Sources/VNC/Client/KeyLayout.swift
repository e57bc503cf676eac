/// A keyboard layout that a machine may have: what each key of a US keyboard writes under it.
///
/// From the symbol files of xkeyboard-config (xkb-data 2.35), of which only ASCII and the dead keys that make
/// ASCII are kept: nothing else is typed by keys on the word of a table. A value.
struct KeyLayout: Hashable, Sendable {
  let name: String
  /// What the keys of `USLayout.keys` write alone, with Shift, and with AltGr; `·` is none of it, and a
  /// combining accent a dead key.
  private let levels: [[Unicode.Scalar]]

  private init(_ name: String, plain: String, shifted: String, altGr: String) {
    self.name = name
    levels = [plain, shifted, altGr].map { Array($0.unicodeScalars) }
  }

  /// How characters are typed on a machine that has this layout, by a server that takes keys by their place.
  func profile(for wanted: [Unicode.Scalar]) -> TypingProfile {
    var found: [(KeyProbe.Stroke, KeyProbe.Result)] = []
    for (index, key) in USLayout.keys.enumerated() {
      let strokes = [
        KeyProbe.Stroke(keysym: key.plain.value),
        KeyProbe.Stroke(keysym: key.shifted.value, holdsShift: true),
        KeyProbe.Stroke(keysym: key.plain.value, holdsAltGr: true),
      ]
      for (stroke, level) in zip(strokes, levels) {
        let place = Self.place(of: index)
        guard place < level.count else { continue }
        found.append((stroke, Self.result(of: level[place])))
      }
    }
    return KeyProbe.profile(for: wanted, keyboard: .scancodes, found)
  }

  private static func result(of scalar: Unicode.Scalar) -> KeyProbe.Result {
    let spacing: [Unicode.Scalar: String] = ["\u{300}": "`", "\u{302}": "^", "\u{303}": "~"]
    if let sign = spacing[scalar] { return KeyProbe.Result(text: sign, isDead: true) }
    return KeyProbe.Result(text: scalar.isASCII ? String(scalar) : "")
  }

  /// Where a key of `USLayout.keys` stands in the rows below.
  private static func place(of index: Int) -> Int { places[index] }

  private static let places: [Int] = USLayout.keys.map { key in
    rows.firstIndex(of: key.plain) ?? rows.count
  }

  /// The keys row by row, as the tables have them.
  private static let rows = Array(
    "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./".unicodeScalars)

  /// The layouts that are tried, the likelier first.
  static let all: [KeyLayout] = [
    KeyLayout(
      "US",
      plain: "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
      shifted: "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?",
      altGr: ""),
    KeyLayout(
      "German",
      plain: "\u{302}1234567890·\u{301}qwertzuiop·+#asdfghjkl··yxcvbnm,.-",
      shifted: "·!\"·$%&/()=?\u{300}QWERTZUIOP·*'ASDFGHJKL··YXCVBNM;:_",
      altGr: "·······{[]}\\·@·········\u{308}~···········\u{302}"),
    KeyLayout(
      "French",
      plain: "·&·\"'(-·_··)=azertyuiop\u{302}$*qsdfghjklm·wxcvbn,;:!",
      shifted: "~1234567890·+AZERTYUIOP\u{308}··QSDFGHJKLM%WXCVBN?./",
      altGr: "··~#{[|`\\^@]}··········\u{308}·\u{300}@·········\u{302}······\u{301}"),
    KeyLayout(
      "British",
      plain: "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./",
      shifted: "·!\"·$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?",
      altGr: "|······{[]}\\·@·e·······\u{308}\u{303}\u{300}·········\u{301}\u{302}"),
    KeyLayout(
      "Spanish",
      plain: "·1234567890'·qwertyuiop\u{300}+·asdfghjkl·\u{301}zxcvbnm,.-",
      shifted: "·!\"·$%&/()=?·QWERTYUIOP\u{302}*·ASDFGHJKL·\u{308}ZXCVBNM;:_",
      altGr: "\\|@#~··{[]}\\·@·········[]}·········\u{303}{"),
    KeyLayout(
      "Italian",
      plain: "\\1234567890'·qwertyuiop·+·asdfghjkl··zxcvbnm,.-",
      shifted: "|!\"·$%&/()=?^QWERTYUIOP·*·ASDFGHJKL··ZXCVBNM;:_",
      altGr: "·······{[]}`~@·········[]\u{300}·········@#·······\u{301}"),
    KeyLayout(
      "Swiss",
      plain: "·1234567890'\u{302}qwertzuiop·\u{308}$asdfghjkl··yxcvbnm,.-",
      shifted: "·+\"*·%&/()=?\u{300}QWERTZUIOP·!·ASDFGHJKL··YXCVBNM;:_",
      altGr: "·|@#···|·]}\u{301}\u{303}@·········[]}·········\u{301}{"),
    KeyLayout(
      "Swedish",
      plain: "·1234567890+\u{301}qwertyuiop·\u{308}'asdfghjkl··zxcvbnm,.-",
      shifted: "·!\"#·%&/()=?\u{300}QWERTYUIOP·\u{302}*ASDFGHJKL··ZXCVBNM;:_",
      altGr: "··@·$··{[]}\\·@·········\u{308}\u{303}"),
    KeyLayout(
      "Danish",
      plain: "·1234567890+\u{301}qwertyuiop·\u{308}'asdfghjkl··zxcvbnm,.-",
      shifted: "·!\"#·%&/()=?\u{300}QWERTYUIOP·\u{302}*ASDFGHJKL··ZXCVBNM;:_",
      altGr: "··@·$··{[]}·|@·········\u{308}\u{303}··········\u{301}\u{302}"),
    KeyLayout(
      "Norwegian",
      plain: "|1234567890+\\qwertyuiop·\u{308}'asdfghjkl··zxcvbnm,.-",
      shifted: "·!\"#·%&/()=?\u{300}QWERTYUIOP·\u{302}*ASDFGHJKL··ZXCVBNM;:_",
      altGr: "··@·$··{[]}·\u{301}@·········\u{308}\u{303}··········\u{301}\u{302}"),
    KeyLayout(
      "Portuguese",
      plain: "\\1234567890'·qwertyuiop+\u{301}\u{303}asdfghjkl··zxcvbnm,.-",
      shifted: "|!\"#$%&/()=?·QWERTYUIOP*\u{300}\u{302}ASDFGHJKL··ZXCVBNM;:_",
      altGr: "··@····{[]}\\·@·········\u{308}\u{303}\u{300}·········\u{301}\u{302}"),
    KeyLayout(
      "Brazilian",
      plain: "'1234567890-=qwertyuiop\u{301}[]asdfghjkl·\u{303}zxcvbnm,.;",
      shifted: "\"!@#$%\u{308}&*()_+QWERTYUIOP\u{300}{}ASDFGHJKL·\u{302}ZXCVBNM<>:",
      altGr: "·······{[]}\\·/?····················\u{301}~"),
    KeyLayout(
      "Belgian",
      plain: "·&·\"'(··!··)-azertyuiop\u{302}$·qsdfghjklm·wxcvbn,;:=",
      shifted: "·1234567890·_AZERTYUIOP\u{308}*·QSDFGHJKLM%WXCVBN?./+",
      altGr: "·|@#··^{[{}\\·@·········[]\u{300}·········\u{301}\u{301}·········\u{303}"),
    KeyLayout(
      "US international",
      plain: "\u{300}1234567890-=qwertyuiop[]\\asdfghjkl;\u{301}zxcvbnm,./",
      shifted: "\u{303}!@#$%\u{302}&*()_+QWERTYUIOP{}|ASDFGHJKL:\u{308}ZXCVBNM<>?",
      altGr: "`····························fghj···'·x·vb"),
    KeyLayout(
      "Latin American",
      plain: "|1234567890'·qwertyuiop\u{301}+}asdfghjkl·{zxcvbnm,.-",
      shifted: "·!\"#$%&/()=?·QWERTYUIOP\u{308}*]ASDFGHJKL·[ZXCVBNM;:_",
      altGr: "·|@·~··{[]}\\·@·········\u{308}~\u{300}·········~\u{302}"),
  ]
}
