internal import Hands
internal import JSONCoding
internal import Scenario

extension ScenarioSchema {
  static var step: JSON {
    SchemaParts.adding(
      [("oneOf", SchemaParts.exactlyOne(of: Vocabulary.steps))],
      to: SchemaParts.object("One step: one action and the common keys.", actions + common))
  }

  private static var common: [SchemaParts.Property] {
    let retry = SchemaParts.object(
      "Try the step again.", required: ["times"],
      [
        ("times", SchemaParts.integer(1...100, "Attempts after the first.")),
        ("every", SchemaParts.duration(default: "1s", "The pause between attempts.")),
      ])
    let condition: JSON = [
      "description": "Run the step only if two texts are equal (==) or not (!=).",
      "type": "string", "pattern": "==|!=",
    ]
    return [
      ("name", SchemaParts.reference("text", "The step's own name.")),
      ("as", SchemaParts.reference("name", "The name under which its result is kept.")),
      ("timeout", SchemaParts.duration("The limit of this step.")),
      ("optional", SchemaParts.boolean("Its failure leaves the case going.")), ("when", condition),
      ("retry", retry),
      (
        "lane",
        SchemaParts.choice(Step.Lane.allCases.map(\.rawValue), default: "auto", "Who may do it.")
      ),
      (
        "settle",
        SchemaParts.duration("How long the screen must be quiet after each of its actions.")
      ),
    ]
  }

  private static var actions: [SchemaParts.Property] {
    pointing + [
      ("drag", drag), ("scroll", scroll), ("type", typing), ("press", press),
      ("hold", keys("Keys that stay down until they are released.")),
      ("release", keys("Keys that are let go of.")), ("wait", wait),
      ("expect", SchemaParts.reference("check", "A check.")), ("ssh", command),
      ("run", ownCommand), ("file", file), ("read", reading),
      ("tool", toolCall), ("screenshot", SchemaParts.reference("label", "Keep a named picture.")),
      ("include", include), ("group", group),
      ("note", SchemaParts.reference("text", "A line in the report.")),
    ]
  }

  private static var pointing: [SchemaParts.Property] {
    func target(_ description: String) -> JSON { SchemaParts.reference("target", description) }
    return [
      ("act", SchemaParts.reference("filledText", "Reach this goal; the agent decides how.")),
      ("click", pressed("Click on a target.", .click)),
      ("double_click", pressed("Double-click on a target.", .doubleClick)),
      ("right_click", pressed("Click with the right button.", .rightClick)),
      ("middle_click", pressed("Click with the middle button.", .middleClick)),
      ("hover", target("Move the pointer to a target.")),
    ]
  }

  private static func pressed(_ description: String, _ verb: PointerVerb) -> JSON {
    let keys = Vocabulary.manner(of: verb)
    return target(description, also: manner.filter { keys.contains($0.name) })
  }

