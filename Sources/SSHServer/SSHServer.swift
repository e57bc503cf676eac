internal import Glibc
public import Platform

/// A real OpenSSH server for the user who runs the tests, on a port of its own.
///
/// It needs no root and touches no account: it lets in the one key that was made for it. It ends with this
/// object.
public final class SSHServer: Sendable {
  /// Why it does not run.
  public struct Failure: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String
  }

  /// The TCP port on 127.0.0.1.
  public let port: Int
  /// What the server writes: every attempt to sign in, among much else.
  public let log = Transcript()
  /// Where its keys are; it goes with this object.
  public let folder: TemporaryFolder
  private let options: [String]
  private let types: [String]
  private let process = Locked<SupervisedProcess?>(nil)

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - options: further lines of sshd_config.
  ///   - types: the types of its host keys: `ed25519`, `ecdsa`, `rsa`.
  public init(_ options: [String] = [], types: [String] = ["ed25519"]) async throws {
    self.options = options
    self.types = types
    folder = try TemporaryFolder(prefix: "qa-sshd")
    port = try Self.freePort()
    for type in types { try await makeKey("host_\(type)", type) }
    try await makeKey("user", "ed25519")
    try allow("user")
    try writeKnownHosts(types.map { "[127.0.0.1]:\(port) \(try publicKey("host_\($0)"))" })
    try await start()
  }

  /// The user that it lets in.
  public static var user: String { Accounts.name ?? "root" }

  /// The path of a file in its folder: `user` is the key that is let in, `known_hosts` knows the server.
  public func file(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// Makes a pair of keys in its folder.
  public func makeKey(_ name: String, _ type: String, format: [String] = []) async throws {
    try await Self.run(["ssh-keygen", "-q", "-t", type, "-N", "", "-f", file(name)] + format)
  }

  /// The public half of a key, as `type base64`.
  public func publicKey(_ name: String) throws -> String {
    let text = String(decoding: try Files.read(file(name + ".pub"), limit: 4096), as: UTF8.self)
    return text.split(separator: " ").prefix(2).joined(separator: " ")
  }

  /// Lets in this key of its folder, and no other.
  public func allow(_ name: String) throws {
    try write([try publicKey(name)], to: "authorized_keys")
  }

  /// Puts lines into the file `known_hosts`.
  public func writeKnownHosts(_ lines: [String]) throws { try write(lines, to: "known_hosts") }

  private func write(_ lines: [String], to name: String) throws {
    try Files.writeAtomically(
      Array(lines.map { $0 + "\n" }.joined().utf8), to: file(name), mode: 0o600)
  }

  /// How often the server was asked to let somebody in, questions without a proof included.
  public var attempts: Int { log.count(of: "userauth-request for user") }

  /// Starts it, also after it was killed.
  public func start() async throws {
    // With root's rights it wants a folder that its package makes at boot.
    if getuid() == 0 { mkdir("/run/sshd", 0o755) }
    let lines = [
      "ListenAddress 127.0.0.1:\(port)", "PidFile none", "UsePAM no", "StrictModes no",
      "PasswordAuthentication no", "KbdInteractiveAuthentication no", "LogLevel DEBUG1",
      "AuthorizedKeysFile \(file("authorized_keys"))", "PermitRootLogin yes",
      "MaxStartups 100", "Subsystem sftp internal-sftp",
    ]
    try write(options + lines + types.map { "HostKey \(file("host_\($0)"))" }, to: "sshd_config")
    var specification = ProcessSpecification(
      "/usr/sbin/sshd", ["-D", "-e", "-f", file("sshd_config")])
    specification.mergesErrorIntoOutput = true
    specification.standardOutput = log.sink
    let before = log.count(of: "Server listening")
    let started = try await SupervisedProcess.start(specification)
    process.withLock { $0 = started }
    try await log.wait(for: "Server listening", moreThan: before)
  }

  /// Ends the server with all of its sessions at once.
  public func kill() async {
    let running = process.withLock { process in
      defer { process = nil }
      return process
    }
    await running?.terminate(grace: .zero)
  }

  /// Ends the sessions that there are, and goes on listening.
  public func dropSessions() {
    for part in log.all.split(separator: "Forked child ").dropFirst() {
      if let child = pid_t(part.prefix { $0.isNumber }) { Glibc.kill(child, SIGKILL) }
    }
  }

  /// Runs a command that must succeed; what it writes.
  @discardableResult
  public static func run(_ command: [String]) async throws -> String {
    let answer = try await runCommand(
      ProcessSpecification(command[0], Array(command.dropFirst())), timeout: .seconds(60))
    guard answer.exit.isSuccess else {
      throw Failure(description: "\(command): \(answer.exit): \(answer.errorText)")
    }
    return answer.text
  }

  /// A port of 127.0.0.1 on which nobody listens now.
  public static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        bind(descriptor, name, length) == 0 ? getsockname(descriptor, name, &length) : -1
      }
    }
    guard code == 0 else { throw Failure(description: "there is no free port: errno \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
