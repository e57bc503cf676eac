import CVNCClient
import Glibc
import Platform

/// The first words with a server when security types were chosen: LibVNCClient takes the first subtype
/// of VeNCrypt that the server names, whatever it is, and cannot be told what to accept.
///
/// Blocks, but never beyond the deadline. Every length is checked before it is believed.
struct Negotiation {
  private let endpoint: VNCEndpoint
  private var wire: Wire
  private let deadline: ContinuousClock.Instant
  /// The minor version of RFB 3 that both speak: 3, 7 or 8.
  private var version = 8

  private static let reasonLimit = 4096
  private static let nameLimit = 1024

  /// Shakes hands on a connected socket.
  static func perform(
    on socket: Socket, with endpoint: VNCEndpoint, until deadline: ContinuousClock.Instant
  ) throws(Handshake.Failure) -> Handshake.Session {
    var negotiation = Negotiation(
      endpoint: endpoint, wire: Wire(socket: socket), deadline: deadline)
    return try negotiation.perform()
  }

  private mutating func perform() throws(Handshake.Failure) -> Handshake.Session {
    try checkSettings()
    try agreeOnVersion()
    let type = try choose()
    if type.isEncrypted { try secure(type) }
    try prove(type)
    try readResult(type)
    try write([1])  // shared with others
    let head = try read(24)
    let length = number32(head, at: 20)
    guard length <= 1 << 20 else {
      throw Handshake.Failure(
        code: .protocolViolation, reason: "has a desktop name of \(length) bytes")
    }
    let name = try read(min(length, Self.nameLimit))
    try skip(length - name.count)
    return Handshake.Session(
      width: number16(head, at: 0), height: number16(head, at: 2),
      name: printable(name), leftover: [], security: type, tls: wire.tls)
  }

  /// Says what cannot work before the server hears of us.
  private func checkSettings() throws(Handshake.Failure) {
    let accepted = endpoint.acceptedTypes
    guard !accepted.isEmpty else {
      throw Handshake.Failure(
        code: .unsupportedSecurity, reason: "cannot be used: no security type is accepted; name one"
      )
    }
    if let password = endpoint.password, password.isEmpty || password.utf8.contains(0) {
      throw Handshake.emptyPassword
    }
    if accepted.contains(where: { $0.proof == .plain }), endpoint.security.userName == nil {
      throw Handshake.Failure(
        code: .passwordRequired,
        reason: "cannot be asked: a Plain security type is accepted and there is no user name")
    }
    if let file = endpoint.security.caFile, access(file, R_OK) != 0 {
      throw Handshake.Failure(
        code: .untrusted,
        reason: "was not asked: the CA file \(file) cannot be read: "
          + String(cString: strerror(errno)))
    }
    if case .unix = endpoint.address, endpoint.security.fingerprint == nil,
      accepted.contains(where: \.isCertified)
    {
      throw Handshake.Failure(
        code: .untrusted,
        reason: "was not asked: a unix socket has no host name that a certificate could prove; "
          + "give the certificate's fingerprint")
    }
  }

  // MARK: - Version and type

  private mutating func agreeOnVersion() throws(Handshake.Failure) {
    let line = try read(12)
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("RFB "), line[7] == UInt8(ascii: "."), line[11] == UInt8(ascii: "\n"),
      let major = Int(text.dropFirst(4).prefix(3)), let minor = Int(text.dropFirst(8).prefix(3)),
      major >= 3
    else {
      throw Handshake.Failure(
        code: .protocolViolation,
        reason: "is no VNC server: it began with “\(printable(line))”; check the port")
    }
    // Unknown versions are 3.3 (RFC 6143, 7.1.1), and what is above 3.8 speaks 3.8.
    version = major > 3 || minor >= 8 ? 8 : minor == 7 ? 7 : 3
    try write(Array("RFB 003.00\(version)\n".utf8))
  }