  /// How a button is pressed.
  private static var manner: [SchemaParts.Property] {
    let name: JSON = ["type": "string", "pattern": #"\S"#]
    let button = SchemaParts.choice(PointerButton.allCases.map(\.rawValue), "Which button.")
    return [
      (
        "with",
        SchemaParts.anyOf(
          "Modifiers that are held meanwhile.", [name, SchemaParts.list(name, least: 1)])
      ),
      ("times", SchemaParts.integer(1...10, "How often, in quick succession.")),
      ("hold", SchemaParts.duration("How long it stays down, at most 60s.")),
      ("button", button),
    ]
  }

  private static var drag: JSON {
    SchemaParts.object(
      "Drag from one target to another.", required: ["from", "to"],
      [
        ("from", SchemaParts.reference("target")), ("to", SchemaParts.reference("target")),
        (
          "via",
          SchemaParts.list(
            "Places that it passes through.", SchemaParts.reference("target"), least: 1)
        ),
      ] + manner.filter { Vocabulary.drag.contains($0.name) })
  }

  private static var scroll: JSON {
    let direction = SchemaParts.choice(ScrollDirection.allCases.map(\.rawValue), "Where to.")
    let full = SchemaParts.object(
      required: ["direction"],
      [
        ("direction", direction),
        ("amount", SchemaParts.integer(1...100, default: 3, "Notches of the wheel.")),
        (
          "at",
          SchemaParts.reference(
            "target", "Where the pointer is; default: the middle of the screen.")
        ),
      ] + manner.filter { $0.name == "with" })
    return SchemaParts.anyOf("Turn the wheel.", [direction, full])
  }

  private static var typing: JSON {
    let full = SchemaParts.object(
      required: ["text"],
      [
        ("text", SchemaParts.reference("text", "What to type.")),
        ("into", SchemaParts.reference("target", "A target that is clicked first.")),
        ("clear", SchemaParts.boolean("Remove what is there first.")),
        ("enter", SchemaParts.boolean("Press Enter afterwards.")),
        (
          "shown",
          SchemaParts.boolean("The field must show the text, before Enter; needs `into`.")
        ),
        ("paste", SchemaParts.boolean("It is pasted from the clipboard.")),
      ])
    return SchemaParts.anyOf("Type text.", [SchemaParts.reference("text"), full])
  }

  private static var press: JSON {
    let full = SchemaParts.object(
      required: ["keys"],
      [
        ("keys", keys("The keys.")),
        ("hold", SchemaParts.duration("How long they stay down, at most 60s.")),
      ])
    return SchemaParts.anyOf("Press keys.", [keys(nil), full])
  }

  private static func keys(_ description: String?) -> JSON {
    let chord: JSON = ["type": ["string", "integer"], "pattern": #"\S"#]
    let text = "A key or a chord such as ctrl+s, or several one after another."
    return SchemaParts.anyOf(description ?? text, [chord, SchemaParts.list(chord, least: 1)])
  }

  private static var wait: JSON {
    let full = SchemaParts.object(
      [
        ("time", SchemaParts.duration("For a time.")),
        ("text", SchemaParts.reference("filledText", "For a text on the screen.")),
        ("absent", SchemaParts.reference("filledText", "For a text to be gone.")),
        ("settled", SchemaParts.duration("For a screen that has been quiet for so long.")),
        ("region", SchemaParts.reference("region")),
      ])
    let idle: JSON = ["anyOf": SchemaParts.exactlyOne(of: ["time", "settled"])]
    return SchemaParts.anyOf(
      "Wait for a time, a text or quiet.",
      [
        SchemaParts.reference("duration"),
        SchemaParts.adding(
          [
            ("oneOf", SchemaParts.exactlyOne(of: ["time", "text", "absent", "settled"])),
            ("if", ["required": ["region"]]), ("then", ["not": idle]),
          ], to: full),
      ])
  }

  private static var command: JSON {
    let full = SchemaParts.object(
      required: ["run"],
      [
        ("run", SchemaParts.commandLine),
        ("exit", SchemaParts.integer(0...255, default: 0, "The exit status that is a success.")),
      ] + SchemaParts.commandParts)
    return SchemaParts.anyOf(
      "A command on the SSH host.",
      [SchemaParts.reference("filledText"), SchemaParts.list(SchemaParts.reference("text")), full])
  }

  private static var ownCommand: JSON {
    let full = SchemaParts.object(
      required: ["command"],
      [
        ("command", SchemaParts.commandLine),
        ("exit", SchemaParts.integer(0...255, default: 0, "The exit status that is a success.")),
        ("background", SchemaParts.boolean("It runs on while the case goes on, and ends with it.")),
      ] + SchemaParts.commandParts.filter { $0.name != "host" })
    return SchemaParts.anyOf(
      "A command on the machine of the runner, in the case's own folder.",
      [SchemaParts.reference("filledText"), SchemaParts.list(SchemaParts.reference("text")), full])
  }

  private static var file: JSON {
    let path = SchemaParts.reference("filledText", "The path in the case's own folder.")
    let full = SchemaParts.object(
      "A file in the case's own folder.",
      [
        ("write", path), ("append", path),
        ("copy", SchemaParts.reference("filledText", "The path of a file of the project.")),
        ("to", path), ("text", SchemaParts.reference("text", "What is written.")),
      ])
    let written = SchemaParts.exactlyOne(of: ["write", "append"])
    return SchemaParts.adding(
      [
        ("oneOf", SchemaParts.exactlyOne(of: ["write", "append", "copy"])),
        (
          "allOf",
          [
            [
              "if": ["anyOf": written],
              "then": ["required": ["text"], "not": ["required": ["to"]]],
            ],
            ["if": ["required": ["copy"]], "then": ["not": ["required": ["text"]]]],
          ]
        ),
      ], to: full)
  }

  private static var reading: JSON {
    let full = SchemaParts.object(
      required: ["what"],
      [
        ("what", SchemaParts.reference("filledText", "What it is, in words.")),
        ("as", SchemaParts.reference("name", "The name under which it is kept.")),
        ("region", SchemaParts.reference("region")),
        (
          "matches",
          SchemaParts.reference("pattern", "The value matches this; its first group is the value.")
        ),
        (
          "nth", SchemaParts.integer(1...1_000, "Which of several values in reading order, from 1.")
        ),
        ("near", SchemaParts.reference("filledText", "The value nearest to this text.")),
      ])
    return SchemaParts.anyOf(
      "Take a value off the screen.", [SchemaParts.reference("filledText"), full])
  }

  private static var toolCall: JSON {
    SchemaParts.object(
      "Call a tool of an MCP server.", required: ["server", "name"],
      [
        ("server", SchemaParts.reference("filledText", "The server, as it is configured.")),
        ("name", SchemaParts.reference("filledText", "The tool.")),
        ("arguments", ["description": "Its arguments.", "type": "object"]),
      ])
  }

  private static var include: JSON {
    let file: JSON = ["type": "string", "pattern": #"(\.ya?ml|\})$"#]
    let with = SchemaParts.map(
      "Variables for it.", names: variableName, SchemaParts.reference("text"))
    let full = SchemaParts.object(required: ["file"], [("file", file), ("with", with)])
    return SchemaParts.anyOf("The steps of another file.", [file, full])
  }

  private static var group: JSON {
    SchemaParts.object(
      "Named steps shown together.", required: Vocabulary.group,
      [
        ("name", SchemaParts.reference("text", "The name.")),
        ("steps", SchemaParts.list("The steps.", SchemaParts.reference("step"), least: 1)),
      ])
  }
}
