import CAllocations
import FoundationEssentials
import Glibc
import JSONCoding
import ModelRunner

/// What the model room costs: writing a request with pictures, reading a streamed reply.
enum ModelBenchmark {
  /// The most allocations that one chunk of a streamed reply may cost.
  private static let allocationsPerChunk = 60.0
  /// The most of them that may be beside reading the chunk's JSON.
  private static let allocationsBesideJSON = 6.0
  /// The most memory that writing a body may take beside the body itself.
  private static let extraMemory = 64 << 10

  static func run(_ runs: Int) throws {
    var excesses = try body(runs)
    excesses += reply(runs)
    guard !excesses.isEmpty else { return }
    for excess in excesses { print("Benchmarks: \(excess)") }
    exit(1)
  }

  // MARK: - The request

  /// As large as screens of 1280 by 800 are as PNG files; what is in them makes no difference here.
  private static let pictures: [[UInt8]] = (0..<8).map { index in
    var state = UInt64(index + 1)
    let noise = (0..<(100 << 10) + index * (42 << 10)).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + noise
  }

  private static func request(_ images: [EncodedImage]) -> ChatRequest {
    ChatRequest(
      messages: [.system("You test.")]
        + images.flatMap { [.user("The screen.", images: [$0]), .assistant("I look.")] })
  }

  private static func body(_ runs: Int) throws -> [String] {
    let files = pictures
    let images = files.compactMap(EncodedImage.init)
    let request = request(images)
    let body = Measured.body(of: request, model: "ai/qwen3-vl")
    let written = measure(runs) { keep(Measured.body(of: request, model: "ai/qwen3-vl")) }
    let peak = extra { keep(Measured.body(of: request, model: "ai/qwen3-vl")) }
    let copied = measure(runs) { keep(copy(body)) }

    let own = OpenRequest(images)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let encoded = try measure(runs) { keep(try encoder.encode(own).count) }
    let encodedPeak = try extra { keep(try encoder.encode(own).count) }
    let base64 = measure(runs) { for file in files { keep(EncodedImage(file)) } }

    Table.title("A request with 8 screens, \(body.count) bytes (\(runs) runs)")
    line("write the body", written, body.count, peak)
    line("memcpy of the same bytes into new memory", copied, body.count, body.count)
    line("JSONEncoder, base64 made before", encoded, body.count, encodedPeak)
    let bytes = files.reduce(0) { $0 + $1.count }
    line("base64, once for each picture", base64, bytes, nil)
    let excess = peak - body.count - extraMemory
    return excess > 0
      ? ["writing a body takes \(excess) bytes more than its size and \(extraMemory)"] : []
  }

  private static func line(_ name: String, _ times: Times, _ bytes: Int, _ peak: Int?) {
    let each = Table.decimal(times.median * 1e9 / Double(bytes), digits: 3)
    let memory = peak.map { ", peak \(Table.decimal(Double($0) / 1_048_576, digits: 2)) MiB" } ?? ""
    Table.line(
      name, "\(each) ns/byte", "\(Table.milliseconds(times.median)) ms\(memory)")
  }

  private static func copy(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      bytes.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        memcpy(to, from, source.count)
      }
      count = bytes.count
    }
  }

  // MARK: - The reply

  private static func reply(_ runs: Int) -> [String] {
    let count = 1000
    let pieces = chunks(count)
    var deltas = 0
    let times = measure(runs) { keep(Measured.read(pieces) { _ in deltas += 1 }?.text.utf8.count) }
    let allocations = each(count) { keep(Measured.read(pieces) { _ in }?.text.utf8.count) }
    // Without `data: ` and the two line ends.
    let texts = pieces.dropLast().map { Array($0[6...].dropLast(2)) }
    let json = measure(runs) { for text in texts { keep(try? JSON(parsing: text)) } }
    let jsonAllocations = each(count) { for text in texts { keep(try? JSON(parsing: text)) } }

    Table.title("A streamed reply, \(count) chunks of \(pieces[1].count) bytes (\(runs) runs)")
    line("read a chunk", times, count, allocations)
    line("of that, its JSON", json, count, jsonAllocations)
    var excesses = deltas > 0 ? [] : ["the streamed reply could not be read"]
    if allocations > allocationsPerChunk {
      excesses.append("a chunk costs more than \(allocationsPerChunk) allocations")
    }
    if allocations - jsonAllocations > allocationsBesideJSON {
      excesses.append("a chunk costs more than \(allocationsBesideJSON) beside its JSON")
    }
    return excesses
  }

  private static func line(_ name: String, _ times: Times, _ count: Int, _ allocations: Double) {
    Table.line(
      name, "\(Table.decimal(times.median * 1e9 / Double(count), digits: 0)) ns",
      "\(Table.decimal(allocations, digits: 2)) allocations")
  }

  /// Allocations for each of so many.
  private static func each(_ count: Int, _ body: () -> Void) -> Double {
    qa_allocations_reset()
    body()
    return Double(qa_allocations_read().count) / Double(count)
  }

  /// The chunks of llama.cpp's server: one token each, and every time all that it says of itself.
  private static func chunks(_ count: Int) -> [[UInt8]] {
    func chunk(_ delta: String, _ reason: String = "null") -> [UInt8] {
      let own =
        #""created":1785400000,"id":"chatcmpl-0123456789abcdef0123456789abcdef","#
        + #""model":"/models/bundles/sha256/0123456789abcdef/model/model.gguf","#
        + #""system_fingerprint":"b9879-72874f559","object":"chat.completion.chunk""#
      let choice = #"{"finish_reason":\#(reason),"index":0,"delta":\#(delta)}"#
      return Array("data: {\"choices\":[\(choice)],\(own)}\n\n".utf8)
    }
    return [chunk(#"{"role":"assistant","content":null}"#)]
      + (0..<count).map { chunk(#"{"content":" word\#($0)"}"#) }
      + [chunk("{}", #""stop""#), Array("data: [DONE]\n\n".utf8)]
  }

  // MARK: - Measuring

  /// The most memory in use during a body, beyond what was before.
  private static func extra(_ body: () throws -> Void) rethrows -> Int {
    qa_allocations_reset()
    try body()
    return Int(qa_allocations_read().peak)
  }

  /// Keeps the optimiser from leaving out what is measured.
  @inline(never)
  private static func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }
}

/// The same request for Foundation's encoder.
private struct OpenRequest: Encodable {
  struct Message: Encodable {
    let role: String
    let content: [Part]
  }

  struct Part: Encodable {
    let type: String
    var text: String?
    var image_url: Address?
  }

  struct Address: Encodable {
    let url: String
  }

  let model = "ai/qwen3-vl"
  let stream = true
  let max_tokens = 1024
  let temperature = 0.0
  let messages: [Message]

  init(_ images: [EncodedImage]) {
    messages = images.map { image in
      let data = Data(image.bytes).base64EncodedString()
      return Message(
        role: "user",
        content: [
          Part(type: "text", text: "The screen."),
          Part(type: "image_url", image_url: Address(url: "data:image/png;base64,\(data)")),
        ])
    }
  }
}
