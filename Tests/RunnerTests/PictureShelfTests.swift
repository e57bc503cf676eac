import Imaging
import Pixels
import Platform
import Scenario
import Session
import Testing

@testable import Runner

/// Pictures of a case, looked for on frames.
@Suite struct PictureShelfTests {
  /// A screen with a patch of noise at these places.
  private func screen(_ places: [Int]) throws -> Frame {
    let size = PixelSize(clampingWidth: 200, height: 60)
    var pixels = [UInt8](repeating: 40, count: size.area * 4)
    for place in places {
      for index in 0..<900 {
        let at = ((10 + index / 30) * 200 + place + index % 30) * 4
        for channel in 0..<3 { pixels[at + channel] = UInt8((index * 37 + channel * 61) % 251) }
      }
    }
    return try #require(Frame(size: size, pixels: pixels))
  }

  private func shelf(_ folder: TemporaryFolder) throws -> PictureShelf {
    let needle = try screen([10]).cropped(to: PixelRect(x: 10, y: 10, width: 30, height: 30))
    try Files.writeAtomically(
      try PNG.encode(try #require(needle)), to: folder.path + "/needle.png")
    let location = SourceLocation(file: "case.yaml", line: 1)
    let scenario = Scenario(
      name: "Case", id: "case", target: TargetSpec(screen: .demo("sign-in")), steps: [],
      location: location, root: folder.path)
    return PictureShelf(for: Case(id: "case", name: "Case", scenario: scenario), updates: false)
  }

  @Test func `a target that came to stand in two places is not taken for the old one`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-shelf")
    let shelf = try shelf(folder)
    func places(_ frame: Frame) throws -> Int {
      try shelf.search("needle.png", similarity: 0.95, in: frame, region: nil).places.count
    }
    #expect(try places(screen([10])) == 1)
    #expect(try places(screen([10, 120])) == 2)
    #expect(try places(screen([])) == 0)
  }

  @Test func `a check holds wherever the picture is`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-shelf")
    let shelf = try shelf(folder)
    func holds(_ frame: Frame) throws -> Bool {
      try shelf.examine("needle.png", similarity: 0.95, in: frame, region: nil).holds
    }
    #expect(try holds(screen([10])))
    #expect(try holds(screen([120])))
    #expect(try holds(screen([10, 120])))
    #expect(try !holds(screen([])))
  }
}
