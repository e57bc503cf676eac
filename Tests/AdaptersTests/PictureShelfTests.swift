import Imaging
import Pixels
import Platform
import Scenario
import Story
import Testing

@testable import Adapters

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
      try shelf.search("needle.png", Likeness(0.95), in: frame, region: nil).places.count
    }
    #expect(try places(screen([10])) == 1)
    #expect(try places(screen([10, 120])) == 2)
    #expect(try places(screen([])) == 0)
  }

  /// A screen with one patch of coloured squares of this size and tint.
  private func squares(of side: Int, tint: (Int) -> [UInt8]) throws -> Frame {
    let size = PixelSize(clampingWidth: 300, height: 120)
    var pixels = [UInt8](repeating: 40, count: size.area * 4)
    for y in 0..<side * 6 {
      for x in 0..<side * 6 {
        let level = (y / side * 6 + x / side) * 23 % 36 * 6
        let start = ((20 + y) * 300 + 30 + x) * 4
        pixels.replaceSubrange(start..<start + 3, with: tint(level))
      }
    }
    return try #require(Frame(size: size, pixels: pixels))
  }

  @Test func `another size and another tint are found only where that is said`() throws {
    let grey = { (level: Int) in [UInt8](repeating: UInt8(level), count: 3) }
    // The same brightness from other parts of red, green and blue.
    let tinted = { (level: Int) in
      let less = UInt8(level * 7 / 10)
      return [less, UInt8(level * 1211 / 1000), less]
    }
    let folder = try TemporaryFolder(prefix: "qa-agent-shelf")
    let shelf = try shelf(folder)
    let own = try squares(of: 10, tint: grey)
    let needle = try #require(own.cropped(to: PixelRect(x: 30, y: 20, width: 60, height: 60)))
    try Files.writeAtomically(try PNG.encode(needle), to: folder.path + "/squares.png")
    func isFound(_ frame: Frame, _ likeness: Likeness) throws -> Bool {
      try shelf.examine("squares.png", likeness, in: frame, region: nil).holds
    }
    #expect(try isFound(own, Likeness()))
    let large = try squares(of: 12, tint: grey)
    #expect(try !isFound(large, Likeness()))
    #expect(try isFound(large, Likeness(0.9, anySize: true)))
    let green = try squares(of: 10, tint: tinted)
    #expect(try !isFound(green, Likeness()))
    #expect(try isFound(green, Likeness(anyColor: true)))
  }

  @Test func `a check holds wherever the picture is`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-shelf")
    let shelf = try shelf(folder)
    func holds(_ frame: Frame) throws -> Bool {
      try shelf.examine("needle.png", Likeness(0.95), in: frame, region: nil).holds
    }
    #expect(try holds(screen([10])))
    #expect(try holds(screen([120])))
    #expect(try holds(screen([10, 120])))
    #expect(try !holds(screen([])))
  }
}
