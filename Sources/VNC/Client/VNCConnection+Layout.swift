/// What a reader that may take one sign for another found out about a keyboard.
public struct LayoutFinding: Hashable, Sendable {
  /// How characters are typed; what was not read as it was typed is `missing`.
  public var profile: TypingProfile
  /// The layout of the machine; nil where the server finds the keys by itself.
  public var layout: String?
}

/// Reads a field by recognising what is drawn in it.
public struct FieldRecogniser: Sendable {
  /// What the field shows; nil when it shows no line of text, or not all of it.
  public var read: FieldReader
  /// Whether letters and digits may be the same, although some have the same shape.
  public var areAlike: @Sendable (_ typed: String, _ shown: String) -> Bool

  /// A recogniser.
  public init(
    read: @escaping FieldReader, areAlike: @escaping @Sendable (String, String) -> Bool
  ) {
    self.read = read
    self.areAlike = areAlike
  }
}

extension VNCConnection {
  /// Finds the keyboard and its layout by typing known texts in each way that there may be, and believing a way
  /// only when the texts come out.
  ///
  /// Letters and digits must all come out. A sign counts where it is read as itself: what is not is `missing` in
  /// the profile, and never typed by a guess. The field is as for `calibrate`, and shows at least 20 characters.
  ///
  /// - Throws: `.unsupportedInput` when no way makes the letters that were typed, or characters get lost.
  public func calibrateByLayout(
    _ plan: CalibrationPlan = .init(), recognising reader: FieldRecogniser
  ) async throws(VNCError) -> LayoutFinding {
    let former = profile
    do throws(VNCError) {
      var found = try await findLayout(plan, reader)
      found.profile.pause = try await findPause(found.profile, plan, reader)
      profile = found.profile
      found.profile.paste = try await findPaste(plan, reader)
      profile = found.profile
      try await clear(plan, reader.read)
      return found
    } catch {
      profile = former
      throw error
    }
  }

  // MARK: - Parts of calibration

  /// Every letter in both cases and every digit, in lines that short fields show whole.
  private static let letters = [
    "quick zebra jumped", "why fox viz glents", "WAXY QUIZ FJORD", "BULK MAGPETS HVN",
    "1234567890",
  ]

  private func findLayout(
    _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> LayoutFinding {
    let wanted = Array(plan.characters.unicodeScalars).filter { $0.isASCII && $0.value > 0x20 }
    let signs = wanted.filter { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }
    var best: LayoutFinding?
    for var way in Self.ways(plan, wanted) {
      way.profile.pause = plan.probePause
      profile = way.profile
      guard try await showsAll(Self.letters, plan, reader) else { continue }
      let unread = try await unread(signs, plan, reader)
      way.profile.missing.formUnion(unread)
      // A way that is only likely is none.
      for sign in unread { way.profile.strokes[sign] = nil }
      if way.profile.missing.count < best?.profile.missing.count ?? .max { best = way }
      if way.profile.missing.isEmpty { break }
    }
    guard let best else {
      throw error(
        .unsupportedInput,
        "does not show the letters that were typed, with no layout that is known; read the field through"
          + " the clipboard instead, or see that it is empty, wide enough and legible")
    }
    return best
  }

  private static func ways(_ plan: CalibrationPlan, _ wanted: [Unicode.Scalar]) -> [LayoutFinding] {
    plan.keyboards.flatMap { keyboard -> [LayoutFinding] in
      switch keyboard {
      case .keysyms: [LayoutFinding(profile: TypingProfile(keyboard: .keysyms))]
      case .scancodes:
        KeyLayout.all.map { LayoutFinding(profile: $0.profile(for: wanted), layout: $0.name) }
      }
    }
  }

  private func showsAll(
    _ lines: [String], _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> Bool {
    for line in lines {
      guard line.unicodeScalars.allSatisfy({ profile?.missing.contains($0) != true }) else {
        return false
      }
      guard let shown = try await shown(line, plan, reader), reader.areAlike(line, shown) else {
        return false
      }
    }
    return true
  }

  /// The signs that are not read as what was typed: three at once, and then, where that goes wrong, one by one.
  private func unread(
    _ signs: [Unicode.Scalar], _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> Set<Unicode.Scalar> {
    let typed = signs.filter { profile?.missing.contains($0) != true }
    var unread = Set(signs).subtracting(typed)
    for start in stride(from: 0, to: typed.count, by: 3) {
      let some = Array(typed[start..<min(start + 3, typed.count)])
      let words = some.map(Self.word)
      let line = try await shown(words.joined(separator: " "), plan, reader) ?? ""
      let shown = line.split(separator: " ").map(String.init)
      for (index, sign) in some.enumerated() {
        if shown.count == words.count, shown[index] == words[index] { continue }
        let alone = try await self.shown(words[index], plan, reader)
        if alone != words[index] { unread.insert(sign) }
      }
    }
    return unread
  }

  /// A sign between letters: the one behind it would take on the accent of a dead key.
  private static func word(_ sign: Unicode.Scalar) -> String { "he\(sign)ad" }

  private func shown(
    _ text: String, _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> String? {
    try await clear(plan, reader.read)
    try await type(text, through: .keys)
    return try await look(plan, reader.read) { $0 == text }
  }

  private func findPause(
    _ found: TypingProfile, _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> Duration {
    // Short texts prove no shorter pause on a machine whose queue for keys is short.
    let least: Duration = found.keyboard == .scancodes ? .milliseconds(10) : .zero
    for pause in plan.pauses where pause >= least {
      profile = found
      profile?.pause = pause
      if try await showsAll(Self.letters + Self.letters, plan, reader) { return pause }
    }
    throw error(.unsupportedInput, "loses characters at every pace, as far as can be read")
  }

  private func findPaste(
    _ plan: CalibrationPlan, _ reader: FieldRecogniser
  ) async throws(VNCError) -> [Key]? {
    for chord in plan.pastes {
      do throws(VNCError) {
        try await clear(plan, reader.read)
        try await type("pasted wave", through: .clipboard(paste: chord))
        let shown = try await look(plan, reader.read) { $0 == "pasted wave" }
        if let shown, reader.areAlike("pasted wave", shown) { return chord }
      } catch {
        guard error.code == .unsupportedInput else { throw error }
      }
    }
    return nil
  }
}
