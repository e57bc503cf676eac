/// The inner parts that the benchmarks measure.
package enum Measured {
  /// The body of a request.
  package static func body(of request: ChatRequest, model: String) -> [UInt8] {
    request.body(model: model)
  }

  /// Reads a streamed reply from its pieces; nil when it is none.
  package static func read(_ pieces: [[UInt8]], onDelta: (ChatDelta) -> Void) -> ChatReply? {
    var reader = ChatStreamReader()
    do throws(ChatAccumulator.Problem) {
      for piece in pieces {
        for delta in try reader.feed(piece) { onDelta(delta) }
      }
      return try reader.result()
    } catch { return nil }
  }
}
