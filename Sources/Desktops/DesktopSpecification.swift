public import Pixels
public import Platform

/// A private desktop: its screen, and what runs on it.
public struct DesktopSpecification: Sendable {
  /// The size of the screen.
  public var size: PixelSize
  /// The application, a command line for `/bin/sh`.
  public var command: String
  /// Where the application runs; nil means where we are.
  public var workingDirectory: String?
  /// A window manager's command line for `/bin/sh`; nil means none.
  ///
  /// Without one the application's window has no frame and stays where the application puts it. The newest
  /// window then has the keyboard, or the one that was clicked.
  public var windowManager: String?
  /// Variables for the application that win over all others; the display server does not see them.
  public var environment: [String: String] = [:]
  /// The environment that programs are found by.
  ///
  /// Of it the application sees how programs, libraries, fonts and certificates are found, who we are, and the
  /// time zone; nothing else.
  public var inheritedEnvironment = ProcessEnvironment.current
  /// The application's home; nil is an empty folder of the desktop's own.
  public var home: String?
  /// A file for the output of all programs of the desktop; nil means none.
  public var logPath: String?
  /// How many bytes of output the file takes.
  var logLimit = 4 << 20
  /// What each line of output passes through before anybody sees it: the place to hide secrets.
  public var redact: @Sendable (String) -> String = { $0 }
  /// How often a second changes of the screen are sent, 1…1000.
  ///
  /// The server holds a change back for half of the interval. TigerVNC's own 60 makes that 8 ms from a
  /// key to its pixels; 240 makes it 2 ms, and applications hardly paint more often than that.
  public var frameRate = 240
  /// How long the display server may take to start.
  public var startLimit: Duration = .seconds(20)

  /// A desktop that runs a command.
  public init(size: PixelSize, command: String, workingDirectory: String? = nil) {
    self.size = size
    self.command = command
    self.workingDirectory = workingDirectory
  }
}

/// Why there is no private desktop.
public enum DesktopError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The display server is not installed.
  case notInstalled
  /// The window manager is not installed.
  case noWindowManager(name: String)
  /// A program could not be started.
  case cannotStart(program: String, reason: String)
  /// The display server ended by itself; `output` holds its last lines.
  case displayEnded(ProcessExit, output: [String])
  /// The display server was not ready in time; `output` holds its last lines.
  case notReady(limit: Duration, output: [String])
  /// The task was cancelled during the start.
  case cancelled

  /// What happened and what to do, for a person.
  public var description: String {
    switch self {
    case .notInstalled:
      "a private desktop needs TigerVNC's X server (Xvnc); "
        + "install it with: apt-get install tigervnc-standalone-server"
    case .noWindowManager(let name):
      "the window manager \(name) is not installed; install it with: apt-get install \(name)"
    case .cannotStart(let program, let reason): "cannot start \(program): \(reason)"
    case .displayEnded(let exit, let output):
      "the display server ended with \(exit)" + Self.quoted(output)
    case .notReady(let limit, let output):
      "the display server was not ready after \(limit)" + Self.quoted(output)
    case .cancelled: "starting the desktop was cancelled"
    }
  }

  private static func quoted(_ output: [String]) -> String {
    let lines = output.filter { !$0.isEmpty }.suffix(5)
    return lines.isEmpty ? "" : ": " + lines.joined(separator: " | ")
  }
}
