import FoundationEssentials
import Pixels
import ScreenCorpus
import Testing

@testable import Perception

/// The sample of the honesty corpus: both texts of a pair are asked for where one of them is shown.
///
/// An ordinary run takes every third screen, `QA_AGENT_TEST_LONG=1` takes all, and `QA_HONESTY_FOLDER` takes
/// another folder that `fixtures/honesty/make` made.
@Suite struct HonestyTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static let folder =
    environment["QA_HONESTY_FOLDER"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/honesty/sample").path()

  private static func screens() throws -> [HonestyScreen] {
    let isLong = environment["QA_AGENT_TEST_LONG"] == "1"
    return try HonestyScreen.all(in: folder).enumerated()
      .filter { isLong || $0.offset % 3 == 0 }.map(\.element)
  }

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

  @Test(.timeLimit(.minutes(3)))
  func `a code that is read as one that looks alike is not sure`() async throws {
    let reader = try await TextReader()
    var codes = 0
    var sure = 0
    for screen in try HonestyScreen.all(in: Self.folder) {
      let places = screen.places.filter {
        $0.size > 10 && $0.kind == "letters" && Self.alike($0.shown) == Self.alike($0.other)
      }
      guard !places.isEmpty else { continue }
      let text = try await reader.read(try screen.frame(), limit: .seconds(100))
      for place in places {
        let words = text.within(place.box).words
        let read = words.map(\.text).joined()
        let doubt = words.map(\.confidence).min() ?? 0
        if read.lowercased() == place.shown.filter({ $0 != " " }).lowercased() {
          codes += 1
          sure += doubt > 0.5 ? 1 : 0
        } else if read == place.other.filter({ $0 != " " }) {
          #expect(doubt <= 0.5, "\(place.shown) is read \(read) in \(screen.name) at \(place.box)")
        }
      }
    }
    // What is read rightly is mostly left alone.
    #expect(codes >= 10 && sure * 10 >= codes * 7, "\(sure) of \(codes)")
  }
}
