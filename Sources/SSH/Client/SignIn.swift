internal import CSSH2
internal import Glibc
internal import Platform

/// What we prove ourselves with, read and looked at.
enum Secret {
  case key(IdentityFile, path: String)
  case password(String)
  case agent(socket: String)

  init(_ settings: SSHSettings) throws(SSHError) {
    switch settings.credential {
    case .identity(let path):
      do throws(IdentityFile.Failure) {
        self = .key(try IdentityFile(reading: path), path: path)
      } catch {
        throw SSHError(.badIdentity, "the key \(path) for \(settings.address) \(error.reason)")
      }
    case .password(let password):
      guard (1...1024).contains(password.utf8.count), !password.utf8.contains(0) else {
        throw SSHError(
          .badIdentity, "the password for \(settings.address) is empty, too long or holds a zero")
      }
      self = .password(password)
    case .agent(let socket):
      guard !socket.isEmpty else {
        throw SSHError(
          .badIdentity,
          "there is no SSH agent for \(settings.address): start one and set SSH_AUTH_SOCK")
      }
      self = .agent(socket: socket)
    }
  }
}

/// The proof of who we are, in the one way that is set.
struct SignIn {
  let session: SSHSession
  let library: Library

  private var user: String { session.address.user }

  /// Blocks until we are in; throws when the host does not let us.
  func perform(_ secret: Secret, until deadline: ContinuousClock.Instant) throws(SSHError) {
    switch secret {
    case .key(let file, let path): try sign(with: file, path, deadline)
    case .password(let password): try prove(password, deadline)
    case .agent(let socket): try ask(agentAt: socket, deadline)
    }
    guard libssh2_userauth_authenticated(library.session) == 1 else {
      throw session.error(.authenticationFailed, "wants more proof than the one that is set")
    }
  }

  // MARK: - Keys

  private func sign(
    with file: IdentityFile, _ path: String, _ deadline: ContinuousClock.Instant
  ) throws(SSHError) {
    let code = try complete(deadline) {
      file.bytes.withUnsafeBytes { bytes in
        libssh2_userauth_publickey_frommemory(
          library.session, user, user.utf8.count, nil, 0,
          bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, nil)
      }
    }
    switch code {
    case 0: return
    case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
      throw session.error(
        .authenticationFailed,
        "does not let \(user) in with the key \(path); put its public half into authorized_keys")
    case LIBSSH2_ERROR_FILE, LIBSSH2_ERROR_METHOD_NONE, LIBSSH2_ERROR_PUBLICKEY_PROTOCOL:
      throw SSHError(.badIdentity, "the key \(path) cannot be used: \(library.words)")
    default: throw failure(code)
    }
  }

  private func ask(
    agentAt path: String, _ deadline: ContinuousClock.Instant
  ) throws(SSHError) {
    let agent: AgentClient
    let usable: [HostKey]
    do throws(AgentClient.Failure) {
      agent = AgentClient(socket: try connect(path, deadline), until: deadline)
      usable = try Self.usable(try agent.keys())
    } catch {
      throw useless(path, error)
    }
    var problem: AgentClient.Failure?
    for key in usable {
      let offer = Offer(key: key, agent: agent)
      if try accepts(offer, deadline) { return }
      problem = problem ?? offer.problem
    }
    if let problem { throw useless(path, problem) }
    throw session.error(
      .authenticationFailed, "does not let \(user) in with any of the agent's \(usable.count) keys")
  }

  private func useless(_ path: String, _ failure: AgentClient.Failure) -> SSHError {
    SSHError(
      .badIdentity, "the SSH agent at \(path), asked for \(session.address), \(failure.reason)")
  }

  private static func usable(_ keys: [HostKey]) throws(AgentClient.Failure) -> [HostKey] {
    // sshd hangs up after six by default; more than these would only be noise in its log.
    let usable = keys.filter { Algorithms.hostKeys.contains($0.type) }.prefix(16)
    guard usable.isEmpty else { return Array(usable) }
    throw AgentClient.Failure(
      reason: keys.isEmpty
        ? "holds no key: ssh-add one" : "holds no ed25519 or ecdsa key, and no other is used")
  }

