import Imaging
import Perception
import Pixels
import Testing
@Suite struct DebugTests {
  @Test func dump() async throws {
    let reader = try await TextReader()
    for name in ["shop-welcome", "delivery-ordered"] {
      let text = try await reader.read(try Fixture.frame(name))
      for w in text.words { print(name, w.line, w.text, w.box, w.confidence) }
      print(TextSearch.hits(for: "Welcome, alice", in: text), TextSearch.hits(for: "without express", in: text))
    }
  }
}
