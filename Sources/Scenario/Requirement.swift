/// A word under `requires`: one that is known here, or the name of a command.
public struct Requirement: Hashable, Sendable {
  /// The word.
  public let name: String

  /// A word as a scenario writes it.
  public init(_ name: String) { self.name = name }

  /// The words that are no command's name.
  public static let known = ["model", "ssh", "xvnc", "chromium"]

  /// The commands of which one is enough; empty where it is no command that is required.
  public var commands: [String] {
    switch name {
    case "model", "ssh": []
    case "xvnc": ["Xvnc", "Xtigervnc"]
    case "chromium": ["chromium", "chromium-browser", "google-chrome"]
    default: [name]
    }
  }

  /// The Debian package that it comes with, as far as that can be told.
  public var package: String { name == "xvnc" ? "tigervnc-standalone-server" : name }

  /// Whether it can be the name of a command at all: one word, and no known one in other letters.
  public var isCommandName: Bool {
    !Self.known.contains { $0 != name && $0 == name.lowercased() }
      && !name.isEmpty && name.utf8.count <= 255
      && !name.unicodeScalars.contains {
        $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F
      }
  }
}
