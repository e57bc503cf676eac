/// Colours and weights for people; plain text where colour is off.
struct Style: Equatable, Sendable {
  /// Whether anything but plain text is written.
  let isColored: Bool

  func bold(_ text: String) -> String { wrap("1", text) }
  func dim(_ text: String) -> String { wrap("2", text) }
  func red(_ text: String) -> String { wrap("31", text) }
  func green(_ text: String) -> String { wrap("32", text) }
  func yellow(_ text: String) -> String { wrap("33", text) }
  func magenta(_ text: String) -> String { wrap("35", text) }
  func cyan(_ text: String) -> String { wrap("36", text) }

  private func wrap(_ code: String, _ text: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// When to colour.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// Whether to colour, from what the person said, the environment, and where the text goes.
  ///
  /// The flag wins, then `FORCE_COLOR` and `CLICOLOR_FORCE`, then `NO_COLOR`, `CLICOLOR=0` and a dumb
  /// terminal; otherwise a terminal is coloured and anything else is not.
  static func isColored(
    _ choice: ColorChoice?, environment: [String: String], isTerminal: Bool
  ) -> Bool {
    switch choice {
    case .always?: return true
    case .never?: return false
    case .auto?, nil: break
    }
    if let force = environment["FORCE_COLOR"], !force.isEmpty {
      return force != "0" && force != "false"
    }
    if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
    if let no = environment["NO_COLOR"], !no.isEmpty { return false }
    return isTerminal && environment["CLICOLOR"] != "0" && environment["TERM"] != "dumb"
  }
}
