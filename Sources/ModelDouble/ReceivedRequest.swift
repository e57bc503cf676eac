internal import FoundationEssentials
public import JSONCoding

/// A request as the double received it, taken apart for a script and for assertions.
public struct ReceivedRequest: Sendable {
  /// Its place among all requests, from 0.
  public let index: Int
  /// A number for the connection it came on.
  public let connection: UInt64
  /// The method, such as `POST`.
  public let method: String
  /// The path without its query.
  public let path: String
  /// What stands after `?`; empty when nothing does.
  public let query: String
  /// The headers, in the order they came.
  public let headers: [(name: String, value: String)]
  /// The body.
  public let body: [UInt8]
  /// The body as JSON; nil when it is none.
  public let json: JSON?
  /// The messages of a chat request.
  public let messages: [ReceivedMessage]
  private var attention: [UInt8]?

  init(
    index: Int, connection: UInt64, method: String, target: String,
    headers: [(name: String, value: String)], body: [UInt8]
  ) {
    self.index = index
    self.connection = connection
    self.method = method
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts.first ?? "")
    query = parts.count > 1 ? String(parts[1]) : ""
    self.headers = headers
    self.body = body
    json = try? JSON(parsing: body)
    messages = (json?["messages"]?.array ?? []).map(ReceivedMessage.init)
  }

  /// The value of the first header of a name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Whether it asks for a chat completion.
  public var isChat: Bool { method == "POST" && path.hasSuffix("/chat/completions") }
  /// Whether it wants the answer in pieces.
  public var isStreamed: Bool { json?["stream"]?.bool == true }
  /// Whether it only wants the model loaded.
  public var isPreload: Bool { header("x-preload-only")?.lowercased() == "true" }
  /// The model it names; empty when it names none.
  public var model: String { json?["model"]?.string ?? "" }
  /// The names of the tools it offers.
  public var tools: [String] {
    (json?["tools"]?.array ?? []).compactMap { $0["function"]?["name"]?.string }
  }
  /// The schema it wants the answer to fit, if any.
  public var schema: JSON? { json?["response_format"]?["json_schema"]?["schema"] }
  /// All pictures of all messages, as the bytes of their files.
  public var images: [[UInt8]] { messages.flatMap(\.images) }
  /// What the last message of the user says.
  public var lastUserText: String { messages.last { $0.role == "user" }?.text ?? "" }
  /// The picture that came last, or the one that is to be looked at: what the model looks at now.
  public var lastImage: [UInt8]? { attention ?? images.last }

  /// The same request for a script that is to look at another picture of it.
  public func looking(at picture: [UInt8]?) -> ReceivedRequest {
    var request = self
    request.attention = picture
    return request
  }
}

/// A message of a chat request.
public struct ReceivedMessage: Sendable {
  /// `system`, `user`, `assistant` or `tool`.
  public let role: String
  /// Its texts, joined by line feeds.
  public let text: String
  /// Its pictures, as the bytes of their files; empty for one whose base64 is broken.
  public let images: [[UInt8]]
  /// The calls that it made: name and arguments as text.
  public let toolCalls: [(id: String, name: String, arguments: String)]
  /// The call that it answers.
  public let toolCallID: String?
  /// The message itself.
  public let json: JSON

  init(_ json: JSON) {
    self.json = json
    role = json["role"]?.string ?? ""
    toolCallID = json["tool_call_id"]?.string
    let parts = json["content"]?.array ?? []
    let texts = parts.compactMap { $0["text"]?.string }
    text = json["content"]?.string ?? texts.joined(separator: "\n")
    images = parts.compactMap { $0["image_url"]?["url"]?.string }.map(Self.decode)
    toolCalls = (json["tool_calls"]?.array ?? []).map { call in
      (
        call["id"]?.string ?? "", call["function"]?["name"]?.string ?? "",
        call["function"]?["arguments"]?.string ?? ""
      )
    }
  }

  /// A data URI as the engine reads it: one comma, `data:image/…;base64` before it.
  private static func decode(_ uri: String) -> [UInt8] {
    let parts = uri.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].starts(with: "data:image/".utf8),
      String(Substring(parts[0])).hasSuffix(";base64")
    else { return [] }
    return Data(base64Encoded: Data(parts[1])).map(Array.init) ?? []
  }
}
