/// One thing that can be set: its key, its variable, its default and what it means.
///
/// `example.env`, the commented `qa-agent.yaml`, the reference and the errors all come from this table.
public struct Setting: Hashable, Sendable {
  /// What a value must be.
  public enum Kind: Hashable, Sendable {
    case text
    /// An address that starts with `http://`, `https://` or `unix:///`.
    case endpoint
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// A time with its unit, at least so long.
    case duration(atLeast: Duration)
    case boolean
    case choice([String])
    case list
    /// Names in a list, or in one text between commas, spaces or plus signs.
    case names
    /// A value that is never shown; in a file only the name of an environment variable may stand.
    case secret
  }

  /// The path of keys in `qa-agent.yaml`, joined by dots: `limits.time`.
  public let key: String
  /// The environment variable; nil when there is none.
  public let variable: String?
  /// What a value must be.
  public let kind: Kind
  /// The built-in value as it would be written; nil when there is none.
  let defaultText: String?
  /// One sentence.
  public let summary: String

  init(
    _ key: String, _ kind: Kind, default defaultText: String? = nil, variable: String? = nil,
    hasVariable: Bool = true, _ summary: String
  ) {
    self.key = key
    self.kind = kind
    self.defaultText = defaultText
    self.variable = hasVariable ? variable ?? Self.variable(for: key) : nil
    self.summary = summary
  }

  private static func variable(for key: String) -> String {
    "QA_AGENT_" + key.uppercased().map { $0 == "." ? "_" : "\($0)" }.joined()
  }
}

extension Setting {
  /// Everything that can be set, in the order of the reference.
  public static let all: [Setting] = models + running + limits + output + permissions

  /// The settings of one model role.
  static func role(_ name: String, isBuiltIn: Bool = true) -> [Setting] {
    let isDefault = name == "default"
    let prefix = isDefault ? "QA_AGENT_MODEL" : "QA_AGENT_\(name.uppercased())_MODEL"
    func setting(
      _ field: String, _ kind: Kind, _ value: String?, _ summary: String
    ) -> Setting {
      let suffix = field == "model" ? "" : "_" + field.uppercased()
      return Setting(
        "models.\(name).\(field)", kind, default: isDefault ? value : nil,
        variable: prefix + suffix, hasVariable: isBuiltIn, summary)
    }
    return [
      setting(
        "endpoint", .endpoint, "http://localhost:12434/engines/v1",
        "The OpenAI-compatible address of the model server."),
      setting("model", .text, "ai/qwen3-vl", "The model's name."),
      setting("api_key", .secret, nil, "The key that the server asks for."),
      setting(
        "ca_file", .text, nil,
        "The PEM file of the authorities to trust, instead of the machine's, for https."),
      setting(
        "client_certificate", .text, nil,
        "The PEM file of the certificate to show a server that asks for one."),
      setting(
        "client_key", .text, nil,
        "The PEM file of that certificate's key, if it is in a file of its own."),
      setting("temperature", .number(0...2), "0", "How much chance there is in an answer."),
      setting("max_tokens", .integer(1...131_072), "1024", "The longest answer, in tokens."),
      setting(
        "context", .integer(1_024...4_194_304), "16384",
        "The context in tokens; Docker Model Runner is told it where it is set."),
      setting(
        "keep_alive", .duration(atLeast: .zero), "1h",
        "How long Docker Model Runner keeps the model in memory, where `context` is set."),
      setting(
        "timeout", .duration(atLeast: .seconds(1)), "120s",
        "How long the first piece of an answer may take."),
      setting(
        "family", .choice(["auto"] + families), "auto",
        "How the model wants pictures, coordinates and calls; `auto` goes by its name."),
      setting(
        "thinking", .choice(["auto", "on", "off"]), "auto",
        "Whether the model thinks before it answers; `auto` spares the time where that can be chosen."
      ),
      setting(
        "load_timeout", .duration(atLeast: .seconds(1)), "10m",
        "How long fetching an engine and loading the model may take, before the first case."),
      setting(
        "turns", .choice(["auto", "alternate", "words"]), "auto",
        "How a conversation is told: `alternate` where user and assistant must take turns, `words` without calls and results; `auto` finds out."
      ),
      setting(
        "calls", .choice(["auto", "tools", "json"]), "auto",
        "Whether the model acts by `tools`, or by `json` where its server takes none; `auto` goes by the family and finds out."
      ),
      setting(
        "leave_out", .names, nil,
        "Fields that the server does not take, such as temperature, seed, stream_options or parallel_tool_calls."
      ),
      setting(
        "tokens_field", .choice(["auto", "max_tokens", "max_completion_tokens"]), "auto",
        "The field that bounds an answer; `auto` finds out."),
      setting(
        "pictures", .integer(1...1_000), nil,
        "The most pictures that the server takes in one request."),
      setting(
        "body_limit", .integer(100_000...1_000_000_000), "10000000",
        "The largest request in bytes."),
      Setting(
        "models.\(name).fallback", .list, default: isDefault ? "[]" : nil, hasVariable: false,
        "Roles that are asked, in this order, when this one cannot answer."),
    ]
  }

