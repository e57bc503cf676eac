import Platform

/// The signs that some languages' data knows: what is not among them can never be read.
public struct Letters: Sendable {
  /// The languages, as Tesseract names them.
  public let languages: [String]
  private let known: [Set<Character>]

  /// The letters of languages; a language whose data is missing knows none.
  ///
  /// Each file is read once; it takes some milliseconds and blocks while it does.
  public init(of languages: [String]) {
    self.languages = languages
    known = languages.compactMap { LanguageData.place(of: $0).flatMap(Self.known) }
  }

  private static let cache = Locked<[LanguageData.Place: Set<Character>]>([:])

  /// The signs that a file knows, folded; nil when it cannot be read.
  static func known(to place: LanguageData.Place) -> Set<Character>? {
    if let known = cache.withLock({ $0[place] }) { return known }
    guard let signs = Unicharset.signs(in: place.path) else { return nil }
    let known = Set(signs.flatMap { SignForms.folded(String($0)) })
    cache.withLock { $0[place] = known }
    return known
  }

  /// The signs of a text that none of the languages can read, each once, in their order.
  ///
  /// What is forgiven when texts are compared is forgiven here: spaces, the shape of quotation marks and
  /// dashes, ligatures. An accent is not: `o` is no `ö`.
  public func unreadable(in text: String) -> [Character] {
    var found: [Character] = []
    for sign in text where !isReadable(sign) && !found.contains(sign) { found.append(sign) }
    return found
  }

  private func isReadable(_ sign: Character) -> Bool {
    SignForms.folded(String(sign)).allSatisfy { part in
      known.contains { $0.contains(part) || Self.isMadeOf($0, part) }
    }
  }

  /// Whether a language knows a sign by its parts: data for Hebrew and Thai has letters and marks apart.
  private static func isMadeOf(_ known: Set<Character>, _ sign: Character) -> Bool {
    let parts = sign.unicodeScalars
    return parts.count > 1 && parts.allSatisfy { known.contains(Character($0)) }
  }
}

extension Letters {
  /// What is wrong with looking for a text on the screen; nil when all of it can be read.
  public func fault(of text: String) -> LanguageData.Fault? {
    let missing = unreadable(in: text)
    guard !missing.isEmpty else { return nil }
    let shown = missing.prefix(12).map { String($0) }.joined(separator: ", ")
    let names = languages.joined(separator: ", ")
    let what = missing.contains { $0.isLetter } ? "letters" : "signs"
    return LanguageData.Fault(
      message: "“\(text)” has \(what) that \(names) cannot read: \(shown)"
        + (missing.count > 12 ? ", …" : ""),
      help: help(for: missing))
  }

  /// What brings letters that cannot be read.
  func help(for missing: [Character]) -> String {
    var left = missing
    var homes: [String] = []
    while let sign = left.first, let home = LetterHomes.home(of: sign, among: left) {
      homes.append(home)
      left.removeAll { LetterHomes.knows(home, $0) }
    }
    let signs = left.map { "“\($0)”" }.joined(separator: ", ")
    let noData =
      "no language's data has \(signs): look for a picture of it with image:, or leave it out of the text"
    guard !homes.isEmpty else { return noData }
    let packages = homes.filter { !LanguageData.isInstalled($0) }.map(LanguageNames.package)
    let list = (languages + homes).joined(separator: ", ")
    let first =
      "write ocr: [\(list)]"
      + (packages.isEmpty ? "" : " (apt-get install \(packages.joined(separator: " ")))")
    return left.isEmpty ? first : "\(first); \(noData)"
  }
}
