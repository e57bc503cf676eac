internal import Hands
internal import Perception
internal import Pixels
internal import Platform
internal import Scenario
internal import Story
internal import VNC

/// A field on a connection, and the ways to read it.
struct CalibrationBench: Sendable {
  /// What was found.
  struct Found: Sendable {
    var reader: Calibration.Reader
    var profile: TypingProfile
    var layout: String?
  }

  private let connection: VNCConnection
  private let host: HostHands?
  private let text: TextReader
  /// Where the field was clicked; nil when it had the focus already.
  private let place: ScreenPoint?

  /// Clicks into the field of a label, if one is given.
  init(
    _ connection: VNCConnection, host: HostHands?, clickInto label: String?
  ) async throws(Calibration.Problem) {
    self.connection = connection
    self.host = host
    do throws(PerceptionError) {
      text = try await TextReader()
    } catch {
      throw Calibration.Problem(description: error.description)
    }
    guard let label else {
      place = nil
      return
    }
    let point = try await Self.find(label, text, connection)
    place = point
    try await asking { () async throws(VNCError) in try await connection.click(at: point) }
  }

  /// The middle of the field that a label names, for which it may take ten seconds to appear.
  private static func find(
    _ label: String, _ text: TextReader, _ connection: VNCConnection
  ) async throws(Calibration.Problem) -> ScreenPoint {
    var words = ""
    for _ in 0..<10 {
      let frame = try await asking { () async throws(VNCError) in try await connection.frame() }
      let seen: ScreenText
      do throws(PerceptionError) {
        seen = try await text.read(frame)
      } catch {
        throw Calibration.Problem(description: error.description)
      }
      switch Locator.locate(TargetQuery(text: label, kind: .field), in: seen, on: frame) {
      case .found(let hit):
        guard let point = frame.size.center(of: hit.box) else {
          throw Calibration.Problem(description: "“\(label)” is outside of the screen")
        }
        return point
      case .unfit:
        throw Calibration.Problem(
          description: "“\(label)” is on the screen, but no input field beside it")
      case .ambiguous(let hits):
        throw Calibration.Problem(
          description:
            "“\(label)” is on the screen \(hits.count) times; name a label that is there once")
      case .missing(let closest), .anchorMissing(_, let closest):
        words = closest.isEmpty ? "" : "; closest: " + closest.joined(separator: ", ")
      }
      let sequence = frame.sequence
      _ = try await asking { () async throws(VNCError) in
        try await connection.waitForChange(after: sequence, upTo: .seconds(1))
      }
    }
    throw Calibration.Problem(description: "“\(label)” is not on the screen\(words)")
  }

  /// Calibrates with a reader; `auto` takes the clipboard where copying works.
  func find(
    _ reader: Calibration.Reader, _ tell: @Sendable (String) -> Void
  ) async throws(Calibration.Problem) -> Found {
    switch reader {
    case .clipboard: return try await byClipboard(tell)
    case .screen: return try await byScreen(tell)
    case .ssh: return try await byCommand(tell)
    case .auto:
      if host?.canRead == true { return try await byCommand(tell) }
      if try await canCopy() { return try await byClipboard(tell) }
      guard place != nil else {
        throw Calibration.Problem(
          description:
            "what is typed cannot be copied from the field that has the focus; click into an"
            + " empty field first, or name one with --into, which can be read off the screen")
      }
      return try await byScreen(tell)
    }
  }

  // MARK: - The clipboard

  /// Copies without a letter, whose key may be another one on the machine's layout.
  private static let copying = [["end"], ["shift", "home"], ["ctrl", "insert"]].map {
    $0.compactMap { Key($0) }
  }

  private var copied: FieldReader {
    { [connection] in
      try? await connection.copyText(by: Self.copying, upTo: .milliseconds(400))
    }
  }

  /// Whether a letter that all layouts have in one place can be typed and copied.
  private func canCopy() async throws(Calibration.Problem) -> Bool {
    try await asking { () async throws(VNCError) in
      for chord in CalibrationPlan().clear { try await connection.press(chord) }
      let (_, readBack) = try await connection.type(
        "oo", through: .keys, upTo: .seconds(1), reading: copied)
      return readBack == .matches
    }
  }

  private func byClipboard(
    _ tell: @Sendable (String) -> Void
  ) async throws(Calibration.Problem) -> Found {
    tell("typing into the field, and copying what it makes of it; about half a minute")
    let profile = try await asking { () async throws(VNCError) in
      try await connection.calibrate(reading: copied)
    }
    return Found(reader: .clipboard, profile: profile)
  }

  // MARK: - A command on the SSH host

  private func byCommand(
    _ tell: @Sendable (String) -> Void
  ) async throws(Calibration.Problem) -> Found {
    guard let host, host.canRead else {
      throw Calibration.Problem(
        description:
          "there is no command that reads: name a scenario whose target has typing: { read: … }")
    }
    // Once in the open, so that what is wrong with the command is said.
    do throws(Fault) {
      _ = try await host.read()
    } catch {
      throw Calibration.Problem(description: error.message)
    }
    tell("typing into the field, and having the host print what it makes of it; about a minute")
    let profile = try await asking { () async throws(VNCError) in
      try await connection.calibrate { [connection] in
        for chord in Self.copying { try? await connection.press(chord) }
        _ = try? await connection.confirmAlive()
        return try? await host.read()
      }
    }
    return Found(reader: .ssh, profile: profile, layout: nil)
  }

  // MARK: - The screen

  private func byScreen(
    _ tell: @Sendable (String) -> Void
  ) async throws(Calibration.Problem) -> Found {
    guard let place else {
      throw Calibration.Problem(
        description:
          "to read a field off the screen it must be known where it is: name it with --into")
    }
    tell("typing into the field, and reading it off the screen; a minute or two")
    let last = Locked<(sequence: UInt64, shown: String?)?>(nil)
    let recogniser = FieldRecogniser(
      read: { [connection, text] in
        guard let frame = try? await connection.frame() else { return nil }
        if let last = last.withLock({ $0 }), last.sequence == frame.sequence { return last.shown }
        let content = try? await text.field(around: place.x, place.y, in: frame)
        let shown = content.flatMap(Self.shown)
        last.withLock { $0 = (frame.sequence, shown) }
        return shown
      },
      areAlike: { typed, shown in
        FieldComparison.compare(
          typed: typed, content: .text(shown, isSure: true), isWhole: true) == .matches
      })
    let found = try await asking { () async throws(VNCError) in
      try await connection.calibrateByLayout(recognising: recogniser)
    }
    return Found(reader: .screen, profile: found.profile, layout: found.layout)
  }

  /// What a field is read as; nil when it is no line of text.
  private static func shown(_ content: FieldContent) -> String? {
    switch content {
    case .empty: ""
    case .text(let shown, _): shown
    case .none, .masked: nil
    }
  }
}
