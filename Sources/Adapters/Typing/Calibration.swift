internal import Perception
internal import Pixels
internal import Recording
public import Scenario
internal import Story
internal import VNC

/// Finds out how texts are typed on a VNC server, and keeps it for later runs.
public struct Calibration: Sendable {
  /// How the field is read.
  public enum Reader: String, Hashable, Sendable, CaseIterable {
    /// The clipboard where that works, else the screen.
    case auto
    /// What is typed is copied.
    case clipboard
    /// What is typed is recognised on the picture.
    case screen
    /// What is typed is selected, and printed by the scenario's `typing: {read: …}` on its SSH host.
    case ssh
  }

  /// Why nothing came of it, and what to do.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// One or two sentences for the user.
    public let description: String
  }

  /// What was found.
  public struct Report: Hashable, Sendable {
    /// The server's address.
    public var target: String
    /// How the field was read.
    public var reader: Reader
    /// Whether the server takes keys by their place on a keyboard, and not by what they write.
    public var takesPlaces: Bool
    /// The layout that was recognised; nil where none had to be.
    public var layout: String?
    /// How many characters other keys make than those of a US keyboard.
    public var moved: Int
    /// The characters that no key is known to make; they are pasted, or refused.
    public var missing: String
    /// The pause between characters, in milliseconds.
    public var pause: Double
    /// The chord that pastes; nil when none does.
    public var paste: String?
    /// The file it is kept in; nil when it is kept nowhere.
    public var path: String?
  }

  private let target: TargetSpec
  private let root: String
  private let secrets: [String: String]
  private let environment: [String: String]
  private let shelf: TypingShelf

  /// A calibration of the target of a case.
  ///
  /// - Parameters:
  ///   - testCase: the case; nothing of it counts but its target.
  ///   - secrets: the values of secrets, by name.
  ///   - environment: where the user's state is kept, from `XDG_STATE_HOME` and `HOME`.
  public init(of testCase: Case, secrets: [String: String], environment: [String: String]) {
    target = testCase.scenario.target
    root = testCase.scenario.root
    self.secrets = secrets
    self.environment = environment
    shelf = .ofUser(environment)
  }

  /// Deletes what is kept for the target; returns the file, nil when nothing was kept.
  public func forget() throws(Problem) -> String? {
    let key = try screen(over: line()).typingKey
    do {
      return try shelf.forget(key)
    } catch {
      throw Problem(description: "\(error)")
    }
  }

  /// Types into a field of the target, which is emptied, and keeps what it finds.
  ///
  /// - Parameters:
  ///   - label: the field's label, which is clicked first; nil takes the field that has the focus.
  ///   - reader: how the field is read.
  ///   - tell: hears what takes a while.
  public func run(
    into label: String?, reader: Reader, tell: @escaping @Sendable (String) -> Void
  ) async throws(Problem) -> Report {
    let line = try line()
    let result: Result<Report, Problem>
    do throws(Problem) {
      let screen = try screen(over: line)
      result = .success(
        try await calibrate(screen, HostHands(target, over: line), into: label, reader, tell))
    } catch {
      result = .failure(error)
    }
    await line?.close()
    return try result.get()
  }

  private func calibrate(
    _ screen: ForeignScreen, _ hands: HostHands?, into label: String?, _ reader: Reader,
    _ tell: @escaping @Sendable (String) -> Void
  ) async throws(Problem) -> Report {
    do throws(Fault) {
      _ = try await screen.start()
    } catch {
      throw Problem(description: error.message)
    }
    var options = VNCOptions()
    options.timing.pasteLimit = .seconds(1)
    let connection = try await asking { () async throws(VNCError) in
      try await VNCConnection.connect(to: screen.endpoint, options: options)
    }
    let result: Result<Report, Problem>
    do throws(Problem) {
      let bench = try await CalibrationBench(connection, host: hands, clickInto: label)
      let found = try await bench.find(reader, tell)
      result = .success(try keep(found, for: screen.typingKey))
    } catch {
      result = .failure(error)
    }
    await connection.close()
    return try result.get()
  }

  private func line() throws(Problem) -> SSHLine? {
    do throws(Fault) {
      return try SSHLine.needed(
        by: target, root: root, secrets: secrets, environment: environment)
    } catch {
      throw Problem(description: error.message)
    }
  }

  private func screen(over line: SSHLine?) throws(Problem) -> ForeignScreen {
    let screen: ForeignScreen?
    do throws(Fault) {
      screen = try ForeignScreen(target, root: root, secrets: secrets, over: line)
    } catch {
      throw Problem(description: error.message)
    }
    guard let screen else {
      throw Problem(
        description:
          "only a VNC server is calibrated, as --target vnc://host:5901; private desktops"
          + " and demo screens are known")
    }
    return screen
  }

  private func keep(
    _ found: CalibrationBench.Found, for key: String
  ) throws(Problem) -> Report {
    let path: String?
    do {
      path = try shelf.keep(
        KeptTyping(
          date: UTCTime.now, reader: found.reader.rawValue, layout: found.layout,
          profile: found.profile), for: key)
    } catch {
      throw Problem(description: "what was found cannot be kept: \(error)")
    }
    let profile = found.profile
    return Report(
      target: key, reader: found.reader, takesPlaces: profile.keyboard == .scancodes,
      layout: found.layout, moved: profile.strokes.count,
      missing: String(String.UnicodeScalarView(profile.missing.sorted())),
      pause: profile.pause / .milliseconds(1),
      paste: profile.paste?.map(\.name).joined(separator: "+"), path: path)
  }
}

/// Asks a VNC connection for something, in words for a person where it goes wrong.
func asking<Answer: Sendable>(
  _ question: () async throws(VNCError) -> Answer
) async throws(Calibration.Problem) -> Answer {
  do throws(VNCError) {
    return try await question()
  } catch {
    throw Calibration.Problem(description: error.message)
  }
}
