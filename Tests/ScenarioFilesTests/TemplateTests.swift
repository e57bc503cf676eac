import Diagnostics
import Scenario
import ScenarioFiles
import Testing

struct TemplateTests {
  private func scenario(_ head: String, _ steps: String) -> String {
    "name: T\ntarget: {demo: a}\n\(head)\nsteps:\n\(steps)"
  }

  private func texts(_ testCase: Case) -> [Template] {
    testCase.scenario.steps.compactMap {
      if case .act(let text) = $0.kind { text } else { nil }
    }
  }

  @Test func `fills in variables, the environment and defaults`() throws {
    let made = try testCase(
      scenario(
        "variables: {user: alice, greeting: 'Hello, ${user}'}",
        """
          - act: ${greeting} on ${SHOP_HOST}
          - act: ${SHOP_PORT:-80}${EMPTY:-none}${SHOP_NOTHING:-}
          - act: a $${user} \\{{ b }} $5 {c}
        """), environment: ["SHOP_HOST": "x.test", "EMPTY": ""])
    #expect(
      texts(made).map(\.description) == [
        "Hello, alice on x.test", "80none", "a ${user} {{ b }} $5 {c}",
      ])
  }

  @Test func `lets the command line win over the file`() throws {
    let made = try testCase(
      scenario("variables: {user: alice, twice: '${user}${user}'}", "  - act: ${twice}"),
      variables: ["user": "bob"])
    #expect(texts(made) == [Template("bobbob")])
  }

  @Test func `fills in a value once, not what it holds from outside`() throws {
    let made = try testCase(
      scenario("variables: {a: '${B}'}", "  - act: ${a} ${B}"), environment: ["B": "${a}"])
    #expect(texts(made) == [Template("${a} ${a}")])
  }

  @Test func `keeps a secret a name`() throws {
    let made = try testCase(
      scenario(
        "secrets: [SHOP_PIN]\nvariables: {login: 'alice:${SHOP_PIN}'}", "  - act: use ${login}"),
      environment: ["SHOP_PIN": "hunter2"])
    #expect(texts(made)[0].segments == [.literal("use alice:"), .secret("SHOP_PIN")])
    #expect(made.scenario.secrets == ["SHOP_PIN"])
    #expect(made.scenario.steps[0].text == "act: use ${login}")
    #expect(!"\(made)".contains("hunter2"))
  }

  @Test(arguments: ["API_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "MY_API_KEY", "X_PASS"])
  func `treats what looks like a secret as one`(name: String) throws {
    let made = try testCase(
      scenario("", "  - act: use ${\(name)}"), environment: [name: "hunter2"])
    #expect(texts(made)[0].secrets == [name])
    #expect(made.scenario.secrets == [name])
    #expect(!"\(made)".contains("hunter2"))
  }

  @Test func `warns of a secret that is not set`() {
    let loaded = load(scenario("secrets: [SHOP_PIN]", "  - act: use ${SHOP_PIN}"))
    #expect(loaded.cases.count == 1)
    #expect(loaded.diagnostics.map(\.severity) == [.warning])
    #expect(loaded.diagnostics[0].text == "SHOP_PIN")
  }

  @Test func `keeps results until the case runs`() throws {
    let made = try testCase(
      scenario(
        "",
        """
          - read: {what: order number, as: order}
          - ssh: uptime
            as: up
          - act: "Find {{ order }} and {{order.value}} and {{ up.stderr }}"
        """
      ).replacing("{demo: a}", with: "{demo: a, ssh: {url: ssh://a@b, agent: true}}"))
    #expect(
      texts(made)[0].segments == [
        .literal("Find "), .result("order.value"), .literal(" and "), .result("order.value"),
        .literal(" and "), .result("up.stderr"),
      ])
  }

  @Test(
    arguments: [
      ("", "  - act: Sign in as ${usr}", "${usr}", 5, 21, "unknown variable “usr”"),
      ("variables: {user: a}", "  - act: ${uesr}", "${uesr}", 5, 10, "unknown variable"),
      ("", "  - act: \"a\\tb ${x}\"", "${x}", 5, 16, "unknown variable"),
      ("", "  - act: |\n      one\n      two ${x}", "${x}", 7, 11, "unknown variable"),
      ("", "  - act: a ${x", "${x", 5, 12, "without “}”"),
      ("", "  - act: a ${x y}", "${x y}", 5, 12, "no name of a variable"),
      ("", "  - act: a {{ x", "{{ x", 5, 12, "without “}}”"),
      ("", "  - act: a {{ x y }}", "{{ x y }}", 5, 12, "names no result"),
      ("", "  - act: a {{ order.value }}", "{{ order.value }}", 5, 12, "no earlier step is named"),
      (
        "", "  - act: a {{ r.value }}\n  - read: {what: x, as: r}", "{{ r.value }}", 5, 12,
        "no earlier step"
      ),
      (
        "", "  - read: {what: x, as: r}\n  - act: a {{ r.stdout }}", "{{ r.stdout }}", 6, 12,
        "has no “stdout”"
      ),
      (
        "", "  - click: x\n    as: c\n  - act: a {{ c.stats }}", "{{ c.stats }}", 7, 12,
        "has no “stats”"
      ),
      (
        "", "  - group: {name: g, steps: [note: x]}\n    as: g\n  - act: a {{ g.seconds }}",
        "{{ g.seconds }}", 7, 12, "has no “seconds”"
      ),
      (
        "", "  - note: x\n    as: n\n    when: '{{ n.status }} == passed'", "{{ n.status }}", 7, 12,
        "no earlier step"
      ),
      ("variables: {a: '${b}', b: '${a}'}", "  - act: x", "${a}", 3, 28, "holds itself: a → b → a"),
      ("variables: {a: '${a}'}", "  - act: ${a}", "${a}", 3, 17, "holds itself: a → a"),
      ("variables: {1a: x}", "  - act: x", "1a", 3, 13, "no name for a variable"),
      ("variables: {a: [x]}", "  - act: x", nil, 3, 16, "must be a text, not a list"),
      (
        "secrets: [A_B]\nvariables: {A_B: x}", "  - act: x", "A_B", 3, 11, "a secret and a variable"
      ),
      ("secrets: [a b]", "  - act: x", "a b", 3, 11, "name of an environment variable"),
      ("secrets: [S]", "  - screenshot: ${S}", "${S}", 5, 17, "cannot hold a secret"),
      (
        "", "  - tool: {server: a, name: b, arguments: {c: '${T_TOKEN}'}}", "${T_TOKEN}", 5, 47,
        "cannot be given to a tool"
      ),
    ] as [(String, String, String?, Int, Int, String)])
  func `gives the place of what is wrong`(
    head: String, steps: String, text: String?, line: Int, column: Int, message: String
  ) throws {
    let loaded = load(
      scenario(head, steps), environment: ["T_TOKEN": "hunter2", "S": "hunter2", "A_B": "hunter2"])
    let errors = loaded.diagnostics.filter { $0.severity == .error }
    #expect(errors.count == 1, "\(errors)")
    let error = try #require(errors.first)
    #expect(error.message.contains(message), "\(error)")
    #expect(error.text == text)
    // An empty head is a line too.
    #expect(error.line == line && error.column == column, "\(error)")
    #expect(!error.rendered.contains("hunter2"))
    #expect(loaded.cases.isEmpty)
  }

  @Test func `bounds what variables can grow to`() throws {
    let names = (0..<30).map { "v\($0)" }
    let lines = zip(names, names.dropFirst()).map {
      "  \($1): '\(String(repeating: "${\($0)}", count: 9))'"
    }
    let loaded = load(
      scenario("variables:\n  v0: xxxxxxxxxx\n\(lines.joined(separator: "\n"))", "  - act: ${v29}"))
    #expect(loaded.hasErrors)
    #expect(loaded.diagnostics.contains { $0.message.contains("longer than 64 KiB") })
  }

  @Test func `suggests the name that was meant`() {
    let loaded = load(scenario("variables: {user: a}", "  - act: ${uesr}"))
    #expect(loaded.diagnostics.first?.suggestion == "did you mean “user”?")
  }
}
