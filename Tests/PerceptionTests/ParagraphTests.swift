import Pixels
import Testing

@testable import Perception

@Suite struct ParagraphTests {
  /// Lines right below each other on one surface.
  private func block(_ lines: String..., x: Int = 20, y: Int = 20, block: Int = 0) -> [TextWord] {
    lines.enumerated().flatMap { index, line in
      var left = x
      return line.split(separator: " ").map { word in
        let box = PixelRect(x: left, y: y + index * 18, width: word.count * 10, height: 14)
        left = box.maxX + 8
        return TextWord(text: String(word), box: box, line: block * 100 + index, block: block)
      }
    }
  }

  private func hits(_ text: String, _ words: [TextWord]) -> Int {
    TextSearch.hits(for: text, in: ScreenText(words: words)).count
  }

  private func whole(_ text: String, _ words: [TextWord]) -> Bool? {
    let screen = PixelSize(clampingWidth: 1000, height: 800)
    let location = Locator.locate(
      TargetQuery(text: text), in: ScreenText(words: words), screen: screen)
    guard case .found(let hit) = location else { return nil }
    return hit.isWholeLabel
  }

  @Test(arguments: [
    ["Discard the changes", "of your letter?"], ["Möchten Sie die", "Änderungen speichern?"],
    ["The text was saved in", "/home/alice. It can be", "sent now."], ["Place", "order"],
    ["Add to the", "shopping cart"],
  ])
  func `what was wrapped is one text`(lines: [String]) {
    let words =
      lines.count == 2
      ? block(lines[0], lines[1]) : block(lines[0], lines[1], lines[2])
    #expect(hits(lines.joined(separator: " "), words) == 1)
    #expect(whole(lines.joined(separator: " "), words) == true)
  }

  @Test(arguments: [
    ["Open", "Save as another file", "Print"], ["New window", "New private window", "Downloads"],
    ["Apples", "Kiwis", "Pears"], ["1. Read the terms", "2. Accept them"], ["Name:", "Address:"],
    ["- Bread", "- Butter"],
  ])
  func `entries of a list are not one text`(lines: [String]) {
    let words =
      lines.count == 2
      ? block(lines[0], lines[1]) : block(lines[0], lines[1], lines[2])
    #expect(hits(lines.prefix(2).joined(separator: " "), words) == 0)
    for line in lines { #expect(hits(line, words) >= 1, "\(line)") }
  }

  @Test func `a part of a sentence is no label, wherever its lines end`() {
    let sentence = block("Click on the link", "\"porttitor\".")
    let label = block("porttitor", x: 400, block: 1)
    #expect(whole("porttitor", sentence) == false)
    #expect(whole("porttitor", sentence + label) == true)
    #expect(whole("Login", block("To continue press", "Login.")) == false)
    #expect(whole("Save", block("“Save”")) == false)
    #expect(whole("Save", block("Open", "Save", "Save as another file")) == true)
    #expect(whole("Don't save", block("Don't save")) == true)
  }

  @Test func `a quotation that was read in two pieces is one line`() {
    let left = block("Click the link \"")
    var right = block("order\".", x: 178, block: 1)
    right[0].line = 1
    #expect(whole("order", left + right) == false)
  }

  @Test func `what keeps a target away is told`() {
    let screen = PixelSize(clampingWidth: 1000, height: 800)
    let words =
      block("Invoice") + block("Delete", x: 200, y: 20, block: 1)
      + block("Delete", x: 200, y: 90, block: 2)
    let text = ScreenText(words: words)
    func unfit(_ query: TargetQuery) -> Location.Unfit? {
      if case .unfit(let unfit, _) = Locator.locate(query, in: text, screen: screen) {
        unfit
      } else {
        nil
      }
    }
    let right = ScreenRegion.rect(named: "right-half", on: screen)
    #expect(unfit(TargetQuery(text: "Delete", region: right)) == .region)
    #expect(unfit(TargetQuery(text: "Delete", leftOf: "Invoice")) == .side(.left, of: "Invoice"))
    #expect(unfit(TargetQuery(text: "Delete", nth: 3)) == .number(2))
    #expect(unfit(TargetQuery(text: "Refund", nth: 3)) == nil)
  }
}
