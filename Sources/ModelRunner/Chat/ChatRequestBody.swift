internal import JSONCoding

extension ChatRequest {
  /// The body to send: the same bytes for the same request, each picture copied once.
  ///
  /// No field is ever `null`, because engines in use reject that.
  func body(model: String) -> [UInt8] { body(model: model, namesPictures: false) }

  /// The body with the name of each picture in place of its bytes: for a recording.
  public func outline(model: String) -> [UInt8] { body(model: model, namesPictures: true) }

  private func body(model: String, namesPictures: Bool) -> [UInt8] {
    var output: [UInt8] = []
    if !namesPictures { output.reserveCapacity(estimatedSize) }
    output.append(contentsOf: "{\"model\":".utf8)
    JSON.write(model, to: &output)
    for (key, value) in settings().pairs {
      output.append(UInt8(ascii: ","))
      JSON.write(key, to: &output)
      output.append(UInt8(ascii: ":"))
      value.write(to: &output)
    }
    output.append(contentsOf: ",\"messages\":[".utf8)
    for (index, message) in messages.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      message.write(to: &output, namesPictures: namesPictures)
    }
    output.append(contentsOf: "]}".utf8)
    return output
  }

  private var estimatedSize: Int {
    messages.reduce(4096 + tools.count * 1024) { size, message in
      message.parts.reduce(size + 256) { size, part in
        switch part {
        case .text(let text): size + text.utf8.count * 9 / 8
        case .image(let image): size + image.base64Count + 96
        }
      }
    }
  }

  /// Everything but the model and the messages.
  private func settings() -> JSONObject {
    var fields = JSONObject()
    fields["stream"] = .bool(stream)
    if stream { fields["stream_options"] = ["include_usage": true] }
    fields[tokensField.rawValue] = .integer(maxTokens)
    if let temperature, temperature.isFinite { fields["temperature"] = .number(temperature) }
    if !tools.isEmpty {
      fields["tools"] = .array(tools.map(\.json))
      fields["tool_choice"] = .string(toolChoice.rawValue)
      fields["parallel_tool_calls"] = .bool(allowsSeveralCalls)
    }
    if case .jsonSchema(let name, let schema) = responseFormat {
      fields["response_format"] = [
        "type": "json_schema", "json_schema": ["name": .string(name), "schema": schema],
      ]
    }
    for (key, value) in extra.pairs where key != "model" && key != "messages" && !value.isNull {
      fields[key] = value
    }
    for key in leftOut where DemandReader.isOptional(key) { fields[key] = nil }
    return fields
  }

  /// The fields of the body beside the model and the messages.
  var fields: [String] { settings().keys }
}

extension ToolDefinition {
  /// The tool as the protocol wants it.
  var json: JSON {
    [
      "type": "function",
      "function": [
        "name": .string(name), "description": .string(description), "parameters": parameters,
      ],
    ]
  }
}

extension ChatMessage {
  fileprivate func write(to output: inout [UInt8], namesPictures: Bool) {
    output.append(contentsOf: "{\"role\":\"\(role.rawValue)\",\"content\":".utf8)
    writeContent(to: &output, namesPictures: namesPictures)
    if !toolCalls.isEmpty {
      output.append(contentsOf: ",\"tool_calls\":".utf8)
      JSON.array(toolCalls.map(\.json)).write(to: &output)
    }
    if let toolCallID {
      output.append(contentsOf: ",\"tool_call_id\":".utf8)
      JSON.write(toolCallID, to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private func writeContent(to output: inout [UInt8], namesPictures: Bool) {
    guard !images.isEmpty else { return JSON.write(text, to: &output) }
    output.append(UInt8(ascii: "["))
    var isFirst = true
    func separate() {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
    }
    for case .text(let text) in parts {
      separate()
      output.append(contentsOf: "{\"type\":\"text\",\"text\":".utf8)
      JSON.write(text, to: &output)
      output.append(UInt8(ascii: "}"))
    }
    for image in images {
      separate()
      output.append(contentsOf: "{\"type\":\"image_url\",\"image_url\":{\"url\":".utf8)
      if namesPictures {
        JSON.write(image.name, to: &output)
      } else {
        image.writeURL(to: &output)
      }
      output.append(contentsOf: "}}".utf8)
    }
    output.append(UInt8(ascii: "]"))
  }
}

extension EncodedImage {
  fileprivate func writeURL(to output: inout [UInt8]) {
    output.append(contentsOf: "\"data:".utf8)
    output.append(contentsOf: mime.utf8)
    output.append(contentsOf: ";base64,".utf8)
    for part in base64 { output.append(contentsOf: part) }
    output.append(UInt8(ascii: "\""))
  }
}

extension ToolCall {
  /// The call with arguments that the engine can read again, which it does with each request: one that
  /// it cannot read makes it refuse the whole conversation.
  fileprivate var json: JSON {
    let text = arguments == nil ? "{}" : argumentsText
    return [
      "id": .string(id), "type": "function",
      "function": ["name": .string(name), "arguments": .string(text)],
    ]
  }
}
