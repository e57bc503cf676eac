import Configuration
import ModelRunner
import Perception
import Pixels
import Scenario
import ScenarioFiles
import Story
import Testing
import VNC

@testable import Adapters

/// Rooms that may not know each other use the same names; here they are compared.
@Suite struct VocabularyTests {
  @Test(arguments: KeyChord.modifiers + KeyChord.namedKeys)
  func `the hands know every key that a scenario may name`(name: String) {
    #expect(Keysym.named(name) != nil)
  }

  @Test func `settings name the families that the client knows`() {
    #expect(Setting.families == ModelFamily.all.map(\.name))
  }

  @Test func `scenarios name the security types that connections know`() {
    #expect(Vocabulary.vncSecurity == VNCSecurityType.allCases.map(\.rawValue))
  }

  @Test(arguments: Region.Name.allCases)
  func `perception knows every region that a scenario may name`(name: Region.Name) throws {
    let screen = try #require(PixelSize(width: 1280, height: 800))
    #expect(ScreenRegion.rect(named: name.rawValue, on: screen) != nil)
  }

  @Test(arguments: [
    ("vnc://lab:5901", "lab", 5901), ("vnc://lab", "lab", 5900), ("lab:1", "lab", 5901),
    ("vnc://[::1]:5902", "::1", 5902), ("127.0.0.1:0", "127.0.0.1", 5900),
  ])
  func `addresses of VNC servers are read`(text: String, host: String, port: Int) throws {
    let endpoint = try VNCAddress.parse(text, password: nil)
    #expect(endpoint.address == .tcp(host: host, port: port))
  }

  @Test(arguments: ["vnc://", "vnc://:5901", "host:port", "host:99999", "host:-1"])
  func `what is no address says how one looks`(text: String) {
    #expect {
      try VNCAddress.parse(text, password: nil)
    } throws: { error in
      "\(error)".contains("vnc://host:5901")
    }
  }

  @Test func `log names cannot leave their folder`() {
    #expect(LogName.make("../../etc/passwd", attempt: 2) == ".._.._etc_passwd.2.log")
    #expect(!LogName.make("a/b\u{0}c[x=ü]", attempt: 1).contains("/"))
    #expect(LogName.make(String(repeating: "x", count: 500), attempt: 1).count <= 110)
  }
}

@Suite struct PatchComparisonTests {
  let size = PixelSize(clampingWidth: 40, height: 20)
  let patch = PixelRect(x: 5, y: 5, width: 30, height: 10)

  private func frame(_ sequence: UInt64, painting points: [(Int, Int)] = []) -> Frame? {
    var pixels = Frame(size: size, red: 200, green: 200, blue: 200).pixels
    for (x, y) in points { pixels[(y * size.width + x) * 4] = 0 }
    return Frame(size: size, pixels: pixels, sequence: sequence)
  }

  @Test func `the same pixels are the same, whatever changed elsewhere`() throws {
    let old = try #require(frame(1))
    let new = try #require(frame(2, painting: [(0, 0), (39, 19)]))
    #expect(PatchComparison.isSame(patch, old, new))
  }

  @Test func `a blinking text cursor does not count`() throws {
    let old = try #require(frame(1))
    let caret = (5..<15).flatMap { y in [(10, y), (11, y)] }
    #expect(PatchComparison.isSame(patch, old, try #require(frame(2, painting: caret))))
  }

  @Test func `another picture under the target counts`() throws {
    let old = try #require(frame(1))
    let text = (8..<30).flatMap { x in [(x, 9), (x, 10)] }
    #expect(!PatchComparison.isSame(patch, old, try #require(frame(2, painting: text))))
  }

  @Test func `a screen of another size counts`() throws {
    let old = try #require(frame(1))
    let other = Frame(size: PixelSize(clampingWidth: 41, height: 20), sequence: 2)
    #expect(!PatchComparison.isSame(patch, old, other))
  }
}
