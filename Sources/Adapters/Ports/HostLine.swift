internal import Scenario
internal import Story

/// What a host is told to run: one line for its login shell, and what that reads.
struct HostLine {
  let line: String
  let input: [UInt8]

  /// - Throws: what of it cannot be sent.
  init(_ command: SSHCommand, _ secrets: SecretValues) throws(Fault) {
    let text = try secrets.fill(command.run)
    var words: [String] = []
    for argument in command.arguments ?? [] { words.append(try secrets.fill(argument)) }
    var variables: [(name: String, value: String)] = []
    for (name, value) in (command.environment ?? [:]).sorted(by: { $0.key < $1.key }) {
      variables.append((name, try secrets.fill(value)))
    }
    let own = Array((try secrets.fill(command.input) ?? "").utf8)
    let isPlain = words.isEmpty && variables.isEmpty
    line = isPlain ? text : Self.script(words.isEmpty ? [text] : words, !words.isEmpty, variables)
    input = variables.flatMap { Array((Self.escaped($0.value) + "\n").utf8) } + own
  }

  /// A line that any POSIX shell reads alike: the values of variables come over the input, so that no list of
  /// processes shows them.
  private static func script(
    _ words: [String], _ isList: Bool, _ variables: [(name: String, value: String)]
  ) -> String {
    guard isList && variables.isEmpty == false || !isList else {
      return words.map(quoted).joined(separator: " ")
    }
    let readings = variables.map { variable in
      "IFS= read -r qa__line && \(variable.name)=$(printf '%b.' \"$qa__line\") && "
        + "export \(variable.name)=\"${\(variable.name)%.}\" && "
    }
    let last = isList ? "exec \"$@\"" : "exec \"${SHELL:-/bin/sh}\" -c \"$1\""
    let body = readings.joined() + "unset qa__line && " + last
    return (["sh", "-c", quoted(body), "qa"] + words.map(quoted)).joined(separator: " ")
  }

  /// A word in single quotes.
  static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// A value in one line, as `printf %b` reads it (POSIX, printf, 4: backslash and up to three octal digits
  /// behind a zero).
  static func escaped(_ value: String) -> String {
    var text = ""
    for byte in value.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 8)
        text += "\\0" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return text
  }
}
