internal import Hands
internal import JSONCoding
internal import Scenario

extension ScenarioSchema {
  static var targetParts: [SchemaParts.Property] {
    [("driven", driven), ("sshHost", sshHost), ("region", region)]
  }

  private static var driven: JSON {
    SchemaParts.adding(
      [
        (
          "oneOf",
          .array(
            (SchemaParts.exactlyOne(of: ["desktop", "vnc", "demo"]).array ?? []) + [noScreen])
        ),
        ("if", ["required": ["via"]]), ("then", ["required": ["vnc", "ssh"]]),
        ("allOf", [["if": ["required": ["typing"]], "then": ["required": ["ssh"]]]]),
      ],
      to: SchemaParts.object(
        "What is driven; default: the configuration's target, then a private desktop.",
        [
          ("desktop", desktop),
          (
            "vnc",
            SchemaParts.reference("filledText", "Any VNC server: vnc://host:5901 or vnc://host:1.")
          ),
          ("demo", SchemaParts.reference("filledText", "An embedded demo screen.")),
          ("password", SchemaParts.reference("password", "The VNC password.")),
          ("security", security),
          ("ca_file", SchemaParts.reference("filledText", "The authorities of the VNC server.")),
          ("fingerprint", SchemaParts.reference("filledText", "The SHA-256 of its certificate.")),
          ("user", SchemaParts.reference("filledText", "The user name for the Plain types.")),
          (
            "via",
            SchemaParts.choice(
              TargetSpec.Via.allCases.map(\.rawValue),
              "Reach the VNC server through the SSH host, as that one knows its address.")
          ),
          ("ssh", SchemaParts.reference("sshHost")), ("hosts", hosts), ("typing", hostTyping),
          ("ocr", readingLanguages),
        ]))
  }

  /// Hosts alone.
  private static var noScreen: JSON {
    let screens: [JSON] = ["desktop", "vnc", "demo"].map { ["required": [.string($0)]] }
    return [
      "anyOf": [["required": ["ssh"]], ["required": ["hosts"]]], "not": ["anyOf": .array(screens)],
    ]
  }

  private static var hosts: JSON {
    SchemaParts.map(
      "Further SSH hosts by name, for `host: NAME`.", names: "^[A-Za-z_][A-Za-z0-9_-]{0,63}$",
      SchemaParts.reference("sshHost"))
  }

  private static var security: JSON {
    let type = SchemaParts.choice(Vocabulary.vncSecurity, "A security type of a VNC server.")
    return SchemaParts.anyOf(
      "The security types that are accepted, the best first.",
      [type, ["type": "array", "items": type]])
  }

  private static var desktop: JSON {
    let size: JSON = [
      "description": "Pixels, each side from 64 to 8192.", "type": "string",
      "pattern": #"^([0-9]+x[0-9]+|.*\$\{.*)$"#, "default": "1280x800",
    ]
    return SchemaParts.object(
      "A private X desktop that the runner starts and removes.",
      [
        ("size", size),
        (
          "run",
          SchemaParts.reference("filledText", "A command started on it, in the project root.")
        ),
        ("env", SchemaParts.environment),
        ("wm", SchemaParts.reference("filledText", "A window manager's command.")),
        ("ends", ends),
      ])
  }

  static var ends: JSON {
    SchemaParts.boolean("The application may end before the scenario does, in any way.")
  }

  private static var hostTyping: JSON {
    SchemaParts.adding(
      [("anyOf", SchemaParts.exactlyOne(of: ["with", "read"]))],
      to: SchemaParts.object(
        "Commands on the SSH host that type, and show what was typed.",
        [
          ("with", SchemaParts.reference("filledText", "Types what it reads from its input.")),
          ("read", SchemaParts.reference("filledText", "Prints what is selected on the screen.")),
          ("all", SchemaParts.boolean("It types every text, not only what keys cannot.")),
        ]))
  }

