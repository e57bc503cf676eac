import ModelDouble
import Platform
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct TransportTests {
  private func double(_ answer: DoubleAnswer) throws -> ModelDouble {
    try ModelDouble.start(override: { _ in answer }, ModelDouble.plain)
  }

  private func request(
    to double: ModelDouble, _ change: (inout HTTPRequest) -> Void = { _ in }
  ) throws -> HTTPRequest {
    var request = HTTPRequest(server: try EndpointAddress(double.url).server, path: "/x")
    change(&request)
    return request
  }

  private func failure(
    _ transport: HTTPTransport, _ request: HTTPRequest
  ) async -> HTTPFailure? {
    do {
      _ = try await transport.send(request).body()
      return nil
    } catch { return error }
  }

  @Test func `gives status, headers and body`() async throws {
    let double = try double(.status(418, "short and stout").with(header: "X-Pot", "tea"))
    defer { double.stop() }
    let exchange = try await HTTPTransport().send(request(to: double))
    #expect(exchange.head.status == 418)
    #expect(exchange.head.header("x-pot") == "tea")
    #expect(exchange.head.mediaType == "text/plain")
    #expect(try await exchange.body() == Array("short and stout".utf8))
  }

  @Test func `sends a body of several megabytes unchanged`() async throws {
    let double = try double(.status(200, "ok"))
    defer { double.stop() }
    let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let sent = try request(to: double) {
      $0.method = "POST"
      $0.body = body
    }
    _ = try await HTTPTransport().send(sent).body()
    #expect(double.requests.first?.body == body)
    #expect(double.requests.first?.header("content-length") == "5000000")
    #expect(double.requests.first?.header("expect") == nil)
  }

  @Test func `a slow reader slows the server and loses nothing`() async throws {
    let piece = [UInt8](repeating: 7, count: 100_000)
    let double = try double(.chunks((0..<80).map { _ in .bytes(piece) }))
    defer { double.stop() }
    let exchange = try await HTTPTransport().send(request(to: double))
    while !exchange.isPaused { await Task.yield() }
    var received = 0
    var largest = 0
    while let bytes = try await exchange.next() {
      received += bytes.count
      largest = max(largest, bytes.count)
    }
    #expect(received == 8_000_000)
    #expect(largest <= Transfer.bufferLimit)
  }

  @Test func `a body beyond its limit ends the exchange`() async throws {
    let double = try double(
      .chunks((0..<100).map { _ in .bytes([UInt8](repeating: 1, count: 20_000)) }))
    defer { double.stop() }
    let small = try request(to: double) { $0.limits.body = 1_000_000 }
    #expect(await failure(HTTPTransport(), small) == .tooLarge(what: "body", limit: 1_000_000))
  }

  @Test func `a flood of headers ends the exchange`() async throws {
    let lines = (0..<5000).map { "X-\($0): y\r\n" }.joined()
    let double = try double(.wire([.text("HTTP/1.1 200 OK\r\n\(lines)Content-Length: 0\r\n\r\n")]))
    defer { double.stop() }
    let failure = try await failure(HTTPTransport(), request(to: double))
    #expect(failure == .tooLarge(what: "headers", limit: 64 << 10))
  }

  @Test func `a header that never ends ends the exchange`() async throws {
    let double = try double(
      .wire([.text("HTTP/1.1 200 OK\r\nX: "), .bytes([UInt8](repeating: 0x61, count: 400_000))]))
    defer { double.stop() }
    #expect(try await failure(HTTPTransport(), request(to: double)) != nil)
  }

  @Test func `headers that trickle meet the deadline for the first byte or between bytes`()
    async throws
  {
    let steps = "HTTP/1.1 200 OK\r\n".utf8.flatMap {
      [DoubleAnswer.Step.bytes([$0]), .pause(.milliseconds(30))]
    }
    let double = try double(.wire(steps + [.hang]))
    defer { double.stop() }
    let hasty = try request(to: double) {
      $0.deadlines.firstByte = .milliseconds(300)
      $0.deadlines.total = .milliseconds(600)
    }
    guard case .timeout = await failure(HTTPTransport(), hasty) else {
      Issue.record("no deadline was met")
      return
    }
    await double.waitForClientsLeft(1)
  }

  @Test func `answers that come before the final one are skipped`() async throws {
    let double = try double(
      .wire([
        .text(
          "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        )
      ]))
    defer { double.stop() }
    let exchange = try await HTTPTransport().send(request(to: double))
    #expect(exchange.head.status == 200)
    #expect(exchange.head.header("x-a") == nil)
    #expect(try await exchange.body() == Array("ok".utf8))
  }

  @Test(arguments: [
    "garbage\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\u{16}\u{3}\u{1}binary", "\r\n\r\n",
  ])
  func `something that is no HTTP is an error`(text: String) async throws {
    let double = try double(.wire([.text(text)]))
    defer { double.stop() }
    #expect(try await failure(HTTPTransport(), request(to: double)) != nil)
  }

  @Test func `a body shorter than announced is an error`() async throws {
    let double = try double(.wire([.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]))
    defer { double.stop() }
    guard case .closedDuringAnswer = try await failure(HTTPTransport(), request(to: double)) else {
      Issue.record("a short body was taken for a whole one")
      return
    }
  }

  @Test func `dropping an answer closes its connection`() async throws {
    let double = try double(.chunks([.text("start"), .hang]))
    defer { double.stop() }
    let transport = HTTPTransport()
    do {
      let exchange = try await transport.send(request(to: double))
      #expect(exchange.head.status == 200)
    }
    await double.waitForClientsLeft(1)
  }

  @Test func `a drained answer leaves its connection usable`() async throws {
    let double = try ModelDouble.start(
      override: { request in
        request.index == 0
          ? .chunks([.text("start"), .pause(.milliseconds(20)), .text("rest")]) : .status(200, "ok")
      }, ModelDouble.plain)
    defer { double.stop() }
    let transport = HTTPTransport()
    let first = try await transport.send(request(to: double))
    _ = try await first.next()
    first.drain()
    while try await first.next() != nil {}
    _ = try await transport.send(request(to: double)).body()
    #expect(Set(double.requests.map(\.connection)).count == 1)
  }

  @Test func `draining something endless is given up`() async throws {
    let double = try double(.chunks([.text("start"), .hang]))
    defer { double.stop() }
    let transport = HTTPTransport()
    let exchange = try await transport.send(request(to: double))
    exchange.drain()
    await double.waitForClientsLeft(1)
  }

  @Test func `many exchanges run at once on one thread`() async throws {
    let double = try double(DoubleAnswer.status(200, "ok").after(.milliseconds(20)))
    defer { double.stop() }
    let transport = HTTPTransport()
    let request = try request(to: double)
    let count = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<40 { group.addTask { await failure(transport, request) == nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(count == 40)
    #expect(double.busiest > 1)
  }

  @Test func `a cancelled task does not even connect`() async throws {
    let double = try double(.status(200, "ok"))
    defer { double.stop() }
    let transport = HTTPTransport()
    let request = try request(to: double)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure(transport, request)
    }
    #expect(await task.value == .cancelled)
  }

  @Test func `a header with a line break is refused`() async throws {
    let double = try double(.status(200, "ok"))
    defer { double.stop() }
    let bad = try request(to: double) { $0.headers = [("X", "a\r\nY: b")] }
    guard case .unusable = await failure(HTTPTransport(), bad) else {
      Issue.record("a header was smuggled in")
      return
    }
    #expect(double.requests.isEmpty)
  }

  @Test(arguments: ["/elsewhere", "file:///etc/hostname", "http://127.0.0.1:1/"])
  func `a redirect is reported and not followed`(target: String) async throws {
    let double = try double(DoubleAnswer.status(307, "there").with(header: "Location", target))
    defer { double.stop() }
    let exchange = try await HTTPTransport().send(request(to: double))
    #expect(exchange.head.status == 307)
    #expect(try await exchange.body() == Array("there".utf8))
    #expect(double.requests.count == 1)
  }

  @Test(arguments: ["file", "ftp", "gopher", "telnet", "ldap", "smb", "scp", "dict"])
  func `no scheme but http and https gets as far as libcurl`(scheme: String) {
    #expect(throws: EndpointAddress.Problem.self) { try EndpointAddress("\(scheme)://h/v1") }
  }

  @Test func `TLS to a server without it is an error that says so`() async throws {
    let double = try double(.status(200, "ok"))
    defer { double.stop() }
    let url = "https://127.0.0.1:\(double.port)/v1"
    let client = ModelClient(
      try ModelEndpoint(url: url, model: "x"), transport: HTTPTransport(), clock: TestClock().clock)
    let error = await modelError { () throws(ModelError) in try await client.status() }
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("TLS") == true)
  }
}

/// Streams that nobody means: each must end, in bounded memory.
@Suite(.timeLimit(.minutes(5))) struct EventStreamTests {
  @Test(arguments: [
    ("data: a\n\n", ["a"]), ("data:a\n\n", ["a"]), ("data: a\r\n\r\n", ["a"]),
    ("data: a\r\r", ["a"]),
    ("data: a\ndata: b\n\n", ["a\nb"]), ("data\n\n", []), ("data: a", ["a"]),
    ("data:  a\n\n", [" a"]),
    (": c\n\n", []), ("event: x\ndata: a\nid: 1\n\n", ["a"]), ("\n\n\n", []), ("", []),
    ("\u{FEFF}data: a\n\n", ["a"]), ("datax: a\n\n", []), ("data: a\n\ndata: b\n\n", ["a", "b"]),
  ]) func `reads events in any form and any cut`(text: String, expected: [String]) throws {
    for size in 1...max(text.utf8.count, 1) {
      var parser = EventStreamParser()
      var events: [EventStreamParser.Event] = []
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        events += try parser.feed(Array(bytes.prefix(size)))
        bytes = bytes.dropFirst(size)
      }
      events += try parser.finish()
      let data = events.compactMap { event -> String? in
        if case .data(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { nil }
      }
      #expect(data == expected)
    }
  }

  @Test func `a line without an end is too long`() {
    var parser = EventStreamParser()
    #expect(throws: EventStreamParser.Problem.lineTooLong(limit: 1 << 20)) {
      for _ in 0..<100 { _ = try parser.feed([UInt8](repeating: 0x61, count: 100_000)) }
    }
  }

  @Test func `an event of many lines is too long`() {
    var parser = EventStreamParser()
    let line = Array("data: ".utf8) + [UInt8](repeating: 0x61, count: 100_000) + [0x0A]
    #expect(throws: EventStreamParser.Problem.eventTooLong(limit: 4 << 20)) {
      for _ in 0..<100 { _ = try parser.feed(line) }
    }
  }

  @Test func `empty events are counted`() {
    var parser = EventStreamParser()
    let flood = Array(String(repeating: "data:\n\n", count: 1000).utf8)
    #expect(throws: EventStreamParser.Problem.tooManyEvents(limit: 20_000)) {
      for _ in 0..<100 { _ = try parser.feed(flood) }
    }
  }

  @Test func `arguments without an end are too long`() async throws {
    let fragment =
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\#(String(repeating: "a", count: 50_000))"}}]}}]}"#
    let double = try ModelDouble.start(
      override: { $0.isChat ? .events([String](repeating: fragment, count: 10)) : nil },
      ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .malformedReply)
    #expect(error?.message.contains("262144 bytes") == true)
  }

  @Test func `text that is no UTF-8 is replaced and said so`() async throws {
    let start = Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a".utf8)
    let end = Array("b\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n".utf8)
    let double = try ModelDouble.start(
      override: { $0.isChat ? .chunks([.bytes(start + [0xFF] + end)]) : nil }, ModelDouble.plain)
    defer { double.stop() }
    let reply = try await client(of: double).chat(question())
    #expect(reply.text == "a\u{FFFD}b")
    #expect(reply.hadInvalidText)
  }
}
