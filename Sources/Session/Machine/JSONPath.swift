internal import JSONCoding

/// A value inside of the JSON that a step has printed: `check.json.items[0].name`.
struct JSONPath: Hashable, Sendable {
  private enum Part: Hashable {
    case key(String)
    case index(Int)
  }

  /// The step whose output it is looked up in.
  let name: String
  private let parts: [Part]

  /// Reads a path; nil for one that does not ask for JSON.
  init?(_ path: String) {
    let words = path.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count >= 2, words[1] == "json" || words[1].hasPrefix("json[") else { return nil }
    var parts: [Part] = []
    for (index, word) in words.dropFirst().enumerated() {
      let pieces = word.split(separator: "[", omittingEmptySubsequences: false)
      if index > 0, !pieces[0].isEmpty { parts.append(.key(String(pieces[0]))) }
      for piece in pieces.dropFirst() {
        guard piece.last == "]", let number = Int(piece.dropLast()), number >= 0 else { return nil }
        parts.append(.index(number))
      }
    }
    name = String(words[0])
    self.parts = parts
  }

  /// The text of the value; nil where the output is no JSON or has no such value.
  func text(in output: String?) -> String? {
    guard let output, var value = try? JSON(parsing: output) else { return nil }
    for part in parts {
      let inner: JSON? =
        switch part {
        case .key(let key): value[key]
        case .index(let index): value[index]
        }
      guard let inner else { return nil }
      value = inner
    }
    return value.string ?? value.text
  }
}
