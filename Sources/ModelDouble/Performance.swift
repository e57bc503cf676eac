internal import Durations
internal import CMicroHTTPD
internal import JSONCoding

/// One answer on its way out, on its connection's thread.
final class Performance {
  private let core: DoubleCore
  private let steps: [DoubleAnswer.Step]
  private var position = 0
  private var sent = 0

  init(core: DoubleCore, steps: [DoubleAnswer.Step]) {
    self.core = core
    self.steps = steps
    core.update { state in
      state.running += 1
      state.busiest = max(state.busiest, state.running)
    }
  }

  deinit { core.update { $0.running -= 1 } }

  /// Writes the next bytes of a chunked body; 0 at its end, -1 to close in the middle.
  func read(
    _ request: OpaquePointer, into buffer: UnsafeMutablePointer<UInt8>, capacity: Int
  ) -> Int {
    while position < steps.count {
      switch steps[position] {
      case .bytes(let bytes):
        let count = min(bytes.count - sent, capacity)
        for offset in 0..<max(count, 0) { buffer[offset] = bytes[sent + offset] }
        sent += count
        if sent == bytes.count { next() }
        if count > 0 { return count }
      case .pause(let time):
        next()
        guard wait(request, time) else { return -1 }
      case .hang:
        next()
        _ = wait(request, nil)
        return -1
      case .close: return -1
      case .reset:
        qa_mhd_reset(request)
        return -1
      }
    }
    return 0
  }

  private func next() {
    position += 1
    sent = 0
  }

  /// Writes everything to the bare socket.
  func write(to request: OpaquePointer) {
    for step in steps {
      switch step {
      case .bytes(let bytes):
        guard qa_mhd_write_raw(request, bytes, bytes.count) == 0 else { return clientLeft() }
      case .pause(let time):
        guard wait(request, time) else { return }
      case .hang:
        _ = wait(request, nil)
        return
      case .close: return
      case .reset: return qa_mhd_reset(request)
      }
    }
  }

  /// Waits; false when there is nobody left to wait for.
  func wait(_ request: OpaquePointer, _ time: Duration?) -> Bool {
    let outcome = qa_mhd_wait(request, time.map { CInt(clamping: $0.milliseconds) } ?? -1)
    if outcome == CInt(QA_MHD_CLIENT_LEFT) { clientLeft() }
    return outcome == CInt(QA_MHD_TIME)
  }

  private func clientLeft() { core.update { $0.clientsLeft += 1 } }
}

extension DoubleAnswer {
  /// The status, type and steps of the answer to a request.
  fileprivate func steps(
    isStreamed: Bool, context: EngineWire.Context
  ) -> (status: Int, type: String, isChunked: Bool, steps: [Step]) {
    switch content {
    case .reply(let reply) where isStreamed:
      let events = EngineWire(reply: reply, context: context).events()
      return (200, "text/event-stream", true, vary(events.map { .text("data: \($0)\n\n") }))
    case .reply(let reply):
      let body = EngineWire(reply: reply, context: context).whole().bytes
      return (200, "application/json; charset=utf-8", isVaried, vary([.bytes(body)]))
    case .body(let status, let type, let bytes):
      return (status, type, isVaried, vary([.bytes(bytes)]))
    case .chunks(let status, let type, let steps): return (status, type, true, vary(steps))
    case .wire(let steps): return (0, "", false, vary(steps))
    case .silence: return (0, "", false, [.hang])
    }
  }

  private var isVaried: Bool { cut != nil || end != nil }

  /// The steps with their bytes cut and ended as asked.
  private func vary(_ steps: [Step]) -> [Step] {
    guard isVaried else { return steps }
    var result: [Step] = []
    var left = end?.after ?? Int.max
    for step in steps {
      guard case .bytes(let bytes) = step else {
        result.append(step)
        continue
      }
      let kept = bytes.prefix(left)
      left -= kept.count
      append(Array(kept), to: &result)
      if left == 0, let end { return result + [end.by] }
    }
    return result + (end.map { [$0.by] } ?? [])
  }

  private func append(_ bytes: [UInt8], to result: inout [Step]) {
    let size = cut ?? max(bytes.count, 1)
    for start in stride(from: 0, to: bytes.count, by: size) {
      result.append(.bytes(Array(bytes[start..<min(start + size, bytes.count)])))
      if pace > .zero { result.append(.pause(pace)) }
    }
  }
}

// MARK: - The server's threads

/// Handles one request; C calls it on the connection's thread.
func handleRequest(_ context: UnsafeMutableRawPointer?, _ request: OpaquePointer) {
  guard let context else { return }
  let core = Unmanaged<DoubleCore>.fromOpaque(context).takeUnretainedValue()
  let received = receive(request, index: core.takeNumber())
  let (answer, wire) = core.answer(received)
  let plan = answer.steps(isStreamed: received.isStreamed && received.isChat, context: wire)
  let performance = Performance(core: core, steps: plan.steps)
  if answer.delay > .zero, !performance.wait(request, answer.delay) { return }
  guard plan.status > 0 else { return performance.write(to: request) }
  let type = plan.type.isEmpty ? [] : [("Content-Type", plan.type)]
  withHeaders([("Server", "llama.cpp")] + type + answer.headers.map { ($0.name, $0.value) }) {
    if plan.isChunked {
      qa_mhd_reply_chunked(
        request, CInt(plan.status), $0, readStream, finishStream,
        Unmanaged.passRetained(performance).toOpaque())
    } else {
      let body = plan.steps.flatMap { if case .bytes(let bytes) = $0 { bytes } else { [UInt8]() } }
      qa_mhd_reply(request, CInt(plan.status), $0, body, body.count)
    }
  }
}

private func readStream(
  _ context: UnsafeMutableRawPointer?, _ request: OpaquePointer,
  _ buffer: UnsafeMutablePointer<UInt8>, _ capacity: Int
) -> Int {
  guard let context else { return -1 }
  return Unmanaged<Performance>.fromOpaque(context).takeUnretainedValue()
    .read(request, into: buffer, capacity: capacity)
}

private func finishStream(_ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  Unmanaged<Performance>.fromOpaque(context).release()
}

private func receive(_ request: OpaquePointer, index: Int) -> ReceivedRequest {
  var length = 0
  let start = qa_mhd_body(request, &length)
  let list = HeaderList()
  qa_mhd_headers(
    request,
    { context, name, value in
      guard let context else { return }
      let list = Unmanaged<HeaderList>.fromOpaque(context).takeUnretainedValue()
      list.pairs.append((String(cString: name), String(cString: value)))
    }, Unmanaged.passUnretained(list).toOpaque())
  return ReceivedRequest(
    index: index, connection: qa_mhd_connection(request),
    method: String(cString: qa_mhd_method(request)),
    target: String(cString: qa_mhd_target(request)), headers: list.pairs,
    body: Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : length)))
}

private final class HeaderList {
  var pairs: [(name: String, value: String)] = []
}

/// Calls `body` with a C array of names and values, ended by null.
private func withHeaders(
  _ headers: [(String, String)], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Void
) {
  let strings = headers.flatMap { [$0.0, $0.1] }.map { Array($0.utf8CString) }
  let joined = strings.flatMap { $0 }
  joined.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return body([nil]) }
    var pointers: [UnsafePointer<CChar>?] = []
    var offset = 0
    for string in strings {
      pointers.append(base + offset)
      offset += string.count
    }
    pointers.append(nil)
    body(pointers)
  }
}
