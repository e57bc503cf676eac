import ModelDouble
import Platform
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct TLSTests {
  private func client(
    of url: String, tls: ModelTLS, clock: ModelClock = TestClock().clock
  ) throws -> ModelClient {
    var endpoint = try ModelEndpoint(url: url, model: "ai/qwen3-vl")
    endpoint.tls = tls
    return ModelClient(endpoint, transport: HTTPTransport(), clock: clock)
  }

  private func error(of double: ModelDouble, tls: ModelTLS, url: String? = nil) async throws
    -> ModelError
  {
    let client = try client(of: url ?? double.url, tls: tls)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(double.requests.isEmpty)
    #expect(error?.kind == .untrusted)
    #expect(error?.message.contains("(tried") == false, "it fails the same way each time")
    return try #require(error)
  }

  @Test func `trusts the authority of the CA file`() async throws {
    let authority = try await TestAuthority()
    let double = try ModelDouble.start(
      identity: try await authority.identity("IP:127.0.0.1"), ModelDouble.plain)
    defer { double.stop() }
    #expect(double.url.hasPrefix("https://"))
    let client = try client(of: double.url, tls: ModelTLS(caFile: authority.caFile))
    #expect(try await client.chat(question()).text == "ok")
  }

  @Test func `trusts nobody else`() async throws {
    let authority = try await TestAuthority()
    let other = try await TestAuthority("another authority")
    let double = try ModelDouble.start(
      identity: try await authority.identity("IP:127.0.0.1"), ModelDouble.plain)
    defer { double.stop() }
    let wrong = try await error(of: double, tls: ModelTLS(caFile: other.caFile))
    #expect(wrong.message.contains("none of the certificates in \(other.caFile)"))
    let machine = try await error(of: double, tls: ModelTLS())
    #expect(machine.message.contains("as the model's ca_file"))
  }

  @Test func `a certificate for another name is not enough`() async throws {
    let authority = try await TestAuthority()
    let double = try ModelDouble.start(
      identity: try await authority.identity("DNS:models.example"), ModelDouble.plain)
    defer { double.stop() }
    let tls = try ModelTLS(caFile: authority.caFile)
    for url in [double.url, "https://localhost:\(double.port)/engines/v1"] {
      let error = try await error(of: double, tls: tls, url: url)
      #expect(error.message.contains("use a name that stands in the server's certificate"))
    }
  }

  @Test func `a certificate that has ended is not enough`() async throws {
    let authority = try await TestAuthority()
    let double = try ModelDouble.start(
      identity: try await authority.identity("IP:127.0.0.1", days: -1), ModelDouble.plain)
    defer { double.stop() }
    let error = try await error(of: double, tls: ModelTLS(caFile: authority.caFile))
    #expect(error.message.contains("expired"))
    #expect(error.message.contains("renew the server's certificate"))
  }

  @Test func `a CA file that cannot be used is named`() async throws {
    let authority = try await TestAuthority()
    let double = try ModelDouble.start(
      identity: try await authority.identity("IP:127.0.0.1"), ModelDouble.plain)
    defer { double.stop() }
    for file in ["/nonexistent/ca.pem", authority.path("ca.key")] {
      let error = try await error(of: double, tls: ModelTLS(caFile: file))
      #expect(error.message.contains(file))
      #expect(error.message.contains("client_key are PEM files"))
    }
  }

  // MARK: - Who we are

  /// A server that lets nobody in without a certificate of the authority; it has the status route only.
  private func strictServer(
    _ authority: TestAuthority, _ version: String
  ) async throws -> (process: SupervisedProcess, url: String) {
    let files = try await authority.issue("server", for: "IP:127.0.0.1")
    try Files.makeFolder(authority.path("engines"))
    let answer =
      "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"llama.cpp\":\"Running\"}"
    try Files.writeAtomically(Array(answer.utf8), to: authority.path("engines/status"))
    var specification = ProcessSpecification(
      "openssl",
      [
        "s_server", "-accept", "127.0.0.1:0", "-HTTP", version, "-cert", files.certificate, "-key",
        files.key, "-CAfile", authority.caFile, "-Verify", "1", "-verify_return_error",
      ], workingDirectory: authority.path("."))
    let port = OneShot<String>()
    let seen = Locked("")
    specification.standardOutput = .sink { bytes in
      let text = seen.withLock { seen in
        seen += String(decoding: bytes, as: UTF8.self)
        return seen
      }
      if bytes.isEmpty { port.set("") }
      for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
      where line.hasPrefix("ACCEPT ") {
        port.set(String(line.split(separator: ":").last ?? ""))
      }
    }
    let process = try await SupervisedProcess.start(specification)
    let number = try await port.wait()
    try #require(Int(number) != nil, "openssl s_server did not start: \(seen.withLock { $0 })")
    return (process, "https://127.0.0.1:\(number)/engines/v1")
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"]) func `shows its certificate to a server that asks`(
    version: String
  ) async throws {
    let authority = try await TestAuthority()
    let (process, url) = try await strictServer(authority, version)
    let own = try await authority.issue("tester", for: "DNS:tester")
    let tls = try ModelTLS(
      caFile: authority.caFile, clientCertificate: own.certificate, clientKey: own.key)
    let state = try await client(of: url, tls: tls).status()
    #expect(state.map(\.engine) == ["llama.cpp"])
    await process.terminate(grace: .zero)
  }

  @Test func `certificate and key may share a file`() async throws {
    let authority = try await TestAuthority()
    let (process, url) = try await strictServer(authority, "-tls1_3")
    let own = try await authority.issue("tester", for: "DNS:tester")
    let both = try [own.certificate, own.key].flatMap { try Files.read($0, limit: 1 << 16) }
    try Files.writeAtomically(both, to: authority.path("both.pem"))
    let tls = try ModelTLS(
      caFile: authority.caFile, clientCertificate: authority.path("both.pem"))
    _ = try await client(of: url, tls: tls).status()
    await process.terminate(grace: .zero)
  }

  @Test func `says that a server asks for a certificate`() async throws {
    let authority = try await TestAuthority()
    let (process, url) = try await strictServer(authority, "-tls1_3")
    let nobody = try client(of: url, tls: ModelTLS(caFile: authority.caFile))
    let missing = await modelError { () throws(ModelError) in try await nobody.status() }
    #expect(missing?.kind == .untrusted)
    #expect(missing?.message.contains("set the model's client_certificate") == true)

    let other = try await TestAuthority("another authority")
    let foreign = try await other.issue("tester", for: "DNS:tester")
    let stranger = try client(
      of: url,
      tls: ModelTLS(
        caFile: authority.caFile, clientCertificate: foreign.certificate, clientKey: foreign.key))
    let refused = await modelError { () throws(ModelError) in try await stranger.status() }
    #expect(refused?.kind == .untrusted)
    #expect(
      refused?.message.contains("does not accept the certificate in \(foreign.certificate)") == true
    )
    await process.terminate(grace: .zero)
  }

  @Test func `says so too in the words of TLS 1 2`() async throws {
    let authority = try await TestAuthority()
    let (process, url) = try await strictServer(authority, "-tls1_2")
    let nobody = try client(of: url, tls: ModelTLS(caFile: authority.caFile))
    let missing = await modelError { () throws(ModelError) in try await nobody.status() }
    #expect(missing?.message.contains("client_certificate") == true)
    await process.terminate(grace: .zero)
  }

  @Test func `a key with a passphrase is an error and not a question`() async throws {
    let authority = try await TestAuthority()
    let (process, url) = try await strictServer(authority, "-tls1_3")
    let own = try await authority.issue("tester", for: "DNS:tester", passphrase: "hunter2")
    let client = try client(
      of: url,
      tls: ModelTLS(
        caFile: authority.caFile, clientCertificate: own.certificate, clientKey: own.key))
    let error = await modelError { () throws(ModelError) in try await client.status() }
    #expect(error?.kind == .untrusted)
    #expect(error?.message.contains("want no passphrase") == true)
    await process.terminate(grace: .zero)
  }

  @Test func `a key without a certificate is refused`() {
    let error = #expect(throws: ModelError.self) { try ModelTLS(caFile: nil, clientKey: "/k.pem") }
    #expect(error?.kind == .badEndpoint)
    #expect(error?.message.contains("/k.pem") == true)
  }
}
