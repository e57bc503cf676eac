/// How a text gets to the server.
public enum TextChannel: Hashable, Sendable {
  /// Key by key, as a person would; what keys cannot type is refused.
  case keys
  /// Through the clipboard, all of it, then pasted by a chord.
  case clipboard(paste: [Key])
  /// By keys, and what they cannot type through the clipboard.
  case automatic(paste: [Key])

  /// Through the clipboard, pasted by ctrl+v.
  public static let clipboard = Self.clipboard(paste: ["ctrl", "v"].compactMap { Key($0) })
}

/// How a text was typed.
public struct TypingReport: Hashable, Sendable {
  /// What carried it.
  public enum Channel: String, Hashable, Sendable {
    /// Keys alone.
    case keys
    /// The clipboard alone.
    case clipboard
    /// Some lines by keys, others by the clipboard.
    case both
  }

  /// What became of what was on the server's clipboard before.
  public enum Former: String, Hashable, Sendable {
    /// It is still there: nothing was pasted.
    case untouched
    /// It is there again, for as long as this connection lives.
    case restored
    /// There was no text, and there is none now. Something else, as a picture, is lost.
    case empty
    /// It was put there before this connection was made, or could not be read. The clipboard is empty.
    case unknown
  }

  /// What carried the text.
  public var channel: Channel
  /// What became of the clipboard.
  public var former: Former
  /// Whether all that was pasted is known to have been fetched.
  var isConfirmed: Bool

  /// A report.
  public init(channel: Channel, former: Former = .untouched, isConfirmed: Bool = true) {
    self.channel = channel
    self.former = former
    self.isConfirmed = isConfirmed
  }
}

extension VNCConnection {
  /// Puts a text on the server's clipboard, up to 256 KiB, for as long as this connection lives.
  ///
  /// Servers without the extended clipboard take Latin-1 only; other text is refused.
  func setClipboard(_ text: String) throws(VNCError) {
    try check()
    try offer(text)
    if clipboard.isExtended {
      try send([.extendedClipboard(ExtendedClipboard.provision(text))])
    }
  }

  /// The text on the server's clipboard; nil when there is none, or none that we can be told of.
  ///
  /// Servers do not tell what was put there before this connection was made.
  func clipboardText(upTo limit: Duration = .seconds(1)) async throws(VNCError) -> String? {
    try check()
    switch clipboard.owner {
    case .us: return clipboard.ours
    case .unknown, .nobody: return nil
    case .server:
      if let text = clipboard.theirs { return text }
      guard clipboard.isExtended else { return nil }
      let answers = clipboard.answers
      try send([.extendedClipboard(ExtendedClipboard.question)])
      _ = try await wait(upTo: limit) { clipboard.answers > answers }
      return clipboard.theirs
    }
  }

  /// Presses chords that copy, and returns what they have put on the clipboard; nil when that is nothing.
  ///
  /// A reader for fields that can be copied from: ctrl+a, ctrl+c. What was on the clipboard is lost.
  public func copyText(
    by chords: [[Key]], upTo limit: Duration = .milliseconds(500)
  ) async throws(VNCError) -> String? {
    let notices = clipboard.notices
    for chord in chords { try await press(chord) }
    guard try await wait(upTo: limit, { clipboard.notices > notices }) else { return nil }
    return try await clipboardText()
  }

  // MARK: - Parts of gestures

  /// Pastes a text as it is, tabs and newlines included.
  ///
  /// Other control characters are refused: terminals put blanks in their place without a word.
  func paste(whole text: String, _ chord: [Key]) async throws(VNCError) -> TypingReport {
    for (index, character) in text.enumerated() {
      guard let scalar = character.unicodeScalars.first(where: Self.isControl) else { continue }
      throw explain(.controlCharacter(code: scalar.value, place: index + 1))
    }
    return try await pasting { () async throws(VNCError) in
      try await paste(text, chord, after: 0)
      return .clipboard
    }
  }

  /// Runs a gesture that uses the clipboard, and gives it back what it held.
  func pasting(
    _ body: () async throws(VNCError) -> TypingReport.Channel
  ) async throws(VNCError) -> TypingReport {
    var report = TypingReport(channel: .clipboard)
    try await gesture { () async throws(VNCError) in
      let former = try await former()
      do throws(VNCError) {
        report.channel = try await body()
      } catch {
        restoreQuietly(former)
        throw error
      }
      report.former = try restore(former)
      report.isConfirmed = confirmsPastes
    }
    return report
  }

