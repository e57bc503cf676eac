import Glibc
import Platform

/// The line to an X server, which asks one question at a time.
///
/// Used by one thread; each wait has a limit.
struct XLine {
  /// The server is not there any more, or does not speak X.
  struct Broken: Error {}

  private static let limit = Duration.seconds(2)
  private static let mostBytes = 1 << 20

  let socket: Socket
  /// The window that all others are in.
  private(set) var root: UInt32 = 0
  private var sequence: UInt16 = 0
  private var input: [UInt8] = []
  /// What the server told between a question and its answer.
  private var events: [XMessage] = []

  /// Signs in at a display of this machine.
  init(display: Int, cookie: [UInt8]) throws(Broken) {
    do throws(Socket.Failure) {
      socket = try Socket.connect(
        path: "/tmp/.X11-unix/X\(display)", until: .now + Self.limit
      ) { _ in }
    } catch {
      throw Broken()
    }
    try write(XRequest.greeting(cookie: cookie))
    let head = try take(8)
    guard head[0] == 1 else { throw Broken() }
    let body = try take(4 * (Int(head[6]) | Int(head[7]) << 8))
    root = try Self.root(in: body)
  }

  /// The root of the first screen, which stands behind the vendor's name and the picture formats.
  private static func root(in body: [UInt8]) throws(Broken) -> UInt32 {
    guard body.count > 32 else { throw Broken() }
    let vendor = Int(body[16]) | Int(body[17]) << 8
    let place = 32 + (vendor + 3) / 4 * 4 + Int(body[21]) * 8
    guard body.count >= place + 4 else { throw Broken() }
    return (0..<4).reduce(0) { $0 | UInt32(body[place + $1]) << UInt32(8 * $1) }
  }

  /// Has something done.
  mutating func tell(_ request: XRequest) throws(Broken) {
    try write(request.bytes)
    sequence &+= 1
  }

  /// Asks; nil when the server knows of no such thing, as of a window that has just gone.
  mutating func ask(_ request: XRequest) throws(Broken) -> XMessage? {
    try tell(request)
    while true {
      let message = try next()
      if message.isAnswer || message.isError {
        // Errors of what was told before belong to nobody.
        if message.sequence == sequence { return message.isAnswer ? message : nil }
      } else {
        events.append(message)
      }
    }
  }

  /// The events that have come, without waiting; false at the end of the line.
  mutating func read() -> Bool {
    while true {
      switch receive() {
      case .bytes: continue
      case .nothingYet: return true
      case .ended, .failed, .broken: return false
      }
    }
  }

  /// Takes the next event that has come.
  mutating func nextEvent() -> XMessage? {
    if !events.isEmpty { return events.removeFirst() }
    while let message = takeMessage() {
      if !message.isAnswer, !message.isError { return message }
    }
    return nil
  }

  // MARK: - Bytes

  private func write(_ bytes: [UInt8]) throws(Broken) {
    var sent = 0
    do throws(Socket.Failure) {
      try socket.write(bytes, until: .now + Self.limit, counting: &sent)
    } catch {
      throw Broken()
    }
  }

  private mutating func next() throws(Broken) -> XMessage {
    while true {
      if let message = takeMessage() { return message }
      try waitForMore()
    }
  }

  private mutating func take(_ count: Int) throws(Broken) -> [UInt8] {
    while input.count < count { try waitForMore() }
    defer { input.removeFirst(count) }
    return Array(input.prefix(count))
  }

  private mutating func takeMessage() -> XMessage? {
    guard let length = XMessage.length(of: input), input.count >= length else { return nil }
    defer { input.removeFirst(length) }
    return XMessage(bytes: Array(input.prefix(length)))
  }

  private mutating func waitForMore() throws(Broken) {
    do throws(Socket.Failure) {
      try socket.wait(for: POLLIN, until: .now + Self.limit)
    } catch {
      throw Broken()
    }
    guard case .bytes = receive(), input.count <= Self.mostBytes else { throw Broken() }
  }

  private mutating func receive() -> Socket.Reading {
    var chunk = [UInt8](repeating: 0, count: 8192)
    let reading = chunk.withUnsafeMutableBytes { socket.read(into: $0) }
    if case .bytes(let count) = reading { input += chunk[..<count] }
    return reading
  }
}
