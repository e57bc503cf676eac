internal import Glibc

/// The environment of applications on a private desktop.
enum DesktopEnvironment {
  /// What leads out of the desktop: the user's own screen, message bus and session.
  private static let removed = [
    "WAYLAND_DISPLAY", "SESSION_MANAGER", "DESKTOP_SESSION", "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE", "XDG_SESSION_ID", "DESKTOP_STARTUP_ID", "GNOME_KEYRING_CONTROL",
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO",
  ]

  /// The environment: a home of its own, so that a run finds what the last one found; no message bus and
  /// no accessibility bus, which are slow to be missed; plain UTF-8.
  static func make(
    from environment: [String: String], display: String, folder: String
  ) -> [String: String] {
    var variables = environment
    for name in removed { variables[name] = nil }
    let home = folder + "/home"
    for path in [home, home + "/.config", home + "/.cache", home + "/.local", folder + "/run"] {
      mkdir(path, 0o700)
    }
    let own = [
      "DISPLAY": display, "XAUTHORITY": folder + "/Xauthority", "HOME": home,
      "XDG_CONFIG_HOME": home + "/.config", "XDG_CACHE_HOME": home + "/.cache",
      "XDG_DATA_HOME": home + "/.local/share", "XDG_RUNTIME_DIR": folder + "/run",
      "DBUS_SESSION_BUS_ADDRESS": "disabled:", "GSETTINGS_BACKEND": "memory",
      "NO_AT_BRIDGE": "1", "GTK_A11Y": "none", "GDK_BACKEND": "x11", "QT_QPA_PLATFORM": "xcb",
      "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "QA_AGENT_DESKTOP": "1",
    ]
    return variables.merging(own) { _, new in new }
  }
}
