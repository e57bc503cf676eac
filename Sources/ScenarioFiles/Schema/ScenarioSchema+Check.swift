internal import JSONCoding
internal import Scenario

extension ScenarioSchema {
  static var check: JSON {
    SchemaParts.anyOf(
      "Something that holds or does not hold.",
      [
        SchemaParts.reference("filledText"), textCheck, absent, past("seen", "at some moment"),
        past("never", "at no moment", [watching]), image, unchanged, screen,
        command("ssh", "A command on the SSH host says so.", SchemaParts.commandParts),
        command(
          "run", "A command on the machine of the runner says so.",
          SchemaParts.commandParts.filter { $0.name != "host" }),
        file, application, log, value,
      ]
        + combined)
  }

  private static var textCheck: JSON {
    SchemaParts.adding(
      [("anyOf", SchemaParts.exactlyOne(of: ["text", "matches"]))],
      to: SchemaParts.object(
        "A text is on the screen.",
        [
          ("text", SchemaParts.reference("filledText", "The text.")),
          ("matches", SchemaParts.reference("pattern", "What the text matches.")),
          ("region", SchemaParts.reference("region")),
          (
            "count",
            SchemaParts.integer(1...1_000, "How often it is there; default: at least once.")
          ),
          ("stays", SchemaParts.reference("duration", "How long it must stay there.")),
          (
            "exact",
            SchemaParts.boolean("The text must be exactly this; only white space is forgiven.")
          ),
        ]))
  }

  private static var absent: JSON {
    SchemaParts.object(
      "A text is not on the settled screen.", required: ["absent"],
      [
        ("absent", SchemaParts.reference("filledText", "The text.")),
        ("region", SchemaParts.reference("region")),
      ])
  }

  private static var watching: (String, JSON) {
    (
      "for",
      SchemaParts.withDefault(
        "1s", SchemaParts.reference("duration", "How long the screen is watched on, at most 60s."))
    )
  }

  private static func past(
    _ key: String, _ when: String, _ more: [(String, JSON)] = []
  ) -> JSON {
    SchemaParts.object(
      "A text was on the screen \(when) since the last step that acted began to act.",
      required: [key],
      [
        (key, SchemaParts.reference("filledText", "The text.")),
        ("region", SchemaParts.reference("region")),
        (
          "during",
          SchemaParts.choice(
            Check.Span.allCases.map(\.rawValue), default: Check.Span.step.rawValue,
            "How far back: the last step that acted, or the whole case.")
        ),
      ] + more)
  }

  private static var image: JSON {
    SchemaParts.object(
      "A picture is on the screen.", required: ["image"],
      [
        ("image", SchemaParts.reference("filledText", "The path of the picture.")),
        ("region", SchemaParts.reference("region")),
      ] + ScenarioSchema.likeness)
  }

  private static var unchanged: JSON {
    SchemaParts.object(
      "The screen equals a stored baseline.", required: ["unchanged"],
      [
        ("unchanged", SchemaParts.reference("label", "The name of the baseline.")),
        (
          "tolerance",
          SchemaParts.withDefault(
            0, SchemaParts.reference("share", "The share of pixels that may differ."))
        ),
        (
          "ignore",
          SchemaParts.list("Parts that are not compared.", SchemaParts.reference("region"))
        ),
      ])
  }

  private static var screen: JSON {
    SchemaParts.object(
      "A statement that a separate judge says is true.", required: ["screen"],
      [
        ("screen", SchemaParts.reference("filledText", "The statement.")),
        (
          "votes",
          SchemaParts.integer(
            1...15, default: 1, "How often the judge is asked; the majority decides.")
        ),
      ])
  }

  private static func command(
    _ key: String, _ description: String, _ parts: [SchemaParts.Property]
  ) -> JSON {
    SchemaParts.object(
      description, required: [key],
      [
        (key, SchemaParts.commandLine),
        ("exit", SchemaParts.integer(0...255, default: 0, "The exit status.")),
        ("stdout", SchemaParts.reference("text", "The whole output.")),
        ("matches", SchemaParts.reference("pattern", "What the output matches.")),
        ("never", SchemaParts.reference("filledText", "What the output does not hold.")),
      ] + parts)
  }

