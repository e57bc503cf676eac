public import JSONCoding
internal import Languages

/// The JSON Schema of a scenario file, for editors; the parser itself says more and says it better.
public enum ScenarioSchema {
  /// The schema, draft 2020-12.
  public static let json: JSON = SchemaParts.adding(
    [("$defs", definitions)], to: .object(head(scenario)))

  /// The schema as `docs/scenario.schema.json` holds it.
  public static var text: String { json.prettyText + "\n" }

  private static func head(_ schema: JSON) -> JSONObject {
    var object = JSONObject()
    object["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    object["title"] = "qa-agent scenario"
    for (key, value) in schema.object?.pairs ?? [] { object[key] = value }
    return object
  }

  private static var definitions: JSON {
    .object(
      JSONObject(
        (basics + targetParts + [
          ("step", step), ("steps", SchemaParts.list(SchemaParts.reference("step"))),
          ("check", check), ("target", target),
        ]).map { ($0.name, $0.value) }))
  }

  private static var basics: [SchemaParts.Property] {
    let text: JSON = ["type": ["string", "number", "boolean"]]
    return [
      (
        "text",
        SchemaParts.adding(
          [("description", "A text; ${NAME} is a variable, {{ name.field }} an earlier result.")],
          to: text)
      ),
      ("filledText", SchemaParts.adding([("pattern", #"\S"#)], to: text)),
      (
        "variable",
        ["description": "A text with a variable in it.", "type": "string", "pattern": #"\$\{"#]
      ),
      (
        "duration",
        [
          "description": "A time with its unit: 500ms, 30s, 5m, 1h, 1m30s.", "type": "string",
          "pattern": #"^(([0-9]+(\.[0-9]+)?(ms|s|m|h))+|.*\$\{.*)$"#,
        ]
      ),
      (
        "share",
        [
          "description": "A share from 0 to 1, or in percent.",
          "anyOf": [
            ["type": "number", "minimum": 0, "maximum": 1],
            ["type": "string", "pattern": #"^(([0-9]+\.?[0-9]*|\.[0-9]+)%?|.*\$\{.*)$"#],
          ],
        ]
      ),
      (
        "pattern",
        [
          "description": "A regular expression (PCRE2).", "type": ["string", "number"],
          "maxLength": 1000,
        ]
      ),
      (
        "label",
        [
          "type": ["string", "number", "boolean"], "pattern": #"^[^./\\][^/\\]*$"#,
          "maxLength": 100,
        ]
      ),
      ("name", ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"]),
      ("environmentName", ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"]),
      (
        "password",
        [
          "description": "The name of a secret: ${NAME}.", "type": "string",
          "pattern": #"^(\$\{[^}]+\})+$"#,
        ]
      ),
    ]
  }
}

extension ScenarioSchema {
  static let variableName = #"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"#

  private static var scenario: JSON {
    SchemaParts.object(required: ["name", "steps"], about + driving + data + stepLists)
  }

  private static var about: [SchemaParts.Property] {
    [
      ("name", SchemaParts.reference("filledText", "The name people read.")),
      (
        "id",
        SchemaParts.reference(
          "filledText",
          "The stable id; default: the path under the scenario root, without extension.")
      ),
      ("description", SchemaParts.reference("text", "Free text, shown in the report.")),
      ("tags", SchemaParts.list("Tags to select by.", SchemaParts.reference("filledText"))),
      (
        "requires",
        SchemaParts.list(
          "What must be there: model, ssh, xvnc, chromium, or any command's name.",
          SchemaParts.reference("filledText"))
      ),
      (
        "properties",
        SchemaParts.map(
          "Names and values carried into JUnit and HTML.", SchemaParts.reference("text"))
      ),
    ]
  }

  private static var driving: [SchemaParts.Property] {
    [
      ("target", SchemaParts.reference("driven")),
      (
        "model",
        SchemaParts.withDefault(
          "default", SchemaParts.reference("filledText", "A model role of the configuration."))
      ),
      (
        "language",
        SchemaParts.choice(Language.codes, default: "en", "The language of its act lines.")
      ),
      ("ocr", readingLanguages),
      ("limits", limits),
      (
        "retries",
        SchemaParts.integer(
          0...20, default: 0, "Attempts after the first; a pass after a failure is flaky.")
      ),
      ("permissions", permissions),
      ("ends", ends),
    ]
  }

  /// The languages of a screen.
  static var readingLanguages: JSON {
    let name: JSON = [
      "type": "string",
      "pattern": #"^((script/)?[A-Za-z0-9_]+([ ,+]+(script/)?[A-Za-z0-9_]+)*|.*\$\{.*)$"#,
    ]
    return SchemaParts.anyOf(
      "The languages that the screen is read in, as Tesseract names them; default: that of `language`.",
      [name, ["type": "array", "items": name, "minItems": 1]])
  }

  private static var limits: JSON {
    SchemaParts.object(
      "The limits of one attempt.",
      [
        ("time", SchemaParts.duration(default: "5m", "The whole attempt, at least 1s.")),
        ("steps", SchemaParts.integer(1...10_000, default: 60, "Actions of all kinds.")),
        ("model_calls", SchemaParts.integer(0...10_000, default: 40, "Calls to a model.")),
        (
          "tokens",
          SchemaParts.integer(0...1_000_000_000, default: 200_000, "Tokens to and from models.")
        ),
        (
          "idle",
          SchemaParts.duration(default: "30s", "How long nothing at all may happen, at least 1s.")
        ),
      ])
  }

  private static var permissions: JSON {
    let commands = SchemaParts.list(SchemaParts.reference("filledText"))
    let rules = SchemaParts.object(
      [
        (
          "allow",
          SchemaParts.adding([("description", "Patterns that allow a command.")], to: commands)
        ),
        (
          "deny",
          SchemaParts.adding(
            [("description", "Patterns that forbid a command; they win.")], to: commands)
        ),
        (
          "shell",
          SchemaParts.boolean("Whether a model may write command lines.")
        ),
      ])
    return SchemaParts.object(
      "What a model may run on hosts, out of what the operator's policy permits; without it, nothing.",
      required: ["ssh"],
      [("ssh", rules)])
  }

  private static var data: [SchemaParts.Property] {
    let values = SchemaParts.list(SchemaParts.reference("text"), least: 1)
    return [
      (
        "variables",
        SchemaParts.map("Values for ${NAME}.", names: variableName, SchemaParts.reference("text"))
      ),
      (
        "secrets",
        SchemaParts.list(
          "Environment variables that are never written anywhere.",
          SchemaParts.reference("environmentName"))
      ),
      (
        "matrix",
        SchemaParts.adding(
          [("minProperties", 1)],
          to: SchemaParts.map(
            "One case for each combination of values.", names: variableName, values))
      ),
    ]
  }

  private static var stepLists: [SchemaParts.Property] {
    let steps = SchemaParts.reference("step")
    return [
      (
        "setup", SchemaParts.list("Steps before; a failure here is an error, not a failure.", steps)
      ),
      ("steps", SchemaParts.list("The steps.", steps, least: 1)),
      ("teardown", SchemaParts.list("Steps that always run at the end.", steps)),
    ]
  }
}
