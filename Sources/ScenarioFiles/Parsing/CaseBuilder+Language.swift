internal import Diagnostics
internal import Languages
internal import YAML

extension CaseBuilder {
  /// Takes the language of `act` lines from `language:`; a file that says nothing goes on in the one it is
  /// included from.
  func readLanguage(_ fields: Fields) {
    guard let node = fields.node("language"), let code = literal(node, "“language”") else { return }
    guard Language.codes.contains(code) else {
      return fail(
        node, "there is no language “\(code)”", help: LanguageHelp.text(for: code))
    }
    language = code == "en" ? nil : code
    languageCode = code
    languagePlace = node
  }
}

/// What to say where a language is not known.
enum LanguageHelp {
  static func text(forDialect code: String) -> String {
    Suggestion.question(for: code, among: GherkinDialect.codes)
      ?? "there are: \(GherkinDialect.codes.joined(separator: ", "))"
  }

  static func text(for code: String) -> String {
    Suggestion.question(for: code, among: Language.codes)
      ?? "there are: \(Language.codes.joined(separator: ", "))"
  }
}
