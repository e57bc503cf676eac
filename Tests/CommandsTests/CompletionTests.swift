import Props
import Platform
import Testing

@testable import Commands

/// Each script is loaded into its shell and asked what comes next.
struct CompletionTests {
  /// A tree in which everything is built, so that every table is offered.
  private static let tree = CommandTree(
    summary: "", examples: [],
    commands: [
      Command("run", "Run 'all': [quick]", group: .running, options: RunOptions.self) { _, _ in
        .success
      },
      Command(
        "models", "Look after models", group: .environment, default: "list",
        subcommands: [
          Command("list", "List", group: .environment, options: ModelsOptions.self) { _, _ in
            .success
          },
          Command("pull", "Pull", group: .environment, options: ModelsOptions.self) { _, _ in
            .success
          },
          Command("check", "Later", group: .environment, options: ModelsOptions.self, run: nil),
        ]),
      Command(
        "completion", "Print a script", group: .environment, options: CompletionOptions.self
      ) { _, _ in .success },
      Command("later", "Not built", group: .running, options: RunOptions.self, run: nil),
    ])

  /// What a shell offers for a line that ends where the cursor is, one a line.
  private func offered(_ shell: Shell, _ line: String) async throws -> [String] {
    let folder = try TestFolder([
      "_qa-agent": CompletionScript(tree: Self.tree).text(for: shell), "a b.yaml": "",
    ])
    try folder.write(Self.question(shell, line, folder.path), to: "question")
    let ran = try await ShellRunner().run(
      "cd \(folder.path); HOME=\(folder.path) \(shell.rawValue) question")
    return ran.text.split(separator: "\n").map(String.init)
  }

  private static func question(_ shell: Shell, _ line: String, _ folder: String) -> String {
    switch shell {
    case .bash:
      """
      source ./_qa-agent
      COMP_WORDS=(\(line.hasSuffix(" ") ? line + "''" : line.replacing("=", with: " = ")))
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _qa_agent
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    case .fish:
      "source ./_qa-agent\ncomplete -C '\(line)' | string replace -r '\\t.*' ''\n"
    case .zsh:
      // A real interactive shell in a pseudo terminal; its matches are printed instead of shown.
      """
      zmodload zsh/zpty
      zpty shell 'zsh -f -i'
      zpty -w shell 'PS1=; cd \(folder); fpath=(\(folder) $fpath); autoload -Uz compinit; compinit -u -D'
      zpty -w shell 'bindkey "^I" complete-word; zstyle ":completion:*" list-grouped false'
      zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; (( $#found )) && print -rl -- "MATCH ${^found[@]}"; builtin compadd "$@"; }'
      # Keys that come before the line editor is there would be the terminal's: its ^U loses the line.
      zpty -w shell 'zle-line-init() { print -r -- "LINE""EDITOR"; }; zle -N zle-line-init'
      zpty -r shell text '*LINEEDITOR*'
      zpty -n -w shell '\(line)'$'\\t'
      zpty -n -w shell $'\\C-u'
      zpty -w shell ''
      zpty -w shell 'echo "DO""NE"'
      zpty -r shell text '*DONE*'
      zpty -d shell
      print -r -- "$text" | tr -d '\\r' | sed -n 's/^.*MATCH //p' | sort -u
      """
    }
  }

  private static let shells = Shell.allCases.filter { Executables.find($0.rawValue) != nil }

  @Test(.timeLimit(.minutes(5)), arguments: shells)
  func `commands of this version are offered first`(shell: Shell) async throws {
    let offered = try await offered(shell, "qa-agent ")
    #expect(Set(offered.filter { !$0.hasPrefix("-") }) == ["run", "models", "completion", "help"])
    #expect(try await self.offered(shell, "qa-agent mo") == ["models"])
  }

  @Test(.timeLimit(.minutes(5)), arguments: shells)
  func `subcommands and their flags are offered`(shell: Shell) async throws {
    let names = try await offered(shell, "qa-agent models ")
    #expect(Set(names.filter { !$0.hasPrefix("-") }) == ["list", "pull"])
    #expect(try await offered(shell, "qa-agent models pull --js") == ["--json"])
  }

  @Test(.timeLimit(.minutes(5)), arguments: shells)
  func `flags are offered, and the values that can be listed`(shell: Shell) async throws {
    #expect(
      Set(try await offered(shell, "qa-agent run --re")).isSuperset(of: ["--retries", "--reporter"])
    )
    let values = try await offered(shell, "qa-agent run --color ")
    #expect(Set(values) == ["auto", "always", "never"])
    let joined = try await offered(shell, "qa-agent run --color=n")
    #expect(joined.map { $0.replacing("--color=", with: "") } == ["never"])
    #expect(
      Set(try await offered(shell, "qa-agent completion ")).isSuperset(of: ["bash", "zsh", "fish"]))
  }

  @Test(.timeLimit(.minutes(5)), arguments: shells)
  func `files are offered with their spaces`(shell: Shell) async throws {
    let files = try await offered(shell, "qa-agent run --strict a")
    #expect(Set(files.map { $0.replacing("\\ ", with: " ") }) == ["a b.yaml"])
    #expect(try await offered(shell, "qa-agent run --grep a").isEmpty)
  }

  @Test(.timeLimit(.minutes(5)), arguments: shells)
  func `the program's own script loads without a word`(shell: Shell) async throws {
    let script = await runProgram("completion", shell.rawValue)
    #expect(script.code == .success)
    let folder = try TestFolder(["script": script.results])
    let prelude = shell == .zsh ? "autoload -Uz compinit; compinit -u -D;" : ""
    let ran = try await ShellRunner().run(
      "cd \(folder.path); HOME=\(folder.path) \(shell.rawValue) -c '\(prelude) source ./script'"
    )
    #expect(ran.text.isEmpty)
    #expect(ran.status == 0)
  }
}
