@testable import Configuration

/// The files that show every setting with its default; tests keep those in the repository equal to them.
enum ExampleFiles {
  /// `example.env`.
  static var environment: String {
    let head = """
      # Every variable of qa-agent, with its default. Copy this file to .env and take the # away from what
      # you change. A variable wins over qa-agent.yaml; a flag wins over a variable. Without the first two,
      # Docker's own LLM_URL and LLM_MODEL are used, then MODEL_RUNNER_HOST.

      """
    let variables = Setting.all.compactMap { setting in
      setting.variable.map { variable in
        let note = setting.defaultText == nil ? " No default." : ""
        return
          "# \(setting.summary)\(inherited(setting) ?? note)\n# \(variable)=\(setting.defaultText ?? "")\n"
      }
    }
    let profile = "# The profile of qa-agent.yaml that is used. No default.\n# QA_AGENT_PROFILE=\n"
    return ([head] + variables + [profile]).joined(separator: "\n")
  }

  /// What a role's setting is when nobody sets it.
  private static func inherited(_ setting: Setting) -> String? {
    let parts = setting.key.split(separator: ".")
    guard parts.count == 3, parts[0] == "models", parts[1] != "default" else { return nil }
    return parts[1] == "fast" && (parts[2] == "endpoint" || parts[2] == "model")
      ? " Default: the default role's; without both there is no fast role."
      : " Default: the default role's."
  }

  /// `qa-agent.yaml` with every key as a comment.
  static var project: String {
    let head = """
      # The settings of a project, each at its default. Take the "# " away from what you change, and from the
      # keys above it. docs/configuration.md says more; `qa-agent config show --origin` says what is in force.

      """
    let body = models + settings + servers + profiles
    return ([head] + body.map { "# \($0)" }).joined(separator: "\n") + "\n"
  }

  private static var models: [String] {
    let roles: [(String, String)] = [
      ("default", "Asked when the local engine does not find its way."),
      ("fast", "Asked before it; what it says is checked, and the default role takes over."),
      ("judge", "Decides `expect: {screen: …}`. What a role does not say is the default role's."),
      ("author", "Writes scenarios from recordings."),
    ]
    return ["models:"]
      + roles.flatMap { name, summary in
        ["  # \(summary)", "  \(name):"]
          + Setting.role(name).flatMap { setting in
            (name == "default" ? ["    # \(setting.summary)\(note(setting))"] : []) + [
              "    \(line(setting))"
            ]
          }
      }
  }

  /// A key with its default, or with an example where there is none.
  private static func line(_ setting: Setting) -> String {
    let parts = setting.key.split(separator: ".").map(String.init)
    let field = parts.last ?? ""
    let value: String
    if setting.kind == .secret {
      value = "${\(setting.variable ?? "")}"
    } else if parts.count == 3, parts[0] == "models" {
      value =
        Setting.role("default").first { $0.key.hasSuffix(".\(field)") }?.defaultText
        ?? examples[field] ?? ""
    } else {
      value = setting.defaultText ?? examples[field] ?? ""
    }
    let needsQuotes = ["on", "off"].contains(value)
    return "\(field): \(needsQuotes ? "\"\(value)\"" : value)"
  }

  private static let examples = [
    "max_model_calls": "500", "leave_out": "[temperature, seed]", "pictures": "4",
    "ocr": "[eng, deu]", "global_timeout": "1h",
    "target": "{ demo: sign-in }",
    "ca_file": "tls/authority.pem", "client_certificate": "tls/client.pem",
    "client_key": "tls/client.key",
  ]

  private static var settings: [String] {
    var lines: [String] = []
    var open: [String] = []
    for setting in Setting.all where !setting.key.hasPrefix("models.") {
      let parents = setting.key.split(separator: ".").dropLast().map(String.init)
      for (depth, parent) in parents.enumerated() where depth >= open.count || open[depth] != parent
      {
        lines.append(indent(depth) + "\(parent):")
      }
      open = parents
      lines.append(indent(parents.count) + "# \(setting.summary)\(note(setting))")
      lines.append(indent(parents.count) + line(setting))
    }
    return lines
  }

  /// What stands below is an example, where there is no default.
  private static func note(_ setting: Setting) -> String {
    setting.defaultText == nil && setting.kind != .secret ? " No default." : ""
  }

  private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

  private static let servers = [
    "# Tool servers for `tool:` steps; only the tools in `allow` may be called.",
    "mcp:",
    "  browser:",
    "    command: [playwright-mcp, --headless]",
    "    allow: [navigate, click]",
    "    # The variables it gets, by name.",
    "    environment: []",
    "    timeout: 30s",
  ]

  private static let profiles = [
    "# Other values for some runs: qa-agent run -P ci. Any key above may stand in a profile.",
    "profiles:",
    "  ci:",
    "    workers: 2",
  ]

  /// The table of the reference: key, variable, default, meaning.
  static var table: String {
    let rows = Setting.all.map { setting in
      let variable = setting.variable.map { "`\($0)`" } ?? "–"
      let value =
        inherited(setting) != nil
        ? "the default role's" : setting.defaultText.map { "`\($0)`" } ?? "–"
      return
        "| `\(setting.key)` | `\(variable.filter { $0 != "`" })` | \(value) | \(setting.summary) |"
        .replacing("| `–` |", with: "| – |")
    }
    return (["| key | variable | default | meaning |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }
}
