internal import JSONCoding

/// How far a pull has come.
public struct PullProgress: Hashable, Sendable {
  /// Bytes that are here.
  public var received = 0
  /// Bytes that there are; 0 as long as nobody said.
  public var total = 0
  /// What the runner warned of last.
  public var warning: String?

  /// Nothing yet.
  public init() {}

  /// The share that is here, 0…1; nil as long as the total is unknown.
  public var fraction: Double? {
    total > 0 ? min(Double(received) / Double(total), 1) : nil
  }
}

/// Reads the lines of a pull: bytes in, progress out, and at the end whether it succeeded.
struct PullReader: Sendable {
  /// How it ended.
  enum Outcome: Hashable, Sendable {
    case succeeded(String)
    case failed(String)
    /// The lines stopped.
    case cut
  }

  private var line: [UInt8] = []
  private var layers: [String: Int] = [:]
  private var progress = PullProgress()
  private var success: String?
  private var failure: String?
  /// Whether the lines came escaped for HTML, which they do when the `Accept` header is not exact.
  private(set) var isEscaped = false

  static let lineLimit = 1 << 20

  /// Takes the next bytes; nil when nothing is new.
  mutating func feed(_ bytes: [UInt8]) -> PullProgress? {
    let before = progress
    for byte in bytes {
      if byte == 0x0A { endLine() } else if line.count < Self.lineLimit { line.append(byte) }
    }
    return progress == before ? nil : progress
  }

  /// The stream ended.
  mutating func finish() -> Outcome {
    endLine()
    if let failure { return .failed(failure) }
    return success.map { .succeeded($0) } ?? .cut
  }

  /// Lines that are no JSON follow an error that is already known; elsewhere they are noise.
  private mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    guard let json = try? JSON(parsing: line) else {
      if line.starts(with: "{&#34;".utf8) { isEscaped = true }
      return
    }
    let message = json["message"]?.string ?? ""
    switch json["type"]?.string {
    case "progress": take(json)
    case "success": success = message
    case "warning": progress.warning = message.excerpt(300)
    case "error": failure = failure ?? message
    default: break
    }
  }

  private mutating func take(_ json: JSON) {
    if let total = json["total"]?.integer, total > 0 { progress.total = total }
    guard let id = json["layer"]?["id"]?.string, let current = json["layer"]?["current"]?.integer,
      current >= 0, layers.count < 10_000 || layers[id] != nil
    else { return }
    layers[id] = current
    progress.received = layers.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
  }
}