  private static var sshHost: JSON {
    SchemaParts.adding(
      [
        (
          "anyOf",
          SchemaParts.exactlyOne(of: ["identity", "password", "agent", "config"])
        )
      ],
      to: SchemaParts.object(
        "Where `ssh` steps and a model's commands run.", required: ["url"],
        [
          ("url", SchemaParts.reference("filledText", "ssh://user@host:port")),
          ("identity", SchemaParts.reference("filledText", "The path of a private key.")),
          ("password", SchemaParts.reference("password")),
          ("agent", SchemaParts.boolean("Ask the SSH agent.")),
          (
            "known_hosts",
            SchemaParts.withDefault(
              "~/.ssh/known_hosts",
              SchemaParts.reference("filledText", "The file of known host keys."))
          ),
          (
            "config",
            SchemaParts.anyOf(
              "Look the host up in ~/.ssh/config (true), or in this file.",
              [["type": "boolean"], SchemaParts.reference("filledText")])
          ),
        ]))
  }

  private static var region: JSON {
    let number: JSON = ["type": "integer", "minimum": 0, "maximum": 16_384]
    let corners: JSON = [
      "type": "array", "items": SchemaParts.anyOf([number, SchemaParts.reference("variable")]),
      "minItems": 4, "maxItems": 4,
    ]
    return SchemaParts.anyOf(
      "A part of the screen: [x, y, width, height] or a name.",
      [
        corners, ["enum": SchemaParts.strings(Region.Name.allCases.map(\.rawValue))],
        SchemaParts.reference("variable"),
      ])
  }

  static var target: JSON {
    SchemaParts.anyOf("What a step is done to.", [SchemaParts.reference("filledText"), fullTarget])
  }

  /// A target, with how something is done there.
  static func target(_ description: String, also more: [SchemaParts.Property]) -> JSON {
    SchemaParts.anyOf(
      description, [SchemaParts.reference("filledText"), fullTarget(also: more)])
  }

  private static var fullTarget: JSON { fullTarget(also: []) }

  private static func fullTarget(also more: [SchemaParts.Property]) -> JSON {
    let number: JSON = ["type": "integer", "minimum": 0, "maximum": 16_383]
    let point: JSON = [
      "description": "A place in pixels: [x, y].", "type": "array",
      "items": SchemaParts.anyOf([number, SchemaParts.reference("variable")]), "minItems": 2,
      "maxItems": 2,
    ]
    let kinds: [SchemaParts.Property] = [
      ("text", SchemaParts.reference("filledText", "Text seen on the screen.")),
      ("image", SchemaParts.reference("filledText", "The path of a picture.")), ("at", point),
      ("describe", SchemaParts.reference("filledText", "Words for the model.")),
    ]
    return SchemaParts.adding(
      [
        ("oneOf", SchemaParts.exactlyOne(of: Vocabulary.targetKinds)),
        ("allOf", idleQualifiers),
      ], to: SchemaParts.object(kinds + qualifiers + more))
  }

  /// Which qualifiers mean nothing beside which kind.
  private static var idleQualifiers: JSON {
    let kinds: [(String, [String])] = [
      ("text", Vocabulary.likeness), ("image", ["exact", "kind"]),
      ("at", Vocabulary.targetQualifiers),
      ("describe", Vocabulary.targetQualifiers.filter { $0 != "region" }),
    ]
    return .array(
      kinds.map { kind, idle in
        let none = SchemaParts.exactlyOne(of: idle)
        return ["if": ["required": [.string(kind)]], "then": ["not": ["anyOf": none]]]
      })
  }

  private static var qualifiers: [SchemaParts.Property] {
    func text(_ description: String) -> JSON { SchemaParts.reference("filledText", description) }
    return [
      ("exact", SchemaParts.boolean("The text must be exactly this, case and all.")),
      (
        "kind",
        SchemaParts.choice(TargetKind.allCases.map(\.rawValue), "What kind of thing it is.")
      ),
      ("nth", SchemaParts.integer(1...1_000, "Which of several hits in reading order, from 1.")),
      ("near", text("The hit nearest to this text.")),
      ("left_of", text("The hits left of this text.")),
      ("right_of", text("The hits right of this text.")),
      ("above", text("The hits above this text.")), ("below", text("The hits below this text.")),
      ("region", SchemaParts.reference("region")),
    ] + likeness
  }

  /// How like a picture the screen must be.
  static var likeness: [SchemaParts.Property] {
    [
      (
        "similarity",
        SchemaParts.withDefault(
          .number(Likeness.usual),
          SchemaParts.reference("share", "How like the picture it must be."))
      ),
      ("any_size", SchemaParts.boolean("It may be shown at 0.8 to 1.25 of its own size.")),
      ("any_color", SchemaParts.boolean("Only its brightness counts, not its colours.")),
    ]
  }
}
