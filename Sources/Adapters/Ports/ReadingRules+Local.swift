internal import Languages
internal import Perception
public import Scenario

extension ReadingRules {
  /// What the local engine can read with the data of this machine.
  public static let local = ReadingRules(
    usual: UsualLanguages.languages,
    faultOfLanguage: { LanguageData.fault(of: $0).map(Fault.init) },
    faultOfText: { Letters(of: $1).fault(of: $0).map(Fault.init) },
    textsOfStep: { line, code in
      PlainSteps.actions(line, language: code)?.flatMap(\.textsOnScreen) ?? []
    })
}

extension ReadingRules.Fault {
  fileprivate init(_ fault: LanguageData.Fault) {
    self.init(message: fault.message, help: fault.help)
  }
}

/// The languages that are read where nobody chose any.
enum UsualLanguages {
  /// Latin with all its accents where its data is installed, else English.
  static let latin = "Latin"

  /// For scenarios in the language of a code; nil where they name none.
  @Sendable static func languages(for code: String?) -> ReadingRules.Usual {
    guard let name = code.flatMap({ Language.readingData(for: $0) }) else {
      return ReadingRules.Usual([LanguageData.isInstalled(latin) ? latin : "eng"])
    }
    if name == "eng" || LanguageData.isInstalled(name) { return ReadingRules.Usual([name]) }
    let fault = LanguageData.fault(of: name)
    return ReadingRules.Usual(
      ["eng"],
      remark: ReadingRules.Fault(
        message: (fault?.message ?? "\(name) cannot be read")
          + ", so the screen is read as English",
        help: (fault?.help ?? "") + "; or say that it is English: ocr: [eng]"))
  }
}

extension PlainAction {
  /// The texts that it looks for.
  fileprivate var textsOnScreen: [String] {
    switch self {
    case .click(let target), .doubleClick(let target), .rightClick(let target),
      .hover(let target), .open(let target), .clear(let target), .check(let target),
      .uncheck(let target):
      [target.text]
    case .type(_, let field): field.map { [$0.text] } ?? []
    case .drag(let from, let to): [from.text, to.text]
    case .waitFor(let text): [text]
    case .select(let option, let list): [option.text] + (list.map { [$0.text] } ?? [])
    case .press, .scroll, .wait: []
    }
  }
}
