internal import Languages
internal import Perception
public import ScenarioFiles

extension ReadingRules {
  /// What the local engine can read with the data of this machine.
  public static let local = ReadingRules(
    usual: UsualLanguages.languages,
    faultOfLanguage: { LanguageData.fault(of: $0).map(Fault.init) },
    faultOfText: { Letters(of: $1).fault(of: $0).map(Fault.init) })
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
