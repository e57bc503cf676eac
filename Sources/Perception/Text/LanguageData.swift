import Glibc

/// Where Tesseract's data for a language is kept.
enum LanguageData {
  /// The folders that packages use, in the order in which they are looked into.
  static let folders = [
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata", "/usr/local/share/tessdata",
  ]

  /// The folder that holds the data of every language named, as in `eng` or `eng+deu`.
  static func folder(
    for language: String, prefix: String? = getenv("TESSDATA_PREFIX").map { String(cString: $0) },
    folders: [String] = folders
  ) throws(PerceptionError) -> String {
    let names = language.split(separator: "+", omittingEmptySubsequences: false)
    // A name becomes a part of a path, so nothing but what Tesseract itself uses is accepted.
    guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isNameByte) }) else {
      throw PerceptionError(
        .languageMissing, "\"\(language)\" is no language; write eng, deu or eng+deu")
    }
    let candidates = (prefix.map { [$0, $0 + "/tessdata"] } ?? []) + folders
    for folder in candidates
    where names.allSatisfy({ access("\(folder)/\($0).traineddata", R_OK) == 0 }) {
      return folder
    }
    let packages = names.map { "tesseract-ocr-\($0)" }.joined(separator: " ")
      .replacing("_", with: "-").lowercased()
    throw PerceptionError(
      .languageMissing,
      "the text recogniser's data for \(language) is not installed; install it with "
        + "\"apt-get install \(packages)\", or set TESSDATA_PREFIX to the folder that holds "
        + "\(names[0]).traineddata (looked in \(candidates.joined(separator: ", ")))")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
