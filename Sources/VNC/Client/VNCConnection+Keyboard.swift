/// How a text gets to the server.
public enum TextChannel: Hashable, Sendable {
  /// Key by key, as a person would.
  case keys
  /// Through the clipboard, then pasted by a chord. For characters that no key stands for.
  case clipboard(paste: [Key])

  /// Through the clipboard, pasted by ctrl+v.
  public static let clipboard = Self.clipboard(paste: ["ctrl", "v"].compactMap { Key($0) })
}

extension VNCConnection {
  /// Presses keys together: down in the given order, up in reverse.
  public func press(_ chord: [Key]) async throws(VNCError) {
    try await hold(chord, for: options.timing.keyHold)
  }

  /// Presses keys together and lets go after `duration`, at most a minute.
  public func hold(_ chord: [Key], for duration: Duration) async throws(VNCError) {
    guard !chord.isEmpty, Set(chord).count == chord.count, duration <= .seconds(60) else {
      throw error(
        .unsupportedInput, "is sent one or more different keys, held for a minute at most")
    }
    let keysyms = TypingPlan.chord(chord)
    let new = try spend(Set(keysyms.filter(Keysym.isForeign)))
    try await gesture { () async throws(VNCError) in
      try await announce(new)
      for keysym in keysyms { try push(.key(keysym)) }
      try await rest(duration)
      for keysym in keysyms.reversed() { try letGo(.key(keysym)) }
    }
  }

  /// Types a text into what has the focus.
  ///
  /// Newlines are Return, tabs are Tab. A text that would lose characters is refused before its first
  /// key, with `.unsupportedInput`: other control characters, and more different characters outside
  /// ASCII than the server's keyboard map has room for. It is on its way when this returns, not yet seen.
  public func type(_ text: String, through channel: TextChannel = .keys) async throws(VNCError) {
    switch channel {
    case .keys: try await typeKeys(text)
    case .clipboard(let paste):
      try setClipboard(text)
      try await press(paste)
    }
  }

  /// Puts a text on the server's clipboard, up to 256 KiB.
  ///
  /// Servers without the extended clipboard take Latin-1 only; other text is refused.
  public func setClipboard(_ text: String) throws(VNCError) {
    try check()
    guard text.utf8.count < 256 * 1024, !text.unicodeScalars.contains("\0") else {
      throw error(
        .unsupportedInput, "takes a clipboard of less than 256 KiB that has no zero character")
    }
    if let clipboardFlags, clipboardFlags & ExtendedClipboard.text != 0 {
      clipboardText = text
      try send([
        .extendedClipboard(ExtendedClipboard.announcement),
        .extendedClipboard(ExtendedClipboard.provision(text)),
      ])
    } else {
      try send([.cutText(try latin1(text))])
    }
  }

  /// The characters outside ASCII that were sent as keys, for a later connection's `spentKeysyms`.
  public var spentKeysyms: Set<UInt32> { spent }

  /// Lets go of everything that is pressed through this connection, the last first.
  public func releaseAll() throws(VNCError) {
    while let item = held.items.last { try letGo(item) }
  }

  // MARK: - Typing

  private var keyboard: VNCOptions.Keyboard {
    options.keyboard ?? (isQEMU ? .scancodes : .keysyms)
  }

  private func typeKeys(_ text: String) async throws(VNCError) {
    let plan: TypingPlan
    do throws(TypingPlan.Refusal) {
      plan = try TypingPlan(text: text, keyboard: keyboard)
    } catch {
      throw explain(error)
    }
    let new = try spend(plan.foreign)
    let pause = options.typingPause ?? (keyboard == .scancodes ? .milliseconds(25) : .zero)
    try await gesture { () async throws(VNCError) in
      if pause > .zero {
        try await typeSlowly(plan, pause)
      } else {
        try await typeQuickly(plan, new)
      }
    }
  }

  private func typeSlowly(_ plan: TypingPlan, _ pause: Duration) async throws(VNCError) {
    for stroke in plan.strokes {
      if stroke.holdsShift { try push(.key(Keysym.shift)) }
      try push(.key(stroke.keysym))
      try await rest(options.timing.keyHold)
      try letGo(.key(stroke.keysym))
      if stroke.holdsShift { try letGo(.key(Keysym.shift)) }
      try await rest(pause)
    }
  }

  /// Sends many keys in one packet, and gives the server's input queue a moment after each.
  ///
  /// A character that is new to the server goes alone: Xvnc gives two that come together the same place
  /// in its keyboard map.
  private func typeQuickly(_ plan: TypingPlan, _ new: Set<UInt32>) async throws(VNCError) {
    var left = plan.strokes[...]
    var unseen = new
    try await announce(new)
    while let first = left.first {
      let isNew = unseen.remove(first.keysym) != nil
      let batch = isNew ? left.prefix(1) : left.prefix(32).prefix { !unseen.contains($0.keysym) }
      left = left.dropFirst(batch.count)
      try send(batch.flatMap(messages))
      lastInput = now
      lastClick = nil
      try await rest(isNew ? Self.mapChange : .milliseconds(2))
    }
  }

