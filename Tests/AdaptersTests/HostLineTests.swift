import Platform
import Props
import Scenario
import Testing

@testable import Adapters

/// What a host is told to run, asked of real shells.
struct HostLineTests {
  /// The shells of this machine that can be a login shell.
  static let shells: [[String]] =
    [["/bin/sh"], ["/usr/bin/dash"], ["/bin/bash"], ["/usr/bin/zsh"], ["/usr/bin/busybox", "sh"]]
    .filter { Files.exists($0[0]) }

  /// What a shell makes of a command, as sshd starts it: `shell -c line`.
  private func run(_ command: SSHCommand, _ shell: [String]) async throws -> String {
    let order = try HostLine(command, SecretValues(["S": "se cret"]))
    let specification = ProcessSpecification(
      shell[0], shell.dropFirst() + ["-c", order.line],
      environment: ["PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"])
    let answer = try await runCommand(specification, input: order.input, timeout: .seconds(60))
    #expect(answer.exit.isSuccess, "\(shell): \(order.line): \(answer.errorText)")
    return answer.text
  }

  private static let words = [
    "", " ", "a b", "it's", "''", "'", "\"", "$HOME", "`id`", "$(id)", "\\", "\\n", "a\\", "*", "~",
    "!x", "#", ";", "&", "|", "<", ">", "(", "%s", "-n", "--", "a\nb", "\n", "é", "日本", "\u{1}",
    "=",
    "{a,b}", "[x]", "\t",
  ]

  @Test(arguments: shells) func `each argument arrives as it is`(shell: [String]) async throws {
    let show = ["sh", "-c", #"for a; do printf '%s|' "$a"; done"#, "show"]
    let command = SSHCommand(
      run: Template("show"), arguments: (show + Self.words).map { Template($0) })
    let shown = try await run(command, shell)
    #expect(shown == Self.words.map { $0 + "|" }.joined())
  }

  @Test(arguments: shells) func `arguments by chance arrive as they are`(shell: [String])
    async throws
  {
    var random = SeededRandom(seed: 7)
    let signs = Array("ab '\"\\$`!*?~#;&|<>()[]{}=\n\té")
    let words = (0..<400).map { _ in
      String(
        (0..<random.below(12)).map { _ in signs[random.below(signs.count)]
        })
    }
    let show = ["sh", "-c", #"for a; do printf '%s|' "$a"; done"#, "show"]
    let command = SSHCommand(run: Template("show"), arguments: (show + words).map { Template($0) })
    #expect(try await run(command, shell) == words.map { $0 + "|" }.joined())
  }

  @Test(arguments: shells) func `variables arrive as they are, and the input behind them`(
    shell: [String]
  ) async throws {
    for word in Self.words {
      let listed = SSHCommand(
        run: Template("show"),
        arguments: [Template("sh"), Template("-c"), Template(#"printf '%s|%s|' "$A" "$B"; cat"#)],
        input: Template("rest\n\n"),
        environment: ["A": Template(word), "B": Template("b"), "qa": Template("q")])
      #expect(try await run(listed, shell) == "\(word)|b|rest\n\n")
      let text = SSHCommand(
        run: Template(#"printf '%s|' "$A"; cat"#), input: Template("'rest'"),
        environment: ["A": Template(word)])
      #expect(try await run(text, shell) == "\(word)|'rest'")
    }
  }

  @Test func `no secret is in the line`() throws {
    let secret = Template([.secret("S")])
    let command = SSHCommand(run: Template("cat"), input: secret, environment: ["A": secret])
    let order = try HostLine(command, SecretValues(["S": "se cret"]))
    #expect(!order.line.contains("cret"))
    #expect(String(decoding: order.input, as: UTF8.self).hasSuffix("\nse cret"))
  }

  @Test func `a text goes to the login shell as it is`() throws {
    let order = try HostLine(
      SSHCommand(run: Template("echo $((6 * 7)) | cat")), SecretValues([:]))
    #expect(order.line == "echo $((6 * 7)) | cat")
    #expect(order.input == [])
  }
}
