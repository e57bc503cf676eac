internal import Platform

/// Bytes between one end of a local socket pair and a channel, both ways.
///
/// Each way holds at most so much, and reads no more while the other side takes nothing. An end of one way
/// leaves the other way open.
final class Tunnel: ChannelWork {
  let channel: Channel
  private let socket: Socket
  private var outgoing = ByteQueue()
  private var incoming = ByteQueue()
  /// Nothing more comes from the local side.
  private var localEnded = false
  /// Both ways of the local side are closed; there may still be something to read.
  private var localHasHungUp = false
  /// The local side takes nothing any more, and has nothing more to say.
  private var localIsGone = false
  private var hasSentEnd = false
  /// Nothing more comes from the server.
  private var remoteEnded = false
  private var hasPassedEnd = false

  private static let outgoingLimit = 128 << 10
  private static let incomingLimit = 256 << 10

  init(_ channel: Channel, _ socket: Socket) {
    self.channel = channel
    self.socket = socket
  }

  var isDone: Bool {
    if localIsGone { return outgoing.isEmpty }
    return hasSentEnd && hasPassedEnd
  }

  var wantsInput: Bool {
    !outgoing.isEmpty || (!remoteEnded && incoming.count < Self.incomingLimit)
  }

  var local: (descriptor: CInt, reads: Bool, writes: Bool)? {
    localHasHungUp || localIsGone
      ? nil
      : (
        socket.descriptor, !localEnded && outgoing.count < Self.outgoingLimit, !incoming.isEmpty
      )
  }

  func pump(_ library: Library) throws(Library.Failure) -> Bool {
    let isSending = try sendLocal(library)
    let isReceiving = try receiveRemote(library.room)
    return isSending || isReceiving
  }

  func localHungUp() {
    localHasHungUp = true
    if localEnded { localIsGone = true }
  }

  func end(_ error: SSHError) { socket.breakOff() }

  // MARK: - To the server

  private func sendLocal(_ library: Library) throws(Library.Failure) -> Bool {
    var hasMoved = readLocal(library.room)
    while !outgoing.isEmpty, library.hasRoom {
      var transfer = Channel.Transfer.later
      _ = try outgoing.passOn { (bytes) throws(Library.Failure) in
        transfer = try channel.write(bytes)
        return if case .bytes(let count) = transfer { count } else { 0 }
      }
      switch transfer {
      case .bytes: hasMoved = true
      case .later: return hasMoved
      case .over:
        // The server takes nothing any more.
        giveUpLocal()
        return true
      }
    }
    if localEnded, outgoing.isEmpty, !hasSentEnd, !localIsGone {
      hasSentEnd = try channel.endWriting()
      hasMoved = hasMoved || hasSentEnd
    }
    return hasMoved
  }

  private func readLocal(_ room: UnsafeMutableRawBufferPointer) -> Bool {
    var hasMoved = false
    while !localEnded, outgoing.count < Self.outgoingLimit {
      switch socket.read(into: room) {
      case .bytes(let count):
        outgoing.append(room.prefix(count))
        hasMoved = true
      case .nothingYet: return hasMoved
      case .ended, .failed, .broken:
        localEnded = true
        // What comes from the server has nowhere to go.
        if localHasHungUp { localIsGone = true }
        hasMoved = true
      }
    }
    return hasMoved
  }

  private func giveUpLocal() {
    _ = outgoing.passOn { $0.count }
    localEnded = true
    hasSentEnd = true
  }

  // MARK: - From the server

  private func receiveRemote(
    _ room: UnsafeMutableRawBufferPointer
  ) throws(Library.Failure) -> Bool {
    var hasMoved = writeLocal()
    while !remoteEnded, incoming.count < Self.incomingLimit {
      switch try channel.read(0, into: room) {
      case .bytes(let count):
        hasMoved = true
        incoming.append(room.prefix(count))
        _ = writeLocal()
      case .later: return hasMoved
      case .over:
        remoteEnded = true
        hasMoved = true
      }
    }
    if remoteEnded, incoming.isEmpty, !hasPassedEnd {
      socket.endWriting()
      hasPassedEnd = true
      hasMoved = true
    }
    return hasMoved
  }

  private func writeLocal() -> Bool {
    guard !incoming.isEmpty else { return false }
    return incoming.passOn { bytes in
      let count = localIsGone ? bytes.count : socket.writeSome(bytes)
      guard count < 0 else { return count }
      localIsGone = true
      return bytes.count
    } > 0
  }
}
