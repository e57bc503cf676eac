internal import Languages
internal import Perception
internal import VNC

/// The plain-step language, for those who only ask whether a line is in it.
public enum PlainSteps {
  /// Whether the local engine understands all of a line, in the language of a code; nil is English.
  @Sendable public static func isPlain(_ line: String, language: String?) -> Bool {
    actions(line, language: language) != nil
  }

  /// What a line says; nil unless all of it is understood, and where there is no such language.
  static func actions(_ line: String, language: String?) -> [PlainAction]? {
    Language.named(language ?? "en").flatMap { PlainStepParser($0).parse(line) }
  }
}

/// The embedded demo screens.
public enum DemoScreens {
  /// Their names.
  public static var names: [String] { DemoScreen.names }
}
