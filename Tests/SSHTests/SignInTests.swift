import Glibc
import Platform
import SSHServer
import Testing

@testable import SSH

/// How we prove who we are to a real server.
@Suite(.serialized) struct SignInTests {
  @Test(arguments: ["ed25519", "ecdsa"])
  func `signs in with a key in OpenSSH's format`(_ type: String) async throws {
    let host = try await SSHServer()
    try await SSHServer.run(["ssh-keygen", "-q", "-t", type, "-N", "", "-f", host.file("other")])
    try Self.allow(host, "other")
    var settings = host.settings
    settings.credential = .identity(path: host.file("other"))
    let session = try await SSHSession.open(settings)
    await session.close()
  }

  @Test func `signs in with an ecdsa key in PEM`() async throws {
    let host = try await SSHServer()
    try await SSHServer.run([
      "ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "", "-f", host.file("pem"),
    ])
    try Self.allow(host, "pem")
    var settings = host.settings
    settings.credential = .identity(path: host.file("pem"))
    let session = try await SSHSession.open(settings)
    await session.close()
  }

  @Test func `a key that the host does not know is refused`() async throws {
    let host = try await SSHServer()
    try await SSHServer.run([
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host.file("other"),
    ])
    var settings = host.settings
    settings.credential = .identity(path: host.file("other"))
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(error.code == .authenticationFailed)
    #expect(error.message.contains(host.file("other")))
    #expect(error.message.contains("authorized_keys"))
  }

  @Test func `a key that others can read is not used`() async throws {
    let host = try await SSHServer()
    chmod(host.file("user"), 0o640)
    let error = try await failure { try await host.open() }
    #expect(error.code == .badIdentity)
    #expect(error.message.contains("chmod 600 \(host.file("user"))"), "\(error)")
    #expect(!host.log.all.contains("Connection from"))
  }

  @Test(arguments: [["-t", "ed25519"], ["-t", "ecdsa", "-m", "PEM"], ["-t", "rsa", "-m", "PEM"]])
  func `an encrypted key is for an agent`(_ kind: [String]) async throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-key")
    let path = folder.path + "/key"
    let answer = try await runCommand(
      ProcessSpecification("ssh-keygen", ["-q"] + kind + ["-N", "a passphrase", "-f", path]),
      timeout: .seconds(60))
    #expect(answer.exit.isSuccess)
    let error = #expect(throws: IdentityFile.Failure.self) { try IdentityFile(reading: path) }
    #expect(error?.reason.contains("agent: true") == true, "\(error?.reason ?? "")")
  }

  @Test(arguments: [[], ["-m", "PEM"]])
  func `an RSA key is refused before anything is signed`(_ format: [String]) async throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-key")
    let path = folder.path + "/key"
    let answer = try await runCommand(
      ProcessSpecification("ssh-keygen", ["-q", "-t", "rsa"] + format + ["-N", "", "-f", path]),
      timeout: .seconds(60))
    #expect(answer.exit.isSuccess)
    let error = #expect(throws: IdentityFile.Failure.self) { try IdentityFile(reading: path) }
    #expect(error?.reason.contains("RSA") == true, "\(error?.reason ?? "")")
  }

  @Test func `what is no key is said to be that`() throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-key")
    let path = folder.path + "/key"
    #expect(throws: IdentityFile.Failure.self) { try IdentityFile(reading: path) }
    #expect(throws: IdentityFile.Failure.self) { try IdentityFile(reading: folder.path) }
    for text in [
      "", "hello", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END",
      "-----BEGIN PRIVATE KEY-----",
    ] {
      try Files.writeAtomically(Array(text.utf8), to: path, mode: 0o600)
      #expect(throws: IdentityFile.Failure.self, "\(text)") { try IdentityFile(reading: path) }
    }
  }

  @Test func `signs in with a key that only the agent has`() async throws {
    let host = try await SSHServer()
    let agent = try await Agent()
    for type in ["rsa", "ecdsa", "ed25519"] {
      try await SSHServer.run([
        "ssh-keygen", "-q", "-t", type, "-N", "", "-f", host.file("agent_\(type)"),
      ])
      try await agent.add(host.file("agent_\(type)"))
      unlink(host.file("agent_\(type)"))
    }
    var settings = host.settings
    settings.credential = .agent(socket: agent.socket)
    // The first that is offered is not the one that is let in.
    let refused = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(refused.code == .authenticationFailed)
    for type in ["ed25519", "ecdsa"] {
      try Self.allow(host, "agent_\(type)")
      let session = try await SSHSession.open(settings)
      #expect(try await session.run("true").ending == .exited(0))
      await session.close()
    }
  }

  @Test func `an agent without keys, and none at all, are said to be that`() async throws {
    let host = try await SSHServer()
    let agent = try await Agent()
    var settings = host.settings
    settings.credential = .agent(socket: agent.socket)
    let empty = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(empty.code == .badIdentity)
    #expect(empty.message.contains("ssh-add"))
    settings.credential = .agent(socket: host.file("no-socket"))
    let absent = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(absent.code == .badIdentity)
    #expect(absent.message.contains("SSH_AUTH_SOCK"))
    settings.credential = .agent(socket: "")
    let unset = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(unset.message.contains("SSH_AUTH_SOCK"))
    #expect(host.attempts == 0)
  }

  @Test func `a server that takes no passwords is told apart`() async throws {
    let host = try await SSHServer()
    var settings = host.settings
    settings.credential = .password("correct horse")
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(error.code == .authenticationFailed)
    #expect(error.message.contains("publickey"))
    #expect(!error.message.contains("correct horse"))
  }

  private static func allow(_ host: SSHServer, _ name: String) throws {
    try Files.writeAtomically(
      Array((try host.publicKey(name) + "\n").utf8), to: host.file("authorized_keys"), mode: 0o600)
  }
}

/// A real ssh-agent, which ends with this object.
final class Agent: Sendable {
  let socket: String
  private let folder: TemporaryFolder
  private let process: SupervisedProcess

  init() async throws {
    folder = try TemporaryFolder(prefix: "qa-agent")
    socket = folder.path + "/agent"
    let transcript = Transcript()
    var specification = ProcessSpecification("ssh-agent", ["-D", "-a", socket])
    specification.standardOutput = .sink { transcript.add($0) }
    process = try await SupervisedProcess.start(specification)
    try await transcript.wait(for: "SSH_AUTH_SOCK")
  }

  func add(_ path: String) async throws {
    var environment = ProcessEnvironment.current
    environment["SSH_AUTH_SOCK"] = socket
    let answer = try await runCommand(
      ProcessSpecification("ssh-add", ["-q", path], environment: environment),
      timeout: .seconds(30))
    try #require(answer.exit.isSuccess, "\(answer.errorText)")
  }
}
