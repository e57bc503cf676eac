import Diagnostics
import FoundationEssentials
import Props
import Testing
import YAML

@testable import Configuration

struct ConfigurationTests {
  @Test func `has the defaults of the contract`() throws {
    let (configuration, diagnostics) = try TestFolder().load()
    #expect(diagnostics == [])
    let role = try #require(configuration.role("default"))
    #expect(role.endpoint == Configured("http://localhost:12434/engines/v1", from: .builtIn))
    #expect(role.model.value == "ai/qwen3-vl")
    #expect(role.temperature.value == 0 && role.maxTokens.value == 1_024)
    #expect(role.context.value == 16_384 && role.timeout.value == .seconds(120))
    #expect(role.apiKey == nil && !role.isConfigured)
    #expect(configuration.role("fast") == nil)
    #expect(configuration.role("judge")?.model.value == "ai/qwen3-vl")
    #expect(configuration.output.value == "reports" && configuration.workers.value == 1)
    #expect(configuration.time.value == .seconds(300) && configuration.steps.value == 60)
    #expect(configuration.modelCalls.value == 40 && configuration.tokens.value == 200_000)
    #expect(
      configuration.idle.value == .seconds(30) && configuration.checkTimeout.value == .seconds(10))
    #expect(configuration.globalTimeout == nil && configuration.maxModelCalls == nil)
    #expect(configuration.screen == nil && configuration.target == nil)
  }

  @Test func `lets the later source win`() throws {
    let folder = try TestFolder([
      "qa-agent.yaml": """
      workers: 2
      retries: 2
      limits: {steps: 2, tokens: 2}
      output: two
      profiles: {ci: {retries: 3, limits: {tokens: 3, steps: 3}, output: three}}
      """,
      ".env": "QA_AGENT_LIMITS_STEPS=4\nQA_AGENT_LIMITS_TOKENS=4\nQA_AGENT_OUTPUT=four",
    ])
    let (configuration, diagnostics) = folder.load(
      profile: "ci", environment: ["QA_AGENT_LIMITS_TOKENS": "5", "QA_AGENT_OUTPUT": "five"],
      flags: [("output", "six", "--output")])
    #expect(diagnostics == [])
    let file = folder.path + "/qa-agent.yaml"
    #expect(configuration.checkTimeout.origin == .builtIn)
    #expect(configuration.workers == Configured(2, from: .file(file, line: 1)))
    #expect(configuration.retries == Configured(3, from: .profile("ci", file: file, line: 5)))
    #expect(
      configuration.steps
        == Configured(
          4, from: .dotEnv(variable: "QA_AGENT_LIMITS_STEPS", file: folder.path + "/.env")))
    #expect(
      configuration.tokens == Configured(5, from: .environment(variable: "QA_AGENT_LIMITS_TOKENS")))
    #expect(configuration.output == Configured("six", from: .flag("--output")))
    #expect(configuration.output.overriding == "six" && configuration.retries.overriding == nil)
    #expect(configuration.profile == "ci" && configuration.file == file)
  }

  @Test func `finds the file in a folder above`() throws {
    let folder = try TestFolder([
      "qa-agent.yaml": "workers: 3", "a/b/x": "", "other.yaml": "workers: 4",
    ])
    #expect(folder.load(from: "a/b").configuration.workers.value == 3)
    #expect(folder.load(from: "a/b", file: "other.yaml").configuration.workers.value == 4)
    let missing = folder.load(file: "gone.yaml").diagnostics
    #expect(missing.map(\.code) == [.noSuchPath])
  }

  @Test func `takes an empty variable for none`() throws {
    let (configuration, diagnostics) = try load(
      "workers: 2", environment: ["QA_AGENT_WORKERS": "", "QA_AGENT_PROFILE": "", "LLM_URL": ""])
    #expect(diagnostics == [] && configuration.workers.value == 2)
    #expect(configuration.role("default")?.isConfigured == false)
  }

  @Test func `honours Docker's own variables below all of ours`() throws {
    let docker = [
      "LLM_URL": "http://dmr/engines/v1/", "LLM_MODEL": "ai/x", "MODEL_RUNNER_HOST": "h:1",
    ]
    let role = try #require(try load("", environment: docker).configuration.role("default"))
    #expect(
      role.endpoint == Configured("http://dmr/engines/v1", from: .docker(variable: "LLM_URL")))
    #expect(role.model == Configured("ai/x", from: .docker(variable: "LLM_MODEL")))
    #expect(role.isConfigured)

    let ours = try load(
      "models: {default: {model: file}}",
      environment: docker.merging(["QA_AGENT_MODEL_ENDPOINT": "https://ours/v1"]) { $1 })
    #expect(ours.configuration.role("default")?.endpoint.value == "https://ours/v1")
    #expect(ours.configuration.role("default")?.model.value == "file")
  }

  @Test(arguments: [
    ("h:1", "http://h:1/engines/v1"), ("http://h:1/", "http://h:1/engines/v1"),
    ("https://h", "https://h/engines/v1"), ("http://h:1/v1", "http://h:1/v1"),
  ])
  func `completes the host of the model runner`(host: String, endpoint: String) throws {
    let (configuration, diagnostics) = try load("", environment: ["MODEL_RUNNER_HOST": host])
    #expect(diagnostics == [])
    #expect(
      configuration.role("default")?.endpoint
        == Configured(endpoint, from: .docker(variable: "MODEL_RUNNER_HOST")))
  }

  @Test func `lets a role inherit what it does not say`() throws {
    let (configuration, diagnostics) = try load(
      """
      models:
        default: {endpoint: http://a/v1, model: big, temperature: 0.5, api_key: "${KEY_A}"}
        fast: {model: small, timeout: 5s}
        judge: {endpoint: http://b/v1}
        pixel: {model: pixel, context: 2048}
      """, environment: ["KEY_A": "hunter2"])
    #expect(diagnostics == [])
    let fast = try #require(configuration.role("fast"))
    #expect(fast.endpoint.value == "http://a/v1" && fast.model.value == "small")
    #expect(fast.temperature.value == 0.5 && fast.timeout.value == .seconds(5))
    #expect(fast.apiKey?.reveal() == "hunter2")
    let judge = try #require(configuration.role("judge"))
    #expect(judge.endpoint.value == "http://b/v1" && judge.model.value == "big")
    #expect(judge.apiKey == nil, "a key goes only to the server it was given for")
    #expect(configuration.role("pixel")?.context.value == 2_048)
    #expect(configuration.roleNames == ["default", "fast", "judge", "author", "pixel"])
    #expect(configuration.role("nobody") == nil)
  }

  @Test func `certificates are for the server they were given for`() throws {
    let (configuration, diagnostics) = try load(
      """
      models:
        default: {endpoint: https://a/v1, ca_file: a.pem, client_certificate: c.pem, client_key: k.pem}
        fast: {model: small}
        judge: {endpoint: https://b/v1}
        pixel: {model: pixel, ca_file: p.pem}
      """, environment: ["QA_AGENT_AUTHOR_MODEL_CA_FILE": "author.pem"])
    #expect(diagnostics == [])
    func files(_ name: String) throws -> [String?] {
      let role = try #require(configuration.role(name))
      return [role.caFile, role.clientCertificate, role.clientKey].map { $0?.value }
    }
    #expect(try files("default") == ["a.pem", "c.pem", "k.pem"])
    #expect(try files("fast") == ["a.pem", "c.pem", "k.pem"])
    #expect(try files("judge") == [nil, nil, nil])
    #expect(try files("pixel") == ["p.pem", nil, nil])
    #expect(try files("author") == ["author.pem", nil, nil])
  }

  @Test func `a key without a certificate is an error`() throws {
    let (_, diagnostics) = try load("models: {default: {client_key: k.pem}}")
    #expect(diagnostics.map(\.severity) == [.error])
    #expect(diagnostics[0].message.contains("models.default.client_key"))
    #expect(diagnostics[0].suggestion?.contains("client_certificate") == true)
  }

  @Test func `never prints a key`() throws {
    let (configuration, _) = try load(
      "models: {default: {api_key: '${MY_VAR}'}}",
      environment: ["MY_VAR": "hunter2", "QA_AGENT_JUDGE_MODEL_API_KEY": "hunter3"])
    let role = try #require(configuration.role("default"))
    let judge = try #require(configuration.role("judge"))
    #expect(role.apiKey?.reveal() == "hunter2" && judge.apiKey?.reveal() == "hunter3")
    var dump = ""
    Swift.dump(role, to: &dump)
    let shown = "\(role) \(String(reflecting: judge)) \(dump) \(configuration.lines)"
    #expect(!shown.contains("hunter"))
    let line = try #require(configuration.lines.first { $0.key == "models.default.api_key" })
    #expect(line.value == "‹MY_VAR›")
  }

  @Test func `warns of a key that is not set`() throws {
    let (_, diagnostics) = try load("models: {default: {api_key: '${MY_VAR}'}}")
    #expect(diagnostics.map(\.severity) == [.warning])
    #expect(diagnostics[0].message.contains("MY_VAR"))
  }

  @Test func `reads servers, permissions and the target`() throws {
    let folder = try TestFolder([
      "qa-agent.yaml": """
      target: {demo: shop}
      permissions: {ssh: {allow: ["ls *"], deny: [rm]}}
      mcp:
        browser: {command: [playwright-mcp, --headless], allow: [navigate], environment: [DISPLAY], timeout: 5s}
      """
    ])
    let (configuration, diagnostics) = folder.load()
    #expect(diagnostics == [])
    #expect(
      configuration.servers["browser"]
        == MCPServer(
          name: "browser", command: ["playwright-mcp", "--headless"], allow: ["navigate"],
          environment: ["DISPLAY"], timeout: .seconds(5)))
    #expect(configuration.permissions.allow == ["ls *"] && configuration.permissions.deny == ["rm"])
    #expect(configuration.target?.node["demo"]?.text == "shop")
    let other = folder.load(environment: ["QA_AGENT_TARGET": "vnc://h:1"]).configuration
    #expect(other.screen?.overriding == "vnc://h:1" && other.target != nil)
  }

  @Test func `shows every setting with its origin`() throws {
    let (configuration, _) = try load("workers: 2\nmodels: {pixel: {model: p}}")
    let lines = configuration.lines
    for setting in Setting.all {
      #expect(lines.contains { $0.key == setting.key }, "\(setting.key)")
    }
    let workers = try #require(lines.first { $0.key == "workers" })
    #expect(workers.value == "2" && workers.origin.description.hasSuffix("qa-agent.yaml:1"))
    #expect(lines.contains { $0.key == "models.pixel.model" && $0.value == "p" })
    #expect(lines.first { $0.key == "retries" }?.origin.description == "built in")
  }

  @Test(
    arguments: [
      ("wrokers: 2", "unknown key “wrokers”", "did you mean “workers”?", 1),
      ("limits: {stesp: 1}", "unknown key “stesp” in “limits”", "did you mean “steps”?", 1),
      ("limits: 5", "“limits” must be a mapping", "", 1),
      ("workers: many", "“workers” must be a whole number from 1 to 64, not “many”", "", 1),
      ("\nworkers: 65", "from 1 to 64", "", 2),
      ("workers:", "must have a value, not nothing", "", 1),
      ("workers: [1]", "must have a value, not a list", "", 1),
      ("target: demo:a", "“target” must be a mapping", "", 1),
      ("strict: maybe", "true or false", "", 1),
      ("record: onn", "one of: on, retain-on-failure, off", "did you mean “on”?", 1),
      ("limits: {time: 5}", "a time such as", "such as 5s", 1),
      ("limits: {time: 0s}", "at least 1s", "", 1),
      ("models: {default: {modle: x}}", "unknown key “modle” in “models.default”", "model", 1),
      ("models: {a b: {model: x}}", "no name for a role", "", 1),
      ("models: {default: {temperature: hot}}", "a number from 0.0 to 2.0", "", 1),
      ("models: {default: {temperature: .nan}}", "a number from", "", 1),
      ("models: {default: {endpoint: 'file:///etc/passwd'}}", "starts with http://", "such as", 1),
      ("models: {default: {endpoint: 'gopher://h'}}", "starts with http://", "", 1),
      ("models: {default: {endpoint: 'http://'}}", "no host", "", 1),
      (
        "models: {default: {endpoint: 'http://169.254.169.254/'}}", "no host that may be asked", "",
        1
      ),
      ("models: {default: {endpoint: 'http://h/v1?k=v'}}", "must not have a query", "", 1),
      ("model_role: fats", "unknown model role “fats”", "fast", nil),
      ("mcp: {a: {allow: [x]}}", "needs a command", "", 1),
      ("mcp: {a: {command: [x], alow: [x]}}", "unknown key “alow”", "allow", 1),
      ("mcp: {a: {command: x}}", "must be a list", "", 1),
      ("permissions: {ssh: {allow: x}}", "must be a list", "", 1),
      ("profiles: {ci: {wrokers: 2}}", "unknown key “wrokers”", "workers", 1),
      ("profiles: {ci: {profiles: {}}}", "unknown key “profiles”", "", 1),
      ("output: scenarios/out", "inside the folder of the scenarios", "", nil),
      ("- a", "must be a mapping", "", 1), ("a: [", "did not find", "", 1),
      ("workers: 1\nworkers: 2", "already on line 1", "", 2),
    ] as [(String, String, String, Int?)])
  func `says what is wrong with a file`(
    text: String, message: String, help: String, line: Int?
  ) throws {
    let (_, diagnostics) = try load(text)
    #expect(diagnostics.count == 1, "\(diagnostics)")
    let error = try #require(diagnostics.first)
    #expect(error.severity == .error && error.message.contains(message), "\(error)")
    #expect(help.isEmpty || error.suggestion?.contains(help) == true, "\(error.rendered)")
    #expect(error.line == line)
  }

  @Test(arguments: [
    "models: {default: {api_key: sk-hunter2}}", "models:\n  default:\n    api_key: sk-hunter2",
    "models: {default: {api_kye: sk-hunter2}}",
    "mcp: {a: {command: [x], environment: ['TOKEN=hunter2']}}",
    "models: {default: {endpoint: 'http://u:hunter2@h/v1'}}",
  ])
  func `refuses a key in a file without printing it`(text: String) throws {
    let (configuration, diagnostics) = try load(text)
    #expect(diagnostics.count == 1)
    for error in diagnostics { #expect(!error.rendered.contains("hunter2")) }
    #expect(!"\(configuration.lines)".contains("hunter2"))
  }

  @Test func `says which profile there is`() throws {
    let (_, diagnostics) = try load("profiles: {ci: {workers: 2}}", profile: "cl")
    #expect(diagnostics.map(\.message) == ["there is no profile “cl”"])
    #expect(diagnostics[0].suggestion == "did you mean “ci”?")
  }

  @Test func `says which variable is wrong`() throws {
    let (_, diagnostics) = try load(
      "",
      environment: ["QA_AGENT_WORKERS": "x", "QA_AGENT_MODLE": "y", "QA_AGENT_FROBNICATION": "z"])
    #expect(
      diagnostics.map(\.description) == [
        "QA_AGENT_WORKERS: error: “workers” must be a whole number from 1 to 64, not “x”",
        "QA_AGENT_FROBNICATION: warning: no setting has this variable",
        "QA_AGENT_MODLE: error: no setting has this variable",
      ])
    #expect(diagnostics[2].suggestion == "did you mean “QA_AGENT_MODEL”?")
  }

  @Test func `says which flag is wrong`() throws {
    let (_, diagnostics) = try TestFolder().load(flags: [
      ("workers", "0", "--workers"), ("x", "1", "--x"),
    ])
    #expect(diagnostics.map(\.file) == ["--workers", "--x"])
  }

  @Test func `reads .env`() throws {
    let folder = try TestFolder([
      ".env": #"""
      # comment
      A=plain value  # comment
      export B="two\nlines # here" # comment
      C='sin$gle\n'
      D=
      E=a#b
      F = spaced
      A=later
      """#,
      "qa-agent.yaml": "",
    ])
    let (configuration, diagnostics) = folder.load(environment: ["E": "process"])
    #expect(diagnostics == [])
    #expect(
      configuration.environment == [
        "A": "later", "B": "two\nlines # here", "C": #"sin$gle\n"#, "D": "", "E": "process",
        "F": "spaced",
      ])
  }

  @Test(arguments: [
    "hunter2", "1A=hunter2", "A=\"hunter2", "A='hunter2' x", "A B=hunter2", "=hunter2",
  ])
  func `does not print a wrong line of .env`(line: String) throws {
    let folder = try TestFolder([".env": "OK=1\n\(line)\n"])
    let (_, diagnostics) = folder.load()
    #expect(diagnostics.map(\.line) == [2])
    #expect(diagnostics.allSatisfy { !$0.rendered.contains("hunter2") })
  }
}

struct ExampleFilesTests {
  @Test func `are the files of the repository`() throws {
    #expect(try isUpToDate("example.env", ExampleFiles.environment))
    #expect(try isUpToDate("qa-agent.yaml", ExampleFiles.project))
  }

  @Test func `set nothing as they are`() throws {
    let folder = try TestFolder([
      "qa-agent.yaml": ExampleFiles.project, ".env": ExampleFiles.environment,
    ])
    let (configuration, diagnostics) = folder.load()
    #expect(diagnostics == [])
    #expect(configuration.lines.allSatisfy { !$0.origin.isConfigured })
  }

  @Test func `hold each variable with its default`() throws {
    let text = ExampleFiles.environment.split(separator: "\n").map {
      $0.hasPrefix("# QA_AGENT_") ? String($0.dropFirst(2)) : String($0)
    }
    let (configuration, diagnostics) = try TestFolder([".env": text.joined(separator: "\n")]).load()
    #expect(diagnostics == [])
    for setting in Setting.all {
      let line = try #require(configuration.lines.first { $0.key == setting.key })
      guard let variable = setting.variable else { continue }
      #expect(configuration.environment[variable] != nil, "\(variable)")
      guard let value = setting.defaultText else { continue }
      #expect(line.value == value && line.origin.isConfigured, "\(line)")
    }
  }

  @Test func `hold each key with its default`() throws {
    let text = ExampleFiles.project.split(separator: "\n").map { String($0.dropFirst(2)) }
    let (configuration, diagnostics) = try load(
      text.filter { !$0.hasPrefix("The settings") && !$0.hasPrefix("keys above") }
        .joined(separator: "\n"))
    #expect(diagnostics.filter { $0.severity == .error } == [])
    for setting in Setting.all where setting.key != "target" {
      let line = try #require(configuration.lines.first { $0.key == setting.key })
      #expect(line.origin.isConfigured, "\(setting.key) is missing")
      guard let value = setting.defaultText else { continue }
      #expect(line.value == value)
    }
    #expect(configuration.target?.node["demo"]?.text == "sign-in")
  }

  @Test func `agree with the reference`() throws {
    let text = try document("docs/configuration.md")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| key | variable |") })
    let end = try #require(lines[start...].firstIndex { !$0.hasPrefix("|") })
    let whole = lines[..<start] + [ExampleFiles.table[...]] + lines[end...]
    #expect(try isUpToDate("docs/configuration.md", whole.joined(separator: "\n")))
    for key in ["command", "allow", "environment", "timeout", "profiles", "mcp"] {
      #expect(text.contains("`\(key)`"))
    }
  }

  @Test func `shows only configurations that load`() throws {
    let blocks = try document("docs/configuration.md").split(separator: "\n```yaml\n").dropFirst()
    #expect(blocks.count == 2)
    for block in blocks {
      let text = String(block.split(separator: "\n```", maxSplits: 1)[0])
      #expect(try load(text, profile: text.contains("ci:") ? "ci" : nil).diagnostics == [])
    }
  }

  @Test func `has one variable for each setting`() {
    let variables = Setting.all.compactMap(\.variable)
    #expect(Set(variables).count == variables.count)
    #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
    #expect(variables.contains("QA_AGENT_MODEL_ENDPOINT") && variables.contains("QA_AGENT_MODEL"))
  }
}
