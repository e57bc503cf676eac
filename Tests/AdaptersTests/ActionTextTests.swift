import ModelRunner
import Testing

@testable import Adapters

/// Calls in the words of a model that was trained on lines of text.
struct ActionTextTests {
  private func history(_ calls: String...) -> [String] {
    let made = calls.enumerated().map {
      ToolCall(id: "\($0)", name: "computer", argumentsText: $1)
    }
    let request = ChatRequest(messages: [
      .user("Task"), .assistant("", toolCalls: made),
      .tool("Done", answering: "0"),
    ])
    return ActionText.asActionText(request).messages.filter { $0.role == .assistant }
      .flatMap { $0.text.split(separator: "\n").map(String.init) }
  }

  @Test func `all calls of a reply stay in the history, in order`() {
    #expect(
      history(
        #"{"action":"left_click","coordinate":[1,2]}"#, #"{"action":"type","text":"it's"}"#)
        == ["Action: click(start_box='(1,2)')", #"Action: type(content='it\'s')"#])
  }

  @Test(arguments: [
    #"{"action":"mouse_move","coordinate":[1,2]}"#, #"{"action":"middle_click"}"#, "{}", "no JSON",
  ])
  func `what the language has no word for is not called a click`(arguments: String) {
    #expect(history(arguments) == [arguments])
  }

  @Test func `a schema's history has all calls too`() {
    let calls = ["{\"a\":1}", "{\"b\":2}"].map {
      ToolCall(id: $0, name: "computer", argumentsText: $0)
    }
    let request = ChatRequest(messages: [.assistant("", toolCalls: calls)])
    #expect(request.inWords().messages.first?.text == "{\"a\":1}\n{\"b\":2}")
  }
}
