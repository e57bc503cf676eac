internal import VNC

/// The embedded demo screens.
public enum DemoScreens {
  /// Their names.
  public static var names: [String] { DemoScreen.names }
}
