internal import JSONCoding
internal import ModelRunner
internal import Story

/// The language of UI-TARS and its kin: one line of text for each action.
///
/// Such models were trained on these names and answer worse in any other form.
enum ActionText {
  /// What the model is told of the language, as it was told in training.
  static let rules = """
    Answer in two lines and nothing else:
    Thought: what you see and what you will do next, in one sentence
    Action: one of
    click(start_box='(x,y)')
    left_double(start_box='(x,y)')
    right_single(start_box='(x,y)')
    drag(start_box='(x1,y1)', end_box='(x2,y2)')
    hotkey(key='ctrl s')
    type(content='text') # \\n presses Enter
    scroll(start_box='(x,y)', direction='down') # or up, right, left
    wait() # then look again
    finished(content='what came of it')
    call_user() # when it cannot be done
    """

  /// The same language as tools, to read answers with.
  static let tools: [ToolDefinition] = [
    tool("click", required: ["start_box"]), tool("left_double", required: ["start_box"]),
    tool("right_single", required: ["start_box"]),
    tool("drag", required: ["start_box", "end_box"]), tool("hotkey", required: ["key"]),
    tool("type", required: ["content"]), tool("scroll", required: ["direction"]), tool("wait"),
    tool("finished"), tool("call_user"),
  ]

  private static let place: JSON = [
    "type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2,
  ]

  private static func tool(_ name: String, required: [String] = []) -> ToolDefinition {
    ToolDefinition(
      name: name, description: "",
      parameters: [
        "type": "object",
        "properties": [
          "start_box": place, "end_box": place, "key": ["type": "string"],
          "content": ["type": "string"],
          "direction": ["type": "string", "enum": ["up", "down", "left", "right"]],
        ],
        "required": .array(required.map { .string($0) }),
      ])
  }

  /// A request in this language: rules for tools, plain words for calls and their results.
  static func asActionText(_ request: ChatRequest) -> ChatRequest {
    var request = request
    request.tools = []
    request.messages = request.messages.map { message in
      var message = message
      if message.role == .assistant, message.text.isEmpty {
        message.parts = message.toolCalls.map { .text(line(for: $0.argumentsText)) }
      }
      return message
    }
    request = request.inWords()
    if request.messages.first?.role == .system {
      request.messages[0].parts = [.text(request.messages[0].text + "\n" + rules)]
    } else {
      request.messages.insert(.system(rules), at: 0)
    }
    return request
  }

  // MARK: - From their words to ours

  /// The arguments of our tool that a call in this language means; nil when it is none of it.
  static func arguments(of call: DecodedCall, thought: String) -> JSONObject? {
    var result = JSONObject([("reason", .string(thought))])
    let given = call.arguments
    func set(_ action: String, _ pairs: [(String, JSON?)] = []) -> JSONObject {
      result["action"] = .string(action)
      for (key, value) in pairs { if let value { result[key] = value } }
      return result
    }
    return switch call.name {
    case "click": set("left_click", [("coordinate", given["start_box"])])
    case "left_double": set("double_click", [("coordinate", given["start_box"])])
    case "right_single": set("right_click", [("coordinate", given["start_box"])])
    case "drag":
      set(
        "left_click_drag",
        [("start_coordinate", given["start_box"]), ("coordinate", given["end_box"])])
    case "hotkey": set("key", [("text", given["key"]?.string.map { .string(chord($0)) })])
    case "type": set("type", [("text", given["content"])])
    case "scroll":
      set(
        "scroll", [("coordinate", given["start_box"]), ("scroll_direction", given["direction"])])
    case "wait": set("wait", [("duration", .integer(2))])
    case "finished": set("terminate", [("status", "success"), ("text", given["content"])])
    case "call_user": set("terminate", [("status", "blocked")])
    default: nil
    }
  }

  /// `ctrl s` or `ctrl+s` as one chord.
  private static func chord(_ keys: String) -> String {
    keys.split { $0 == " " || $0 == "+" }.joined(separator: "+")
  }

  // MARK: - From our words to theirs

  /// A call of ours as a line of this language, for the history of a model that did not make it; as it is where
  /// the language has no word for it.
  static func line(for argumentsText: String) -> String {
    let arguments = (try? JSON(parsing: argumentsText)) ?? .null
    func box(_ key: String, _ name: String) -> String? {
      guard let first = arguments[key]?[0]?.text, let second = arguments[key]?[1]?.text else {
        return nil
      }
      return "\(name)='(\(first),\(second))'"
    }
    func call(_ name: String, _ parts: [String?]) -> String {
      "Action: \(name)(\(parts.compactMap(\.self).joined(separator: ", ")))"
    }
    func text(_ key: String) -> String { quoted(arguments[key]?.string ?? "") }
    let here = box("coordinate", "start_box")
    return switch arguments["action"]?.string {
    case "left_click": call("click", [here])
    case "double_click", "triple_click": call("left_double", [here])
    case "right_click": call("right_single", [here])
    case "left_click_drag":
      call("drag", [box("start_coordinate", "start_box"), box("coordinate", "end_box")])
    case "key":
      call(
        "hotkey",
        ["key='\((arguments["text"]?.string ?? "").split(separator: "+").joined(separator: " "))'"])
    case "type": call("type", ["content=\(text("text"))"])
    case "scroll": call("scroll", [here, "direction=\(text("scroll_direction"))"])
    case "wait", "screenshot": call("wait", [])
    case "terminate": call("finished", ["content=\(text("text"))"])
    default: argumentsText
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "'"
    for character in text.unicodeScalars {
      switch character {
      case "'", "\\": quoted += "\\\(character)"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "'"
  }
}