  private static var file: JSON {
    let content: [SchemaParts.Property] = [
      ("text", SchemaParts.reference("filledText", "A text that is in it.")),
      ("equals", SchemaParts.reference("text", "The whole text.")),
      ("matches", SchemaParts.reference("pattern", "What its text matches.")),
      ("never", SchemaParts.reference("filledText", "What is not in it.")),
      (
        "sha256",
        [
          "description": "The SHA-256 of its bytes.", "type": "string",
          "pattern": #"^([0-9A-Fa-f]{64}|.*\$\{.*)$"#,
        ]
      ),
    ]
    let gone: JSON = ["properties": ["exists": ["const": false]], "required": ["exists"]]
    return SchemaParts.adding(
      [
        ("if", gone),
        ("then", ["not": ["anyOf": SchemaParts.exactlyOne(of: content.map(\.name))]]),
      ],
      to: SchemaParts.object(
        "A file is there, and holds what it should.", required: ["file"],
        [
          ("file", SchemaParts.reference("filledText", "The path.")),
          (
            "in",
            SchemaParts.choice(["case", "project"], default: "case", "Where the path starts.")
          ),
          (
            "exists",
            SchemaParts.anyOf(
              "Whether it is there.", [["type": "boolean"], SchemaParts.reference("variable")])
          ),
        ] + content))
  }

  private static var application: JSON {
    SchemaParts.adding(
      [
        (
          "if", ["properties": ["application": ["enum": ["running"]]]]
        ), ("then", ["not": ["required": ["exit"]]]),
      ],
      to: SchemaParts.object(
        "The application runs, or has ended.", required: ["application"],
        [
          (
            "application",
            SchemaParts.choice(["running", "ended"], "What is left of its processes.")
          ),
          ("exit", SchemaParts.integer(0...255, "The status it ended with; default: any end.")),
        ]))
  }

  private static var log: JSON {
    let parts: [SchemaParts.Property] = [
      ("matches", SchemaParts.reference("pattern", "What a line of the output matches.")),
      ("never", SchemaParts.reference("filledText", "What is not in the output.")),
    ]
    let inside = SchemaParts.adding(
      [("minProperties", 1)],
      to: SchemaParts.object(
        [("text", SchemaParts.reference("filledText", "What is in the output."))] + parts))
    return SchemaParts.adding(
      [
        (
          "if", ["properties": ["log": ["type": "object"]]]
        ), ("then", ["not": ["anyOf": SchemaParts.exactlyOne(of: Vocabulary.logParts)]]),
      ],
      to: SchemaParts.object(
        "What the application wrote says so.", required: ["log"],
        [
          (
            "log",
            SchemaParts.anyOf(
              "What is in the output.", [SchemaParts.reference("filledText"), inside])
          )
        ] + parts))
  }

  private static var value: JSON {
    let number = SchemaParts.anyOf([["type": "number"], SchemaParts.reference("variable")])
    return SchemaParts.adding(
      [("oneOf", SchemaParts.exactlyOne(of: Vocabulary.comparisons))],
      to: SchemaParts.object(
        "A value compares so.", required: ["value"],
        [
          ("value", SchemaParts.reference("text", "The value, such as {{ order.value }}.")),
          ("equals", SchemaParts.reference("text")), ("not_equals", SchemaParts.reference("text")),
          ("matches", SchemaParts.reference("pattern")),
          ("contains", SchemaParts.reference("text")), ("less_than", number),
          ("greater_than", number),
        ]))
  }

  private static var combined: [JSON] {
    let checks = SchemaParts.list(SchemaParts.reference("check"), least: 1)
    return [
      SchemaParts.object(
        "The opposite.", required: ["not"], [("not", SchemaParts.reference("check"))]),
      SchemaParts.object("All of them.", required: ["all"], [("all", checks)]),
      SchemaParts.object("At least one of them.", required: ["any"], [("any", checks)]),
    ]
  }
}