  /// Puts a text on the clipboard, pastes it, and returns when it has been fetched.
  ///
  /// The text is only announced: that the server asks for it proves that somebody pastes it, and what is
  /// sent after it has been handed over cannot overtake it.
  func paste(_ text: String, _ chord: [Key], after typed: Int) async throws(VNCError) {
    try await meetClipboardManager()
    try offer(text)
    let requests = clipboard.requests
    if managesClipboard == true {
      // Who fetches every text must have this one before it is pasted.
      _ = try await wait(upTo: .seconds(1)) { clipboard.requests > requests }
    }
    let keysyms = TypingPlan.chord(chord)
    for keysym in keysyms { try push(.key(keysym)) }
    try await rest(options.timing.keyHold)
    for keysym in keysyms.reversed() { try letGo(.key(keysym)) }
    guard confirmsPastes else { return try await rest(Self.blindPaste) }
    guard try await wait(upTo: options.timing.pasteLimit, { clipboard.requests > requests }) else {
      throw error(
        .unsupportedInput,
        "did not fetch a text from the clipboard within \(options.timing.pasteLimit) of "
          + "\(chord.map(\.name).joined(separator: "+")); nothing of it was pasted, and \(typed) "
          + "characters before it were typed; name the chord that pastes there")
    }
    try await rest(options.timing.pasteRest)
  }

  /// Whether a fetched text proves a paste: not where a clipboard manager fetches every text.
  private var confirmsPastes: Bool { clipboard.isExtended && managesClipboard != true }

  /// How long a paste is given that cannot be seen.
  private static var blindPaste: Duration { .milliseconds(400) }

  /// Finds out, once, whether somebody fetches every text that is put on the clipboard: a clipboard
  /// manager, or a server that does not wait for a paste.
  private func meetClipboardManager() async throws(VNCError) {
    guard clipboard.isExtended, managesClipboard == nil else { return }
    let requests = clipboard.requests
    try offer("")
    // Once in a connection: on a busy machine another process takes a while to ask.
    managesClipboard = try await wait(upTo: .milliseconds(250)) { clipboard.requests > requests }
  }

  private func offer(_ text: String) throws(VNCError) {
    guard text.utf8.count < 256 * 1024, !text.unicodeScalars.contains("\0") else {
      throw error(
        .unsupportedInput, "takes a clipboard of less than 256 KiB that has no zero character")
    }
    if clipboard.isExtended {
      clipboard.offer(text)
      try send([.extendedClipboard(ExtendedClipboard.announcement)])
    } else {
      let bytes = try latin1(text)
      clipboard.offer(text)
      try send([.cutText(bytes)])
    }
  }

  /// What is on the clipboard before it is used.
  private func former() async throws(VNCError) -> (TypingReport.Former, String?) {
    if clipboard.owner == .nobody { return (.empty, nil) }
    let text = try await clipboardText()
    return (text == nil ? .unknown : .restored, text)
  }

  private func restore(
    _ former: (kind: TypingReport.Former, text: String?)
  ) throws(VNCError) -> TypingReport.Former {
    if let text = former.text {
      try offer(text)
    } else {
      clipboard.withdraw()
      try send(
        clipboard.isExtended
          ? [.extendedClipboard(ExtendedClipboard.withdrawal)] : [.cutText([])])
    }
    return former.kind
  }

  private func restoreQuietly(_ former: (TypingReport.Former, String?)) {
    do throws(VNCError) {
      _ = try restore(former)
    } catch {
      // The connection is gone, and our clipboard with it.
    }
  }

  private func wait(
    upTo limit: Duration, _ isSo: () -> Bool
  ) async throws(VNCError) -> Bool {
    let deadline = Self.deadline(in: limit)
    while true {
      let seen = signal.generation
      try check()
      if isSo() { return true }
      guard ContinuousClock.now < deadline else { return false }
      try await pause(after: seen, until: deadline)
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && !"\t\r\n".unicodeScalars.contains(scalar)
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
}
