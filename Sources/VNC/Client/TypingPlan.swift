/// Which keys make a text, and which parts of it must be pasted.
struct TypingPlan: Hashable, Sendable {
  typealias Stroke = TypingProfile.Stroke

  /// What the keys of a server can do, and what they have been used for.
  struct Keys: Hashable, Sendable {
    var keyboard = VNCOptions.Keyboard.keysyms
    /// What is different on this server from what we assume.
    var profile: TypingProfile?
    /// The keysyms that the server has been sent and may have found a place for.
    var spent: Set<UInt32> = []
    /// How many places its keyboard map has in all.
    var budget = Int.max
    /// The keysyms outside ASCII that have keys, and need no place.
    var own: Set<UInt32> = []
    /// Whether letters come out in the other case, because Caps Lock was pressed.
    var isCapsOn = false
  }

  /// A stretch of the text.
  enum Part: Hashable, Sendable {
    case keys([Stroke])
    case paste(String)
  }

  /// Why a text cannot be typed.
  enum Refusal: Error, Hashable {
    /// A control character that no key stands for, at this place counted from 1.
    case controlCharacter(code: UInt32, place: Int)
    /// More different characters outside ASCII than the server can be trusted with.
    case tooManyCharacters(new: Int, left: Int)
    /// A character that the keyboard does not have, at this place counted from 1.
    case noKey(place: Int)
  }

  private(set) var parts: [Part] = []
  /// The keysyms outside ASCII that are sent as keys.
  private(set) var foreign: Set<UInt32> = []
  /// How many characters are pasted.
  private(set) var pasted = 0

  /// All strokes, one after the other.
  var strokes: [Stroke] {
    parts.flatMap { part in
      guard case .keys(let strokes) = part else { return [Stroke]() }
      return strokes
    }
  }

  /// A plan for a text; newlines become Return, tabs become Tab.
  ///
  /// With a way to paste, what keys cannot do is pasted. A line or cell of a table is pasted whole or
  /// not at all, so that no word is torn; Return and Tab are always keys, because only keys leave a field.
  init(text: String, keys: Keys, canPaste: Bool = false) throws(Refusal) {
    let pieces = try Self.pieces(of: text, keys)
    var needed: Set<UInt32> = []
    for piece in pieces { needed.formUnion(piece.foreign) }
    let new = needed.subtracting(keys.spent)
    let left = max(keys.budget - keys.spent.count, 0)
    let isTooMuch = new.count > left
    guard canPaste || !isTooMuch else {
      throw .tooManyCharacters(new: new.count, left: left)
    }
    for piece in pieces {
      let isNew = isTooMuch && !piece.foreign.isSubset(of: keys.spent)
      if isNew || piece.placeWithoutKey != nil {
        guard canPaste else { throw .noKey(place: piece.placeWithoutKey ?? 1) }
        parts.append(.paste(String(piece.characters)))
        pasted += piece.characters.count
      } else {
        append(piece)
      }
    }
  }

  private mutating func append(_ piece: Piece) {
    foreign.formUnion(piece.foreign)
    if case .keys(let strokes) = parts.last {
      parts[parts.count - 1] = .keys(strokes + piece.strokes)
    } else {
      parts.append(.keys(piece.strokes))
    }
  }

  /// What is typed in one way: a stretch without Return and Tab, or one of them.
  private struct Piece {
    var characters: [Character] = []
    var strokes: [Stroke] = []
    var foreign: Set<UInt32> = []
    var placeWithoutKey: Int?
  }

  private static func pieces(of text: String, _ keys: Keys) throws(Refusal) -> [Piece] {
    var pieces: [Piece] = []
    var isOpen = false
    for (index, character) in text.enumerated() {
      if let keysym = ending(character) {
        pieces.append(Piece(characters: [character], strokes: [Stroke(keysym: keysym)]))
        isOpen = false
        continue
      }
      if !isOpen { pieces.append(Piece()) }
      isOpen = true
      try add(character, place: index + 1, to: &pieces[pieces.count - 1], keys)
    }
    return pieces
  }

  /// The key that ends a field or a line; a line end is one character however it is written.
  private static func ending(_ character: Character) -> UInt32? {
    switch character {
    case "\n", "\r", "\r\n": Keysym.enter
    case "\t": Keysym.tab
    default: nil
    }
  }

  private static func add(
    _ character: Character, place: Int, to piece: inout Piece, _ keys: Keys
  ) throws(Refusal) {
    piece.characters.append(character)
    for scalar in character.unicodeScalars {
      guard let keysym = Keysym.of(scalar) else {
        throw .controlCharacter(code: scalar.value, place: place)
      }
      if let strokes = strokes(scalar, keysym, keys) {
        piece.strokes += strokes
        piece.foreign.formUnion(
          strokes.map(\.keysym).filter { Keysym.isForeign($0) && !keys.own.contains($0) })
      } else {
        piece.placeWithoutKey = piece.placeWithoutKey ?? place
      }
    }
  }

  private static func strokes(
    _ scalar: Unicode.Scalar, _ keysym: UInt32, _ keys: Keys
  ) -> [Stroke]? {
    if let profile = keys.profile {
      if let strokes = profile.strokes[scalar] { return strokes }
      if profile.missing.contains(scalar) { return nil }
    }
    guard keys.keyboard == .scancodes else {
      // A server that takes keysyms writes the letter that it is sent, whatever the lock says.
      if keys.isCapsOn, let other = otherCase(scalar), let turned = Keysym.of(other) {
        return [Stroke(keysym: turned)]
      }
      return [Stroke(keysym: keysym, holdsShift: USLayout.isCapital(scalar))]
    }
    guard scalar.isASCII else { return nil }
    return [Stroke(keysym: keysym, holdsShift: USLayout.needsShift(scalar))]
  }

  /// The same letter in the other case; nil for what has none, or none of one sign.
  private static func otherCase(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let properties = scalar.properties
    let text = properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
    let scalars = text.unicodeScalars
    guard scalars.count == 1, let other = scalars.first, other != scalar else { return nil }
    return other
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

  /// The keys with characters, by what they write alone and with Shift.
  static var keys: [(plain: Unicode.Scalar, shifted: Unicode.Scalar)] {
    Array(zip(plain, upper))
      + "abcdefghijklmnopqrstuvwxyz".unicodeScalars.map { (plain: $0, shifted: shifted($0)) }
  }

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
