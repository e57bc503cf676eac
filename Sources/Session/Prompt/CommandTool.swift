internal import JSONCoding
internal import Scenario
internal import Story

// The tools for commands on hosts.
extension Acting {
  static let runTool: JSON = [
    "type": "object",
    "properties": [
      "reason": ["type": "string", "description": "one sentence: why this command is next"],
      "argv": [
        "type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 64,
        "description": "the program and its arguments, each as it is; no shell reads them",
      ],
      "host": host, "timeout": timeout,
    ],
    "required": ["reason", "argv"],
  ]

  static let shellTool: JSON = [
    "type": "object",
    "properties": [
      "reason": ["type": "string", "description": "one sentence: why this command is next"],
      "script": [
        "type": "string",
        "description":
          """
        programs with words, joined by |, &&, || or ;, with >file and <file; no variables, globs or \
        substitutions
        """,
      ],
      "host": host, "timeout": timeout,
    ],
    "required": ["reason", "script"],
  ]

  private static let host: JSON = [
    "type": "string", "description": "the name of the host, where there are several",
  ]
  private static let timeout: JSON = [
    "type": "number", "description": "seconds that it may take, 60 where nothing is said",
  ]
}

extension ToolDecoder {
  /// The command that a call asks for; whether it may run is not decided here.
  func command(_ tool: ToolName, _ arguments: JSON) throws(Rejection) -> CommandRequest {
    let form: CommandRequest.Form =
      tool == .run ? .words(try words(arguments)) : .text(try script(arguments))
    for (name, value) in arguments.object?.pairs ?? []
    where !["reason", "argv", "script", "host", "timeout"].contains(name) && !value.isNull {
      throw Rejection(
        "Not run: `\(tool.rawValue)` does not use `\(name.clipped(40))`; leave it out.")
    }
    return CommandRequest(form: form, host: try host(arguments), limit: try limit(arguments))
  }

  private func words(_ arguments: JSON) throws(Rejection) -> [String] {
    guard let list = arguments["argv"]?.array, (1...64).contains(list.count) else {
      throw Rejection("`argv` must be a list of 1 to 64 words: the program and its arguments.")
    }
    let words = list.compactMap(\.string)
    guard words.count == list.count, words.allSatisfy({ $0.utf8.count <= 4096 }) else {
      throw Rejection("`argv` must be a list of texts of at most 4096 bytes each.")
    }
    return words
  }

  private func script(_ arguments: JSON) throws(Rejection) -> String {
    guard let text = arguments["script"]?.string, text.utf8.count <= 4096 else {
      throw Rejection("`script` must be a text of at most 4096 bytes.")
    }
    return text
  }

  private func host(_ arguments: JSON) throws(Rejection) -> String? {
    let names = hosts.compactMap(\.self)
    guard let value = arguments["host"], !value.isNull, value.string != "" else {
      if hosts.contains(nil) { return nil }
      if names.count == 1 { return names[0] }
      throw Rejection("`host` must be one of \(names.joined(separator: ", ")).")
    }
    guard let name = value.string, names.contains(name) else {
      throw Rejection(
        "There is no host “\(value.text.clipped(40))”"
          + (names.isEmpty
            ? "; leave `host` out."
            : "; `host` may be \(names.joined(separator: ", ")), or missing."))
    }
    return name
  }

  private func limit(_ arguments: JSON) throws(Rejection) -> Duration {
    guard let value = arguments["timeout"], !value.isNull else { return .seconds(60) }
    guard let seconds = value.double, (0.1...600).contains(seconds) else {
      throw Rejection("`timeout` must be 0.1 to 600 seconds.")
    }
    return .milliseconds(Int(seconds * 1000))
  }
}
