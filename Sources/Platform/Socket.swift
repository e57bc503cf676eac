internal import Glibc

/// A connected stream socket that one thread uses and any thread may break off.
public final class Socket: Sendable {
  /// Why a socket did not do what it was asked.
  public enum Failure: Error, Hashable, Sendable {
    /// The resolver knows no such host, in its words.
    case noSuchHost(String)
    /// An errno value.
    case system(CInt)
    /// The deadline has passed.
    case timedOut
    /// The other side has closed the connection.
    case ended
    /// `breakOff` was called.
    case brokenOff
    /// The address cannot be used, and why.
    case badAddress(String)
  }

  /// The descriptor, which stays open for as long as this object lives.
  public let descriptor: CInt
  /// Set before `shutdown`, so that its effects are not mistaken for the server's doing.
  private let isBroken = Locked(false)

  private init(family: CInt) throws(Failure) {
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw .system(errno) }
  }

  /// Takes over a connected socket, which is closed with this object.
  public init(adopting descriptor: CInt) { self.descriptor = descriptor }

  /// Two sockets of which each reads what is written to the other.
  public static func pair() throws(Failure) -> (Socket, Socket) {
    var ends: [CInt] = [-1, -1]
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .system(errno) }
    return (Socket(adopting: ends[0]), Socket(adopting: ends[1]))
  }

  deinit { close(descriptor) }

  /// Ends every read and write on it, now and later.
  ///
  /// Safe on any thread.
  public func breakOff() {
    isBroken.withLock { $0 = true }
    shutdown(descriptor, CInt(SHUT_RDWR))
  }

  /// Whether `breakOff` was called.
  public var wasBrokenOff: Bool { isBroken.withLock { $0 } }

  /// What `read` gave.
  public enum Reading: Hashable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing has arrived.
    case nothingYet
    /// Nothing will arrive any more.
    case ended
    /// An errno value.
    case failed(CInt)
    /// TLS has failed, in the library's words.
    case broken(String)
  }

  /// Reads what is there, without waiting.
  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN || errno == EWOULDBLOCK ? .nothingYet : .failed(errno)
    }
  }

  /// Writes what there is room for, without waiting: how many bytes, or an errno value below zero.
  public func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      let count = send(
        descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      if count >= 0 { return count }
      if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Says that nothing more will be written; what the other side writes can still be read.
  public func endWriting() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Writes all of it, waiting for room until `deadline`.
  ///
  /// - Parameter sent: how many bytes the system has taken, also when it throws.
  public func write(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, counting sent: inout Int
  ) throws(Failure) {
    while sent < bytes.count {
      let start = sent
      let count = bytes.withUnsafeBytes { buffer in
        send(
          descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
          CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if wasBrokenOff {
        throw .brokenOff
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try wait(for: POLLOUT, until: deadline)
      } else if errno != EINTR {
        throw errno == EPIPE || errno == ECONNRESET ? .ended : .system(errno)
      }
    }
  }

  /// Waits until it is readable (`POLLIN`), writable (`POLLOUT`), or one of both.
  public func wait(for event: CInt, until deadline: ContinuousClock.Instant) throws(Failure) {
    while true {
      let left = (deadline - .now).milliseconds
      guard left > 0 else { throw .timedOut }
      var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: event), revents: 0)
      let count = poll(&entry, 1, CInt(clamping: left))
      if wasBrokenOff { throw .brokenOff }
      if count > 0 { return }
      if count < 0, errno != EINTR { throw .system(errno) }
    }
  }
}

// MARK: - Connecting

extension Socket {
  /// Connects to a unix socket.
  public static func connect(
    path: String, until deadline: ContinuousClock.Instant, _ announce: (Socket) -> Void
  ) throws(Failure) -> Socket {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !bytes.isEmpty, bytes.count <= room, !bytes.contains(0) else {
      throw .badAddress("the path of a unix socket has 1 to \(room) bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let socket = try Socket(family: AF_UNIX)
    announce(socket)
    try socket.connect(to: withUnsafeBytes(of: &address) { Array($0) }, until: deadline)
    return socket
  }

  /// Connects to the first address of a host that answers.
  ///
  /// `announce` is told of each socket before it waits, so that it can be broken off. Looking up a name
  /// has the limits of the system's resolver.
  public static func connect(
    host: String, port: Int, until deadline: ContinuousClock.Instant, _ announce: (Socket) -> Void
  ) throws(Failure) -> Socket {
    var failure = Failure.noSuchHost(host)
    for address in try addresses(host: host, port: port) {
      do throws(Failure) {
        let socket = try Socket(family: address.family)
        announce(socket)
        try socket.connect(to: address.bytes, until: deadline)
        socket.setTCPOptions()
        return socket
      } catch {
        guard case .system = error else { throw error }
        failure = error
      }
    }
    throw failure
  }

  private static func addresses(
    host: String, port: Int
  ) throws(Failure) -> [(family: CInt, bytes: [UInt8])] {
    guard (1...65535).contains(port) else { throw .badAddress("a port is 1 to 65535") }
    guard !host.isEmpty, !host.utf8.contains(0) else { throw .badAddress("the host is empty") }
    var hints = addrinfo()
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { throw .noSuchHost(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(list) }
    var result: [(family: CInt, bytes: [UInt8])] = []
    var next = list
    while let entry = next?.pointee, result.count < 8 {
      if let address = entry.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
        result.append((entry.ai_family, Array(bytes)))
      }
      next = entry.ai_next
    }
    return result
  }

  /// Connects without blocking, then makes the socket blocking for the handshake.
  private func connect(
    to address: [UInt8], until deadline: ContinuousClock.Instant
  ) throws(Failure) {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    let code = begin(address)
    if code != 0 {
      guard code == EINPROGRESS || code == EINTR else { throw .system(code) }
      try wait(for: POLLOUT, until: deadline)
      var code: CInt = 0
      var length = socklen_t(MemoryLayout<CInt>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
      if code != 0 { throw .system(code) }
    }
    if wasBrokenOff { throw .brokenOff }
    _ = fcntl(descriptor, F_SETFL, flags)
  }

  /// Starts to connect; 0 when that is already done, or an errno value.
  private func begin(_ address: [UInt8]) -> CInt {
    address.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return EINVAL }
      let name = base.assumingMemoryBound(to: sockaddr.self)
      return Glibc.connect(descriptor, name, socklen_t(bytes.count)) == 0 ? 0 : errno
    }
  }

  /// Small messages leave at once, and a host that has vanished is noticed after half a minute.
  private func setTCPOptions() {
    set(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 10)
    set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 5)
    set(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, 30_000)
  }

  private func set(_ level: CInt, _ option: CInt, _ value: CInt) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
  }
}

extension Duration {
  /// Whole milliseconds, rounded up and brought into range.
  fileprivate var milliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
