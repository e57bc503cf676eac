import FoundationEssentials
import ScreenCorpus
import Testing

/// The sample of the honesty corpus: both texts of a pair are asked for where one of them is shown.
///
/// `QA_HONESTY_FOLDER` takes another folder that `fixtures/honesty/make` made.
@Suite struct HonestyTests {
  private static let folder =
    ProcessInfo.processInfo.environment["QA_HONESTY_FOLDER"]
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
}
