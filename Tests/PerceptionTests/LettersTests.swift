import FoundationEssentials
import Testing

@testable import Perception

/// Which letters a language's data knows, and what is said of those that none knows.
@Suite struct LettersTests {
  private let english = Letters(of: ["eng"])

  @Test(arguments: [
    "Save changes?", "Total: $1,234.50 (20 %)", "“It’s fine” – he said…", "ﬁle ﬂow",
    "a\u{AD}b\u{200B}c",
    "C:\\Users\\me", "tester@shop:~$", "résumé", "Ｏ\u{FF2B}",
  ])
  func `what English data knows, and what is only written in another way, can be read`(text: String)
  {
    #expect(english.unreadable(in: text) == [])
  }

  @Test(arguments: [
    ("Ошибка", "О ш и б к а"), ("Ungültige Größe", "ü ö ß"), ("Zażółć", "ż ó ł ć"), ("错误", "错 误"),
    ("o\u{308}", "o\u{308}"), ("✓ Done", "✓"), ("שלום", "ש ל ו ם"), ("2^10", "^"),
  ])
  func `each letter that English data lacks is named once`(text: String, letters: String) {
    #expect(english.unreadable(in: text).map { String($0) }.joined(separator: " ") == letters)
  }

  @Test func `what is missing is told with the language that brings it`() throws {
    let russian = try #require(english.fault(of: "Ошибка 12"))
    #expect(
      russian.message == "“Ошибка 12” has letters that eng cannot read: О, ш, и, б, к, а")
    #expect(russian.help.hasPrefix("write ocr: [eng, rus]"))
    #expect(try #require(english.fault(of: "Größe")).help.contains("[eng, deu]"))
    #expect(try #require(english.fault(of: "保存しました")).help.contains("[eng, jpn]"))
    let dog = try #require(english.fault(of: "Łódź и Größe"))
    for name in ["pol", "rus", "deu"] { #expect(dog.help.contains(name)) }
  }

  @Test func `a sign that no data has is told with what to do instead`() throws {
    let fault = try #require(english.fault(of: "✓"))
    #expect(fault.message == "“✓” has signs that eng cannot read: ✓")
    #expect(fault.help.contains("picture") && !fault.help.contains("ocr:"))
  }

  @Test(arguments: [
    ("rus", "tesseract-ocr-rus"), ("chi_sim", "tesseract-ocr-chi-sim"),
    ("Latin", "tesseract-ocr-script-latn"), ("script/Latin", "tesseract-ocr-script-latn"),
  ])
  func `data has its Debian package`(name: String, package: String) {
    #expect(LanguageNames.package(of: name) == package)
  }

  @Test(arguments: [
    ("ger", "deu"), ("de", "deu"), ("enj", "eng"), ("Latn", "Latin"), ("japanese", "jpn"),
  ])
  func `a name that is none is told with the nearest`(name: String, guess: String) throws {
    let fault = try #require(LanguageData.fault(of: name))
    #expect(fault.help == "did you mean “\(guess)”?")
  }

  // MARK: - Damaged data

  private func text(_ lines: String...) -> [UInt8] {
    Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test func `the signs are the first words of as many lines as there are signs`() {
    #expect(
      Unicharset.signs(in: text("4", "NULL 0 x", "a 3 y", "ß 3 z", "|Broken|0|1 f")) == ["a", "ß"])
  }

  @Test func `a part that says too much or too little is no part`() {
    for damaged in [
      text(""), text("x"), text("-1"), text("3", "a 1", "b 1"), text("100001", "a 1"),
      text("99999999999999999999", "a"), [0xFF, 0xFE], text("2", "a 1", ""), text("1", "NULL 0"),
    ] {
      #expect(Unicharset.signs(in: damaged) == nil)
    }
  }

  @Test func `a file that is none, or is cut off, has no signs`() throws {
    let place = try #require(LanguageData.place(of: "eng"))
    let whole = [UInt8](try Data(contentsOf: URL(filePath: place.path)))
    #expect(Unicharset.signs(in: "/nonexistent") == nil)
    #expect(Unicharset.signs(in: "/dev/zero") == nil)
    for count in [0, 3, 4, 100, 196, whole.count / 2, whole.count - 4000] {
      #expect(try signs(in: Array(whole.prefix(count))) == nil, "\(count) bytes")
    }
    var wild = Array(whole.prefix(4096))
    for byte in 4..<196 { wild[byte] = UInt8(truncatingIfNeeded: byte &* 37) }
    #expect(try signs(in: wild) == nil)
  }

  private func signs(in bytes: [UInt8]) throws -> Set<Character>? {
    let file = FileManager.default.temporaryDirectory.appending(path: "qa-signs-\(UUID())")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return Unicharset.signs(in: file.path())
  }
}
