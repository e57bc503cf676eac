/// Takes a server-sent event stream apart, however its bytes were cut.
struct EventStreamParser: Sendable {
  /// One thing that the stream said.
  enum Event: Hashable, Sendable {
    /// The `data:` lines of an event, joined.
    case data([UInt8])
    /// A comment, which servers send to show that they are alive.
    case comment
    /// A line `error: …`, the way old engines report a failure.
    case error([UInt8])
  }

  /// A stream that is longer than anybody could mean.
  enum Problem: Error, Hashable, Sendable {
    case lineTooLong(limit: Int)
    case eventTooLong(limit: Int)
    case tooManyEvents(limit: Int)
  }

  private let lineLimit: Int
  private let eventLimit: Int
  private let countLimit: Int
  private var line: [UInt8] = []
  private var data: [UInt8]?
  private var isAfterReturn = false
  private var count = 0
  private var isAtStart = true

  /// How many bytes wait for the end of their line or event.
  var heldBytes: Int { line.count + (data?.count ?? 0) }

  init(lineLimit: Int = 1 << 20, eventLimit: Int = 4 << 20, countLimit: Int = 20_000) {
    self.lineLimit = lineLimit
    self.eventLimit = eventLimit
    self.countLimit = countLimit
  }

  /// Takes the next bytes and returns the events they complete.
  mutating func feed(_ bytes: [UInt8]) throws(Problem) -> [Event] {
    var events: [Event] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0D {
      let isSecondHalf = byte == 0x0A && isAfterReturn && index == start && line.isEmpty
      isAfterReturn = byte == 0x0D
      defer { start = index + 1 }
      if isSecondHalf { continue }
      try extend(bytes[start..<index])
      try endLine(&events)
    }
    if start < bytes.count {
      isAfterReturn = false
      try extend(bytes[start...])
    }
    return events
  }

  /// The stream ended: what a final line without a line end completes.
  mutating func finish() throws(Problem) -> [Event] {
    var events: [Event] = []
    if !line.isEmpty { try endLine(&events) }
    try dispatch(&events)
    return events
  }

  private mutating func extend(_ bytes: ArraySlice<UInt8>) throws(Problem) {
    guard line.count + bytes.count <= lineLimit else { throw .lineTooLong(limit: lineLimit) }
    line.append(contentsOf: bytes)
  }

  private mutating func endLine(_ events: inout [Event]) throws(Problem) {
    defer { line.removeAll(keepingCapacity: true) }
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard let first = line.first else { return try dispatch(&events) }
    if first == UInt8(ascii: ":") { return try report(.comment, &events) }
    if let value = value(of: Self.dataField) {
      try append(value)
    } else if data == nil, let value = value(of: Self.errorField) {
      try report(.error(Array(value)), &events)
    }
  }

  private static let dataField = Array("data".utf8)
  private static let errorField = Array("error".utf8)

  private func value(of name: [UInt8]) -> ArraySlice<UInt8>? {
    guard line.starts(with: name) else { return nil }
    if line.count == name.count { return [] }
    guard line[name.count] == UInt8(ascii: ":") else { return nil }
    let value = line[(name.count + 1)...]
    return value.first == UInt8(ascii: " ") ? value.dropFirst() : value
  }

  private mutating func append(_ value: ArraySlice<UInt8>) throws(Problem) {
    var joined = data ?? []
    data = nil
    let count = joined.isEmpty ? value.count : joined.count + 1 + value.count
    guard count <= eventLimit else { throw .eventTooLong(limit: eventLimit) }
    if joined.isEmpty {
      data = Array(value)
    } else {
      joined.append(0x0A)
      joined.append(contentsOf: value)
      data = joined
    }
  }

  private mutating func dispatch(_ events: inout [Event]) throws(Problem) {
    guard let data else { return }
    self.data = nil
    // An empty event says nothing, but it counts: a flood of them must end.
    try report(data.isEmpty ? .comment : .data(data), &events)
  }

  private mutating func report(_ event: Event, _ events: inout [Event]) throws(Problem) {
    count += 1
    guard count <= countLimit else { throw .tooManyEvents(limit: countLimit) }
    events.append(event)
  }
}
