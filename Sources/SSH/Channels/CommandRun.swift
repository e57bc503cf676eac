internal import Glibc
internal import Platform

/// One command on its way: started, fed, listened to.
final class CommandRun: ChannelWork {
  let channel: Channel
  private let command: String
  private let limits: SSHCommandLimits
  private var input = ByteQueue()
  private var output: SSHOutput
  private var errors: SSHOutput
  private var isStarted = false
  private var hasSentEnd = false
  private let done: OneShot<Result<SSHCommandResult, SSHError>>
  private let refusal: SSHError
  private(set) var isDone = false

  /// A command on an open channel.
  ///
  /// - Parameters:
  ///   - done: gets what comes of it.
  ///   - refusal: the error for a server that does not run it.
  init(
    _ channel: Channel, _ order: Order, refusal: SSHError,
    done: OneShot<Result<SSHCommandResult, SSHError>>
  ) {
    self.channel = channel
    command = order.command
    limits = order.limits
    input.append(order.input)
    output = SSHOutput(limit: order.limits.kept)
    errors = SSHOutput(limit: order.limits.kept)
    self.refusal = refusal
    self.done = done
  }

  /// What is to be run.
  struct Order: Sendable {
    let command: String
    let input: [UInt8]
    let limits: SSHCommandLimits
  }

  var wantsInput: Bool { !isDone }

  var local: (descriptor: CInt, reads: Bool, writes: Bool)? { nil }

  func localHungUp() {}

  func end(_ error: SSHError) {
    finish(
      .failure(
        SSHError(
          error.code, error.message + "; whether “\(printable(command.utf8))” was done is unknown"))
    )
  }

  /// Whether its result goes there.
  func reports(to other: OneShot<Result<SSHCommandResult, SSHError>>) -> Bool { done === other }

  /// Ends it from this side.
  func stop(_ ending: SSHCommandResult.Ending) {
    finish(.success(SSHCommandResult(ending: ending, output: output, errors: errors)))
  }

  private func finish(_ result: Result<SSHCommandResult, SSHError>) {
    isDone = true
    done.set(result)
  }

  func pump(_ library: Library) throws(Library.Failure) -> Bool {
    guard !isDone else { return false }
    guard isStarted else { return try start() }
    let isFeeding = try feed(library)
    // Both streams in turn, so that neither keeps the other from being read.
    let (isSpeaking, isSilent) = try listen(0, library.room)
    let (isComplaining, isContent) = try listen(1, library.room)
    if output.total + errors.total > limits.output {
      stop(.tooMuchOutput)
    } else if isSilent, isContent, try channel.isClosed() {
      stop(channel.ending)
    }
    return isFeeding || isSpeaking || isComplaining || isDone
  }

  private func start() throws(Library.Failure) -> Bool {
    guard let isAccepted = try channel.execute(command) else { return false }
    isStarted = true
    if !isAccepted { finish(.failure(refusal)) }
    return true
  }

  private func feed(_ library: Library) throws(Library.Failure) -> Bool {
    var hasMoved = false
    while !input.isEmpty, library.hasRoom {
      var transfer = Channel.Transfer.later
      _ = try input.passOn { (bytes) throws(Library.Failure) in
        transfer = try channel.write(bytes)
        switch transfer {
        case .bytes(let count): return count
        case .later: return 0
        // It takes no more of it.
        case .over: return bytes.count
        }
      }
      if transfer == .later { return hasMoved }
      hasMoved = true
    }
    if input.isEmpty, !hasSentEnd {
      hasSentEnd = try channel.endWriting()
      hasMoved = hasMoved || hasSentEnd
    }
    return hasMoved
  }

  private func listen(
    _ stream: CInt, _ room: UnsafeMutableRawBufferPointer
  ) throws(Library.Failure) -> (hasMoved: Bool, isOver: Bool) {
    var hasMoved = false
    while output.total + errors.total <= limits.output {
      switch try channel.read(stream, into: room) {
      case .bytes(let count):
        let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
        if stream == 0 { output.append(bytes) } else { errors.append(bytes) }
        hasMoved = true
      case .later: return (hasMoved, false)
      case .over: return (hasMoved, true)
      }
    }
    return (hasMoved, false)
  }
}
