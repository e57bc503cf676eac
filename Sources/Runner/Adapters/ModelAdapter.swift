internal import Imaging
internal import JSONCoding
internal import ModelRunner
internal import Pixels
internal import Platform
internal import Session

/// The model port of one attempt: roles, pictures in the model's size, and the endpoint's words in ours.
struct ModelAdapter: ModelPort {
  private let roles: ModelRoles
  private let pictures = Locked<[PictureKey: EncodedImage]>([:])

  private struct PictureKey: Hashable {
    let reference: FrameReference
    let size: PixelSize
  }

  init(roles: ModelRoles) { self.roles = roles }

  func think(
    role: String, conversation: [Message], frame: KeptFrame?
  ) async throws(Fault) -> ModelReply {
    let client = try client(for: role)
    let tool = Acting.tool
    var request = ChatRequest(messages: try messages(conversation, frame, client))
    request.tools = [
      ToolDefinition(name: tool.name, description: tool.purpose, parameters: tool.parameters)
    ]
    return try await ask(client, role, request)
  }

  func judge(_ messages: [Message], frame: KeptFrame) async throws(Fault) -> ModelReply {
    let client = try client(for: "judge")
    var request = ChatRequest(messages: try self.messages(messages, frame, client))
    request.responseFormat = .jsonSchema(name: "judgement", Judge.schema)
    return try await ask(client, "judge", request)
  }

  private func client(for role: String) throws(Fault) -> ModelClient {
    guard let client = roles.client(for: role) else {
      throw Fault(.model, "no model is configured for the role “\(role)”")
    }
    return client
  }

  private func ask(
    _ client: ModelClient, _ role: String, _ request: ChatRequest
  ) async throws(Fault) -> ModelReply {
    var request = request
    if let settings = roles.settings(for: role) {
      request.temperature = settings.temperature
      request.maxTokens = settings.maximumTokens
    }
    do throws(ModelError) {
      return ModelReply(try await client.chat(request), model: client.endpoint.model.text)
    } catch {
      throw Fault(.model, error.message)
    }
  }

  private func messages(
    _ conversation: [Message], _ frame: KeptFrame?, _ client: ModelClient
  ) throws(Fault) -> [ChatMessage] {
    var messages: [ChatMessage] = []
    for message in conversation {
      var parts: [ChatMessage.Part] = []
      for part in message.parts {
        switch part {
        case .text(let text): parts.append(.text(text))
        case .image(let reference):
          parts.append(.image(try picture(reference, frame, client.endpoint.family)))
        }
      }
      messages.append(
        ChatMessage(
          role: message.role.wire, parts: parts,
          toolCalls: message.calls.map {
            ToolCall(id: $0.id, name: $0.name, argumentsText: $0.arguments)
          }, toolCallID: message.callID))
    }
    return messages
  }

  /// The picture in the size that the model wants: made once, resent as the same bytes.
  private func picture(
    _ reference: FrameReference, _ current: KeptFrame?, _ family: ModelFamily
  ) throws(Fault) -> EncodedImage {
    let key = PictureKey(reference: reference, size: family.sentSize(for: reference.size))
    if let image = pictures.withLock({ $0[key] }) { return image }
    guard let current, current.reference == reference else {
      throw Fault(.harness, "internal error: a picture of the conversation is gone")
    }
    let image = try encode(current, at: key.size)
    pictures.withLock { $0[key] = image }
    return image
  }

  private func encode(_ kept: KeptFrame, at size: PixelSize) throws(Fault) -> EncodedImage {
    do {
      let bytes =
        if size != kept.frame.size {
          try PNG.encode(Scaler.areaAverage(kept.frame, to: size))
        } else if kept.png.isEmpty {
          try PNG.encode(kept.frame)
        } else {
          kept.png
        }
      guard let image = EncodedImage(bytes) else {
        throw Fault(.harness, "internal error: the picture is no PNG")
      }
      return image
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(.harness, "the picture for the model cannot be encoded: \(error)")
    }
  }
}

extension Message.Role {
  fileprivate var wire: ChatMessage.Role {
    switch self {
    case .system: .system
    case .user: .user
    case .assistant: .assistant
    case .tool: .tool
    }
  }
}

extension ModelReply {
  /// What the endpoint answered, in our words.
  fileprivate init(_ reply: ChatReply, model: String) {
    self.init(
      text: reply.text, reasoning: reply.reasoning,
      calls: reply.toolCalls.map {
        ToolRequest(id: $0.id, name: $0.name, arguments: $0.argumentsText)
      },
      isComplete: !reply.isTruncated && reply.toolCalls.allSatisfy(\.isComplete), model: model,
      promptTokens: reply.usage.prompt, cachedTokens: reply.usage.cached,
      completionTokens: reply.usage.completion, duration: reply.duration)
  }
}
