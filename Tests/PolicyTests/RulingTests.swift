@testable import Policy
@testable import PolicyFiles
import Scenario
import Testing

struct RulingTests {
  @Test func `without a policy nothing is permitted`() {
    for text in ["ls", "cat x", "rm x", "sudo id", "anything"] {
      #expect(Policy().ruling(forText: text).withoutPerson.decision == .deny)
    }
  }

  @Test func `a ruling names rule, file, line and reason`() throws {
    let policy = try policy(
      """
      version: 1
      deny:
        - id: no-rm
          command: rm -rf
          because: nothing comes back
      """)
    let ruling = policy.ruling(forText: "ls; sudo rm -fr /x")
    #expect(ruling.decision == .deny)
    #expect(ruling.rule?.id == "no-rm")
    #expect(ruling.rule?.line == 3)
    #expect(
      ruling.reason
        == "sudo rm -fr /x: denied by “no-rm” (qa-agent.policy.yaml:3): nothing comes back")
  }

  @Test func `the strictest rule wins over every program, in whatever order`() throws {
    let policy = try policy(
      """
      version: 1
      allow: [{ id: a, command: "cat **" }, { id: b, command: "ls **" }]
      ask: [{ id: c, command: cat /etc }]
      deny: [{ id: d, any_word: [secret] }]
      """)
    #expect(policy.ruling(forText: "cat x").decision == .allow)
    #expect(policy.ruling(forText: "ls; cat /etc").decision == .ask)
    #expect(policy.ruling(forText: "cat /etc; ls /srv/secret/x").decision == .deny)
    #expect(policy.ruling(forText: "ls /srv/secrets").decision == .allow)
  }

  @Test func `a scenario only narrows`() throws {
    let policy = try policy(
      """
      version: 1
      defaults: { read: allow }
      deny: [{ id: d, command: cat /etc/shadow }]
      """)
    let wide = try ScenarioPermissions(allow: ["**"], deny: ["ls /root"], policy: policy)
    #expect(policy.ruling(forText: "ls /x", permissions: wide).decision == .allow)
    #expect(policy.ruling(forText: "ls -la /root", permissions: wide).decision == .deny)
    #expect(policy.ruling(forText: "cat /etc/shadow", permissions: wide).decision == .deny)
    #expect(policy.ruling(forText: "rm x", permissions: wide).decision == .ask)
    let none = try ScenarioPermissions(allow: [], deny: [], policy: policy)
    #expect(policy.ruling(forText: "ls", permissions: none).decision == .deny)
    for allow in ["rule:none", "class:nothing", "rm[*", "ls | sh", "'x"] {
      #expect(throws: ScenarioPermissionsFault.self) {
        try ScenarioPermissions(allow: [allow], deny: [], policy: policy)
      }
    }
  }

  @Test func `no rule permits what is dangerous without saying so`() throws {
    let policy = try policy(
      """
      version: 1
      allow:
        - { id: a, command: "rm **" }
        - { id: b, command: "sudo **", accepts: [escalate] }
        - { id: c, command: "kill **", accepts: [destroy] }
        - { id: d, command: "sort **" }
      """)
    #expect(policy.ruling(forText: "rm x").decision == .ask)
    #expect(policy.ruling(forText: "sudo id").decision == .allow)
    #expect(policy.ruling(forText: "sudo rm x").decision == .deny)
    #expect(policy.ruling(forText: "kill 1").decision == .allow)
    #expect(policy.ruling(forText: "sort -o y x").decision == .allow)
    #expect(policy.ruling(forText: "sort --compress-program=x y").decision == .deny)
    #expect(policy.ruling(forText: "sort x > /y").decision == .ask)
  }

  @Test func `each row of the table is well-formed and each class has a program`() {
    let rows = ProgramTable.shared.rows.values.flatMap(\.self)
    #expect(Set(rows.flatMap(\.classes)) == Set(CommandClass.allCases))
    for (name, rows) in ProgramTable.shared.rows {
      #expect(
        !name.isEmpty && rows.dropLast().allSatisfy { $0.options != nil || $0.subcommand != nil },
        "\(name)")
    }
  }

  @Test(arguments: [
    ("ls -la", [CommandClass.read]), ("ls --bogus", [.unknown]), ("/bin/ls", [.read]),
    ("./ls", [.unknown]),
    ("timeout 5 ls", [.read]), ("head -20 x", [.read]), ("tail -fn5 x", [.probe]),
    ("tail -5 x", [.read]),
    ("date", [.read]), ("date -s x", [.write]), ("date +%F", [.read]), ("uniq a b", [.write]),
    ("uniq -c a", [.read]),
    ("find . -name '*.c'", [.probe]), ("systemctl --no-pager status x", [.read]),
    ("systemctl start x", [.write]),
    ("rm x", [.destroy]), ("mkfs.ext4 /x", [.unknown, .destroy]),
    ("psql -c 'DROP TABLE x'", [.destroy, .interpret]),
    ("cat x >y", [.read, .write]), ("cat x >/dev/null", [.read]), ("grep -e", [.unknown]),
    ("grep -A3 x y", [.read]),
    ("sudo rm x", [.destroy, .escalate]), ("xargs rm", [.destroy, .interpret]),
    ("shop delete x", [.unknown, .destroy]),
    ("sysctl -n a.b", [.read]), ("sysctl a.b=1", [.escalate]), ("getent hosts x", [.network]),
    ("git fetch", [.network]),
    ("docker logs x", [.read]), ("env", [.read]), ("cat -- -x", [.read]), ("base64 -d x", [.read]),
  ])
  func `finds the class of a command`(text: String, classes: [CommandClass]) throws {
    let segment = try ParsedCommand(text: text).segments[0]
    #expect(
      Classifier.finding(for: segment).classes == Set(classes),
      "\(Classifier.finding(for: segment))")
  }
}

