internal import Pixels

// What stands right of a label stands left of it where lines run from right to left. There the screen is
// looked at in a mirror, so that what finds values needs to know of one direction only.

extension StringProtocol {
  /// Whether its first letter with a direction is one of Hebrew, Arabic or their like.
  var isRightToLeft: Bool {
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC: return true
      default: if scalar.properties.isAlphabetic { return false }
      }
    }
    return false
  }
}

extension PixelRect {
  /// The same seen in a mirror at the side of a screen that is so wide.
  func mirrored(in width: Int) -> PixelRect {
    PixelRect(x: width - maxX, y: y, width: self.width, height: height)
  }
}

extension ScreenText {
  /// The same seen in a mirror; what the words say stays.
  func mirrored(in width: Int) -> ScreenText {
    let mirrored = { (word: TextWord) in
      var word = word
      word.box = word.box.mirrored(in: width)
      return word
    }
    return ScreenText(words: words.map(mirrored), doubts: doubts.map(mirrored))
  }
}

extension ValueReader {
  /// The same as `read` for a label whose line may run from right to left, where values stand left of it.
  static func readEitherWay(
    what label: String, region: PixelRect? = nil, near: String? = nil, in text: ScreenText,
    on frame: Frame? = nil
  ) -> [ValueCandidate] {
    guard label.isRightToLeft else {
      return read(what: label, region: region, near: near, in: text, on: frame)
    }
    let width = text.words.map(\.box.maxX).max() ?? 0
    // The frame is not mirrored, so its cells do not count here.
    return read(
      what: label, region: region?.mirrored(in: width), near: near, in: text.mirrored(in: width)
    ).map {
      ValueCandidate(
        text: $0.text, box: $0.box.mirrored(in: width), place: $0.place, confidence: $0.confidence,
        label: $0.label, doubt: $0.doubt)
    }
  }
}
