/// What calibration tries, and how patiently.
public struct CalibrationPlan: Sendable {
  /// The characters to find keys for.
  ///
  /// Those outside ASCII use up places in Xvnc's keyboard map.
  public var characters = String(decoding: Array<UInt8>(0x20...0x7E), as: UTF8.self)
  /// The kinds of keyboards, the likelier first.
  var keyboards: [VNCOptions.Keyboard] = [.keysyms, .scancodes]
  /// The pauses between characters, the shorter first.
  var pauses: [Duration] = [0, 2, 5, 10, 25, 50, 100].map { .milliseconds($0) }
  /// The pause while keys are found out, which should be a safe one.
  var probePause: Duration = .milliseconds(10)
  /// How many characters prove a pause; a slow server drops what its queue has no room for.
  var trialLength = 240
  /// The chords that may paste.
  public var pastes: [[Key]] = [["ctrl", "v"], ["shift", "insert"], ["ctrl", "shift", "v"]]
    .map { $0.compactMap { Key($0) } }
  /// The chords that empty the field; those without a letter are the same on every layout.
  public var clear: [[Key]] = [["end"], ["shift", "home"], ["backspace"]]
    .map { $0.compactMap { Key($0) } }
  /// How long a field must show the same before it is believed.
  public var quiet: Duration = .milliseconds(150)
  /// How long a field may take to show what was typed.
  public var patience: Duration = .seconds(5)

  /// A plan that suits fields of one line.
  public init() {}
}

extension VNCConnection {
  /// Types probes into the field with the focus, reads them back, and keeps what it finds as the profile.
  ///
  /// The field must take a line of text and be the caller's to empty. What is found holds for this server,
  /// its keyboard layout and, as to pasting, for fields like this one; give it to later connections in
  /// `VNCOptions.profile`.
  ///
  /// - Throws: `.unsupportedInput` when the field cannot be read or shows no pace at which nothing is lost.
  @discardableResult
  public func calibrate(
    _ plan: CalibrationPlan = .init(), reading reader: FieldReader
  ) async throws(VNCError) -> TypingProfile {
    let former = profile
    do throws(VNCError) {
      var found = try await findKeys(plan, reader)
      found.pause = try await findPause(found, plan, reader)
      found.paste = try await findPaste(found, plan, reader)
      profile = found
      try await clear(plan, reader)
      return found
    } catch {
      profile = former
      throw error
    }
  }

  /// Types by this profile from now on; nil means by what the options say.
  public func use(_ profile: TypingProfile?) { self.profile = profile }

  // MARK: - Parts of calibration

  private func findKeys(
    _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) -> TypingProfile {
    let wanted = Array(plan.characters.unicodeScalars).filter { Keysym.of($0) != nil }
    var best: TypingProfile?
    for keyboard in plan.keyboards {
      profile = TypingProfile(keyboard: keyboard, pause: plan.probePause)
      let strokes =
        keyboard == .scancodes
        ? KeyProbe.allKeys
        : wanted.filter { $0 != " " }.map { KeyProbe.usual($0, keyboard) }
      var found: [(KeyProbe.Stroke, KeyProbe.Result)] = []
      for start in stride(from: 0, to: strokes.count, by: 16) {
        let some = Array(strokes[start..<min(start + 16, strokes.count)])
        found += zip(some, try await effects(of: some, plan, reader))
      }
      let candidate = KeyProbe.profile(for: wanted, keyboard: keyboard, found)
      if candidate.missing.count < best?.missing.count ?? wanted.count { best = candidate }
      if candidate.missing.isEmpty { break }
    }
    guard let best, best.missing.count < wanted.count - 1 else {
      throw error(
        .unsupportedInput,
        "shows nothing of what is typed; click into an empty field first, and see that it can be read"
      )
    }
    return best
  }

  /// What strokes write, all at once or, where that cannot be told, one by one.
  private func effects(
    of strokes: [KeyProbe.Stroke], _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) -> [KeyProbe.Result] {
    let probe = KeyProbe(strokes: strokes)
    try await clear(plan, reader)
    try await gesture { () async throws(VNCError) in try await type(probe.typed) }
    let shown = try await look(plan, reader) { _ in false } ?? ""
    if let results = probe.results(shown) { return results }
    guard strokes.count > 1 else { return [KeyProbe.Result(text: "")] }
    var results: [KeyProbe.Result] = []
    for stroke in strokes { results += try await effects(of: [stroke], plan, reader) }
    return results
  }

  private func findPause(
    _ found: TypingProfile, _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) -> Duration {
    let usable = Array(plan.characters.unicodeScalars).filter {
      Keysym.of($0) != nil && !found.missing.contains($0)
    }
    let text = KeyProbe.trial(of: usable, length: plan.trialLength)
    var seen = ReadBack.unknown
    for pause in plan.pauses {
      profile = found
      profile?.pause = pause
      for _ in 0..<2 {
        seen = try await show(text, .keys, plan, reader)
        guard seen == .matches else { break }
      }
      if seen == .matches { return pause }
    }
    throw error(.unsupportedInput, "loses characters at every pace: \(seen)")
  }

  private func findPaste(
    _ found: TypingProfile, _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) -> [Key]? {
    let text = clipboard.isExtended ? "aß жук 漢字 🙂." : "aßü."
    for chord in plan.pastes {
      do throws(VNCError) {
        if try await show(text, .clipboard(paste: chord), plan, reader) == .matches { return chord }
      } catch {
        guard error.code == .unsupportedInput else { throw error }
      }
    }
    return nil
  }

  private func show(
    _ text: String, _ channel: TextChannel, _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) -> ReadBack {
    try await clear(plan, reader)
    try await type(text, through: channel)
    let shown = try await look(plan, reader) {
      ReadBack.compare(typed: text, shown: $0) == .matches
    }
    return .compare(typed: text, shown: shown)
  }

  func clear(
    _ plan: CalibrationPlan, _ reader: FieldReader
  ) async throws(VNCError) {
    for chord in plan.clear { try await press(chord) }
    _ = try await look(plan, reader) { $0.isEmpty || $0 == "\n" }
  }

  /// What the field shows, once that is enough or has not changed for a while.
  func look(
    _ plan: CalibrationPlan, _ reader: FieldReader, until isEnough: (String) -> Bool
  ) async throws(VNCError) -> String? {
    let deadline = Self.deadline(in: plan.patience)
    var last: String?
    var since = ContinuousClock.now
    while ContinuousClock.now < deadline {
      let shown = await reader()
      if let shown, isEnough(shown) { return shown }
      if shown != last { since = .now }
      last = shown
      // An empty field may have nothing to read.
      let quiet = shown == nil ? plan.quiet * 2 : plan.quiet
      if ContinuousClock.now - since >= quiet { return shown }
      try check()
      try await rest(.milliseconds(20))
    }
    return last
  }
}
