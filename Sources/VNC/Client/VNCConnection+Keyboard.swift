extension VNCConnection {
  /// Presses keys together: down in the given order, up in reverse.
  public func press(_ chord: [Key]) async throws(VNCError) {
    try await hold(chord, for: options.timing.keyHold)
  }

  /// Presses keys together and leaves them down until `release`, an error or the end.
  public func pressDown(_ chord: [Key]) async throws(VNCError) {
    let keysyms = try keysyms(of: chord)
    let new = try spend(Set(keysyms.filter(needsPlace)))
    try await gesture { () async throws(VNCError) in
      try await announce(new)
      for keysym in keysyms { try push(.key(keysym)) }
    }
  }

  /// Lets go of keys, the last first.
  public func release(_ chord: [Key]) async throws(VNCError) {
    let keysyms = try keysyms(of: chord)
    try await gesture { () async throws(VNCError) in
      for keysym in keysyms.reversed() { try letGo(.key(keysym)) }
    }
  }

  /// Turns Num Lock round, and waits until the server has told that: the next key is decided on what it told last.
  private func tapNumLock(to isOn: Bool) async throws(VNCError) {
    try push(.key(Keysym.numLock))
    try await rest(options.timing.keyHold)
    try letGo(.key(Keysym.numLock))
    let deadline = Self.deadline(in: .milliseconds(500))
    while parser.isNumOn != isOn, ContinuousClock.now < deadline {
      let seen = signal.generation
      try check()
      if parser.isNumOn == isOn { return }
      try await pause(after: seen, until: deadline)
    }
  }

  private func keysyms(of chord: [Key]) throws(VNCError) -> [UInt32] {
    guard !chord.isEmpty, Set(chord).count == chord.count else {
      throw error(.unsupportedInput, "is sent one or more different keys")
    }
    return TypingPlan.chord(chord).map { profile?.key(for: $0) ?? $0 }
  }

  /// Presses keys together and lets go after `duration`, at most a minute.
  public func hold(_ chord: [Key], for duration: Duration) async throws(VNCError) {
    guard duration <= .seconds(60) else {
      throw error(.unsupportedInput, "is sent keys that are held for a minute at most")
    }
    let keysyms = try keysyms(of: chord)
    let new = try spend(Set(keysyms.filter(needsPlace)))
    // Without Num Lock Xvnc presses the digit of the upper row instead of that of the number pad.
    let lacksNumLock =
      keyboard == .keysyms && parser.isNumOn == false && keysyms.contains(where: Keysym.isPadDigit)
    try await gesture { () async throws(VNCError) in
      try await announce(new)
      if lacksNumLock { try await tapNumLock(to: true) }
      for keysym in keysyms { try push(.key(keysym)) }
      try await rest(duration)
      for keysym in keysyms.reversed() { try letGo(.key(keysym)) }
      if lacksNumLock { try await tapNumLock(to: false) }
    }
    if keysyms.contains(Keysym.capsLock) {
      wantsCaps.toggle()
      hasPressedCaps = true
    }
  }

  /// Types a text into what has the focus.
  ///
  /// Newlines are Return, tabs are Tab, other control characters are refused. A text that would lose
  /// characters is refused before its first key, with `.unsupportedInput`. Without a channel the keys
  /// type what they can, and the rest is pasted where `VNCOptions` name a chord for that. Typed keys are
  /// on their way when this returns, not yet seen; pasted text has been fetched.
  ///
  /// - Throws: `.unsupportedInput`, too, when nobody fetched the text from the clipboard; the message says
  ///   how many characters were typed before it.
  @discardableResult
  public func type(
    _ text: String, through channel: TextChannel? = nil
  ) async throws(VNCError) -> TypingReport {
    try await settleCapsLock()
    let paste = options.paste ?? profile?.paste
    switch channel ?? paste.map({ .automatic(paste: $0) }) ?? .keys {
    case .keys: return try await run(try plan(text, canPaste: false), nil)
    case .clipboard(let chord): return try await self.paste(whole: text, chord)
    case .automatic(let chord): return try await run(try plan(text, canPaste: true), chord)
    }
  }

  /// Pastes all of a text, by the chord that is known to paste there, else by Control and V.
  @discardableResult
  public func paste(_ text: String) async throws(VNCError) -> TypingReport {
    guard let chord = options.paste ?? profile?.paste else {
      return try await type(text, through: .clipboard)
    }
    return try await type(text, through: .clipboard(paste: chord))
  }

  /// The characters outside ASCII that were sent as keys, for a later connection's `spentKeysyms`.
  public var spentKeysyms: Set<UInt32> { spent }

  /// Takes `VNCOptions.signs` for signs without keys from now on: somebody has loaded another layout.
  public func forgetSigns() { own = [] }

  /// Lets go of everything that is pressed through this connection, the last first.
  public func releaseAll() throws(VNCError) {
    while let item = held.items.last { try letGo(item) }
  }

  // MARK: - Typing

  private var keyboard: VNCOptions.Keyboard {
    profile?.keyboard ?? options.keyboard ?? (isQEMU ? .scancodes : .keysyms)
  }

  private var typingPause: Duration {
    profile?.pause ?? options.typingPause
      ?? (keyboard == .scancodes ? .milliseconds(25) : .zero)
  }

  private func plan(_ text: String, canPaste: Bool) throws(VNCError) -> TypingPlan {
    do throws(TypingPlan.Refusal) {
      return try TypingPlan(
        text: text,
        keys: TypingPlan.Keys(
          keyboard: keyboard, profile: profile, spent: spent, budget: keysymBudget, own: own,
          isCapsOn: wantsCaps && parser.isCapsOn == true),
        canPaste: canPaste)
    } catch {
      throw explain(error)
    }
  }

  private func run(_ plan: TypingPlan, _ chord: [Key]?) async throws(VNCError) -> TypingReport {
    guard plan.pasted > 0, let chord else {
      try await gesture { () async throws(VNCError) in
        for case .keys(let strokes) in plan.parts { try await type(strokes) }
      }
      return TypingReport(channel: .keys)
    }
    return try await pasting { () async throws(VNCError) in
      var typed = 0
      for part in plan.parts {
        switch part {
        case .keys(let strokes):
          try await type(strokes)
          typed += strokes.count
        case .paste(let text):
          try await self.paste(text, chord, after: typed)
          typed += text.count
        }
      }
      return plan.strokes.isEmpty ? .clipboard : .both
    }
  }

  /// Brings Caps Lock into the state that it was pressed into here, where the server tells of it: what somebody
  /// else has left on would turn letters round.
  private func settleCapsLock() async throws(VNCError) {
    guard parser.isCapsOn != nil else { return }
    // What was pressed here is told a moment later.
    let isAsWanted = try await capsLock(comes: hasPressedCaps ? .milliseconds(500) : .zero)
    hasPressedCaps = false
    guard !isAsWanted, !wantsCaps else { return }
    try await press([Key.capsLock])
    wantsCaps = false
    hasPressedCaps = false
    guard try await capsLock(comes: .seconds(1)) else {
      throw error(
        .unsupportedInput,
        "was not sent the text: Caps Lock is on there and stays on when it is pressed; turn it off")
    }
  }

  /// Whether Caps Lock is as it was pressed here, or comes to be.
  private func capsLock(comes limit: Duration) async throws(VNCError) -> Bool {
    let deadline = Self.deadline(in: limit)
    while true {
      let seen = signal.generation
      try check()
      if parser.isCapsOn == wantsCaps { return true }
      guard ContinuousClock.now < deadline else { return false }
      try await pause(after: seen, until: deadline)
    }
  }

  /// Types strokes in the middle of a gesture.
  func type(_ strokes: [TypingPlan.Stroke]) async throws(VNCError) {
    let keysyms = Set(strokes.map(\.keysym))
    let new = try spend(keysyms.filter(needsPlace))
      .union(keyboard == .keysyms ? meetDoubtful(keysyms) : [])
    if typingPause > .zero {
      try await typeSlowly(strokes, new)
    } else {
      try await typeQuickly(strokes, new)
    }
  }

  private func typeSlowly(
    _ strokes: [TypingPlan.Stroke], _ new: Set<UInt32>
  ) async throws(VNCError) {
    var unseen = new
    try await announce(new)
    for stroke in strokes {
      let keysyms = keysyms(of: stroke)
      for keysym in keysyms { try push(.key(keysym)) }
      try await rest(options.timing.keyHold)
      for keysym in keysyms.reversed() { try letGo(.key(keysym)) }
      let isNew = unseen.remove(stroke.keysym) != nil
      try await rest(isNew ? max(typingPause, Self.mapChange) : typingPause)
    }
  }

  /// Sends many keys in one packet, and gives the server's input queue a moment after each.
  ///
  /// A character that is new to the server goes alone: Xvnc gives two that come together the same place
  /// in its keyboard map.
  private func typeQuickly(
    _ strokes: [TypingPlan.Stroke], _ new: Set<UInt32>
  ) async throws(VNCError) {
    var left = strokes[...]
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

  private func keysyms(of stroke: TypingPlan.Stroke) -> [UInt32] {
    (stroke.holdsShift ? [Keysym.shift] : []) + (stroke.holdsAltGr ? [Keysym.altGr] : [])
      + [stroke.keysym]
  }

  private func messages(_ stroke: TypingPlan.Stroke) -> [ClientMessage] {
    let keysyms = keysyms(of: stroke)
    return keysyms.map { .key(keysym: $0, down: true) }
      + keysyms.reversed().map { .key(keysym: $0, down: false) }
  }

  private func needsPlace(_ keysym: UInt32) -> Bool {
    Keysym.isForeign(keysym) && !own.contains(keysym)
  }

  /// How many foreign characters the server has place for in all.
  ///
  /// Three of Xvnc's 19 places are always kept for ASCII that a layout may lack.
  private var keysymBudget: Int { options.keysymBudget - max(metDoubtful.count - 3, 0) }

  /// Those of the keysyms that are sent for the first time and may need a place in the map.
  private func meetDoubtful(_ keysyms: Set<UInt32>) -> Set<UInt32> {
    let new = keysyms.intersection(Keysym.doubtful).subtracting(metDoubtful)
    metDoubtful.formUnion(new)
    return new
  }

  /// Counts characters that need a place in the server's keyboard map, or refuses them.
  ///
  /// Returns those that are new to it.
  private func spend(_ foreign: Set<UInt32>) throws(VNCError) -> Set<UInt32> {
    let new = foreign.subtracting(spent)
    let left = max(keysymBudget - spent.count, 0)
    guard new.count <= left else {
      throw explain(.tooManyCharacters(new: new.count, left: left))
    }
    spent.formUnion(new)
    return new
  }

  /// Names places and never shows the text, which may be a secret.
  func explain(_ refusal: TypingPlan.Refusal) -> VNCError {
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
    if Task.isCancelled {
      // An earlier gesture may have left a button down for this one.
      releaseAllQuietly()
      throw error(.cancelled, "was left alone: the task was cancelled")
    }
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
    guard keyboard == .scancodes, takesScancodes, let code = Scancode.of(keysym) else {
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
