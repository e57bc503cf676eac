import FoundationEssentials
import Imaging
import Perception
import Pixels
import Testing

/// Screenshots of real programs; `Fixtures/make.sh` makes them again.
enum Fixture {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func frame(_ name: String) throws -> Frame {
    try PNG.decode([UInt8](Data(contentsOf: folder.appending(path: "\(name).png"))))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }
}

extension TextReader {
  /// Reads without hurry: a machine that does much else must not fail a test.
  func patiently(_ frame: Frame, region: PixelRect? = nil) async throws -> ScreenText {
    try await read(frame, region: region, limit: .seconds(110))
  }
}

/// A screen of lines at places; every word is ten pixels a letter wide and fourteen high.
func screen(_ lines: (x: Int, y: Int, text: String)..., confidence: Double = 0.96) -> ScreenText {
  var words: [TextWord] = []
  for (index, line) in lines.enumerated() {
    var x = line.x
    for word in line.text.split(separator: " ") {
      let box = PixelRect(x: x, y: line.y, width: word.count * 10, height: 14)
      words.append(
        TextWord(text: String(word), box: box, confidence: confidence, line: index, block: index))
      x = box.maxX + 8
    }
  }
  return ScreenText(words: words)
}
