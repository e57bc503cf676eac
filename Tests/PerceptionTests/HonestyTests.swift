import FoundationEssentials
import Pixels
import ScreenCorpus
import Testing

@testable import Perception

/// The sample of the honesty corpus: texts that are nearly the same as others.
///
/// `QA_HONESTY_FOLDER` takes another folder that `fixtures/honesty/make` made.
@Suite struct HonestyTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static let folder =
    environment["QA_HONESTY_FOLDER"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/honesty/sample").path()

  @Test func `the sample has every kind of pair, face, size, ground and toolkit`() throws {
    let screens = try HonestyScreen.all(in: Self.folder)
    let places = screens.flatMap(\.places)
    #expect(places.count >= 450)
    #expect(Set(screens.map(\.toolkit)).count >= 5)
    #expect(Set(places.map(\.kind)).count >= 9)
    #expect(Set(places.map(\.face)).count >= 12)
    #expect(Set(places.map(\.size)).isSuperset(of: [8, 11, 14, 20, 48, 120]))
    #expect(Set(places.map(\.ground)) == ["light", "dark", "coloured"])
    #expect(Set(places.map { [$0.shown, $0.other].sorted() }).count >= 400)
  }

  /// Every third screen of the sample.
  ///
  /// Marks and scripts are left out: letters that no data knows are refused
  /// before a run, and here nobody refuses them.
  @Test(.timeLimit(.minutes(5)))
  func `what is not there is never said to be there, nor the other way round`() async throws {
    let screens = try HonestyScreen.all(in: Self.folder).enumerated()
      .filter { $0.offset % 3 == 0 }.map(\.element)
    let score = try await HonestyRun.score(screens)
    let isAsked = { (answer: HonestyAnswer) in !["marks", "scripts"].contains(answer.place.kind) }
    let isOrdinary = { (answer: HonestyAnswer) in
      isAsked(answer) && (11...48).contains(answer.place.size)
    }
    // A pattern says nothing of how near a misreading is to it, and a value is one text or none.
    let isByText = { (answer: HonestyAnswer) in ![.matches, .value].contains(answer.way) }
    let all = score.count(where: isAsked)
    let byText = score.count { isOrdinary($0) && isByText($0) }
    let others = score.count { isOrdinary($0) && !isByText($0) }
    let wrong = HonestyRun.faults(score).filter { $0.hasPrefix("wrong") }
    let note = Comment(rawValue: wrong.prefix(20).joined(separator: "\n"))
    #expect(all[.wrongYes] == 0, note)
    #expect(byText[.wrongNo] == 0, note)
    #expect(others[.wrongNo] * 50 <= others.all, note)
    #expect(byText[.cannotTell] * 100 <= byText.all * Self.mostDoubt, note)
  }

  /// The most percent of ordinary questions that may be left open.
  private static let mostDoubt = 11

  /// The signs of `LookAlikes`, one for each that it may be.
  private static func alike(_ text: String) -> String {
    String(
      text.filter { !$0.isWhitespace }.map { sign in
        switch sign {
        case "O", "o": "0"
        case "l", "I", "i", "|": "1"
        case "Z", "z": "2"
        case "B": "8"
        case "S", "s": "5"
        default: sign
        }
      })
  }

  @Test(.timeLimit(.minutes(5)))
  func `a code that is read as one that looks alike is not sure`() async throws {
    let reader = try await TextReader()
    var codes = 0
    var sure = 0
    var wrong: [String] = []
    for screen in try HonestyScreen.all(in: Self.folder) {
      let places = screen.places.filter {
        $0.size > 10 && $0.kind == "letters" && Self.alike($0.shown) == Self.alike($0.other)
      }
      guard !places.isEmpty else { continue }
      let frame = try screen.frame()
      for place in places {
        let words = try await reader.read(frame, region: place.box, limit: .seconds(100)).words
        let read = words.map(\.text).joined()
        let isSure = words.allSatisfy { $0.confidence > 0.5 }
        if read.lowercased() == place.shown.filter({ $0 != " " }).lowercased() {
          codes += 1
          sure += isSure ? 1 : 0
        } else if read == place.other.filter({ $0 != " " }), isSure {
          wrong.append("\(place.shown) is read \(read) in \(screen.name) at \(place.box)")
        }
      }
    }
    // A zero alone is far more common than an O alone, also where both are drawn alike.
    #expect(wrong.count <= 1, "\(wrong)")
    // What is read rightly is mostly left alone.
    #expect(codes >= 10 && sure * 10 >= codes * 7, "\(sure) of \(codes)")
  }
}
