import Diagnostics
import Scenario
import ScenarioFiles
import Testing

/// Commands on the machine of the runner.
struct RunnerStepTests {
  @Test func `reads commands for the shell and lists of words`() throws {
    let text = try step("run: echo hello > a.txt")
    #expect(text.kind == .ssh(SSHCommand(run: Template("echo hello > a.txt"), place: .runner)))
    let list = try step("run: [cat, a b.txt]")
    #expect(
      list.kind
        == .ssh(
          SSHCommand(
            run: Template("cat a b.txt"), arguments: [Template("cat"), Template("a b.txt")],
            place: .runner)))
    let full = try step(
      "run: {command: serve, stdin: x, env: {A: b}, background: true}\nas: s\ntimeout: 5s")
    #expect(
      full.kind
        == .ssh(
          SSHCommand(
            run: Template("serve"), input: Template("x"), environment: ["A": Template("b")],
            place: .runner, isBackground: true)))
    #expect(full.resultName == "s" && full.timeout == .seconds(5))
  }

  @Test func `reads checks`() throws {
    let made = try step("expect: {run: [cat, a.txt], stdout: hello, never: error}")
    guard case .expect(.ssh(let check)) = made.kind else {
      Issue.record("\(made.kind)")
      return
    }
    #expect(check.place == .runner && check.run.place == .runner)
    #expect(check.stdout == Template("hello") && check.never == Template("error"))
  }

  @Test func `reads what is done with files`() throws {
    func deed(_ yaml: String) throws -> FileDeed? {
      guard case .ssh(let command) = try step(yaml).kind else { return nil }
      #expect(command.place == .runner)
      return command.file
    }
    #expect(
      try deed("file: {write: a/b.txt, text: x}")
        == .write(path: Template("a/b.txt"), text: Template("x")))
    #expect(
      try deed("file: {append: b.txt, text: ''}")
        == .append(path: Template("b.txt"), text: Template("")))
    let check = try step("expect: {file: a.txt, in: project, text: x, equals: y, never: z}")
    #expect(
      check.kind
        == .expect(
          .file(
            Check.FileCheck(
              path: Template("a.txt"), isInProject: true, text: Template("x"),
              equals: Template("y"), never: Template("z")))))
  }

  @Test func `needs neither a host nor a screen`() {
    let loaded = load(
      """
      name: T
      target: {hosts: {db: {url: ssh://a@b, agent: true}}}
      setup: [{run: make}]
      steps: [{run: {command: make test, exit: 2}}, {expect: {run: ls}}, {note: done}]
      teardown: [{run: [rm, -r, x]}]
      """)
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
  }

  @Test(arguments: [
    ("run: {run: x}", "unknown key “run”"), ("run: {}", "needs the key “command”"),
    ("run: ''", "is empty"), ("run: []", "names no program"),
    ("run: {command: x, host: db}", "unknown key “host”"),
    ("run: {command: x, background: true, exit: 1}", "no meaning beside “background”"),
    ("run: {command: x, timeout: 5s}", "belongs to the step"),
    ("run: x ${API_TOKEN}", "would show in the list of processes"),
    ("run: [x, '${API_TOKEN}']", "would show in the list of processes"),
    ("file: {write: ../a, text: x}", "no path below a folder"),
    ("file: {write: /etc/a, text: x}", "no path below a folder"),
    ("file: {write: '~/a', text: x}", "no path below a folder"),
    ("file: {write: a/, text: x}", "no path below a folder"),
    ("file: {write: a}", "needs the key “text”"),
    ("file: {write: a, append: b, text: x}", "has “write” and “append”"),
    ("file: {write: a, text: x, to: b}", "no meaning beside “write”"),
    ("file: {copy: no-such.txt}", "there is no file “no-such.txt”"),
    ("file: {copy: /etc/hostname, to: b}", "is outside the project"),
    ("file: {write: 'a${API_TOKEN}', text: x}", "would show in a path"),
    ("expect: {file: a/../b}", "no path below a folder"),
    ("expect: {file: a, exists: false, text: x}", "has no “text”"),
    ("expect: {file: a, sha256: abc}", "64 hexadecimal digits"),
    ("expect: {file: a, in: home}", "must be case or project"),
    ("expect: {run: x, ssh: y}", "a check has “ssh” and “run”"),
  ])
  func `refuses what has no meaning`(yaml: String, message: String) {
    let lines = yaml.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    let found = load(
      "name: T\ntarget: {desktop: {run: ./app}}\nsteps:\n  -\n\(lines)",
      environment: ["API_TOKEN": "hunter2"]
    ).diagnostics
    #expect(found.contains { $0.message.contains(message) }, "\(found)")
  }
}