  /// Prepares the server for characters that are new to it: Xvnc must have seen some other key first,
  /// or its changed keyboard map does not reach applications in time.
  private func announce(_ new: Set<UInt32>) async throws(VNCError) {
    guard !new.isEmpty else { return }
    try send(messages(TypingPlan.Stroke(keysym: Keysym.shift)))
    try await rest(Self.mapChange)
  }

  /// What Xvnc needs to take a new character into its keyboard map, several times over.
  private static var mapChange: Duration { .milliseconds(40) }

  private func messages(_ stroke: TypingPlan.Stroke) -> [ClientMessage] {
    let keysyms = (stroke.holdsShift ? [Keysym.shift] : []) + [stroke.keysym]
    return keysyms.map { .key(keysym: $0, down: true) }
      + keysyms.reversed().map { .key(keysym: $0, down: false) }
  }

  private func latin1(_ text: String) throws(VNCError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, scalar) in text.unicodeScalars.enumerated() {
      guard let byte = UInt8(exactly: scalar.value) else {
        throw error(
          .unsupportedInput,
          "takes only Latin-1 on its clipboard, and character \(index + 1) of the text is none")
      }
      // Line ends are single line feeds on the wire (RFC 6143, 7.5.6).
      if byte != 13 { bytes.append(byte) }
    }
    return bytes
  }

  /// Counts characters that need a place in the server's keyboard map, or refuses them.
  ///
  /// Returns those that are new to it.
  private func spend(_ foreign: Set<UInt32>) throws(VNCError) -> Set<UInt32> {
    let new = foreign.subtracting(spent)
    let left = max(options.keysymBudget - spent.count, 0)
    guard new.count <= left else {
      throw explain(.tooManyCharacters(new: new.count, left: left))
    }
    spent.formUnion(new)
    return new
  }

  /// Names places and never shows the text, which may be a secret.
  private func explain(_ refusal: TypingPlan.Refusal) -> VNCError {
    switch refusal {
    case .controlCharacter(let code, let place):
      error(
        .unsupportedInput,
        "was not sent the text: character \(place) is the control character "
          + "U+\(hex(code)), which no key stands for; press a chord instead")
    case .tooManyCharacters(let new, let left):
      error(
        .unsupportedInput,
        "was not sent the text: it has \(new) more different characters outside ASCII and the server "
          + "can be trusted with \(left) more; type it through the clipboard")
    case .noKey(let place):
      error(
        .unsupportedInput,
        "was not sent the text: character \(place) has no key on its keyboard; "
          + "type it through the clipboard")
    }
  }

  private func hex(_ code: UInt32) -> String {
    let digits = String(code, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  // MARK: - Parts of gestures

  /// Runs a gesture alone, and lets go of everything when it fails or is cancelled.
  func gesture(_ body: () async throws(VNCError) -> Void) async throws(VNCError) {
    guard !isGesturing else {
      throw error(.busy, "is in the middle of another gesture; do one after the other")
    }
    if Task.isCancelled { throw error(.cancelled, "was left alone: the task was cancelled") }
    isGesturing = true
    defer { isGesturing = false }
    let isWhole = !action.isOpen
    if isWhole { beginAction() }
    defer { if isWhole { action.isOpen = false } }
    try check()
    do throws(VNCError) {
      try await body()
      if isWhole { try endAction() }
    } catch {
      releaseAllQuietly()
      throw error
    }
  }

  func releaseAllQuietly() {
    do throws(VNCError) {
      try releaseAll()
    } catch {
      // The connection is gone, and with it what was pressed through it.
      held = HeldInput()
    }
  }

  func rest(_ duration: Duration) async throws(VNCError) {
    guard duration > .zero else { return }
    do {
      try await Task.sleep(for: duration)
    } catch {
      throw self.error(.cancelled, "was left in the middle of a gesture: the task was cancelled")
    }
  }

  func hold(_ modifiers: [Key]) throws(VNCError) {
    for key in modifiers { try push(.key(key.keysym)) }
  }

  func letGo(ofKeys keys: [Key]) throws(VNCError) {
    for key in keys.reversed() { try letGo(.key(key.keysym)) }
  }

  func push(_ item: HeldInput.Item) throws(VNCError) {
    held.press(item)
    try report(item, isDown: true)
  }

  func letGo(_ item: HeldInput.Item) throws(VNCError) {
    held.release(item)
    try report(item, isDown: false)
  }

  private func key(_ keysym: UInt32, _ isDown: Bool) -> ClientMessage {
    guard keyboard == .scancodes, facts.takesScancodes, let code = Scancode.of(keysym) else {
      return .key(keysym: keysym, down: isDown)
    }
    return .scancode(code, keysym: keysym, down: isDown)
  }

  private func report(_ item: HeldInput.Item, isDown: Bool) throws(VNCError) {
    switch item {
    case .key(let keysym): try send([key(keysym, isDown)])
    case .button: try send([.pointer(x: pointer.x, y: pointer.y, buttons: held.buttonMask)])
    }
    lastInput = now
    lastClick = nil
  }
}