  private func connect(
    _ path: String, _ deadline: ContinuousClock.Instant
  ) throws(AgentClient.Failure) -> Socket {
    do throws(Socket.Failure) {
      return try .connect(path: path, until: deadline) { _ in }
    } catch {
      let reason = if case .system(let code) = error { "\(SystemError(code: code))" } else { "" }
      throw AgentClient.Failure(reason: "does not answer (\(reason)); check SSH_AUTH_SOCK")
    }
  }

  /// A key of the agent, and what went wrong when it was to sign.
  private final class Offer {
    let key: HostKey
    let agent: AgentClient
    var problem: AgentClient.Failure?

    init(key: HostKey, agent: AgentClient) {
      self.key = key
      self.agent = agent
    }

    /// Writes a signature and returns its length; 0 when the agent gives none.
    func sign(_ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
      do throws(AgentClient.Failure) {
        let signature = try agent.sign(Array(bytes), with: key)
        guard signature.count <= room.count else { return 0 }
        room.copyBytes(from: signature)
        return signature.count
      } catch {
        problem = error
        return 0
      }
    }
  }

  private func accepts(
    _ offer: Offer, _ deadline: ContinuousClock.Instant
  ) throws(SSHError) -> Bool {
    let context = Unmanaged.passUnretained(offer).toOpaque()
    let code = try complete(deadline) {
      qa_ssh2_sign_in(
        library.shim, user, offer.key.blob, offer.key.blob.count,
        { context, bytes, length, room in
          Unmanaged<Offer>.fromOpaque(context).takeUnretainedValue().sign(
            UnsafeRawBufferPointer(start: bytes, count: length),
            into: UnsafeMutableRawBufferPointer(start: room, count: Int(QA_SSH2_SIGNATURE)))
        }, context)
    }
    switch code {
    case 0: return true
    case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED: return false
    default: throw failure(code)
    }
  }

  // MARK: - Passwords

  private func prove(
    _ password: String, _ deadline: ContinuousClock.Instant
  ) throws(SSHError) {
    let methods = try methods(deadline)
    let code: CInt
    if methods.contains("password") {
      code = try complete(deadline) {
        libssh2_userauth_password_ex(
          library.session, user, UInt32(user.utf8.count), password, UInt32(password.utf8.count), nil
        )
      }
    } else if methods.contains("keyboard-interactive") {
      code = try complete(deadline) {
        qa_ssh2_keyboard_interactive(library.shim, user, password)
      }
    } else {
      throw session.error(
        .authenticationFailed,
        "takes no password from \(user), only \(methods.joined(separator: ", "))")
    }
    switch code {
    case 0: return
    case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
      throw session.error(
        .authenticationFailed, "does not accept the password of \(user); check it")
    case LIBSSH2_ERROR_PASSWORD_EXPIRED:
      throw session.error(
        .authenticationFailed, "says that the password of \(user) has expired; set a new one")
    default: throw failure(code)
    }
  }

  /// The ways that the host offers; asking is an attempt with no proof at all, as OpenSSH's own client makes.
  private func methods(_ deadline: ContinuousClock.Instant) throws(SSHError) -> [String] {
    var list: UnsafeMutablePointer<CChar>?
    let code = try complete(deadline) {
      list = libssh2_userauth_list(library.session, user, UInt32(user.utf8.count))
      return list == nil ? libssh2_session_last_errno(library.session) : 0
    }
    guard let list else {
      guard code == 0 || code == LIBSSH2_ERROR_AUTHENTICATION_FAILED else { throw failure(code) }
      throw session.error(
        .authenticationFailed,
        "lets \(user) in without any proof, or takes none; a password was set")
    }
    let bytes = UnsafeRawBufferPointer(start: list, count: strnlen(list, 1024))
    return printable(bytes).split(separator: ",").map(String.init)
  }

  // MARK: - Steps

  private func complete(
    _ deadline: ContinuousClock.Instant, _ step: () -> CInt
  ) throws(SSHError) -> CInt {
    do throws(Socket.Failure) {
      return try library.complete(until: deadline, step)
    } catch {
      throw session.explain(error, during: .authentication)
    }
  }

  private func failure(_ code: CInt) -> SSHError {
    session.explain(
      Library.Failure(code: code, words: library.words), during: .authentication)
  }
}
