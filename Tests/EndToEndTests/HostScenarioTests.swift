import FoundationEssentials
import Platform
import SSHServer
import Testing

/// Scenarios with commands on hosts: a real sshd, the built program.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostScenarioTests {
  private static func target(_ host: SSHServer, name: String = "ssh", indent: String = "  ")
    -> String
  {
    """
    \(indent)\(name):
    \(indent)  url: "ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"
    \(indent)  identity: \(host.file("user"))
    \(indent)  known_hosts: \(host.file("known_hosts"))
    """
  }

  private static func scenario(_ host: SSHServer, _ steps: String, more: String = "") -> String {
    "name: On a host\ntarget:\n\(target(host))\n\(more)\nsteps:\n\(steps)\n"
  }

  private func run(
    _ program: Program, _ text: String, environment: [String: String] = [:],
    isReplayed: Bool = true
  ) async throws -> Program.Ran {
    try program.write(text, to: "case.yaml")
    return try await program.run(
      ["run", "case.yaml", "--no-model"], environment: environment, isReplayed: isReplayed)
  }

  @Test func `commands run, and what they print is known`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let place = program.folder.path
    let ran = try await run(
      program,
      Self.scenario(
        host,
        """
          - ssh: [printf, "%s|", "a b", "it's", "$HOME"]
            as: words
          - expect: { value: "{{ words }}", equals: "a b|it's|$HOME|" }
          - ssh: { run: "cat; echo later >&2", stdin: '{"items": [{"id": "x-7"}]}' }
            as: order
          - expect: { value: "{{ order.json.items[0].id }}", equals: x-7 }
          - expect: { value: "{{ order.stderr }}", contains: later }
          - ssh: { run: exit 3, exit: 3 }
            as: three
          - expect: { value: "{{ three.exit }}", equals: "3" }
          - ssh: "(sleep 1.5; echo up > \(place)/up) > /dev/null 2>&1 &"
          - expect: { ssh: "cat \(place)/up", stdout: up }
          - expect: { not: { ssh: "false" } }
          - expect: { all: [{ ssh: "echo hello", matches: "^he", never: down }, { ssh: "true" }] }
        """))
    #expect(ran.code == 0, "\(ran.all)")
    #expect(host.log.count(of: "Accepted publickey") == 1, "one session serves them all")
    let audit = try Files.read(
      program.folder.path + "/reports/latest/recording/audit.jsonl", limit: 1 << 20)
    let lines = audit.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let begun = lines.filter { $0.contains("\"kind\":\"begun\"") }
    #expect(begun.count >= 8 && lines.count == begun.count * 2)
    #expect(begun.contains { $0.contains("\"for\":\"scenario\"") && $0.contains("exit 3") })
    #expect(begun.contains { $0.contains("\"for\":\"check\"") && $0.contains("echo hello") })
    let shown = try await program.run(["show", "latest", "--audit"])
    #expect(shown.code == 0, "\(shown.all)")
    #expect(shown.output.contains("begun for the scenario: exit 3"), "\(shown.all)")
    #expect(shown.output.hasSuffix("\(lines.count) records, as written\n"), "\(shown.all)")
    let log = program.folder.path + "/reports/latest/recording/audit.jsonl"
    try Files.writeAtomically(audit.dropLast(2) + [0x0A], to: log)
    let changed = try await program.run(["show", "latest", "--audit", "--verify"])
    #expect(changed.code == 1, "\(changed.all)")
    #expect(changed.output.contains("not as it was written"), "\(changed.all)")
  }

  /// A client configuration that knows two hosts by names of their own.
  private static func configuration(_ lab: SSHServer, behind gate: SSHServer? = nil) -> String {
    func block(_ name: String, _ host: SSHServer, _ more: String = "") -> String {
      """
      Host \(name)
        HostName 127.0.0.1
        Port \(host.port)
        User \(SSHServer.user)
        IdentityFile \(host.file("user"))
        UserKnownHostsFile \(host.file("known_hosts"))
      \(more)

      """
    }
    return block("lab", lab, gate == nil ? "" : "  ProxyJump gate")
      + (gate.map { block("gate", $0) } ?? "")
  }

  private static func named(_ name: String, _ step: String) -> String {
    """
    name: By its name
    target: { ssh: { url: "ssh://\(name)", config: ssh_config } }
    steps:
      - \(step)
    """
  }

  @Test func `a host is known by its name in a client configuration`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    try program.write(Self.configuration(host), to: "ssh_config")
    let ran = try await run(program, Self.named("lab", "expect: { ssh: echo here, stdout: here }"))
    #expect(ran.code == 0, "\(ran.all)")
    // Without a user it is the account, whatever the environment calls it.
    let nameless = Self.configuration(host).split(separator: "\n").filter { !$0.contains("User ") }
    try program.write(nameless.joined(separator: "\n") + "\n", to: "ssh_config")
    let own = try await run(
      program, Self.named("lab", "expect: { ssh: echo here, stdout: here }"),
      environment: ["USER": "somebody-else"])
    #expect(own.code == 0, "\(own.all)")
    let other = try await run(
      program, Self.named("elsewhere", "expect: { ssh: echo here, stdout: here }"),
      isReplayed: false)
    #expect(other.code == 5, "\(other.all)")
  }

  @Test func `a host behind another is reached through it, and both are proved`() async throws {
    let program = try Program()
    let lab = try await SSHServer()
    let gate = try await SSHServer()
    try program.write(Self.configuration(lab, behind: gate), to: "ssh_config")
    let ran = try await run(program, Self.named("lab", "expect: { ssh: echo here, stdout: here }"))
    #expect(ran.code == 0, "\(ran.all)")
    #expect(gate.log.count(of: "Accepted publickey") == 1)
    #expect(lab.log.count(of: "Accepted publickey") == 1)
    // A gate that nobody knows is not gone through.
    try gate.writeKnownHosts([])
    let refused = try await run(
      program, Self.named("lab", "ssh: touch \(program.folder.path)/reached"), isReplayed: false)
    #expect(refused.code == 5, "\(refused.all)")
    #expect(refused.all.contains("is not known"), "\(refused.all)")
    #expect(!Files.exists(program.folder.path + "/reached"))
  }

  @Test func `a configuration that cannot be taken as ssh would is an error with its place`()
    async throws
  {
    let program = try Program()
    let host = try await SSHServer()
    try program.write(Self.configuration(host) + "  ProxyCommand nc %h %p\n", to: "ssh_config")
    let ran = try await run(
      program, Self.named("lab", "ssh: true"), isReplayed: false)
    #expect(ran.code == 5, "\(ran.all)")
    #expect(ran.all.contains("ssh_config:8: a ProxyCommand is not run here"), "\(ran.all)")
  }

  @Test func `what the operator's policy denies never reaches the host`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let place = program.folder.path
    try program.write(
      """
      version: 1
      deny:
        - { id: no-touch, command: touch, because: nothing is left behind }
      """, to: "qa-agent.policy.yaml")
    try program.write(
      Self.scenario(host, "  - ssh: X=1; touch \(place)/left & wait"), to: "case.yaml")
    let known = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(known.code == 2, "\(known.all)")
    #expect(known.all.contains("“no-touch” (qa-agent.policy.yaml:3): nothing is left behind"))
    #expect(host.log.count(of: "Accepted publickey") == 0)

    let late = try await run(
      program,
      Self.scenario(
        host,
        """
          - ssh: echo touch
            as: tool
          - ssh: ["{{ tool }}", "\(place)/left"]
            retry: { times: 2 }
        """))
    #expect(late.code == 5, "\(late.all)")
    #expect(late.all.contains("denied by “no-touch” (qa-agent.policy.yaml:3)"))
    #expect(!Files.exists("\(place)/left"))

    try program.write("version: 1\ndeny: [{ id: a, comand: touch }]\n", to: "qa-agent.policy.yaml")
    let broken = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(broken.code == 2, "\(broken.all)")
    #expect(broken.all.contains("did you mean “command”?"))
  }

  @Test func `several hosts, and a screen beside them`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let other = try await SSHServer()
    let text = """
      name: On two hosts
      target:
        demo: sign-in
      \(Self.target(host))
        hosts:
      \(Self.target(other, name: "db", indent: "    "))
      steps:
        - expect: { all: [Sign in, { ssh: "echo $SSH_CONNECTION", matches: " \(host.port)$" }] }
        - expect: { ssh: "echo $SSH_CONNECTION", matches: " \(other.port)$", host: db }
        - ssh: { run: "true", host: db }
      """
    let ran = try await run(program, text)
    #expect(ran.code == 0, "\(ran.all)")
  }

  @Test func `another status fails, and an end that nobody knows is an error`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let failed = try await run(program, Self.scenario(host, "  - ssh: ls /nowhere"))
    #expect(failed.code == 1, "\(failed.all)")
    #expect(failed.all.contains("exited with 2"))
    #expect(failed.all.contains("No such file or directory"))
    let hung = try await run(
      program, Self.scenario(host, "  - ssh: echo begun; sleep 100\n    timeout: 1s"))
    #expect(hung.code == 5, "\(hung.all)")
    #expect(hung.all.contains("was still running after 1s"))
    let unclear = try await run(
      program,
      Self.scenario(host, "  - expect: { not: { ssh: sleep 100 } }\n    timeout: 1s"))
    #expect(unclear.code == 5, "\(unclear.all)")
    for command in ["no-such-program -x", "/etc/passwd"] {
      let unrun = try await run(
        program,
        Self.scenario(host, "  - expect: { not: { ssh: \(command) } }\n    timeout: 1s"))
      #expect(unrun.code == 5 && unrun.all.contains("was not run"), "\(unrun.all)")
    }
    let meant = try await run(
      program, Self.scenario(host, "  - expect: { ssh: no-such-program, exit: 127 }"))
    #expect(meant.code == 0, "\(meant.all)")
  }

  @Test func `a host that dies in a command leaves its fate unknown, and nothing is done twice`()
    async throws
  {
    let program = try Program()
    let host = try await SSHServer()
    let log = program.folder.path + "/log"
    try program.write(
      Self.scenario(host, "  - ssh: echo once >> \(log); sleep 100\n    retry: { times: 3 }"),
      to: "case.yaml")
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        Program.path, ["run", "case.yaml", "--no-model"], environment: Program.environment,
        workingDirectory: program.folder.path))
    while !Files.exists(log) { try await Task.sleep(for: .milliseconds(20)) }
    host.dropSessions()
    #expect(try await process.wait() == .exited(5))
    #expect(try String(decoding: Files.read(log, limit: 1000), as: UTF8.self) == "once\n")
    let report = try Files.read(
      program.folder.path + "/reports/latest/results.json", limit: 1 << 20)
    #expect(String(decoding: report, as: UTF8.self).contains("it is not known whether"))
  }

  @Test func `a host that cannot be reached is an error, and a check waits for it`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    await host.kill()
    let gone = try await run(program, Self.scenario(host, "  - ssh: \"true\""))
    #expect(gone.code == 5, "\(gone.all)")
    try program.write(
      Self.scenario(host, "  - expect: { ssh: \"true\" }\n    timeout: 60s"), to: "case.yaml")
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        Program.path, ["run", "case.yaml", "--no-model"], environment: Program.environment,
        workingDirectory: program.folder.path))
    let journal = program.folder.path + "/reports/latest/recording/events.jsonl"
    while (try? String(decoding: Files.read(journal, limit: 1 << 20), as: UTF8.self))?
      .contains("could not be asked") != true
    {
      try await Task.sleep(for: .milliseconds(50))
    }
    try await host.start()
    #expect(try await process.wait() == .exited(0))
  }

  @Test func `a secret reaches a command, and no byte that is written`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let value = "pass word-é'\"$x"
    let file = program.folder.path + "/secret"
    try program.write(value, to: "secret")
    let ran = try await run(
      program,
      Self.scenario(
        host,
        """
          - ssh: { run: 'test "$P" = "$(cat \(file))" && echo "it is $P"', env: { P: "${QA_TEST_SECRET}" } }
            as: said
          - ssh: { run: "cmp - \(file)", stdin: "${QA_TEST_SECRET}" }
          - expect: { value: "{{ said }}", equals: "it is ${QA_TEST_SECRET}" }
          - expect: { ssh: cat \(file), stdout: "${QA_TEST_SECRET}" }
          - ssh: cat \(file) >&2; exit 1
        """, more: "secrets: [QA_TEST_SECRET]"), environment: ["QA_TEST_SECRET": value])
    #expect(ran.code == 1, "\(ran.all)")
    #expect(ran.all.contains("‹QA_TEST_SECRET›"))
    #expect(!ran.all.contains(value))
    let folder = program.folder.path + "/reports"
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      guard let bytes = try? Files.read("\(folder)/\(path)", limit: 64 << 20) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(value), "\(path)")
      #expect(!text.contains("pass word-é"), "\(path)")
    }
  }

  @Test func `refuses what cannot work before anything runs`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    for (steps, message) in [
      ("  - ssh: echo ${QA_TEST_SECRET}", "would show in the list of processes"),
      ("  - ssh: [echo, \"${QA_TEST_SECRET}\"]", "would show in the list of processes"),
      ("  - ssh: { run: x, host: nowhere }", "the target has no host “nowhere”"),
      ("  - click: OK", "this needs a screen, and the target has none"),
      ("  - expect: Hello", "this needs a screen, and the target has none"),
      ("  - ssh: []", "“ssh” names no program"),
      ("  - ssh: { run: x, env: { \"a-b\": c } }", "is no name of a variable"),
    ] {
      try program.write(
        Self.scenario(host, steps, more: "secrets: [QA_TEST_SECRET]"), to: "case.yaml")
      let ran = try await program.run(
        ["check", "case.yaml"], environment: ["QA_TEST_SECRET": "value-of-it"])
      #expect(ran.code == 2, "\(ran.all)")
      #expect(ran.all.contains(message), "\(ran.all)")
    }
    #expect(host.attempts == 0)
  }
}
