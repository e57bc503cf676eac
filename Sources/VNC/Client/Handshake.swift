import CVNCClient
import Glibc
import Platform

/// The first words with a server, which LibVNCClient speaks.
enum Handshake {
  /// What a server said about itself.
  struct Session {
    let width: Int
    let height: Int
    let name: String
    /// Bytes that came behind the handshake.
    let leftover: [UInt8]
    let security: VNCSecurityType
    /// The TLS that is spoken from here on.
    var tls: TLSSession?
  }

  /// Why there is no session.
  struct Failure: Error, Hashable {
    let code: VNCError.Code
    /// The reason, as the middle of a sentence about the server.
    let reason: String
  }

  /// Shakes hands on a connected, blocking socket.
  ///
  /// Blocks until `deadline`, or until the socket is broken off.
  static func perform(
    on socket: Socket, with endpoint: VNCEndpoint, until deadline: ContinuousClock.Instant
  ) throws(Failure) -> Session {
    endpoint.security == VNCSecurity()
      ? try perform(on: socket, password: endpoint.password)
      : try Negotiation.perform(on: socket, with: endpoint, until: deadline)
  }

  /// The handshake without encryption.
  private static func perform(on socket: Socket, password: String?) throws(Failure) -> Session {
    if let password, password.isEmpty || password.utf8.contains(0) { throw emptyPassword }
    var session = qa_vncclient_session()
    var log = [CChar](repeating: 0, count: 4096)
    var leftover = [UInt8](repeating: 0, count: Int(QA_VNCCLIENT_LEFTOVER))
    let isDone = qa_vncclient_handshake(
      socket.descriptor, password, &session, &leftover, &log, log.count)
    guard isDone else {
      throw explain(
        log: text(log), security: session.security, wantedPassword: session.password_wanted,
        hasPassword: password != nil)
    }
    // A server of version 3.3 decides by itself.
    if password != nil, session.security == 1 { throw noPasswordAsked }
    return Session(
      width: Int(session.width), height: Int(session.height),
      name: withUnsafeBytes(of: session.name) { printable($0.prefix { $0 != 0 }) },
      leftover: Array(leftover.prefix(session.leftover_count)),
      security: password == nil ? .none : .vnc)
  }

  /// Sorts out what the library wrote when it failed.
  static func explain(
    log: String, security: UInt32, wantedPassword: Bool, hasPassword: Bool
  ) -> Failure {
    let lines = log.split(separator: "\n").map(String.init)
    let last = lines.last ?? "no reason given"
    if let reason = lines.last(where: { $0.hasPrefix(refusal) })?.dropFirst(refusal.count) {
      let isAboutAttempts = reason.lowercased().contains("too many")
      if security == 2 || isAboutAttempts {
        return Failure(code: .authenticationFailed, reason: "\(rejected) (\(reason))")
      }
      return Failure(code: .refused, reason: "turned the connection away: \(reason)")
    }
    if log.contains("VNC authentication failed") {
      return Failure(code: .authenticationFailed, reason: rejected)
    }
    if wantedPassword, !hasPassword { return passwordAsked }
    if let offered = types(in: lines) { return explain(offered: offered, hasPassword) }
    if log.contains("Not a valid VNC server") {
      return Failure(
        code: .protocolViolation, reason: "is no VNC server: \(last); check the port")
    }
    if log.contains("closed connection") || log.contains("read (") {
      return Failure(code: .closed, reason: "closed the connection during the handshake")
    }
    return Failure(code: .protocolViolation, reason: "failed in the handshake: \(last)")
  }

  private static let refusal = "VNC connection failed: "
  private static let rejected = "does not accept the password; check it"

  static let emptyPassword = Failure(
    code: .passwordRequired, reason: "cannot be asked with an empty password; set one or none")

  /// The failure for a password that is not accepted, or not looked at any more.
  static func rejected(_ reason: String, isPlain: Bool) -> Failure {
    let what = isPlain ? "does not accept the user name and password; check them" : rejected
    return Failure(
      code: .authenticationFailed, reason: reason.isEmpty ? what : "\(what) (\(reason))")
  }

  /// The failure that names both sides.
  static func noCommonType(offered: [String], accepted: [VNCSecurityType]) -> Failure {
    let offers = offered.isEmpty ? "no security type" : offered.joined(separator: ", ")
    let wishes = accepted.map(\.rawValue).joined(separator: ", ")
    return Failure(
      code: .unsupportedSecurity,
      reason: "offers only \(offers), and accepted is only \(wishes); "
        + "let the server offer one of these, or accept another one")
  }

  /// What people call a security type of RFB.
  static func nameOfType(_ number: Int) -> String {
    switch number {
    case 1: "None"
    case 2: "VncAuth"
    case 5, 6: "RSA-AES (\(number))"
    case 16: "Tight (16)"
    case 18: "TLS (18)"
    case 19: "VeNCrypt (19)"
    case 30, 33, 35, 36: "Apple (\(number))"
    default: "type \(number)"
    }
  }
  private static let unknownTypes = "Unknown authentication scheme from VNC server: "

  static var passwordAsked: Failure {
    Failure(code: .passwordRequired, reason: "wants a password; give one")
  }

  private static var noPasswordAsked: Failure {
    Failure(
      code: .unsupportedSecurity,
      reason: "asks for no password although one is set; remove the password or check the address")
  }

  /// The security types a server offered when none was to our liking.
  private static func types(in lines: [String]) -> [Int]? {
    lines.last { $0.hasPrefix(unknownTypes) }?.dropFirst(unknownTypes.count)
      .split(separator: ",").compactMap { Int($0.drop { $0 == " " }) }
  }

  private static func explain(offered: [Int], _ hasPassword: Bool) -> Failure {
    if offered.contains(2), !hasPassword { return passwordAsked }
    if offered.contains(1), hasPassword { return noPasswordAsked }
    return noCommonType(
      offered: offered.map(nameOfType), accepted: [hasPassword ? .vnc : .none])
  }

  private static func text(_ log: [CChar]) -> String {
    log.withUnsafeBytes { bytes in
      bytes.split(separator: UInt8(ascii: "\n")).map { line in
        printable(line.prefix { $0 != 0 })
      }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
  }
}

extension Handshake.Failure {
  /// Why the socket did not do its part, for a handshake.
  init(_ failure: Socket.Failure) {
    switch failure {
    case .timedOut:
      self.init(
        code: .timedOut(.handshake),
        reason: "did not finish the handshake in time; check that a VNC server listens there")
    case .brokenOff: self.init(code: .closed, reason: "was left in the handshake")
    case .system(let code) where code != ECONNRESET:
      self.init(
        code: .closed, reason: "was lost in the handshake: \(String(cString: strerror(code)))")
    default: self.init(code: .closed, reason: "closed the connection during the handshake")
    }
  }
}
