internal import CSSH2
internal import Glibc
internal import Platform

/// From nothing to a session that we are signed in to. Blocks the session's own thread, never beyond the
/// limits.
extension SSHSession {
  func signIn() throws(SSHError) {
    // What is wrong on this side is said before the host hears of us.
    let known = try readKnownHosts()
    let secret = try Secret(settings)
    let deadline = ContinuousClock.now + settings.limits.connect
    let library = try reach(until: deadline)
    self.library = library
    try shakeHands(library, known, until: deadline)
    try verify(library, known)
    try SignIn(session: self, library: library).perform(
      secret, until: .now + settings.limits.authentication)
  }

  private func readKnownHosts() throws(SSHError) -> KnownHosts {
    let path = settings.knownHosts
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path, limit: 4 << 20)
    } catch {
      guard case .failed(_, _, SystemError(code: ENOENT)) = error else {
        throw SSHError(.badKnownHosts, "the file of known hosts cannot be used: \(error)")
      }
      bytes = []
    }
    do throws(KnownHosts.Malformed) {
      return try KnownHosts(bytes)
    } catch {
      throw SSHError(
        .badKnownHosts,
        "\(path):\(error.line): this line of known hosts \(error.reason); correct or remove it")
    }
  }

  private func reach(until deadline: ContinuousClock.Instant) throws(SSHError) -> Library {
    let socket: Socket
    if let way = takeWay() {
      socket = way
      lifeline.hold(way)
    } else {
      do throws(Socket.Failure) {
        socket = try .connect(host: address.host, port: address.port, until: deadline) {
          lifeline.hold($0)
        }
      } catch {
        throw explain(error, during: .connect)
      }
    }
    guard let library = Library(on: socket, memory: settings.limits.memory) else {
      throw error(.invalidRequest, "was not asked: libssh2 cannot make a session")
    }
    return library
  }

  private func shakeHands(
    _ library: Library, _ known: KnownHosts, until deadline: ContinuousClock.Instant
  ) throws(SSHError) {
    let types = known.types(host: address.host, port: address.port)
    for (method, names) in Algorithms.preferences(known: types) {
      guard libssh2_session_method_pref(library.session, method, names.joined(separator: ",")) == 0
      else {
        throw error(
          .noCommonAlgorithm, "was not asked: libssh2 has none of \(names.joined(separator: ", "))")
      }
    }
    let code: CInt
    do throws(Socket.Failure) {
      code = try library.complete(until: deadline) {
        libssh2_session_handshake(library.session, library.socket.descriptor)
      }
    } catch {
      throw explain(error, during: .handshake)
    }
    guard code != 0 else { return }
    guard code == LIBSSH2_ERROR_KEX_FAILURE || code == LIBSSH2_ERROR_METHOD_NONE else {
      throw explain(Library.Failure(code: code, words: library.words), during: .handshake)
    }
    throw error(
      .noCommonAlgorithm,
      "offers nothing that we accept; we accept keys of type \(list(Algorithms.hostKeys)), key "
        + "exchange by \(list(Algorithms.keyExchange)), ciphers \(list(Algorithms.ciphers)), MACs "
        + "\(list(Algorithms.macs)) (RSA host keys, SHA-1 and CBC are not accepted)")
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  /// The decision whether this is the host that we mean.
  ///
  /// Only one way leads on.
  private func verify(_ library: Library, _ known: KnownHosts) throws(SSHError) {
    var length = 0
    var type: CInt = 0
    guard let bytes = libssh2_session_hostkey(library.session, &length, &type),
      let key = HostKey(blob: Array(UnsafeRawBufferPointer(start: bytes, count: length)))
    else { throw error(.protocolViolation, "showed no key") }
    let path = settings.knownHosts
    switch known.verdict(on: key, host: address.host, port: address.port) {
    case .match: return
    case .unknown(let others, let authorities):
      throw error(.hostKeyUnknown, unknown(key, others, authorities))
    case .changed(let old):
      let lines = old.map { "\($0.fingerprint) in \(path):\($0.line)" }.joined(separator: ", ")
      throw error(
        .hostKeyChanged,
        "showed another \(key.type) key than the one it is known by: \(key.fingerprint), known is "
          + "\(lines). Somebody may be listening in. If the key was changed on purpose, replace the "
          + "line; nothing was offered to the host")
    case .revoked(let line):
      throw error(
        .hostKeyRevoked,
        "showed the \(key.type) key \(key.fingerprint), which \(path):\(line) revokes; nothing was "
          + "offered to the host")
    }
  }

  private func unknown(_ key: HostKey, _ others: [String], _ authorities: [Int]) -> String {
    let name = KnownHosts.name(host: address.host, port: address.port)
    var text =
      "is not known: \(settings.knownHosts) has no \(key.type) key for \(name); the host showed "
      + "\(key.fingerprint). "
    if !others.isEmpty {
      text += "The file knows it by \(list(Array(Set(others)).sorted())), which it did not show"
      text += others.contains("ssh-rsa") ? " (RSA keys are not accepted here). " : ". "
    }
    if let line = authorities.first {
      text += "Line \(line) names an authority for it; certificates of hosts are not checked here. "
    }
    let type = key.type.hasPrefix("ecdsa-") ? "ecdsa" : "ed25519"
    return text + "Compare that with what the host's owner says, then: ssh-keyscan -t \(type) -p "
      + "\(address.port) \(address.host) >> \(settings.knownHosts)"
  }
}
