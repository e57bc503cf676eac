internal import Perception
internal import VNC

/// The plain-step language, for those who only ask whether a line is in it.
public enum PlainSteps {
  /// Whether the local engine understands all of a line.
  @Sendable public static func isPlain(_ line: String) -> Bool {
    PlainStepParser().parse(line) != nil
  }
}

/// The embedded demo screens.
public enum DemoScreens {
  /// Their names.
  public static var names: [String] { DemoScreen.names }
}
