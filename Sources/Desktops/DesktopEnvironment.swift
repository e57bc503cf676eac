import Pixels
import Platform

/// The environment and the folders of the programs of one desktop.
struct DesktopEnvironment: Sendable {
  let folder: String

  /// The unix socket where the display server speaks RFB.
  var socket: String { "\(folder)/rfb" }
  /// The cookie that X clients show.
  var authority: String { "\(folder)/authority" }
  /// What must exist before a program starts.
  var folders: [String] { ["home", "run", "tmp"].map { "\(folder)/\($0)" } }

  /// The variables of every program on a display.
  func variables(_ specification: DesktopSpecification, display: Int) -> [String: String] {
    var variables = ProgramEnvironment.inherited(from: specification.inheritedEnvironment)
    variables.merge(own(display: display)) { $1 }
    variables["HOME"] = specification.home ?? "\(folder)/home"
    return variables
  }

  /// The same with what the application alone is given.
  func applicationVariables(
    _ specification: DesktopSpecification, display: Int
  ) -> [String: String] {
    var variables = variables(specification, display: display)
    // A language that is asked for would lose against the one that a desktop has.
    if specification.environment["LANG"] != nil { variables["LC_ALL"] = nil }
    return variables.merging(specification.environment) { $1 }
  }

  private func own(display: Int) -> [String: String] {
    [
      "DISPLAY": ":\(display)",
      "XAUTHORITY": authority,
      "XDG_RUNTIME_DIR": "\(folder)/run",
      "XDG_SESSION_TYPE": "x11",
      "TMPDIR": "\(folder)/tmp",
      "LANG": "C.UTF-8",
      "LC_ALL": "C.UTF-8",
      // No session bus of somebody else, and none started on the side.
      "DBUS_SESSION_BUS_ADDRESS": "disabled:",
      // Toolkits look for an accessibility bus first, and wait for it.
      "NO_AT_BRIDGE": "1",
      "GTK_A11Y": "none",
      "GDK_BACKEND": "x11",
      "QT_QPA_PLATFORM": "xcb",
      "QA_AGENT_DESKTOP": "1",
    ]
  }

  /// An Xauthority file with one cookie for every display, as `Xau(3)` describes it: 16-bit
  /// big-endian numbers, and each string after its length.
  static func authority(cookie: [UInt8]) -> [UInt8] {
    func counted(_ bytes: [UInt8]) -> [UInt8] {
      [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }
    // Family 65535 matches every host, and an empty number every display.
    let anyHost: [UInt8] = [0xFF, 0xFF]
    let name = Array("MIT-MAGIC-COOKIE-1".utf8)
    return anyHost + counted([]) + counted([]) + counted(name) + counted(cookie)
  }

  /// The display server's arguments.
  func serverArguments(_ specification: DesktopSpecification) -> [String] {
    [
      // The server finds a free number itself and says which, so that nobody can be faster.
      "-displayfd", "1",
      "-geometry", specification.size.description, "-depth", "24", "-dpi", "96",
      "-auth", authority, "-nolisten", "tcp", "-noreset",
      // Only the socket, which only this user can reach; hence no password.
      "-rfbunixpath", socket, "-rfbunixmode", "0600", "-rfbport", "-1", "-SecurityTypes", "None",
      "-AlwaysShared", "-desktop", "qa-agent",
      "-FrameRate", String(min(max(specification.frameRate, 1), 1000)),
      // The screen never goes dark, and a held key is one key press, also on a busy machine.
      "-s", "0", "-dpms", "-r",
      // What is merely selected is not the clipboard.
      "-SendPrimary=0", "-SetPrimary=0",
    ]
  }
}
