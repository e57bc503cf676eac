import Pixels
import Testing

@testable import Perception

@Suite struct ValueReaderTests {
  @Test func `the rest of the line comes first`() {
    let text = screen((0, 0, "Order number: A-10482"), (0, 30, "Thank you"))
    let found = ValueReader.read(what: "order number", in: text)
    #expect(found.map(\.text) == ["A-10482", "Thank you"])
    #expect(found.map(\.place) == [.sameLine, .below])
    #expect(found.first?.box == PixelRect(x: 136, y: 0, width: 70, height: 14))
  }

  @Test func `the nearest text on the right comes before the one below`() {
    let text = screen((0, 0, "Total"), (150, 2, "89.90"), (300, 0, "EUR"), (0, 24, "Tax"))
    let found = ValueReader.read(what: "Total", in: text)
    #expect(found.map(\.text) == ["89.90", "Tax"])
    #expect(found.map(\.place) == [.right, .below])
  }

  @Test func `a heading has its value below`() {
    let text = screen((100, 0, "Amount"), (105, 20, "1,250.00"), (300, 20, "open"))
    #expect(ValueReader.read(what: "amount", in: text).map(\.text) == ["1,250.00"])
  }

  @Test func `every place of the label is looked at and no value comes twice`() {
    let text = screen((0, 0, "Total"), (100, 0, "1"), (0, 100, "Total"), (100, 100, "2"))
    #expect(ValueReader.read(what: "Total", in: text).map(\.text) == ["1", "2"])
  }

  @Test func `without its label only a region helps`() {
    let text = screen((0, 0, "A-10482"), (600, 0, "other"))
    #expect(ValueReader.read(what: "order number", in: text).isEmpty)
    let region = PixelRect(x: 0, y: 0, width: 300, height: 100)
    let found = ValueReader.read(what: "order number", region: region, in: text)
    #expect(found.map(\.text) == ["A-10482"])
    #expect(found.first?.place == .anywhere)
  }

  @Test func `the confidence is that of the worst word`() {
    let box = PixelRect(x: 0, y: 0, width: 50, height: 14)
    let text = ScreenText(words: [
      TextWord(text: "Total", box: box, confidence: 0.9, line: 0, block: 0),
      TextWord(
        text: "12", box: PixelRect(x: 60, y: 0, width: 20, height: 14), confidence: 0.8, line: 0,
        block: 0),
      TextWord(
        text: "EUR", box: PixelRect(x: 90, y: 0, width: 30, height: 14), confidence: 0.3, line: 0,
        block: 0),
    ])
    #expect(ValueReader.read(what: "Total", in: text).first?.confidence == 0.3)
  }

  @Test(.timeLimit(.minutes(5))) func `values are read off real screens`() async throws {
    let reader = try await TextReader()
    let editor = try await reader.patiently(try Fixture.frame("editor"))
    #expect(ValueReader.read(what: "Order number", in: editor).first?.text == "A-10482-B")
    #expect(ValueReader.read(what: "Total", in: editor).first?.text == "1,234.56 EUR")
    let shop = try await reader.patiently(try Fixture.frame("shop"))
    #expect(ValueReader.read(what: "Customer name", in: shop).first?.text == "Old Mill Bakery")
  }
}
