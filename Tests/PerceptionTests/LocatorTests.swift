import Perception
import Pixels
import Testing

@Suite struct LocatorTests {
  private let size = PixelSize(clampingWidth: 1000, height: 800)

  private func boxes(_ query: TargetQuery, _ text: ScreenText) -> [PixelRect] {
    switch Locator.locate(query, in: text, screen: size) {
    case .found(let hit): [hit.box]
    case .ambiguous(let hits): hits.map(\.box)
    case .missing, .anchorMissing, .unfit: []
    }
  }

  @Test func `one hit is found with its box`() {
    let text = screen((20, 30, "Sign in"), (20, 60, "Cancel"))
    guard case .found(let hit) = Locator.locate(TargetQuery(text: "cancel"), in: text, screen: size)
    else {
      Issue.record("not found")
      return
    }
    #expect(hit.box == PixelRect(x: 20, y: 60, width: 60, height: 14))
    #expect(hit.text == "Cancel" && hit.isWholeLabel && hit.score > 0.98)
  }

  @Test func `a button is preferred to a sentence that holds its text`() {
    let text = screen((0, 0, "Press Save to keep it"), (0, 50, "Save"), (0, 90, "Save as"))
    #expect(boxes(TargetQuery(text: "Save"), text).map(\.y) == [50])
    #expect(boxes(TargetQuery(text: "Save", nth: 1), text).map(\.y) == [50])
    #expect(boxes(TargetQuery(text: "Save", nth: 2), text).isEmpty)
  }

  @Test func `two equal hits are ambiguous and listed in reading order`() {
    let text = screen((300, 50, "Delete"), (0, 50, "Item"), (0, 90, "Delete"))
    let location = Locator.locate(TargetQuery(text: "Delete"), in: text, screen: size)
    guard case .ambiguous(let hits) = location else {
      Issue.record("\(location)")
      return
    }
    #expect(hits.map(\.box.y) == [50, 90])
  }

  @Test func `nth counts the hits that would be listed`() {
    let text = screen((0, 50, "Delete"), (0, 90, "Delete"), (0, 130, "Delete"))
    #expect(boxes(TargetQuery(text: "Delete", nth: 3), text).map(\.y) == [130])
    #expect(boxes(TargetQuery(text: "Delete", nth: 4), text).isEmpty)
    #expect(boxes(TargetQuery(text: "Delete", nth: 0), text).isEmpty)
    #expect(boxes(TargetQuery(text: "Delete", nth: .min + 1), text).isEmpty)
  }

  @Test func `near takes the nearest and leaves a tie open`() {
    let text = screen(
      (0, 50, "Alice"), (200, 50, "Edit"), (0, 90, "Bob"), (200, 90, "Edit"), (500, 50, "Edit"))
    #expect(boxes(TargetQuery(text: "Edit", near: "Bob"), text).map(\.y) == [90])
    let tie = screen((0, 0, "Up"), (0, 50, "Here"), (0, 100, "Up"))
    #expect(boxes(TargetQuery(text: "Up", near: "Here"), tie).count == 2)
  }

  @Test func `relations keep one side and prefer the same row or column`() {
    let text = screen(
      (0, 50, "Edit"), (300, 50, "Bob"), (600, 50, "Edit"), (600, 300, "Edit"), (300, 300, "Edit"),
      (310, 10, "Edit"))
    #expect(
      boxes(TargetQuery(text: "Edit", rightOf: "Bob"), text) == [
        PixelRect(x: 600, y: 50, width: 40, height: 14)
      ])
    #expect(boxes(TargetQuery(text: "Edit", leftOf: "Bob"), text).map(\.x) == [0])
    #expect(boxes(TargetQuery(text: "Edit", above: "Bob"), text).map(\.y) == [10])
    #expect(boxes(TargetQuery(text: "Edit", below: "Bob"), text).map(\.x) == [300])
    #expect(boxes(TargetQuery(text: "Edit", rightOf: "Bob", below: "Bob"), text).isEmpty == false)
  }

  @Test func `a relation to a text that is not there says so`() {
    let text = screen((0, 50, "Edit"), (300, 50, "Bobby"))
    let location = Locator.locate(
      TargetQuery(text: "Edit", rightOf: "Bobbi"), in: text, screen: size)
    #expect(location == .anchorMissing(text: "Bobbi", closest: ["Bobby"]))
    let near = Locator.locate(TargetQuery(text: "Edit", near: "Carol"), in: text, screen: size)
    #expect(near == .anchorMissing(text: "Carol", closest: []))
  }

  @Test func `a region keeps what has its middle inside`() {
    let text = screen((0, 50, "Edit"), (600, 50, "Edit"))
    let right = ScreenRegion.rect(named: "right-half", on: size)
    #expect(boxes(TargetQuery(text: "Edit", region: right), text).map(\.x) == [600])
    let outside = PixelRect(x: 2000, y: 0, width: 10, height: 10)
    #expect(boxes(TargetQuery(text: "Edit", region: outside), text).isEmpty)
  }

  @Test func `a missing text comes with what is most like it`() {
    let text = screen((0, 50, "Sign on"))
    let location = Locator.locate(TargetQuery(text: "Sign in"), in: text, screen: size)
    #expect(location == .missing(closest: ["Sign on"]))
  }

  @Test func `the nine parts and the halves cover each pixel once`() {
    for size in [
      PixelSize(clampingWidth: 1000, height: 799), PixelSize(clampingWidth: 2, height: 1),
    ] {
      let parts = ScreenRegion.names.map { ScreenRegion.rect(named: $0, on: size)?.area ?? -1 }
      #expect(parts.prefix(9).reduce(0, +) == size.area)
      #expect(parts[9] + parts[10] == size.area && parts[11] + parts[12] == size.area)
    }
    #expect(
      ScreenRegion.rect(named: "bottom-right", on: size)
        == PixelRect(x: 666, y: 533, width: 334, height: 267))
    #expect(ScreenRegion.rect(named: "middle", on: size) == nil)
  }
}