  private mutating func choose() throws(Handshake.Failure) -> VNCSecurityType {
    let offered = try offers()
    let accepted = endpoint.acceptedTypes
    let plain = accepted.filter { !$0.isEncrypted && offered.contains($0.number) }
    guard offered.contains(19), accepted.contains(where: \.isEncrypted) else {
      // A server that offers only weaker types is never used all the same.
      guard let type = plain.first else {
        throw Handshake.noCommonType(
          offered: offered.map(Handshake.nameOfType), accepted: accepted)
      }
      if version > 3 { try write([UInt8(type.number)]) }
      return type
    }
    // The list is in our order: what is in the clear comes first only when it was put first.
    if let first = accepted.first(where: { $0.isEncrypted || plain.contains($0) }),
      !first.isEncrypted
    {
      try write([UInt8(first.number)])
      return first
    }
    try write([19])
    return try chooseSubtype(else: offered)
  }

  /// The numbers of the security types that the server offers.
  private mutating func offers() throws(Handshake.Failure) -> [Int] {
    if version == 3 {
      let type = number32(try read(4), at: 0)
      if type == 0 { throw turnedAway(try readReason()) }
      return [type]
    }
    let count = Int(try read(1)[0])
    if count == 0 { throw turnedAway(try readReason()) }
    return try read(count).map(Int.init)
  }

  private mutating func chooseSubtype(
    else offered: [Int]
  ) throws(Handshake.Failure) -> VNCSecurityType {
    let version = try read(2)
    guard version[0] > 0 || version[1] >= 2 else {
      throw Handshake.Failure(
        code: .unsupportedSecurity,
        reason: "speaks VeNCrypt \(version[0]).\(version[1]), and 0.2 is the oldest that we speak")
    }
    try write([0, 2])
    guard try read(1)[0] == 0 else {
      throw Handshake.Failure(
        code: .unsupportedSecurity, reason: "does not speak version 0.2 of VeNCrypt")
    }
    let count = Int(try read(1)[0])
    let bytes = try read(count * 4)
    let subtypes = (0..<count).map { number32(bytes, at: $0 * 4) }
    guard
      let type = endpoint.acceptedTypes.first(where: { type in
        type.subtype.map(subtypes.contains) ?? false
      })
    else {
      let accepted = endpoint.acceptedTypes.filter {
        $0.isEncrypted || !offered.contains($0.number)
      }
      let others = offered.filter { number in
        number != 19 && !endpoint.acceptedTypes.contains { $0.number == number }
      }
      // VeNCrypt has been chosen, and there is no way back to what is in the clear.
      throw Handshake.noCommonType(
        offered: others.map(Handshake.nameOfType) + subtypes.map(nameOfSubtype), accepted: accepted)
    }
    try write(word(type.number))
    return type
  }

  private func nameOfSubtype(_ number: Int) -> String {
    VNCSecurityType.allCases.first { $0.subtype == number }.map(\.rawValue) ?? "VeNCrypt \(number)"
  }

  // MARK: - TLS

  private mutating func secure(_ type: VNCSecurityType) throws(Handshake.Failure) {
    guard try read(1)[0] == 1 else {
      throw Handshake.Failure(
        code: .untrusted, reason: "cannot begin TLS for \(type); look at the server's log")
    }
    let tls: TLSSession
    do throws(TLSSession.Failure) {
      tls = try TLSSession(
        on: wire.socket, isCertified: type.isCertified,
        caFile: endpoint.security.caFile, serverName: serverName)
    } catch {
      let file = endpoint.security.caFile.map { "the CA file \($0)" } ?? "TLS"
      throw Handshake.Failure(
        code: .untrusted, reason: "was not asked: \(file) cannot be used: \(error.reason)")
    }
    try tls.handshake(until: deadline)
    if type.isCertified { try check(tls) }
    wire.tls = tls
  }

  private func check(_ tls: TLSSession) throws(Handshake.Failure) {
    guard let actual = tls.fingerprint else {
      throw Handshake.Failure(code: .untrusted, reason: "showed no certificate")
    }
    if let pinned = endpoint.security.fingerprint {
      guard pinned == actual else {
        throw Handshake.Failure(
          code: .untrusted,
          reason: "showed another certificate than the pinned one; its SHA-256 is \(actual), "
            + "pinned is \(pinned)")
      }
      if endpoint.security.caFile == nil { return }
    }
    guard case .tcp(let host, _) = endpoint.address else { return }
    if let doubt = tls.doubt(host: host) {
      throw Handshake.Failure(
        code: .untrusted,
        reason: "is not trusted as \(host): \(doubt) Its certificate's SHA-256 is \(actual)")
    }
  }

