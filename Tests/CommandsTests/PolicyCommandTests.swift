import Props
import Testing

@testable import Commands

struct PolicyCommandTests {
  private static let files = [
    "p.yaml": """
    version: 1
    defaults: { read: allow }
    deny:
      - { id: no-prod, any_word: ["prod-*"], because: out of scope }
    allow:
      - id: service-status
        command: systemctl status app-* [--no-pager]
    """,
    "bad.yaml": "version: 1\nallow:\n  - { id: a, comand: ls }\n",
    "table.yaml":
      "allow: [ls, [systemctl, status, app-web]]\nask: [rm x]\ndeny: [ls prod-1, \"ls $X\"]\n",
    "wrong.yaml": "allow:\n  - ls\n  - ls prod-1\n",
    "s.yaml": """
    name: A service
    target: { ssh: { url: "ssh://u@h", agent: true } }
    permissions: { ssh: { allow: ["rule:service-status", "class:read"], deny: ["cat /etc/*"] } }
    steps:
      - ssh: ls /srv
      - expect: { ssh: [cat, /srv/x] }
    """,
    "denied.yaml": """
    name: A service
    target: { ssh: { url: "ssh://u@h", agent: true } }
    steps:
      - ssh: ls /srv
      - expect: { not: { ssh: "cat /srv/$(hostname) prod-1" } }
    """,
    "unknown.yaml": """
    name: A service
    target: { ssh: { url: "ssh://u@h", agent: true } }
    permissions: { ssh: { allow: ["rule:service-statsu"] } }
    steps:
      - ssh: ls /srv
    """,
  ]

  @Test func `explain shows classes, rules, the ruling and what runs`() async throws {
    let folder = try TestFolder(Self.files)
    let ran = await runProgram(
      "policy", "explain", "--policy", folder.file("p.yaml"), "--",
      "systemctl  status 'app-web'; id prod-1")
    #expect(ran.code == .success, "\(ran.messages)")
    for part in [
      "systemctl status app-web\n", "class   read:", "fits    allow  service-status",
      "-       deny   no-prod",
      "allow  permitted by “service-status”", "fits    deny   no-prod  any word prod-*", "p.yaml:4",
      "runs as: systemctl status app-web; id prod-1\n", "\ndeny: id prod-1: denied by “no-prod”",
      ": out of scope\n",
    ] {
      #expect(ran.results.contains(part), "\(part) is not in:\n\(ran.results)")
    }
    let words = await runProgram(
      "policy", "explain", "--policy", folder.file("p.yaml"), "--", "ls", "$(id)")
    #expect(words.results.contains("runs as: ls '$(id)'\n"))
    let text = await runProgram(
      "policy", "explain", "--policy", folder.file("p.yaml"), "--", "ls $(id)")
    #expect(text.results.contains("deny: not understood, and so not run: column 4: “$”"))
    #expect(text.code == .success)
  }

  @Test func `a policy with a mistake ends every command with code 2`() async throws {
    let folder = try TestFolder(Self.files)
    for words in [
      ["explain", "--policy", "bad.yaml", "--", "ls"],
      ["test", "--policy", "bad.yaml", "table.yaml"],
      ["check", "--policy", "bad.yaml", "s.yaml"],
      ["explain", "--policy", "none.yaml", "--", "ls"],
    ] {
      let ran = await run(words, folder)
      #expect(ran.code == .usage)
      #expect(ran.results.isEmpty)
      #expect(
        ran.messages.contains("did you mean “command”?") || ran.messages.contains("no such file"))
    }
  }

  @Test func `test holds a table against the policy`() async throws {
    let folder = try TestFolder(Self.files)
    let right = await run(["test", "--policy", "p.yaml", "table.yaml"], folder)
    #expect(right.code == .success, "\(right.results)\(right.messages)")
    #expect(right.results == "5 commands decided as written\n")
    let wrong = await run(["test", "--policy", "p.yaml", "wrong.yaml"], folder)
    #expect(wrong.code == .failed)
    #expect(
      wrong.results.contains("wrong.yaml:3: ls prod-1\n  is deny, not allow: denied by “no-prod”"))
    #expect(wrong.results.hasSuffix("1 of 2 commands decided otherwise\n"))
    let none = await run(["test", "--policy", "p.yaml", "p.yaml"], folder)
    #expect(none.code == .usage)
  }

  @Test func `check prints what is in force, and names steps that are denied`() async throws {
    let folder = try TestFolder(Self.files)
    let ran = await run(["check", "--policy", "p.yaml", "s.yaml"], folder)
    #expect(ran.code == .success, "\(ran.results)\(ran.messages)")
    for part in [
      "deny   no-prod", "allow  class read", "deny   class escalate", "allow  rule:service-status",
      "deny   cat /etc/*",
    ] {
      #expect(ran.results.contains(part), "\(part) is not in:\n\(ran.results)")
    }
    let denied = await run(["check", "--policy", "p.yaml", "denied.yaml"], folder)
    #expect(denied.code == .usage)
    #expect(
      denied.messages.contains(
        "denied.yaml:5: error: the operator's policy: `cat /srv/$(hostname) prod-1` could be what is denied by “no-prod”"
      ))
    let unknown = await run(["check", "--policy", "p.yaml", "unknown.yaml"], folder)
    #expect(unknown.code == .usage)
    #expect(unknown.messages.contains("did you mean “service-status”?"))
  }

  private func run(_ words: [String], _ folder: TestFolder) async -> Ran {
    let words = words.map { $0.hasSuffix(".yaml") ? folder.file($0) : $0 }
    let captured = Captured()
    let code = await Program.run(["policy"] + words, environment: [:]) {
      captured.output(color: $0)
    }
    return Ran(code: code, results: captured.resultText, messages: captured.messageText)
  }
}
