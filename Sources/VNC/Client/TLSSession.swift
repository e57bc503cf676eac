import CGnuTLS
import Glibc
import Platform

/// TLS over a connected socket; one thread uses it.
final class TLSSession {
  /// Why TLS did not do what it was asked, in the library's words.
  struct Failure: Error, Hashable {
    let reason: String
  }

  private let session: OpaquePointer
  /// Keeps the descriptor open.
  private let socket: Socket

  /// A session that is certified, with what is trusted from `caFile` or the system, or anonymous.
  init(
    on socket: Socket, isCertified: Bool, caFile: String?, serverName: String?
  ) throws(Failure) {
    var problem = [CChar](repeating: 0, count: 512)
    guard
      let session = qa_gnutls_open(
        socket.descriptor, !isCertified, caFile, serverName, &problem, problem.count)
    else { throw Failure(reason: Self.text(problem)) }
    self.session = session
    self.socket = socket
  }

  deinit { qa_gnutls_close(session) }

  /// Shakes hands, waiting until `deadline`.
  func handshake(until deadline: ContinuousClock.Instant) throws(Handshake.Failure) {
    while true {
      switch qa_gnutls_handshake(session) {
      case CInt(QA_GNUTLS_DONE): return
      case CInt(QA_GNUTLS_WANTS_READ): try wait(POLLIN, until: deadline)
      case CInt(QA_GNUTLS_WANTS_WRITE): try wait(POLLOUT, until: deadline)
      default: throw Handshake.Failure(code: .untrusted, reason: "failed in TLS: \(problem)")
      }
    }
  }

  private func wait(
    _ event: CInt, until deadline: ContinuousClock.Instant
  ) throws(Handshake.Failure) {
    do throws(Socket.Failure) {
      try socket.wait(for: event, until: deadline)
    } catch {
      throw Handshake.Failure(error)
    }
  }

  /// What is wrong with the server's certificate for this host; nil when nothing is.
  func doubt(host: String) -> String? {
    var problem = [CChar](repeating: 0, count: 512)
    return qa_gnutls_verify(session, host, &problem, problem.count) ? nil : Self.text(problem)
  }

  /// The fingerprint of the server's certificate, if it has one.
  var fingerprint: CertificateFingerprint? {
    var bytes = [UInt8](repeating: 0, count: Int(QA_GNUTLS_FINGERPRINT))
    return qa_gnutls_fingerprint(session, &bytes) ? CertificateFingerprint(bytes: bytes) : nil
  }

  /// The version and the cipher.
  var summary: String {
    var text = [CChar](repeating: 0, count: 128)
    qa_gnutls_describe(session, &text, text.count)
    return Self.text(text)
  }

  /// Whether bytes wait where `poll` cannot see them.
  var isPending: Bool { qa_gnutls_pending(session) > 0 }

  /// Reads what is there, without waiting.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Reading {
    guard let base = buffer.baseAddress else { return .nothingYet }
    switch qa_gnutls_read(session, base, buffer.count) {
    case let count where count > 0: return .bytes(count)
    case Int(QA_GNUTLS_DONE): return .ended
    case Int(QA_GNUTLS_WANTS_READ), Int(QA_GNUTLS_WANTS_WRITE): return .nothingYet
    default: return .broken(problem)
    }
  }

  /// Writes all of it, waiting for room until `deadline`.
  ///
  /// - Parameter sent: how many bytes the session has taken, also when it throws.
  func write(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, counting sent: inout Int
  ) throws(Socket.Failure) {
    while sent < bytes.count {
      let start = sent
      let result = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { qa_gnutls_write(session, $0 + start, buffer.count - start) } ?? 0
      }
      if result > 0 {
        sent += result
      } else if socket.wasBrokenOff {
        throw .brokenOff
      } else if result == Int(QA_GNUTLS_WANTS_WRITE) || result == Int(QA_GNUTLS_WANTS_READ) {
        try socket.wait(
          for: result == Int(QA_GNUTLS_WANTS_WRITE) ? POLLOUT : POLLIN, until: deadline)
      } else {
        throw .ended
      }
    }
  }

  private var problem: String { String(cString: qa_gnutls_problem(session)) }

  private static func text(_ characters: [CChar]) -> String {
    let bytes = characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
  }
}

/// A socket, and the TLS over it if there is any.
struct Wire {
  let socket: Socket
  var tls: TLSSession?

  var isPending: Bool { tls?.isPending ?? false }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Reading {
    tls?.read(into: buffer) ?? socket.read(into: buffer)
  }

  func write(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, counting sent: inout Int
  ) throws(Socket.Failure) {
    if let tls {
      try tls.write(bytes, until: deadline, counting: &sent)
    } else {
      try socket.write(bytes, until: deadline, counting: &sent)
    }
  }
}