  /// The families of models that are treated in their own way; a test holds them to the client's list.
  public static let families = [
    "qwen3-vl", "qwen3.5", "qwen2.5-vl", "ui-tars-1.5", "ui-tars-1.0", "gemma3", "gemma4",
    "smolvlm", "moondream", "ministral", "holo1.5", "holo2", "glm-v", "claude", "openai", "unknown",
  ]

  private static let models =
    ["default", "fast", "judge", "author"].flatMap { role($0) } + [
      Setting("model_role", .text, default: "default", "The role that acts."),
      Setting(
        "no_model", .boolean, default: "false",
        "Use the local engine only: nothing leaves the machine."),
      Setting(
        "preflight", .boolean, default: "true",
        "Test before a run, once for each model, whether it sees, points and calls tools."),
      Setting(
        "pull_models", .boolean, default: "false",
        "Download a model that is not there when a run needs it."),
      Setting(
        "max_model_calls", .integer(0...1_000_000), "Calls to models in one case, at most."),
    ]

  private static let running = [
    Setting("scenarios", .text, default: "scenarios", "The folder that is run when none is named."),
    Setting("workers", .integer(1...64), default: "1", "Cases that run at the same time."),
    Setting(
      "retries", .integer(0...20), default: "0",
      "Attempts after the first, where a scenario does not say."),
    Setting(
      "check_timeout", .duration(atLeast: .milliseconds(1)), default: "10s",
      "How long a check is tried, where its step does not say."),
    Setting(
      "ocr", .names,
      "The languages that screens are read in, as Tesseract names them, where neither a scenario nor its target says."
    ),
    Setting("global_timeout", .duration(atLeast: .seconds(1)), "The limit of a whole run."),
    Setting(
      "max_failures", .integer(0...100_000), default: "0",
      "Stop after so many failed cases; 0 never stops."),
    Setting(
      "strict", .boolean, default: "false",
      "Nothing checked fails, and what would be skipped is an error."),
    Setting("fail_on_flaky", .boolean, default: "false", "A pass on a retry fails the run."),
    Setting(
      "fail_on_healed", .boolean, default: "false",
      "A stored path that had to be found anew fails the run."),
    Setting(
      "pass_with_no_tests", .boolean, default: "false", "A run that selects nothing passes."),
    Setting(
      "target", .text,
      "The screen: in the file what scenarios without one drive; elsewhere it wins over them."),
  ]

  private static let limits = [
    Setting(
      "limits.time", .duration(atLeast: .seconds(1)), default: "5m", "One attempt of one case."),
    Setting("limits.steps", .integer(1...10_000), default: "60", "Actions of one attempt."),
    Setting(
      "limits.model_calls", .integer(0...10_000), default: "40", "Calls to models of one attempt."),
    Setting(
      "limits.tokens", .integer(0...1_000_000_000), default: "200000",
      "Tokens to and from models of one attempt."),
    Setting(
      "limits.idle", .duration(atLeast: .seconds(1)), default: "30s",
      "How long nothing at all may happen."),
  ]

  private static let output = [
    Setting("output", .text, default: "reports", "The folder of reports and history."),
    Setting(
      "record", .choice(["on", "retain-on-failure", "off"]), default: "on",
      "Which recordings are kept."),
    Setting(
      "reporter", .choice(["auto", "list", "line", "dots", "github", "json", "none"]),
      default: "auto", "What is printed during a run."),
    Setting(
      "color", .choice(["auto", "always", "never"]), default: "auto", "Colours in the terminal."),
  ]

  private static let permissions = [
    Setting(
      "permissions.ssh.allow", .list, default: "[]", hasVariable: false,
      "Patterns of commands that a model may run on hosts, for scenarios without `permissions`."),
    Setting(
      "permissions.ssh.deny", .list, default: "[]", hasVariable: false,
      "Patterns of commands that it must not run in any scenario; they win."),
  ]
}
