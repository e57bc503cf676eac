import Hands
import Imaging
import Pixels
import Testing

@testable import Perception

/// What a step's noun says about the look of its target, on pages and dialogs of real toolkits.
@Suite(.timeLimit(.minutes(5))) struct ControlTests {
  private static let shared = Task { try await TextReader() }

  private static func locate(
    _ text: String, _ kind: TargetKind?, on name: String = "controls"
  ) async throws -> Location {
    let frame = try Fixture.frame(name)
    let seen = try await shared.value.patiently(frame)
    return Locator.locate(TargetQuery(text: text, kind: kind), in: seen, on: frame)
  }

  /// A text, what kind of thing it names, and a point that only the right thing has in it.
  @Test(arguments: [
    ("Date", TargetKind.field, (150, 101)), ("Voucher", .field, (380, 101)),
    ("Search products", .field, (250, 169)), ("Login", .button, (48, 235)),
    ("Subscribe", .button, (345, 169)), ("porttitor", .link, (52, 337)),
    ("quisque", .link, (113, 337)),
    ("Terms", .checkbox, (139, 204)), ("Express", .radioButton, (297, 204)),
    ("Browse", .button, (468, 101)),
  ])
  func `a noun chooses the thing and not the word`(
    text: String, kind: TargetKind, point: (Int, Int)
  ) async throws {
    guard case .found(let hit) = try await Self.locate(text, kind) else {
      Issue.record("\(try await Self.locate(text, kind))")
      return
    }
    #expect(hit.box.contains(x: point.0, y: point.1), "\(hit.box)")
  }

  /// Texts that are there, but not as such a thing.
  @Test(arguments: [
    ("forward", TargetKind.field), ("Florida", .field), ("Archive", .field),
    ("delivery", .button), ("continue", .link), ("Cancel", .checkbox), ("Eu tortor", .button),
  ])
  func `where nothing is of the kind the target is refused`(
    text: String, kind: TargetKind
  ) async throws {
    guard case .unfit(.kind(kind), let hits) = try await Self.locate(text, kind) else {
      Issue.record("\(try await Self.locate(text, kind))")
      return
    }
    #expect(!hits.isEmpty)
  }

  @Test func `a word in quotation marks or of a sentence is no label`() async throws {
    // The link, which is drawn as one; never the quoted word, though it has a line to itself.
    guard case .found(let link) = try await Self.locate("porttitor", nil) else {
      Issue.record("no link")
      return
    }
    #expect(link.box.contains(x: 52, y: 337))
    guard case .found(let label) = try await Self.locate("Archive", nil) else {
      Issue.record("no label")
      return
    }
    #expect(label.box.contains(x: 50, y: 379))
  }

  @Test(arguments: ["controls", "half-gtk", "half-qt", "half-qt-windows"])
  func `a half ticked box is neither on nor off`(name: String) async throws {
    let frame = try Fixture.frame(name)
    let seen = try await Self.shared.value.patiently(frame)
    let states =
      name == "controls"
      ? [("Newsletter", nil), ("Terms", true), ("Updates", false), ("Express", true)]
      : [("All files", nil), ("Pictures", true), ("Papers", false)]
    for (label, isOn) in states {
      let box = try #require(TextSearch.hits(for: label, in: seen).first).box
      let toggle = try #require(ToggleFinder.toggle(for: box, in: frame), "\(label)")
      #expect(toggle.isOn == isOn && toggle.isHalf == (isOn == nil), "\(label)")
    }
  }

  @Test func `a text that a dialog wraps is one text, however its lines are set`() async throws {
    let seen = try await Self.shared.value.patiently(try Fixture.frame("half-gtk"))
    let text = "Do you want to keep them or to throw them away?"
    #expect(TextSearch.hits(for: text, in: seen).count == 3, "\(seen.text)")
    // Boxes below each other are not.
    #expect(TextSearch.hits(for: "Pictures Papers", in: seen).isEmpty)
  }

  @Test func `values are whole cells, and every place of a label counts`() async throws {
    let frame = try Fixture.frame("controls")
    let seen = try await Self.shared.value.patiently(frame)
    func values(_ what: String, near: String? = nil) -> [String] {
      ValueReader.read(what: what, near: near, in: seen, on: frame)
        .filter { $0.place != .below }.map(\.text)
    }
    #expect(values("Country") == ["Russian Federation"])
    #expect(values("Gender") == ["Female"])
    #expect(values("Address") == ["12 Long Mill Road, Sheffield"])
    #expect(values("Total") == ["12", "99"])
    #expect(values("Total", near: "Total 99") == ["99"])
    #expect(values("Grand total") == ["111.50"])
  }
}