  /// The host, when it is a name: an address is no server name in TLS.
  private var serverName: String? {
    guard case .tcp(let host, _) = endpoint.address else { return nil }
    var address = in6_addr()
    let isAddress =
      inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    return isAddress ? nil : host
  }

  // MARK: - Who we are

  private mutating func prove(_ type: VNCSecurityType) throws(Handshake.Failure) {
    switch type.proof {
    case .none: return
    case .vnc:
      guard let password = endpoint.password else { throw Handshake.passwordAsked }
      var challenge = try read(16)
      qa_vncclient_answer(&challenge, password)
      try write(challenge)
    case .plain:
      guard let password = endpoint.password, let user = endpoint.security.userName else {
        throw Handshake.passwordAsked
      }
      let parts = [Array(user.utf8), Array(password.utf8)]
      guard parts.allSatisfy({ $0.count <= 1024 }) else {
        throw Handshake.Failure(
          code: .passwordRequired,
          reason: "was not asked: a user name and a password have 1024 bytes at most")
      }
      try write(parts.flatMap { word($0.count) } + parts.flatMap(\.self))
    }
  }

  private mutating func readResult(_ type: VNCSecurityType) throws(Handshake.Failure) {
    // Before 3.8 a server that wants no password says nothing.
    if version < 8, type == .none { return }
    let result = number32(try read(4), at: 0)
    guard result != 0 else { return }
    let reason = version < 8 ? "" : try readReason()
    guard type.proof != .none else { throw turnedAway(reason) }
    throw Handshake.rejected(
      reason.isEmpty && result == 2 ? "too many attempts" : reason,
      isPlain: type.proof == .plain)
  }

  private mutating func readReason() throws(Handshake.Failure) -> String {
    let length = number32(try read(4), at: 0)
    return printable(try read(min(length, Self.reasonLimit)))
  }

  private func turnedAway(_ reason: String) -> Handshake.Failure {
    reason.lowercased().contains("too many")
      ? Handshake.rejected(reason, isPlain: false)
      : Handshake.Failure(code: .refused, reason: "turned the connection away: \(reason)")
  }

  // MARK: - Bytes

  private func read(_ count: Int) throws(Handshake.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    while got < count {
      let reading = bytes.withUnsafeMutableBytes { buffer in
        wire.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[got...]))
      }
      switch reading {
      case .bytes(let part): got += part
      case .nothingYet:
        do throws(Socket.Failure) {
          try wire.socket.wait(for: POLLIN, until: deadline)
        } catch {
          throw Handshake.Failure(error)
        }
      case .ended: throw Handshake.Failure(.ended)
      case .failed(let code): throw Handshake.Failure(.system(code))
      case .broken(let problem):
        throw Handshake.Failure(code: .untrusted, reason: "failed in TLS: \(problem)")
      }
    }
    return bytes
  }

  /// Reads on without keeping anything; a long name costs time, which has its limit, and no memory.
  private func skip(_ count: Int) throws(Handshake.Failure) {
    var left = count
    while left > 0 { left -= try read(min(left, 4096)).count }
  }

  private func write(_ bytes: [UInt8]) throws(Handshake.Failure) {
    var sent = 0
    do throws(Socket.Failure) {
      try wire.write(bytes, until: deadline, counting: &sent)
    } catch {
      throw Handshake.Failure(error)
    }
  }

  private func number16(_ bytes: [UInt8], at index: Int) -> Int {
    Int(bytes[index]) << 8 | Int(bytes[index + 1])
  }

  private func number32(_ bytes: [UInt8], at index: Int) -> Int {
    number16(bytes, at: index) << 16 | number16(bytes, at: index + 2)
  }

  private func word(_ value: Int) -> [UInt8] {
    var bytes = WireBytes()
    bytes.append32(UInt32(clamping: value))
    return bytes.raw
  }
}
