import Dispatch
import Imaging
import JSONCoding
import ModelDouble
import Perception
import Pixels

/// The eyes of a model double: it looks at the picture that really arrived, and says what a model says.
final class Onlooker: Sendable {
  private let reader: TextReader

  init() async throws { reader = try await TextReader() }

  /// The text on a picture; waits on the server's own thread, which has nothing else to do.
  func read(_ png: [UInt8]?) -> Seen? {
    guard let png, let frame = try? PNG.decode(png) else { return nil }
    let done = DispatchSemaphore(value: 0)
    let box = Box()
    Task { [reader] in
      box.text = try? await reader.read(frame)
      done.signal()
    }
    done.wait()
    return box.text.map { Seen(text: $0, size: frame.size) }
  }

  /// Filled by one task before the semaphore lets its only reader go on.
  private final class Box: @unchecked Sendable {
    var text: ScreenText?
  }

  /// What is on a picture.
  struct Seen {
    let text: ScreenText
    let size: PixelSize

    /// The same for a model that counts in pixels: thousandths of a thousand are just that.
    var inPixels: Seen { Seen(text: text, size: PixelSize(clampingWidth: 1000, height: 1000)) }

    func has(_ words: String) -> Bool { TextSearch.contains(words, in: text) }

    /// Where words stand, in thousandths of the picture, moved by some pixels.
    func place(_ words: String, dx: Int = 0, dy: Int = 0) -> JSON? {
      guard let box = TextSearch.hits(for: words, in: text).first?.box else { return nil }
      let x = (box.center.x + dx) * 1000 / size.width
      let y = (box.center.y + dy) * 1000 / size.height
      return [.integer(x), .integer(y)]
    }
  }

  static func click(_ place: JSON?, _ reason: String) -> DoubleAnswer {
    guard let place else { return failure("I do not see where to click: \(reason)") }
    return .toolCall(
      "computer", ["reason": .string(reason), "action": "left_click", "coordinate": place])
  }

  static func type(_ text: String) -> DoubleAnswer {
    .toolCall(
      "computer", ["reason": "the field has the focus", "action": "type", "text": .string(text)])
  }

  static func success() -> DoubleAnswer {
    .toolCall("computer", ["reason": "it is done", "action": "terminate", "status": "success"])
  }

  static func failure(_ why: String) -> DoubleAnswer {
    .toolCall(
      "computer",
      ["reason": .string(why), "action": "terminate", "status": "failure", "text": .string(why)])
  }
}