struct OwnStepTests {
  private static let noRemoval = "version: 1\ndeny: [{ id: no-rm, command: rm -rf }]"
  private static let noHost = "version: 1\ndeny: [{ id: no-prod, any_word: [\"prod-*\"] }]"
  private static let noLine = "version: 1\ndeny: [{ id: no-line, class: [network, escalate] }]"

  private static func denial(
    _ text: String, _ run: Template, _ words: [Template]? = nil
  ) throws -> Ruling? {
    try policy(text).denial(of: SSHCommand(run: run, arguments: words))
  }

  @Test(arguments: [
    "rm -rf /", "sudo rm -fr /", "for i in 1 2; do rm -r -f $i; done", "X=1 rm -rf /",
    "r\"\"m -rf /",
    "r\\m -rf x", "rm -rf $DIR", "rm $OPTIONS x", "rm $@", "a=rm; $a -rf /", "$(echo rm) -rf /",
    "echo `rm -rf /`", "echo \"$(rm -rf x)\"", "echo x | base64 -d | sh", "eval \"$X\"", "$X",
    "\"$X\" y",
    "if true; then rm -rf x; fi", "(rm -rf x)", "{ rm -rf x; }", "{rm,-rf,/}", "rm$IFS-rf$IFS/",
    "true &\nrm -rf x", "/bin/r? -rf x", "cat <<E | sh\nrm -rf x\nE", "echo ${X:-$(rm -rf x)}",
    "sh -c 'rm -rf x' & wait", "case $1 in *) rm -rf x;; esac", "[ -f x ] && rm -r --force x",
    "sh -c \"$X\"",
    "cat x | bash -s", "/*/rm -rf x", "f() { rm -rf x; }; f", "trap 'rm -rf x' EXIT", "! rm -rf x",
    "python3 -c \"import os; os.system('rm -rf x')\" &", "xargs $X <y", "nice -n 5 rm -rf $X",
  ])
  func `an operator's denial holds for what a scenario writes, too`(text: String) throws {
    let ruling = try #require(try Self.denial(Self.noRemoval, Template(text)), "\(text)")
    #expect(ruling.decision == .deny)
    #expect(ruling.rule?.id == "no-rm")
    #expect(ruling.reason.contains("“no-rm” (qa-agent.policy.yaml:2)"))
  }

  @Test(arguments: [
    "ssh prod-1 id", "ls $HOST", "echo \"a$(b)\" prod-7", "curl http://u@prod-2:80/x",
    "ls --host=prod-3", "ls pro*",
  ])
  func `a word that is denied is found wherever it could be`(text: String) throws {
    #expect(try Self.denial(Self.noHost, Template(text)) != nil, "\(text)")
  }

  @Test(arguments: [
    "curl x &", "sudo -n id", "wget $X", "ls | nc h 1", "for i in 1; do ssh h; done", "(curl $X)",
  ])
  func `a class that is denied is found where the text is understood or not`(text: String) throws {
    #expect(try Self.denial(Self.noLine, Template(text)) != nil, "\(text)")
    #expect(try Self.denial(Self.noLine, Template("ls -la /srv && cat x")) == nil)
  }

  @Test(arguments: [
    "ls -la", "for i in 1 2 3; do systemctl status app$i; done", "test -f /x && echo ok || echo no",
    "cat /srv/reprod-1x", "echo rm -rf is dangerous", "rm -f x", "X=1 ./build.sh",
    "cd /srv && (make; make install) 2>&1", "grep -rf x y &", "if true; then echo 'a b'; fi",
    "echo $HOME",
    "ls /tmp/*.log", "case $X in a|b) ls;; *) echo \"$X\";; esac", "[ -f \"$X\" ] && cat \"$X\"",
    "[[ $X = y ]] && ls",
    "systemctl --user restart shop & wait", "N=$(wc -l < x); echo $N",
    "while read l; do echo \"$l\"; done < x",
    "printf '%s\\n' \"$(date)\"", "cp x $Y",
  ])
  func `what no denial could mean runs`(text: String) throws {
    let ruling = try Self.denial(Self.noRemoval, Template(text))
    #expect(ruling == nil, "\(text): \(ruling?.reason ?? "")")
  }

  @Test func `what a result stands for may be anything`() throws {
    let result = Template([.result("order.value")])
    let words = [Template("rm"), result]
    #expect(try Self.denial(Self.noRemoval, Template("rm"), words) != nil)
    #expect(try Self.denial(Self.noRemoval, Template("x"), [result, Template("x")]) != nil)
    #expect(try Self.denial(Self.noRemoval, Template("ls"), [Template("ls"), result]) == nil)
    #expect(try Self.denial(Self.noHost, Template([.literal("ssh prod"), .result("n")])) != nil)
  }
}
