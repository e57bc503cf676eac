/// What a command that ran to its end left behind.
public struct CommandOutput: Sendable {
  /// How it ended.
  public let exit: ProcessExit
  /// What it wrote, up to the limit.
  public let standardOutput: [UInt8]
  /// What it wrote as errors and warnings, up to the limit.
  public let standardError: [UInt8]
  /// Whether it wrote more than the limit.
  public let isTruncated: Bool

  /// The output as text; bytes that are no UTF-8 become U+FFFD.
  public var text: String { String(decoding: standardOutput, as: UTF8.self) }
  /// The errors and warnings as text; bytes that are no UTF-8 become U+FFFD.
  public var errorText: String { String(decoding: standardError, as: UTF8.self) }
}

/// Runs a command to its end, which is the end of its main process: what it leaves running is ended.
///
/// Of each of the two streams the first `outputLimit` bytes are kept and the rest is read and dropped;
/// where the specification sends them is not used.
///
/// - Throws: `ProcessError`, with `timedOut` once everything of the command was ended, and
///   `CancellationError` likewise.
public func runCommand(
  _ specification: ProcessSpecification, input: [UInt8]? = nil, outputLimit: Int = 1 << 20,
  timeout: Duration
) async throws -> CommandOutput {
  let output = Capture(limit: outputLimit)
  let error = Capture(limit: outputLimit)
  var specification = specification
  if let input { specification.standardInput = .bytes(input) }
  specification.standardOutput = .sink { output.add($0) }
  specification.standardError = .sink { error.add($0) }

  let process = try await SupervisedProcess.start(specification)
  let exit: ProcessExit?
  do {
    exit = try await withTimeLimit(timeout) { try await process.wait() }
  } catch {
    await process.terminate(grace: .zero)
    throw error
  }
  await process.terminate(grace: .zero)
  guard let exit else { throw ProcessError.timedOut(name: process.name, limit: timeout) }
  return CommandOutput(
    exit: exit, standardOutput: output.bytes, standardError: error.bytes,
    isTruncated: output.isTruncated || error.isTruncated)
}

/// The first bytes of a stream.
private final class Capture: Sendable {
  private let limit: Int
  private let state = Locked((bytes: [UInt8](), isTruncated: false))

  init(limit: Int) { self.limit = max(limit, 0) }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var isTruncated: Bool { state.withLock { $0.isTruncated } }

  func add(_ piece: [UInt8]) {
    state.withLock { state in
      let room = limit - state.bytes.count
      state.bytes += piece.prefix(room)
      if piece.count > room { state.isTruncated = true }
    }
  }
}
