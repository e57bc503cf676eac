import Diagnostics
import Scenario
import Testing
import YAML

@testable import ScenarioFiles

struct ScenarioTests {
  @Test func `reads everything a scenario can say`() throws {
    let scenario = try testCase(
      """
      name: Sign in with a valid account
      id: sign-in
      description: |
        Free text, shown in the report.
      tags: [smoke, auth]
      requires: [chromium]
      properties: { owner: web-team, requirement: REQ-12 }
      target:
        vnc: vnc://${HOST}:5901
        password: ${VNC_PASSWORD}
        ssh:
          url: ssh://tester@host:22
          identity: ~/.ssh/id_ed25519
          known_hosts: ~/hosts
      model: fast
      limits: { time: 10m, steps: 61, model_calls: 41, tokens: 200001, idle: 31s }
      retries: 1
      permissions:
        ssh: { allow: ["systemctl status *"], deny: ["rm *"] }
      variables: { user: alice }
      secrets: [SHOP_PASSWORD]
      setup: [{ssh: reset}]
      steps: [{type: "${SHOP_PASSWORD}"}, {expect: "Welcome, ${user}"}]
      teardown: [{ssh: clean}]
      """, environment: ["HOST": "h", "VNC_PASSWORD": "hunter2", "SHOP_PASSWORD": "x"]
    ).scenario
    #expect(scenario.name == "Sign in with a valid account")
    #expect(scenario.id == "sign-in")
    #expect(scenario.description == "Free text, shown in the report.\n")
    #expect(scenario.tags == ["smoke", "auth"])
    #expect(scenario.requires == ["chromium"])
    #expect(scenario.properties.map(\.name) == ["owner", "requirement"])
    #expect(
      scenario.target
        == TargetSpec(
          screen: .vnc(
            address: Template("vnc://h:5901"), password: Template([.secret("VNC_PASSWORD")])),
          ssh: TargetSpec.SSHHost(
            url: Template("ssh://tester@host:22"), identity: "~/.ssh/id_ed25519",
            knownHosts: "~/hosts")))
    #expect(scenario.modelRole == "fast")
    #expect(
      scenario.limits
        == Limits(
          time: .seconds(600), steps: 61, modelCalls: 41, tokens: 200_001, idle: .seconds(31)))
    #expect(scenario.retries == 1)
    #expect(scenario.permissions == Permissions(allow: ["systemctl status *"], deny: ["rm *"]))
    #expect(scenario.secrets == ["SHOP_PASSWORD", "VNC_PASSWORD"])
    #expect([scenario.setup.count, scenario.steps.count, scenario.teardown.count] == [1, 2, 1])
    #expect(scenario.location.description == "/tmp/a.yaml:1:1")
  }

  @Test func `gives a scenario the defaults of the format`() throws {
    let made = try testCase("name: T\nsteps: [{click: OK}]")
    let scenario = made.scenario
    #expect(made.id == "a")
    #expect(scenario.target == TargetSpec(screen: .desktop(TargetSpec.Desktop())))
    #expect(scenario.limits == Limits() && scenario.retries == 0)
    #expect(scenario.modelRole == "default" && scenario.permissions == Permissions())
  }

  @Test func `reads a private desktop`() throws {
    let scenario = try testCase(
      """
      name: T
      target: {desktop: {size: 800x600, run: fixtures/apps/sign-in, wm: openbox}}
      steps: [{click: OK}]
      """
    ).scenario
    #expect(
      scenario.target.screen
        == .desktop(
          TargetSpec.Desktop(
            width: 800, height: 600, run: Template("fixtures/apps/sign-in"),
            windowManager: "openbox")))
  }

  @Test func `takes defaults from the configuration`() throws {
    let source = SourceText(file: "qa-agent.yaml", text: "target: {demo: shop}")
    let node = try #require(try YAMLParser.parse(source)?["target"])
    let defaults = ScenarioDefaults(
      target: YAMLFragment(node: node, source: source), limits: Limits(steps: 5), retries: 2,
      model: "fast")
    let scenario = try #require(
      load("name: T\nlimits: {tokens: 1}\nsteps: [{click: OK}]", defaults: defaults).cases.first
    ).scenario
    #expect(scenario.target.screen == .demo("shop"))
    #expect(scenario.limits == Limits(steps: 5, tokens: 1))
    #expect(scenario.retries == 2 && scenario.modelRole == "fast")
  }

  @Test func `the project permits where a scenario says nothing, and forbids everywhere`() throws {
    var defaults = ScenarioDefaults()
    defaults.permissions = Permissions(allow: ["ls *"], deny: ["rm"])
    func permissions(_ text: String) throws -> Permissions {
      try #require(
        load("name: T\n\(text)steps: [{click: OK}]", defaults: defaults).cases.first
      ).scenario.permissions
    }
    #expect(try permissions("") == defaults.permissions)
    #expect(
      try permissions("permissions: {ssh: {allow: [cat x], deny: [id], shell: true}}\n")
        == Permissions(allow: ["cat x"], deny: ["rm", "id"], shell: true))
  }

  @Test func `lets flags win over the scenario`() throws {
    var overrides = ScenarioOverrides()
    overrides.screen = TargetSpec.Screen(parsing: "vnc://h:1", hasPassword: true)
    overrides.time = .seconds(900)
    overrides.retries = 0
    overrides.model = "fast"
    let scenario = try #require(
      load(
        """
        name: T
        target: {demo: a, ssh: {url: ssh://a, agent: true}}
        retries: 3
        limits: {time: 1m, steps: 7}
        steps: [{click: OK, timeout: 2m}, {ssh: ls}]
        """, defaults: ScenarioDefaults(overrides: overrides)
      ).cases.first
    ).scenario
    #expect(
      scenario.target.screen
        == .vnc(address: Template("vnc://h:1"), password: Template([.secret("VNC_PASSWORD")])))
    #expect(scenario.target.ssh != nil)
    #expect(scenario.secrets == ["VNC_PASSWORD"])
    #expect(scenario.limits == Limits(time: .seconds(900), steps: 7))
    #expect(scenario.retries == 0 && scenario.modelRole == "fast")
  }

  @Test(
    arguments: [
      ("zenity", nil, nil), ("xvnc", nil, nil), ("model", nil, nil), ("sh", nil, nil),
      ("xvcn", .warning, "did you mean “xvnc”?"), ("chromum", .warning, "did you mean “chromium”?"),
      ("galculatr", .warning, "install it, or correct the name"),
      ("XVNC", .error, "did you mean “xvnc”?"), ("two words", .error, "or a command's name"),
      ("''", .error, "or a command's name"),
    ] as [(String, Diagnostic.Severity?, String?)])
  func `tells of what is required and known to nobody`(
    name: String, severity: Diagnostic.Severity?, help: String?
  ) {
    var defaults = ScenarioDefaults()
    let text = "name: T\nrequires: [\(name)]\nsteps: [{click: OK}]"
    // Where nobody looks, what is not installed is no mistake.
    #expect(load(text, defaults: defaults).diagnostics.isEmpty == (severity != .error))
    defaults.hasCommand = { $0 == "zenity" || $0 == "sh" }
    let found = load(text, defaults: defaults).diagnostics
    #expect(found.map(\.severity) == (severity.map { [$0] } ?? []))
    #expect(found.first?.line == (severity == nil ? nil : 2))
    if let help { #expect(found.first?.suggestion?.contains(help) == true, "\(found)") }
  }

  @Test func `reads the targets of the command line`() {
    #expect(TargetSpec.Screen(parsing: "demo:sign-in") == .demo("sign-in"))
    #expect(
      TargetSpec.Screen(parsing: "desktop:800x600")
        == .desktop(TargetSpec.Desktop(width: 800, height: 600)))
    #expect(TargetSpec.Screen(parsing: "desktop") == .desktop(TargetSpec.Desktop()))
    #expect(
      TargetSpec.Screen(parsing: "vnc://h:1") == .vnc(address: Template("vnc://h:1"), password: nil)
    )
    for wrong in ["", "vnc", "vnc://", "vnc://u:p@h", "demo:", "desktop:big", "http://h"] {
      #expect(TargetSpec.Screen(parsing: wrong) == nil, "\(wrong)")
    }
  }

  @Test func `checks names against what there is`() throws {
    let defaults = ScenarioDefaults(
      modelRoles: ["default", "fast"], demos: ["sign-in"], toolServers: ["browser"])
    let loaded = load(
      """
      name: T
      model: fats
      target: {demo: sing-in}
      steps: [{tool: {server: browsr, name: x}}]
      """, defaults: defaults)
    #expect(
      loaded.diagnostics.map(\.suggestion) == [
        "did you mean “fast”?", "did you mean “sign-in”?", "did you mean “browser”?",
      ])
  }

  @Test(arguments: [
    ("steps: [{click: a}]", "needs the key “name”", ""),
    ("name: T", "needs the key “steps”", ""),
    ("name: T\nsteps: []", "has no steps", ""),
    ("name: T\nsteps:", "“steps” must be a list, not nothing", ""),
    ("name: ' '\nsteps: [{click: a}]", "one line of 1 to 300", ""),
    ("nmae: T\nname: T\nsteps: [{click: a}]", "unknown key “nmae” in a scenario", "name"),
    ("name: T\nid: 'a[b]'\nsteps: [{click: a}]", "is no id", ""),
    ("name: T\ntags: smoke\nsteps: [{click: a}]", "“tags” must be a list", "write [a, b]"),
    ("name: T\ntags: ['a b']\nsteps: [{click: a}]", "is no tag", ""),
    ("name: T\nretries: 99\nsteps: [{click: a}]", "from 0 to 20", ""),
    ("name: T\nlimits: {time: 5}\nsteps: [{click: a}]", "a time such as", "such as 5s"),
    ("name: T\nlimits: {time: 10 minutes}\nsteps: [{click: a}]", "a time such as", ""),
    ("name: T\nlimits: {time: 1ms}\nsteps: [{click: a}]", "at least 1s", ""),
    ("name: T\nlimits: {tmie: 5s}\nsteps: [{click: a}]", "unknown key “tmie”", "time"),
    ("name: T\ntarget: {vnc: a, demo: b}\nsteps: [{click: a}]", "has “vnc” and “demo”", ""),
    ("name: T\ntarget: {}\nsteps: [{click: a}]", "needs one of the keys: desktop, vnc, demo", ""),
    ("name: T\ntarget: {vnc: http://a}\nsteps: [{click: a}]", "“http” is no scheme", "vnc://host"),
    ("name: T\ntarget: {demo: a, password: '${B}'}\nsteps: [{click: a}]", "no meaning", ""),
    ("name: T\ntarget: {desktop: {size: 10x10}}\nsteps: [{click: a}]", "such as 1280x800", ""),
    ("name: T\ntarget: {desktop: {size: huge}}\nsteps: [{click: a}]", "such as 1280x800", ""),
    (
      "name: T\ntarget: {demo: a, ssh: {url: ssh://b}}\nsteps: [{click: a}]", "no way to sign in",
      "agent"
    ),
    (
      "name: T\ntarget: {demo: a, ssh: {agent: true}}\nsteps: [{click: a}]", "needs the key “url”",
      ""
    ),
    ("name: T\ntarget: {demo: a}\nsteps: [{ssh: ls}]", "a command needs a host", "ssh: {url"),
    ("name: T\ntarget: {demo: a}\nsteps: [{expect: {not: {ssh: ls}}}]", "needs a host", ""),
    ("name: T\npermissions: {shell: {}}\nsteps: [{click: a}]", "unknown key “shell”", ""),
    (
      "name: T\npermissions: {ssh: {allow: ['${A}']}}\nsteps: [{click: a}]",
      "cannot hold a variable", ""
    ),
    ("name: T\nproperties: {a: [b]}\nsteps: [{click: a}]", "must be a text", ""),
    ("- click: a", "a scenario must be a mapping", ""),
    ("just text", "a scenario must be a mapping", ""),
    ("name: T\nsteps: [{click: a}]\nname: U", "already on line 1", ""),
    ("name: T\nmatrix: [a]\nsteps: [{click: a}]", "must be a mapping of lists", ""),
    ("name: T\nmatrix: {a: b}\nsteps: [{click: a}]", "must be a list", ""),
    ("name: T\nmatrix: {a: []}\nsteps: [{click: a}]", "has no values", ""),
    ("name: T\nmatrix: {a: [x, x]}\nsteps: [{click: a}]", "there twice", ""),
  ])
  func `says what is wrong with a scenario`(text: String, message: String, help: String) throws {
    let loaded = load(text)
    #expect(loaded.diagnostics.count == 1, "\(loaded.diagnostics)")
    let error = try #require(loaded.diagnostics.first)
    #expect(error.message.contains(message), "\(error)")
    #expect(help.isEmpty || error.suggestion?.contains(help) == true, "\(error.rendered)")
    #expect(loaded.cases.isEmpty && loaded.hasErrors)
  }

  @Test(arguments: [
    "{vnc: h:1, password: hunter2}", "{vnc: h:1, password: 'x${P_PASSWORD}'}",
    "{vnc: 'vnc://u:hunter2@h:1'}", "{demo: a, ssh: {url: ssh://u@h, password: hunter2}}",
    "{demo: a, ssh: {url: 'ssh://u:hunter2@h', agent: true}}",
  ])
  func `refuses a password in a file and does not print it`(target: String) throws {
    let loaded = load(
      "name: T\ntarget: \(target)\nsteps: [{click: a}]", environment: ["P_PASSWORD": "hunter2"])
    #expect(loaded.diagnostics.count == 1)
    let error = try #require(loaded.diagnostics.first)
    #expect(error.message == "a password must not stand in a file")
    #expect(!error.rendered.contains("hunter2"))
  }

  @Test func `shows all errors of a file, in order`() {
    let loaded = load(
      """
      name: T
      tgas: [x]
      limits: {steps: many}
      steps:
        - clik: a
        - click: {nth: 1}
        - expect: ${nobody}
      """)
    #expect(loaded.diagnostics.map(\.line) == [2, 3, 5, 6, 7])
  }

  @Test func `does not drown in errors`() {
    let steps = (0..<500).map { "  - clik\($0): x" }.joined(separator: "\n")
    let loaded = load("name: T\nsteps:\n\(steps)")
    #expect(loaded.diagnostics.count == ScenarioBounds.mostErrors + 1)
    #expect(
      loaded.diagnostics.last?.message.contains("too many errors") == true
        || loaded.diagnostics.contains { $0.message.contains("too many errors") })
  }

  @Test func `expands a matrix`() throws {
    let loaded = load(
      """
      name: Sign in
      matrix: {lang: [en, de], size: [1, 2]}
      steps: [{act: "Use ${lang} at ${size}"}]
      """)
    #expect(
      loaded.cases.map(\.id) == [
        "a[lang=en,size=1]", "a[lang=en,size=2]", "a[lang=de,size=1]", "a[lang=de,size=2]",
      ])
    #expect(loaded.cases[3].name == "Sign in [lang=de,size=2]")
    #expect(loaded.cases[3].matrix.map(\.value) == ["de", "2"])
    #expect(loaded.cases[3].scenario.steps[0].kind == .act(Template("Use de at 2")))
    #expect(loaded.cases[3].scenario.id == "a")
  }

  @Test func `pins an axis from the command line`() throws {
    let loaded = load(
      "name: In ${lang}\nmatrix: {lang: [en, de]}\nsteps: [{act: x}]", variables: ["lang": "fr"])
    #expect(loaded.cases.map(\.id) == ["a[lang=fr]"])
    #expect(loaded.cases.map(\.name) == ["In fr"])
  }

  @Test func `bounds a matrix`() {
    let values = (0..<20).map { "\($0)" }.joined(separator: ", ")
    let loaded = load(
      "name: T\nmatrix: {a: [\(values)], b: [\(values)]}\nsteps: [{act: x}]")
    #expect(loaded.diagnostics.map(\.message) == ["the matrix has more than 256 combinations"])
  }

  @Test func `bounds the steps`() {
    let steps = Array(repeating: "  - click: a", count: 2_001).joined(separator: "\n")
    let loaded = load("name: T\nsteps:\n\(steps)")
    #expect(
      loaded.diagnostics.map(\.message) == ["more than 2000 steps in one case, includes counted"])
  }
}
