/// Strokes whose effect is to be found out, and what came of them.
///
/// Each is followed by a blank and the letter o, which has the same place on all keyboards that are
/// likely: where a dead key waits for a letter it eats the blank, and a key that does nothing leaves only
/// the two. The letter is at both ends, so that readers leave out no blank. A value.
struct KeyProbe: Hashable, Sendable {
  typealias Stroke = TypingProfile.Stroke

  /// What one stroke wrote.
  struct Result: Hashable, Sendable {
    var text: String
    var isDead = false
  }

  let strokes: [Stroke]

  /// What is typed.
  var typed: [Stroke] {
    let mark = Stroke(keysym: 0x6F)
    return [mark] + strokes.flatMap { [$0, Stroke(keysym: 0x20), mark] }
  }

  /// Takes apart what is shown; nil when it does not come out even.
  func results(_ shown: String) -> [Result]? {
    var rest = Array(shown.unicodeScalars)[...]
    while rest.last == "\n" { rest.removeLast() }
    guard rest.popFirst() == "o" else { return nil }
    var results: [Result] = []
    for _ in strokes {
      guard let result = Self.takeResult(from: &rest) else { return nil }
      results.append(result)
    }
    return rest.isEmpty ? results : nil
  }

  /// One stroke's text and the mark behind it; a key writes two characters at the most.
  private static func takeResult(from rest: inout ArraySlice<Unicode.Scalar>) -> Result? {
    for length in 0...2 {
      if rest.dropFirst(length).starts(with: [" ", "o"]) {
        defer { rest = rest.dropFirst(length + 2) }
        return Result(text: String(String.UnicodeScalarView(rest.prefix(length))))
      }
      if length == 1, rest.dropFirst().first == "o" {
        defer { rest = rest.dropFirst(2) }
        return Result(text: String(String.UnicodeScalarView(rest.prefix(1))), isDead: true)
      }
    }
    return nil
  }

  /// Every key of the keyboard that servers assume, alone and with its modifiers.
  static var allKeys: [Stroke] {
    USLayout.keys.flatMap { plain, shifted in
      [
        Stroke(keysym: plain.value), Stroke(keysym: shifted.value, holdsShift: true),
        Stroke(keysym: plain.value, holdsAltGr: true),
      ]
    }
  }

  /// The profile for these characters that follows from what strokes wrote.
  static func profile(
    for wanted: [Unicode.Scalar], keyboard: VNCOptions.Keyboard, _ found: [(Stroke, Result)]
  ) -> TypingProfile {
    var profile = TypingProfile(keyboard: keyboard)
    var ways: [Unicode.Scalar: [Stroke]] = [" ": [Stroke(keysym: 0x20)]]
    for (stroke, result) in found {
      guard let scalar = result.text.unicodeScalars.first, result.text.unicodeScalars.count == 1
      else { continue }
      let way = result.isDead ? [stroke, Stroke(keysym: 0x20)] : [stroke]
      // A way without a dead key is better, and so is the character's own key.
      if ways[scalar].map({ $0.count > way.count }) ?? true { ways[scalar] = way }
    }
    for (stroke, result) in found where !result.isDead {
      let isOwn = result.text.unicodeScalars.first.flatMap(Keysym.of) == stroke.keysym
      if isOwn, let scalar = result.text.unicodeScalars.first { ways[scalar] = [stroke] }
    }
    for scalar in wanted {
      guard let way = ways[scalar] else {
        profile.missing.insert(scalar)
        continue
      }
      if way != [usual(scalar, keyboard)] { profile.strokes[scalar] = way }
    }
    return profile
  }

  /// The stroke that is assumed where nothing else is known.
  static func usual(_ scalar: Unicode.Scalar, _ keyboard: VNCOptions.Keyboard) -> Stroke {
    let holdsShift =
      keyboard == .scancodes ? USLayout.needsShift(scalar) : USLayout.isCapital(scalar)
    return Stroke(keysym: Keysym.of(scalar) ?? 0x20, holdsShift: holdsShift)
  }

  /// A text that tells a keyboard from its like: repeated letters, and signs before vowels.
  static func trial(of scalars: [Unicode.Scalar], length: Int) -> String {
    let usable = scalars.filter { $0 != " " }
    guard !usable.isEmpty else { return "" }
    let vowels = Array("aeoun".unicodeScalars).filter(usable.contains)
    var text = String.UnicodeScalarView()
    var index = 0
    while text.count < length {
      text.append(usable[index * 7 % usable.count])
      text.append(usable[index % usable.count])
      text.append(vowels.isEmpty ? usable[0] : vowels[index % vowels.count])
      if index % 5 == 0, let last = text.last { text += [last, last] }
      if index % 9 == 8 { text.append(" ") }
      index += 1
    }
    // A reader may leave out a blank at the end.
    text.append(usable[0])
    return String(text)
  }
}
