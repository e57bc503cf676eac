public import Pixels
public import Platform

/// A private X desktop to start: its size and what runs on it.
public struct DesktopSpecification: Sendable {
  /// The size of the screen.
  public var size: PixelSize
  /// The command line of the application, run by `/bin/sh -c`; nil leaves the desktop empty.
  public var command: String?
  /// The command line of a window manager.
  public var windowManager: String?
  /// The folder in which the application runs.
  public var workingDirectory: String
  /// The environment that applications inherit from; the desktop replaces what would lead out of it.
  public var environment: [String: String]
  /// The file that takes what the application and the window manager write; nil keeps nothing.
  public var log: String?

  /// A desktop.
  public init(
    size: PixelSize, command: String? = nil, windowManager: String? = nil,
    workingDirectory: String = "/", environment: [String: String] = ProcessEnvironment.current,
    log: String? = nil
  ) {
    self.size = size
    self.command = command
    self.windowManager = windowManager
    self.workingDirectory = workingDirectory
    self.environment = environment
    self.log = log
  }
}

/// Why a private desktop does not work: one or two sentences for the user.
public enum DesktopError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no Xvnc.
  case notInstalled
  /// The X server could not be started.
  case serverFailed(String)
  /// The X server was not ready in time.
  case serverTimedOut(Duration)
  /// The application or the window manager could not be started.
  case applicationFailed(String)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .notInstalled:
      "private desktops need Xvnc, which is not installed: apt-get install tigervnc-standalone-server"
    case .serverFailed(let reason): "the X server of the private desktop could not be started: \(reason)"
    case .serverTimedOut(let limit):
      "the X server of the private desktop was not ready within \(limit.components.seconds) s"
    case .applicationFailed(let reason): "the application could not be started: \(reason)"
    }
  }
}
