/// Which keys make a text or a chord.
struct TypingPlan: Hashable, Sendable {
  /// One key, with Shift held around it or not.
  struct Stroke: Hashable, Sendable {
    let keysym: UInt32
    var holdsShift = false
  }

  /// Why a text cannot be typed.
  enum Refusal: Error, Hashable {
    /// A control character that no key stands for, at this place counted from 1.
    case controlCharacter(code: UInt32, place: Int)
    /// More different characters outside ASCII than the server can be trusted with.
    case tooManyCharacters(new: Int, left: Int)
    /// A character that a scancode keyboard does not have, at this place counted from 1.
    case noKey(place: Int)
  }

  let strokes: [Stroke]
  /// The keysyms outside ASCII among them.
  let foreign: Set<UInt32>

  /// A plan for a text; newlines become Return, tabs become Tab.
  init(text: String, keyboard: VNCOptions.Keyboard) throws(Refusal) {
    var strokes: [Stroke] = []
    var foreign: Set<UInt32> = []
    var place = 0
    for character in text {
      place += 1
      for scalar in Self.scalars(of: character) {
        let stroke = try Self.stroke(scalar, place, keyboard)
        if Keysym.isForeign(stroke.keysym) { foreign.insert(stroke.keysym) }
        strokes.append(stroke)
      }
    }
    self.strokes = strokes
    self.foreign = foreign
  }

  /// A line end is one character in Swift however it is written, and one Return here.
  private static func scalars(of character: Character) -> [Unicode.Scalar] {
    character.isNewline && character.unicodeScalars.allSatisfy { $0 == "\r" || $0 == "\n" }
      ? ["\n"] : Array(character.unicodeScalars)
  }

  private static func stroke(
    _ scalar: Unicode.Scalar, _ place: Int, _ keyboard: VNCOptions.Keyboard
  ) throws(Refusal) -> Stroke {
    if scalar == "\n" { return Stroke(keysym: Keysym.enter) }
    if scalar == "\t" { return Stroke(keysym: Keysym.tab) }
    guard let keysym = Keysym.of(scalar) else {
      throw .controlCharacter(code: scalar.value, place: place)
    }
    guard keyboard == .scancodes else {
      return Stroke(keysym: keysym, holdsShift: USLayout.isCapital(scalar))
    }
    guard scalar.isASCII else { throw .noKey(place: place) }
    return Stroke(keysym: keysym, holdsShift: USLayout.needsShift(scalar))
  }

  /// The keysyms of a chord, in the order they go down.
  ///
  /// With Shift held a real keyboard sends the upper character, and servers expect that; with any
  /// other modifier `S` means the key and not the capital. A capital without Shift would make Xvnc
  /// turn on Caps Lock.
  static func chord(_ keys: [Key]) -> [UInt32] {
    let holdsShift = keys.contains { $0.name == "shift" }
    let holdsOther = keys.contains { $0.isModifier && $0.name != "shift" }
    if !holdsShift, !holdsOther, keys.contains(where: { isCapital($0.keysym) }) {
      return [Keysym.shift] + keys.map(\.keysym)
    }
    return keys.map { key in
      guard !key.isModifier, let scalar = Unicode.Scalar(key.keysym), scalar.isASCII else {
        return key.keysym
      }
      if holdsShift { return USLayout.shifted(scalar).value }
      return holdsOther ? USLayout.lowercase(scalar).value : key.keysym
    }
  }
}

extension TypingPlan {
  private static func isCapital(_ keysym: UInt32) -> Bool {
    Unicode.Scalar(keysym).map(USLayout.isCapital) ?? false
  }
}

/// Which characters share a key on the keyboard that servers assume.
enum USLayout {
  private static let plain = Array("`1234567890-=[]\\;',./".unicodeScalars)
  private static let upper = Array("~!@#$%^&*()_+{}|:\"<>?".unicodeScalars)

  static func needsShift(_ scalar: Unicode.Scalar) -> Bool {
    isCapital(scalar) || upper.contains(scalar)
  }

  static func isCapital(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }

  static func shifted(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if let index = plain.firstIndex(of: scalar) { return upper[index] }
    guard ("a"..."z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(ascii: scalar) - 32)
  }

  /// The character that its key makes without Shift.
  static func unshifted(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if let index = upper.firstIndex(of: scalar) { return plain[index] }
    return lowercase(scalar)
  }

  static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(ascii: scalar) + 32) : scalar
  }
}
