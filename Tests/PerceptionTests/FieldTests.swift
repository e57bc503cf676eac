import Imaging
import Perception
import Pixels
import Testing

@Suite struct FieldTests {
  /// A screenshot, a label on it, and the inside of its field.
  @Test(arguments: [
    ("forms", "First name", PixelRect(x: 614, y: 298, width: 164, height: 30)),
    ("forms", "E-mail address", PixelRect(x: 613, y: 377, width: 166, height: 32)),
    ("forms", "Password", PixelRect(x: 613, y: 417, width: 166, height: 32)),
    ("forms", "Country", PixelRect(x: 613, y: 458, width: 166, height: 31)),
    ("yad", "Name", PixelRect(x: 72, y: 25, width: 445, height: 32)),
    ("yad", "Copies", PixelRect(x: 72, y: 64, width: 375, height: 32)),
    ("yad", "Comment", PixelRect(x: 72, y: 196, width: 445, height: 32)),
    ("shop", "Customer name", PixelRect(x: 331, y: 320, width: 238, height: 26)),
    ("shop", "Reference", PixelRect(x: 331, y: 356, width: 238, height: 26)),
    ("shop", "Password", PixelRect(x: 331, y: 392, width: 238, height: 26)),
    ("shop", "Country", PixelRect(x: 331, y: 428, width: 238, height: 28)),
    // Its field is below it.
    ("shop", "Search orders", PixelRect(x: 761, y: 377, width: 238, height: 26)),
    ("shop", "Notes for the driver", PixelRect(x: 761, y: 453, width: 238, height: 26)),
    // It is written in its field.
    ("shop", "Order number", PixelRect(x: 761, y: 377, width: 238, height: 26)),
  ])
  func `a label leads to its field`(name: String, label: String, field: PixelRect) async throws {
    let found = try await Self.field(label, on: name)
    #expect(found == field)
  }

  @Test func `a text without a field has none`() async throws {
    #expect(try await Self.field("This cannot be undone", on: "entry") == nil)
    let size = PixelSize(clampingWidth: 400, height: 300)
    let blank = Frame(size: size, red: 250, green: 250, blue: 250)
    let label = PixelRect(x: 20, y: 20, width: 80, height: 14)
    #expect(FieldFinder.field(for: label, in: blank) == nil)
    #expect(ToggleFinder.toggle(for: label, in: blank) == nil)
    let outside = PixelRect(x: 9000, y: -40, width: 80, height: 14)
    #expect(FieldFinder.field(for: outside, in: blank) == nil)
    #expect(ToggleFinder.toggle(for: outside, in: blank) == nil)
  }

  /// A screenshot, a label on it, the middle of its toggle, and whether that is on.
  @Test(arguments: [
    ("yad", "Color printing", (14, 113), true), ("yad", "Two sided", (14, 140), false),
    ("shop", "Send a copy by mail", (210, 474), true),
    ("shop", "Remind me every week", (210, 501), false),
    ("shop", "Bank transfer", (211, 528), true), ("shop", "Credit card", (336, 528), false),
  ])
  func `a label leads to its toggle and to its state`(
    name: String, label: String, middle: (x: Int, y: Int), isOn: Bool
  ) async throws {
    let box = try await Self.label(label, on: name)
    let toggle = try #require(ToggleFinder.toggle(for: box, in: try Fixture.frame(name)))
    #expect(abs(toggle.box.center.x - middle.x) <= 2 && abs(toggle.box.center.y - middle.y) <= 2)
    #expect(toggle.isOn == isOn)
  }

  @Test func `in a row from right to left the box on the right is the label's own`() throws {
    let frame = try Fixture.frame("rtl-toggles")
    let hebrew = PixelRect(x: 115, y: 13, width: 49, height: 14)
    let own = try #require(ToggleFinder.toggle(for: hebrew, in: frame))
    #expect(own.box.x > hebrew.maxX && own.isOn == false, "\(own)")
    let latin = PixelRect(x: 23, y: 14, width: 55, height: 14)
    let other = try #require(ToggleFinder.toggle(for: latin, in: frame))
    #expect(other.box.x < hebrew.x && other.isOn == true, "\(other)")
  }

  @Test func `letters and buttons are no toggles`() async throws {
    for (name, label) in [
      ("shop", "Customer name"), ("shop", "New invoice"), ("shop", "Mill Bakery"),
      ("forms", "Last name"), ("yad", "Apply"), ("editor", "Order number"),
    ] {
      let box = try await Self.label(label, on: name)
      #expect(ToggleFinder.toggle(for: box, in: try Fixture.frame(name)) == nil, "\(label)")
    }
  }

  private static func field(_ label: String, on name: String) async throws -> PixelRect? {
    FieldFinder.field(for: try await Self.label(label, on: name), in: try Fixture.frame(name))
  }

  private static func label(_ label: String, on name: String) async throws -> PixelRect {
    let text = try await reader().patiently(try Fixture.frame(name))
    return try #require(TextSearch.hits(for: label, in: text).first?.box)
  }

  private static let shared = Task { try await TextReader() }

  private static func reader() async throws -> TextReader { try await shared.value }
}
