internal import Glibc
internal import Platform

/// A conversation with an SSH agent (draft-ietf-sshm-ssh-agent), in which it lists keys and signs.
///
/// libssh2's own waits for an agent without a limit. This one blocks until the deadline at most.
final class AgentClient {
  /// Why an agent is of no use, as the middle of a sentence about it.
  struct Failure: Error, Hashable {
    let reason: String
  }

  private let socket: Socket
  private let deadline: ContinuousClock.Instant

  private static let limit = 256 << 10

  init(socket: Socket, until deadline: ContinuousClock.Instant) {
    self.socket = socket
    self.deadline = deadline
  }

  /// The public keys that it can sign for; at most 64 are looked at.
  func keys() throws(Failure) -> [HostKey] {
    var answer = WireReader(try ask(11, []).dropFirst())
    guard let count = answer.number() else { throw Failure(reason: "gave no list of keys") }
    var keys: [HostKey] = []
    for _ in 0..<min(count, 64) {
      guard let blob = answer.string(), answer.string() != nil else {
        throw Failure(reason: "gave a list of keys that is cut off")
      }
      if let key = HostKey(blob: Array(blob)) { keys.append(key) }
    }
    return keys
  }

  /// The signature of a key over some bytes, without the name of its algorithm in front.
  func sign(_ bytes: [UInt8], with key: HostKey) throws(Failure) -> [UInt8] {
    var request = WireWriter()
    request.string(key.blob)
    request.string(bytes)
    request.number(0)
    let answer = try ask(13, request.bytes)
    var reader = WireReader(answer.dropFirst())
    guard answer.first == 14, let signature = reader.string() else {
      throw Failure(reason: "does not sign with its key of type \(key.type)")
    }
    var parts = WireReader(signature)
    guard let type = parts.string(), Array(type) == Array(key.type.utf8), let proof = parts.string()
    else { throw Failure(reason: "signs with another algorithm than \(key.type)") }
    return Array(proof)
  }

  private func ask(_ kind: UInt8, _ payload: [UInt8]) throws(Failure) -> [UInt8] {
    var message = WireWriter()
    message.string([kind] + payload)
    do throws(Socket.Failure) {
      var sent = 0
      try socket.write(message.bytes, until: deadline, counting: &sent)
      let length = try read(4).reduce(0) { $0 << 8 | Int($1) }
      guard (1...Self.limit).contains(length) else {
        throw Socket.Failure.badAddress("answers with \(length) bytes")
      }
      return try read(length)
    } catch {
      switch error {
      case .badAddress(let reason): throw Failure(reason: reason)
      case .timedOut: throw Failure(reason: "does not answer in time")
      case .noSuchHost, .system, .ended, .brokenOff: throw Failure(reason: "is gone")
      }
    }
  }

  private func read(_ count: Int) throws(Socket.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    while got < count {
      let reading = bytes.withUnsafeMutableBytes { buffer in
        socket.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[got...]))
      }
      switch reading {
      case .bytes(let part): got += part
      case .nothingYet: try socket.wait(for: POLLIN, until: deadline)
      case .ended: throw .ended
      case .failed(let code): throw .system(code)
      case .broken: throw .ended
      }
    }
    return bytes
  }
}
