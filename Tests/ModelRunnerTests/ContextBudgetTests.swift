import Pixels
import Testing

@testable import ModelRunner

struct ContextBudgetTests {
  private func picture(_ number: UInt8, width: Int = 1280, height: Int = 800) -> EncodedImage {
    let bytes: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0,
      UInt8(width >> 8), UInt8(width & 255), 0, 0, UInt8(height >> 8), UInt8(height & 255), number,
    ]
    guard let image = EncodedImage(bytes) else { preconditionFailure("the bytes are a PNG's") }
    return image
  }

  private func conversation(turns: Int) -> [ChatMessage] {
    var messages: [ChatMessage] = [.system("You test."), .user("Sign in.", images: [picture(0)])]
    for turn in 1...turns {
      let call = ToolCall(id: "c\(turn)", name: "click", argumentsText: #"{"x":1,"y":2}"#)
      messages.append(.assistant("", toolCalls: [call]))
      messages.append(.tool("clicked", answering: call.id))
      messages.append(.user("Now the screen is:", images: [picture(UInt8(turn & 255))]))
    }
    return messages
  }

  private let budget = ContextBudget(family: .qwen3VL, limit: 16384)

  @Test func `knows a picture's size from its file`() {
    #expect(picture(1).size == PixelSize(width: 1280, height: 800))
    #expect(
      EncodedImage([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 3, 32, 5, 0, 3])?.size
        == PixelSize(width: 1280, height: 800))
    #expect(EncodedImage([0xFF, 0xD8, 0xFF, 0xE0, 0, 0])?.size == nil)
    #expect(EncodedImage([0x52, 0x49, 0x46, 0x46]) == nil)
  }

  @Test func `base64 that was made already is taken as it is, if it can be right`() throws {
    let bytes = picture(7).bytes
    let whole = try #require(picture(7).base64.first)
    let parts = [Array(whole[..<8]), Array(whole[8...])]
    #expect(EncodedImage(bytes, base64Parts: parts)?.base64 == parts)
    #expect(EncodedImage(bytes, base64Parts: [parts[0]])?.base64 == [whole])
    #expect(EncodedImage(bytes, base64Parts: parts) == picture(7))
  }

  @Test func `a picture costs what the engine counts`() {
    let size = PixelSize(clampingWidth: 1280, height: 800)
    #expect(ModelFamily.qwen3VL.imageTokens(for: size) == 1002)
    #expect(ModelFamily.gemma3.imageTokens(for: size) == 256)
  }

  @Test func `changes nothing while the conversation fits`() {
    #expect(budget.cut(conversation(turns: 5)) == nil)
  }

  @Test func `prunes to half in one go, and then not for a while`() throws {
    let messages = conversation(turns: 16)
    var pruned = try #require(budget.cut(messages)?.applied(to: messages))
    #expect(budget.estimate(pruned) <= budget.promptLimit / 2)
    #expect(pruned.count == messages.count)
    for turn in 0..<5 {
      pruned += conversation(turns: 1).suffix(3)
      #expect(budget.cut(pruned)?.applied(to: pruned) == nil, "turn \(turn)")
    }
  }

  @Test func `the latest pictures stay, and the texts`() throws {
    let messages = conversation(turns: 30)
    let pruned = try #require(budget.cut(messages)?.applied(to: messages))
    #expect(pruned.suffix(9).flatMap(\.images) == messages.suffix(9).flatMap(\.images))
    #expect(pruned.map(\.toolCalls) == messages.map(\.toolCalls))
    #expect(pruned[1].text.contains("Sign in."))
    #expect(pruned[1].text.contains(ContextCut.placeholder))
  }

  @Test func `when pictures are not enough, whole turns go`() throws {
    let small = ContextBudget(family: .qwen3VL, limit: 8000, keptImages: 2)
    let messages = conversation(turns: 200)
    let pruned = try #require(small.cut(messages)?.applied(to: messages))
    #expect(small.fits(pruned))
    #expect(pruned.prefix(1) == messages.prefix(1))
    #expect(pruned[1].text.hasPrefix("Sign in."))
    #expect(pruned.last == messages.last)
    // No result without its call, and no call without its result.
    let calls = pruned.flatMap(\.toolCalls).map(\.id)
    #expect(calls == pruned.compactMap(\.toolCallID))
  }

  @Test func `counts bytes too`() throws {
    let tight = ContextBudget(family: .qwen3VL, limit: 1_000_000, bodyLimit: 8000)
    #expect(tight.cut(conversation(turns: 40)) != nil)
  }

  @Test func `learns from what the server counts`() {
    var budget = budget
    let messages = conversation(turns: 4)
    let before = budget.estimate(messages)
    for _ in 0..<10 { budget.learn(counted: before * 2, for: messages) }
    #expect(abs(budget.estimate(messages) - before * 2) < before / 20)
    for _ in 0..<10 { budget.learn(counted: before * 1000, for: messages) }
    #expect(budget.estimate(messages) <= before * 3 + 3)
    budget.learn(counted: 0, for: messages)
    budget.learn(counted: -5, for: messages)
  }

  @Test func `what was left out stays left out, and the rest keeps its bytes`() throws {
    var messages = conversation(turns: 16)
    var cut = try #require(budget.cut(messages))
    let before = cut.applied(to: messages)
    messages += conversation(turns: 2).suffix(3)
    #expect(budget.cut(messages, beside: cut) == nil)
    #expect(cut.applied(to: messages).prefix(before.count).elementsEqual(before))
    while true {
      messages += conversation(turns: 2).suffix(3)
      guard let further = budget.cut(messages, beside: cut) else { continue }
      #expect(further.pictures.isSuperset(of: cut.pictures))
      cut = further
      break
    }
    #expect(budget.fits(cut.applied(to: messages)))
  }

  @Test func `more pictures than a model bears are too many`() throws {
    let roomy = ContextBudget(family: .qwen3VL, limit: 1_000_000, bodyLimit: 1 << 40)
    #expect(roomy.cut(conversation(turns: 9)) == nil)
    let cut = try #require(roomy.cut(conversation(turns: 10)))
    #expect(cut.applied(to: conversation(turns: 10)).flatMap(\.images).count == 5)
  }

  @Test func `an overflow that the server reports is obeyed`() {
    var budget = budget
    let messages = conversation(turns: 8)
    let pruned = budget.cut(messages, afterOverflow: 9216, limit: 4096).applied(to: messages)
    #expect(budget.limit == 4096)
    #expect(pruned.flatMap(\.images).count < messages.flatMap(\.images).count)
  }

  @Test func `a conversation of one message stays as it is`() {
    let long = [ChatMessage.user(String(repeating: "word ", count: 50_000))]
    #expect(budget.cut(long)?.applied(to: long) == long)
  }
}
