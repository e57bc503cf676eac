/// How texts are typed on one server: which keys make which character, how quickly, and how to paste.
///
/// `VNCConnection.calibrate` finds it; `text` is a form to keep it in, `init(text:)` reads that again.
public struct TypingProfile: Hashable, Sendable {
  /// One key, with the modifiers that are held around it.
  public struct Stroke: Hashable, Sendable {
    /// What the key is called on the wire.
    public var keysym: UInt32
    /// Whether Shift is held.
    var holdsShift: Bool
    /// Whether AltGr is held.
    var holdsAltGr: Bool

    /// A stroke.
    public init(keysym: UInt32, holdsShift: Bool = false, holdsAltGr: Bool = false) {
      self.keysym = keysym
      self.holdsShift = holdsShift
      self.holdsAltGr = holdsAltGr
    }
  }

  /// How the server understands key events.
  public var keyboard: VNCOptions.Keyboard
  /// The pause between characters.
  public var pause: Duration
  /// The characters that other keys make than their own.
  public var strokes: [Unicode.Scalar: [Stroke]]
  /// The characters that no keys make; they go through the clipboard.
  public var missing: Set<Unicode.Scalar>
  /// The chord that pastes; nil when the target takes no paste.
  public var paste: [Key]?

  /// A profile.
  public init(
    keyboard: VNCOptions.Keyboard, pause: Duration = .zero,
    strokes: [Unicode.Scalar: [Stroke]] = [:], missing: Set<Unicode.Scalar> = [],
    paste: [Key]? = nil
  ) {
    self.keyboard = keyboard
    self.pause = pause
    self.strokes = strokes
    self.missing = missing
    self.paste = paste
  }
}

extension TypingProfile {
  /// The key of a chord, which may have its place elsewhere: on a French keyboard the A is where the Q is.
  func key(for keysym: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(keysym), scalar.isASCII, let way = strokes[scalar],
      way.count == 1, let stroke = way.first, !stroke.holdsAltGr,
      stroke.holdsShift == USLayout.needsShift(scalar)
    else { return keysym }
    return stroke.keysym
  }

  /// One line of ASCII, the same for equal profiles.
  public var text: String {
    var words = ["keys=\(keyboard == .keysyms ? "keysyms" : "scancodes")"]
    words.append("pause=\(pause.wholeMicroseconds)")
    if let paste { words.append("paste=\(paste.map(\.name).joined(separator: "+"))") }
    words += missing.sorted().map { "missing=\(Self.hex($0.value))" }
    words += strokes.sorted { $0.key < $1.key }.map { scalar, strokes in
      "\(Self.hex(scalar.value))=\(strokes.map(Self.word).joined(separator: ","))"
    }
    return words.joined(separator: " ")
  }

  /// Reads what `text` wrote; nil for anything else.
  public init?(text: String) {
    self.init(keyboard: .keysyms)
    var seen: Set<Substring> = []
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, read(parts[0], parts[1]) else { return nil }
      seen.insert(parts[0])
    }
    guard seen.isSuperset(of: ["keys", "pause"]) else { return nil }
  }

  private mutating func read(_ name: Substring, _ value: Substring) -> Bool {
    switch (name, value) {
    case ("keys", "keysyms"): keyboard = .keysyms
    case ("keys", "scancodes"): keyboard = .scancodes
    case ("pause", _):
      guard let number = Int64(value), (0...60_000_000).contains(number) else { return false }
      pause = .microseconds(number)
    case ("paste", _):
      let names = value.split(separator: "+")
      let keys = names.compactMap { Key(String($0)) }
      guard !keys.isEmpty, keys.count == names.count else { return false }
      paste = keys
    case ("missing", _):
      guard let scalar = Self.scalar(value) else { return false }
      missing.insert(scalar)
    default:
      let words = value.split(separator: ",")
      let parsed = words.compactMap(Self.stroke)
      guard let scalar = Self.scalar(name), !parsed.isEmpty, parsed.count == words.count else {
        return false
      }
      strokes[scalar] = parsed
    }
    return true
  }

  private static func hex(_ value: UInt32) -> String { String(value, radix: 16) }

  private static func scalar(_ text: Substring) -> Unicode.Scalar? {
    UInt32(text, radix: 16).flatMap { Unicode.Scalar($0) }
  }

  private static func word(_ stroke: Stroke) -> String {
    (stroke.holdsShift ? "s" : "") + (stroke.holdsAltGr ? "g" : "") + "x" + hex(stroke.keysym)
  }

  private static func stroke(_ word: Substring) -> Stroke? {
    guard let mark = word.firstIndex(of: "x"), ["", "s", "g", "sg"].contains(word[..<mark]),
      let keysym = UInt32(word[word.index(after: mark)...], radix: 16)
    else { return nil }
    return Stroke(
      keysym: keysym, holdsShift: word[..<mark].contains("s"),
      holdsAltGr: word[..<mark].contains("g"))
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 {
    min(max(components.seconds, 0), 60) * 1_000_000
      + max(components.attoseconds, 0) / 1_000_000_000_000
  }
}
