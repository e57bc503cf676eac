import Platform
import SSHServer
import Testing

@testable import SSH

/// Whether a real server is the one we mean; nothing is offered to one that is not.
@Suite(.serialized) struct HostKeyTests {
  @Test func `opens a session with a host that is known`() async throws {
    let host = try await SSHServer()
    let session = try await host.open()
    #expect(await session.isOpen)
    await session.close()
    #expect(await !session.isOpen)
  }

  @Test func `an unknown host is refused with its fingerprint, and nothing is offered to it`()
    async throws
  {
    let host = try await SSHServer()
    try host.writeKnownHosts([])
    let error = try await failure { try await host.open() }
    #expect(error.code == .hostKeyUnknown)
    let fingerprint = try hostKey(try host.publicKey("host_ed25519")).fingerprint
    #expect(error.message.contains(fingerprint), "\(error)")
    #expect(
      error.message.contains(
        "ssh-keyscan -t ed25519 -p \(host.port) 127.0.0.1 >> \(host.file("known_hosts"))"))
    try await host.log.wait(for: "[preauth]")
    #expect(host.attempts == 0)
  }

  @Test func `a file that is not there knows nobody`() async throws {
    let host = try await SSHServer()
    var settings = host.settings
    settings.knownHosts = host.file("nothing")
    let error = try await failure { [settings] in try await SSHSession.open(settings) }
    #expect(error.code == .hostKeyUnknown)
  }

  @Test func `a changed key is refused with both fingerprints and the line`() async throws {
    let host = try await SSHServer()
    let name = "[127.0.0.1]:\(host.port)"
    try host.writeKnownHosts(["# comment", "\(name) \(try host.publicKey("user"))"])
    let error = try await failure { try await host.open() }
    #expect(error.code == .hostKeyChanged)
    for key in ["host_ed25519", "user"] {
      let fingerprint = try hostKey(try host.publicKey(key)).fingerprint
      #expect(error.message.contains(fingerprint), "\(error)")
    }
    #expect(error.message.contains("\(host.file("known_hosts")):2"), "\(error)")
    #expect(host.attempts == 0)
  }

  @Test func `a revoked key is refused even when another line knows it`() async throws {
    let host = try await SSHServer()
    let key = try host.publicKey("host_ed25519")
    try host.writeKnownHosts(["[127.0.0.1]:\(host.port) \(key)", "@revoked * \(key)"])
    let error = try await failure { try await host.open() }
    #expect(error.code == .hostKeyRevoked)
    #expect(error.message.contains("\(host.file("known_hosts")):2"), "\(error)")
    #expect(host.attempts == 0)
  }

  @Test func `a key for port 22 does not open another port`() async throws {
    let host = try await SSHServer()
    try host.writeKnownHosts(["127.0.0.1 \(try host.publicKey("host_ed25519"))"])
    let error = try await failure { try await host.open() }
    #expect(error.code == .hostKeyUnknown)
    #expect(host.attempts == 0)
  }

  @Test func `a malformed line is an error before the host hears of us`() async throws {
    let host = try await SSHServer()
    try host.writeKnownHosts(["127.0.0.1 ssh-ed25519 ?"])
    let error = try await failure { try await host.open() }
    #expect(error.code == .badKnownHosts)
    #expect(error.message.contains("\(host.file("known_hosts")):1"), "\(error)")
    #expect(!host.log.all.contains("Connection from"))
  }

  @Test(arguments: ["ed25519", "ecdsa"])
  func `asks for a key of the type that it is known by`(_ type: String) async throws {
    let host = try await SSHServer(types: ["ecdsa", "ed25519"])
    let key = try host.publicKey("host_\(type)")
    try host.writeKnownHosts(["[127.0.0.1]:\(host.port) \(key)"])
    let session = try await host.open()
    await session.close()
  }

  @Test func `a host that has only an RSA key has nothing in common with us`() async throws {
    let host = try await SSHServer(types: ["rsa"])
    let error = try await failure { try await host.open() }
    #expect(error.code == .noCommonAlgorithm)
    #expect(error.message.contains("RSA host keys"), "\(error)")
    #expect(host.attempts == 0)
  }

  @Test(arguments: [
    "KexAlgorithms diffie-hellman-group14-sha1", "Ciphers aes256-cbc", "Ciphers 3des-cbc",
    "MACs hmac-sha1", "KexAlgorithms diffie-hellman-group1-sha1",
  ])
  func `a host that offers only what is weak is refused`(_ option: String) async throws {
    let host = try await SSHServer([option])
    let error = try await failure { try await host.open() }
    #expect(error.code == .noCommonAlgorithm, "\(error)")
    #expect(host.attempts == 0)
  }

  @Test(
    arguments: Algorithms.keyExchange.map { "KexAlgorithms \($0)" }
      + Algorithms.ciphers.map { "Ciphers \($0)" } + Algorithms.macs.map { "MACs \($0)" })
  func `each algorithm that is offered works with a real host`(_ option: String) async throws {
    let host = try await SSHServer([option])
    let session = try await host.open()
    let result = try await session.run("echo hello")
    #expect(result.output.bytes == Array("hello\n".utf8))
    await session.close()
  }

}
