internal import Scenario

/// The words of the format: parser, schema and documentation are tested to know the same ones.
public enum Vocabulary {
  /// The keys of a scenario.
  public static let scenario = [
    "name", "id", "description", "tags", "requires", "properties", "target", "model", "language",
    "ocr", "limits", "retries", "permissions", "ends", "variables", "secrets", "matrix", "setup",
    "steps", "teardown",
  ]

  /// The keys of which a step has exactly one.
  public static let steps = [
    "act", "click", "double_click", "right_click", "middle_click", "hover", "drag", "scroll",
    "type", "press", "hold", "release", "wait", "expect", "ssh", "run", "file", "read", "tool",
    "screenshot",
    "include", "group",
    "note",
  ]

  /// The keys that every step may have.
  public static let common = [
    "name", "as", "timeout", "optional", "when", "retry", "lane", "settle",
  ]

  /// The keys of a target that say what it is; it has exactly one.
  static let targetKinds = ["text", "image", "at", "describe"]
  /// The keys of a target that tell several hits apart.
  static let targetQualifiers =
    [
      "exact", "kind", "nth", "near", "left_of", "right_of", "above", "below", "region",
    ] + likeness
  /// The keys that say how like a picture the screen must be.
  public static let likeness = ["similarity", "any_size", "any_color"]

  /// The keys of a check by the key that says which check it is.
  public static let checks: [(kind: String, keys: [String])] = [
    ("text", ["text", "matches", "region", "count", "stays", "exact"]),
    ("absent", ["absent", "region"]),
    ("seen", ["seen", "region", "during"]),
    ("never", ["never", "region", "during", "for"]),
    ("image", ["image", "region"] + likeness),
    ("unchanged", ["unchanged", "tolerance", "ignore"]),
    ("screen", ["screen", "votes"]),
    ("ssh", ["ssh", "exit", "stdout", "matches", "never", "stdin", "env", "host"]),
    ("run", ["run", "exit", "stdout", "matches", "never", "stdin", "env"]),
    ("file", ["file", "in", "exists", "text", "equals", "matches", "never", "sha256"]),
    ("application", ["application", "exit"]),
    ("log", ["log"] + logParts),
    ("value", ["value"] + comparisons),
    ("not", ["not"]),
    ("all", ["all"]),
    ("any", ["any"]),
  ]

  /// The keys of a value check of which it has exactly one.
  static let comparisons = [
    "equals", "not_equals", "matches", "contains", "less_than", "greater_than",
  ]

  /// The keys beside a log check, or inside of it.
  static let logParts = ["matches", "never"]

  /// The keys of what is driven.
  public static let target =
    ["desktop", "vnc", "demo", "password", "via", "ssh", "hosts", "typing", "ocr"] + vncProtection
  /// The keys that protect the connection to a VNC server.
  static let vncProtection = ["security", "ca_file", "fingerprint", "user"]
  /// The security types of VNC servers, as TigerVNC names them.
  public static let vncSecurity = [
    "None", "VncAuth", "TLSNone", "TLSVnc", "TLSPlain", "X509None", "X509Vnc", "X509Plain",
  ]
  /// The keys of a private desktop.
  public static let desktop = ["size", "run", "env", "wm", "ends"]
  /// The keys of an SSH host.
  static let sshHost = ["url", "identity", "password", "agent", "known_hosts", "config"]
  /// The keys of the commands that type.
  static let hostTyping = ["with", "read", "all"]
  /// The keys of the limits.
  public static let limits = ["time", "steps", "model_calls", "tokens", "idle"]

  /// The keys of the steps that are mappings and have no table of their own.
  public static let drag = ["from", "to", "via", "hold", "with", "button"]
  /// The keys that say how a click is done, beside those of its target.
  public static let click = ["with", "times", "hold", "button"]
  /// The keys of a scroll.
  public static let scroll = ["direction", "amount", "at", "with"]
  /// The keys of typing.
  public static let type = ["text", "into", "clear", "enter", "shown", "paste"]
  /// The keys of pressing keys.
  public static let press = ["keys", "hold"]
  /// The keys of a wait.
  public static let wait = ["time", "text", "absent", "settled", "region"]
  /// The keys of a command.
  public static let ssh = ["run", "exit", "stdin", "env", "host"]
  /// The keys of a command on the machine of the runner.
  public static let run = ["command", "exit", "stdin", "env", "background"]
  /// The keys of a step with a file.
  public static let file = ["write", "append", "copy", "to", "text"]
  /// The keys of reading a value.
  public static let read = ["what", "as", "region", "matches", "nth", "near"]
  /// The keys of a tool call.
  public static let tool = ["server", "name", "arguments"]
  /// The keys of an include.
  public static let include = ["file", "with"]
  /// The keys of a group.
  public static let group = ["name", "steps"]
  /// The keys that say how a button is pressed, of those that a step of this kind has.
  static func manner(of verb: PointerVerb) -> [String] {
    switch verb {
    case .click: click
    case .rightClick, .middleClick: ["with", "times", "hold"]
    case .doubleClick: ["with"]
    case .hover: []
    }
  }
  /// The keys of a retry rule.
  public static let retry = ["times", "every"]
}

/// The numbers that a scenario file may not exceed, beside those of YAML itself.
enum ScenarioBounds {
  /// Cases of one file.
  static let mostCases = 256
  /// Steps of one case, with those of its includes.
  static let mostSteps = 2_000
  /// How deep includes and groups may be nested.
  static let deepestInclude = 8
  /// The longest text after its variables are filled in, in bytes.
  static let longestText = 64 * 1024
  /// Errors that are shown of one file.
  static let mostErrors = 100
  /// Files of one folder.
  static let mostFiles = 10_000
}

/// Which names are names.
enum NameRule {
  /// A variable: letters, digits, `_`, `-` and `.`, the first a letter or `_`.
  static func isVariable(_ name: String) -> Bool { isWord(name, also: "_-.") }
  /// A result or an MCP server.
  static func isResult(_ name: String) -> Bool { isWord(name, also: "_-") }
  /// A variable of the environment.
  static func isEnvironment(_ name: String) -> Bool { isWord(name, also: "_") }

  /// A label: something to read that is also safe to make a file name of.
  static func isLabel(_ name: String) -> Bool {
    !name.isEmpty && name.count <= 100 && !name.hasPrefix(".")
      && !name.unicodeScalars.contains {
        $0 == "/" || $0 == "\\" || $0.value < 0x20 || $0.value == 0x7F
      }
  }

  /// An id: no control characters, and no brackets, which belong to the matrix.
  static func isID(_ id: String) -> Bool {
    !id.isEmpty && id.count <= 200 && id.first != " " && id.last != " "
      && !id.unicodeScalars.contains {
        $0 == "[" || $0 == "]" || $0.value < 0x20 || $0.value == 0x7F
      }
  }

  /// Whether a variable of the environment is treated as a secret because of its name.
  static func looksSecret(_ name: String) -> Bool {
    let parts = name.uppercased().split { $0 == "_" || $0 == "-" || $0 == "." }
    let secret: Set<Substring> = [
      "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "SECRETS", "TOKEN", "APIKEY",
      "CREDENTIAL", "CREDENTIALS", "KEY",
    ]
    // PWD alone is the working directory.
    return name != "PWD" && parts.contains { secret.contains($0) }
  }

  private static func isWord(_ name: String, also: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 64 else { return false }
    let isLetter = { (byte: UInt8) in
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    guard isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return name.utf8.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0) || also.utf8.contains($0)
    }
  }
}
