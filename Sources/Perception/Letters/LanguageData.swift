import Glibc

/// Where Tesseract's data for a language is kept, and what brings it where it is not.
public enum LanguageData {
  /// Why a language cannot be read.
  public struct Fault: Error, Hashable, Sendable {
    /// What is wrong.
    public let message: String
    /// What to do.
    public let help: String
  }

  /// The folders that packages use, in the order in which they are looked into.
  static let folders = [
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata", "/usr/local/share/tessdata",
  ]

  /// The folders to look into: those of `TESSDATA_PREFIX` alone where it is set.
  static var searched: [String] {
    guard let prefix = getenv("TESSDATA_PREFIX").map({ String(cString: $0) }), !prefix.isEmpty
    else { return folders }
    return [prefix, prefix + "/tessdata"]
  }

  /// A language as Tesseract finds it: the folder that it starts from, and the name from there.
  struct Place: Hashable {
    var folder: String
    var name: String

    /// The file.
    var path: String { "\(folder)/\(name).traineddata" }
  }

  /// Where the data of a language is; nil when it is nowhere, or when the name is none.
  ///
  /// Data for a script (`script/Latin`) also lies beside that of languages (`Latin`), as in Debian.
  static func place(of language: String, in folders: [String] = searched) -> Place? {
    guard isName(language) else { return nil }
    let short = LanguageNames.short(language)
    let names = LanguageNames.isScript(short) ? [short, "script/\(short)"] : [short]
    for folder in folders {
      for name in names {
        let place = Place(folder: folder, name: name)
        if access(place.path, R_OK) == 0 { return place }
      }
    }
    return nil
  }

  /// Whether the data of a language is on this machine.
  public static func isInstalled(_ language: String) -> Bool { place(of: language) != nil }

  /// Why a language cannot be read; nil when it can.
  public static func fault(of language: String) -> Fault? {
    guard isName(language) else {
      return Fault(
        message: "“\(language)” is no language of the text recogniser",
        help: "write Tesseract's name for it, such as eng, deu or chi_sim")
    }
    let folders = searched
    guard let place = place(of: language, in: folders) else { return missing(language, folders) }
    guard Letters.known(to: place) != nil else {
      return Fault(
        message: "the text recogniser's data in \(place.path) cannot be read",
        help: "apt-get install --reinstall \(LanguageNames.package(of: language))")
    }
    return nil
  }

  private static func missing(_ language: String, _ folders: [String]) -> Fault {
    let short = LanguageNames.short(language)
    guard LanguageNames.isKnown(short) else {
      let guess = LanguageNames.nearest(to: short).map { "did you mean “\($0)”?" }
      return Fault(
        message: "there is no language “\(language)” of the text recogniser",
        help: guess ?? "write Tesseract's name for it, such as eng, deu or chi_sim")
    }
    return Fault(
      message: "the text recogniser's data for \(language) is not installed",
      help: "apt-get install \(LanguageNames.package(of: language)), or set TESSDATA_PREFIX to the "
        + "folder that holds \(short).traineddata (looked in \(folders.joined(separator: ", ")))")
  }

  /// A name becomes a part of a path, so nothing but what Tesseract itself uses is accepted.
  static func isName(_ name: String) -> Bool {
    let short = LanguageNames.short(name)
    return !short.isEmpty && short.utf8.count <= 32 && short.utf8.allSatisfy(isNameByte)
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
