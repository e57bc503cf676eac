import FoundationEssentials
import Imaging
import Pixels
import Testing

@testable import Perception

/// Windows in ten languages: their texts are found where they are, clicked, read and told to be absent.
///
/// `Fixtures/languages/make.py` makes them; what GTK says of its own widgets is the truth.
@Suite(.serialized) struct LanguageScreensTests {
  private struct Screen: Decodable {
    let texts: [String]
    let places: [String: [Int]]

    /// Heading, label and value of two rows, two buttons, a sentence, a check box.
    var labels: [(label: String, value: String)] { [(texts[1], texts[2]), (texts[3], texts[4])] }

    func place(of text: String) throws -> PixelRect {
      let numbers = try #require(places[text])
      return PixelRect(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
  }

  static let languages = [
    "deu", "fra", "pol", "ell", "rus", "ara", "heb", "jpn", "chi_sim", "kor",
  ]

  /// Texts like those of the window that are not on it.
  private static let absent = [
    "deu": ["Größe andern Sie", "Straßen", "Loschen Sie", "Übernahme"],
    "fra": ["Prénoms", "Enregistré", "Numéros", "fichiers"],
    "pol": ["Ustawienie", "Hasła", "Włącz", "Zapis"],
    "ell": ["Ρύθμιση", "Ονόματα", "Διαγραφές", "Πόλεις"],
    "rus": ["Настройка", "Имена", "Удалено", "ошибки"],
    "ara": ["حفظت", "المدن", "الأسماء", "ألغي"],
    "heb": ["הגדרה", "שמות", "ביטולים", "ערים"],
    "jpn": ["設定の変化", "名札", "保有", "京都"],
    "chi_sim": ["系统设备", "姓氏", "保管", "取得"],
    "kor": ["환경 설명", "이를", "저금", "취미"],
  ]

  private func screen(_ language: String) throws -> (screen: Screen, frame: Frame) {
    let screen = try JSONDecoder().decode(
      Screen.self, from: Data(try Fixture.text("languages/\(language).json").utf8))
    return (screen, try Fixture.frame("languages/\(language)"))
  }

  @Test(.timeLimit(.minutes(5)), arguments: languages, [[], ["eng"]])
  func `texts are found and clicked where they are`(language: String, before: [String]) async throws
  {
    let (screen, frame) = try screen(language)
    let reader = try await TextReader(languages: before + [language])
    let text = try await reader.patiently(frame)
    for wanted in screen.texts {
      let located = Locator.locate(TargetQuery(text: wanted), in: text, screen: frame.size)
      guard case .found(let hit) = located else {
        Issue.record("\(wanted): \(located) in\n\(text.text)")
        continue
      }
      let place = try screen.place(of: wanted)
      #expect(
        place.contains(x: hit.box.center.x, y: hit.box.center.y), "\(wanted): \(hit.box), \(place)")
      #expect(hit.isWholeLabel, "\(wanted): \(hit.text)")
    }
    for wanted in Self.absent[language] ?? [] {
      #expect(TextSearch.hits(for: wanted, in: text).isEmpty, "\(wanted)")
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: languages)
  func `values are read beside their labels`(language: String) async throws {
    let (screen, frame) = try screen(language)
    let text = try await TextReader(languages: [language]).patiently(frame)
    for (label, value) in screen.labels {
      let read = ValueReader.readEitherWay(what: label, in: text).map(\.text)
      #expect(read.contains(value), "\(label): \(read)")
    }
  }

  @Test(.timeLimit(.minutes(5))) func `a part of a line from right to left is where it stands`()
    async throws
  {
    let (screen, frame) = try screen("heb")
    let text = try await TextReader(languages: ["heb"]).patiently(frame)
    let sentence = screen.texts[7].split(separator: " ").map(String.init)
    let whole = try #require(TextSearch.hits(for: screen.texts[7], in: text).first?.box)
    let first = try #require(TextSearch.hits(for: sentence[0], in: text).first?.box)
    let pair = "\(sentence[2]) \(sentence[3])"
    let last = try #require(TextSearch.hits(for: pair, in: text).first?.box)
    #expect(first.maxX == whole.maxX && first.x > last.maxX)
    #expect(last.x == whole.x && last.width * 2 > whole.width)
  }

  @Test(.timeLimit(.minutes(5))) func `a part of a text without spaces is found in it`()
    async throws
  {
    let (screen, frame) = try screen("chi_sim")
    let text = try await TextReader(languages: ["chi_sim"]).patiently(frame)
    let sentence = try screen.place(of: screen.texts[7])
    let hits = TextSearch.hits(for: "文件", in: text)
    #expect(hits.count == 1)
    let box = try #require(hits.first?.box)
    // The fifth and the sixth of thirteen signs.
    #expect(abs(box.x - sentence.x - 60) <= 8 && abs(box.width - 30) <= 10, "\(box)")
    #expect(TextSearch.hits(for: "保存", in: text).count == 2)
  }
}
