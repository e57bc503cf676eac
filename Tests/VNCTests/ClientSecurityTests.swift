import Glibc
import Pixels
import Props
import Testing

@testable import VNC

/// Certificates of an authority, of its server `localhost`, and of a stranger.
struct ClientCertificates {
  let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    let script = """
      set -e; cd \(folder.path)
      new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'
      openssl req -x509 $new -keyout ca.key -out ca.pem -subj /CN=authority
      openssl req -x509 $new -keyout other.key -out other.pem -subj /CN=stranger
      openssl req -x509 $new -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem \
        -subj /CN=server -addext subjectAltName=DNS:localhost -addext basicConstraints=CA:FALSE
      openssl x509 -in server.pem -noout -fingerprint -sha256 | cut -d= -f2 > server.sha256
      """
    let process = try ClientProcess(["/bin/sh", "-c", script], output: "/dev/null")
    try #require(process.wait() == 0, "openssl could not make certificates")
  }

  func file(_ name: String) -> String { folder.file(name) }

  var fingerprint: CertificateFingerprint {
    get throws {
      let text = clientText(file("server.sha256")).filter { !$0.isNewline }
      return try #require(CertificateFingerprint(text))
    }
  }
}

/// What protects a connection, against a real Xvnc; everything ends with it.
@Suite(.serialized, .timeLimit(.minutes(5)))
final class ClientSecurityTests {
  private let certificates: ClientCertificates

  init() throws { certificates = try ClientCertificates() }

  /// A server with a certificate for `localhost` and the password `secret12`.
  private func desktop(_ types: String) throws -> ClientDesktop {
    try ClientDesktop(
      security: [
        "-SecurityTypes=\(types)", "-Password=24b5ae4ce15503c6",
        "-X509Key=\(certificates.file("server.key"))",
        "-X509Cert=\(certificates.file("server.pem"))", "-BlacklistThreshold=100",
      ])
  }

  private func connect(
    _ desktop: ClientDesktop, host: String = "localhost", password: String? = "secret12",
    _ security: VNCSecurity
  ) async -> Result<VNCConnection, VNCError> {
    await connect(
      VNCEndpoint(
        address: .tcp(host: host, port: desktop.port), password: password, security: security))
  }

  private func connect(_ endpoint: VNCEndpoint) async -> Result<VNCConnection, VNCError> {
    do throws(VNCError) {
      return .success(try await .connect(to: endpoint))
    } catch {
      return .failure(error)
    }
  }

  private var trusted: VNCSecurity { VNCSecurity(caFile: certificates.file("ca.pem")) }

  @Test(arguments: [
    (VNCSecurityType.none, "None"), (.vnc, "VncAuth"), (.tlsNone, "TLSNone"), (.tlsVnc, "TLSVnc"),
    (.x509None, "X509None"), (.x509Vnc, "X509Vnc"),
  ])
  func `is let in by every type without a user name`(
    type: VNCSecurityType, name: String
  ) async throws {
    let desktop = try desktop("None,VncAuth,TLSNone,TLSVnc,X509None,X509Vnc")
    var security = trusted
    security.accepted = [type]
    let connection = try await connect(desktop, security).get()
    #expect(await connection.security == type)
    #expect(type.rawValue == name)
    #expect((await connection.encryption != nil) == type.isEncrypted)
    let before = await connection.sequence
    try desktop.start("xlogo", "-geometry", "300x300+10+10", "-bg", "red")
    #expect(try await connection.waitForChange(after: before, upTo: .seconds(10)))
    try await connection.refresh()
    #expect(
      try await eventually { try await connection.frame().color(x: 12, y: 150)?.red == 255 })
    await connection.close()
  }

  @Test func `takes the best of what both can, by our order and not the server's`() async throws {
    let desktop = try desktop("None,VncAuth,TLSVnc,X509Vnc")
    var security = trusted
    security.accepted = [.x509Vnc, .tlsVnc, .vnc]
    let best = try await connect(desktop, security).get()
    #expect(await best.security == .x509Vnc)
    await best.close()
    security.accepted = [.vnc, .x509Vnc]
    let first = try await connect(desktop, security).get()
    #expect(await first.security == .vnc)
    await first.close()
  }

  @Test func `a CA file alone means that only certified types are used`() async throws {
    let connection = try await connect(try desktop("VncAuth,TLSVnc,X509Vnc"), trusted).get()
    #expect(await connection.security == .x509Vnc)
    await connection.close()
  }

  @Test(arguments: ["None,VncAuth", "TLSVnc", "VncAuth,TLSVnc,X509None"])
  func `is not talked into a weaker type`(offered: String) async throws {
    let result = await connect(try desktop(offered), trusted)
    #expect(result.code == .unsupportedSecurity)
    for type in offered.split(separator: ",") { #expect(result.message.contains(type)) }
    #expect(result.message.contains("accepted is only X509Vnc"))
  }

  @Test func `does not trust a certificate of another authority`() async throws {
    let result = await connect(
      try desktop("X509Vnc"), VNCSecurity(caFile: certificates.file("other.pem")))
    #expect(result.code == .untrusted)
    #expect(result.message.contains("issuer is unknown"))
    #expect(result.message.contains(try certificates.fingerprint.description))
  }

  @Test func `does not trust what the system does not know`() async throws {
    let result = await connect(try desktop("X509Vnc"), VNCSecurity(accepted: [.x509Vnc]))
    #expect(result.code == .untrusted)
  }

  @Test func `does not trust a certificate for another host`() async throws {
    let result = await connect(try desktop("X509Vnc"), host: "127.0.0.1", trusted)
    #expect(result.code == .untrusted)
    #expect(result.message.contains("name in the certificate does not match"))
  }

  @Test func `a pinned certificate is enough, whatever the host is called`() async throws {
    let security = VNCSecurity(fingerprint: try certificates.fingerprint)
    let connection = try await connect(try desktop("X509Vnc"), host: "127.0.0.1", security).get()
    #expect(await connection.security == .x509Vnc)
    await connection.close()
  }

  @Test func `another certificate than the pinned one is refused and shown`() async throws {
    let other = try #require(CertificateFingerprint(String(repeating: "ab", count: 32)))
    let result = await connect(try desktop("X509Vnc"), VNCSecurity(fingerprint: other))
    #expect(result.code == .untrusted)
    #expect(result.message.contains(try certificates.fingerprint.description))
    #expect(result.message.contains("AB:AB"))
  }

  @Test func `a pinned certificate does not make up for a wrong authority`() async throws {
    let security = VNCSecurity(
      caFile: certificates.file("other.pem"), fingerprint: try certificates.fingerprint)
    #expect(await connect(try desktop("X509Vnc"), security).code == .untrusted)
  }

  @Test func `says that the password is wrong, inside of TLS too`() async throws {
    let result = await connect(try desktop("X509Vnc"), password: "hunter22", trusted)
    #expect(result.code == .authenticationFailed)
    #expect(!result.message.contains("hunter22"))
    var security = trusted
    security.accepted = [.x509Vnc]
    let none = await connect(try desktop("X509Vnc"), password: nil, security)
    #expect(none.code == .passwordRequired)
  }

  @Test func `says that a user is not let in`() async throws {
    let desktop = try desktop("X509Plain,TLSPlain")
    var security = trusted
    security.userName = "nobody-here"
    let result = await connect(desktop, security)
    #expect(result.code == .authenticationFailed)
    #expect(result.message.contains("user name"))
    security.userName = nil
    security.accepted = [.tlsPlain]
    #expect(await connect(desktop, security).code == .passwordRequired)
  }

  private static let hasX11VNC = access("/usr/bin/x11vnc", X_OK) == 0

  @Test(.enabled(if: hasX11VNC, "x11vnc is not installed"))
  func `is let in by a user name and a password`() async throws {
    let screen = try ClientDesktop()
    let port = try ClientFakeServer().port
    try screen.start(
      "sh", "-c",
      """
      cd \(certificates.folder.path)
      # x11vnc takes RSA keys only.
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -CA ca.pem -CAkey ca.key -keyout rsa.key \
        -out rsa.pem -subj /CN=server -addext subjectAltName=DNS:localhost \
        -addext basicConstraints=CA:FALSE
      cat rsa.key rsa.pem > both.pem
      cat > check <<'END'
      #!/bin/sh
      read user; read password; [ "$user $password" = "tester s3cret" ]
      END
      chmod 755 check
      exec x11vnc -display :\(screen.display) -rfbport \(port) -localhost -ssl both.pem \
        -vencrypt plain:only -unixpw_cmd "\(certificates.folder.path)/check" -forever -shared
      """)
    var security = trusted
    security.userName = "tester"
    var endpoint = VNCEndpoint(
      address: .tcp(host: "localhost", port: port), password: "s3cret", security: security)
    var result = await connect(endpoint)
    _ = try await eventually {
      if result.code == .refused { result = await connect(endpoint) }
      return result.code != .refused
    }
    let connection = try result.get()
    #expect(await connection.security == .x509Plain)
    #expect(await connection.size.width == 640)
    await connection.close()
    // This server closes the connection without a word.
    endpoint.password = "wrong"
    #expect(await connect(endpoint).code == .closed)
  }

  @Test func `says that a CA file is none`() async throws {
    let desktop = try desktop("X509Vnc")
    let missing = await connect(desktop, VNCSecurity(caFile: "/nowhere/ca.pem"))
    #expect(missing.code == .untrusted)
    #expect(missing.message.contains("/nowhere/ca.pem"))
    let key = certificates.file("server.key")
    let wrong = await connect(desktop, VNCSecurity(caFile: key))
    #expect(wrong.code == .untrusted)
    #expect(wrong.message.contains("cannot be used"))
  }

  @Test func `a unix socket is proved by the pinned certificate alone`() async throws {
    let path = "/tmp/qa-vnc-\(UInt64.random(in: 0...UInt64.max)).sock"
    let desktop = try ClientDesktop(
      security: [
        "-SecurityTypes=X509None", "-X509Key=\(certificates.file("server.key"))",
        "-X509Cert=\(certificates.file("server.pem"))",
      ], extra: ["-rfbunixpath", path, "-rfbport=-1"])
    var endpoint = VNCEndpoint(address: .unix(path: path), security: trusted)
    let error = await #expect(throws: VNCError.self) {
      try await VNCConnection.connect(to: endpoint)
    }
    #expect(error?.code == .untrusted)
    #expect(error?.message.contains("fingerprint") == true)
    endpoint.security = VNCSecurity(fingerprint: try certificates.fingerprint)
    let connection = try await VNCConnection.connect(to: endpoint)
    #expect(await connection.security == .x509None)
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `a server that dies inside of TLS ends a wait`() async throws {
    let desktop = try desktop("X509Vnc")
    let connection = try await connect(desktop, trusted).get()
    desktop.kill()
    let error = await #expect(throws: VNCError.self) {
      _ = try await connection.waitForChange(after: 1_000_000, upTo: .seconds(30))
    }
    #expect(error?.code == .closed)
    await connection.close()
  }
}

/// Fingerprints and names, and servers that lie before they let us in.
@Suite(.timeLimit(.minutes(5)))
struct ClientNegotiationTests {
  @Test func `a fingerprint is read as openssl prints it and as others do`() throws {
    let pairs = Array(repeating: "0aFf", count: 16).joined()
    let colons = try #require(
      CertificateFingerprint(Array(repeating: "0A:FF", count: 16).joined(separator: ":")))
    #expect(CertificateFingerprint(pairs) == colons)
    #expect(colons.description.hasPrefix("0A:FF:0A"))
    for wrong in ["", "0a", pairs + "00", String(pairs.dropLast()) + "g", "é" + pairs.dropFirst()] {
      #expect(CertificateFingerprint(wrong) == nil)
    }
  }

  @Test func `types are named as servers name them`() {
    #expect(VNCSecurityType(named: "x509vnc") == .x509Vnc)
    #expect(VNCSecurityType(named: "VNCAUTH") == .vnc)
    #expect(VNCSecurityType(named: "SSH") == nil)
  }

  /// What comes of asking a scripted server for encryption.
  private func outcome(
    _ accepted: [VNCSecurityType] = [.x509Vnc, .tlsVnc],
    _ script: @escaping @Sendable (ClientFakePeer) -> Void
  ) async throws -> Result<VNCConnection, VNCError> {
    try await ClientFakeServer.outcome(
      VNCOptions(connectTimeout: .milliseconds(500)), password: "hunter22",
      security: VNCSecurity(accepted: accepted), script)
  }

  /// As far as the choice of VeNCrypt.
  private static func begin(_ peer: ClientFakePeer) {
    peer.send("RFB 003.008\n")
    peer.receive(12)
    peer.send([1, 19])
    peer.receive(1)
  }

  @Test func `names both sides when they have nothing in common`() async throws {
    let result = try await outcome { peer in
      Self.begin(peer)
      peer.send([0, 2])
      peer.receive(2)
      peer.send([0, 2] + ClientFakePeer.number32(257) + ClientFakePeer.number32(263))
      peer.waitForEnd()
    }
    #expect(result.code == .unsupportedSecurity)
    #expect(result.message.contains("offers only TLSNone, VeNCrypt 263"))
    #expect(result.message.contains("accepted is only X509Vnc, TLSVnc"))
  }

  @Test func `sends no password to a server that cannot do TLS`() async throws {
    let result = try await outcome { peer in
      Self.begin(peer)
      peer.send([0, 2])
      peer.receive(2)
      peer.send([0, 1] + ClientFakePeer.number32(258))
      peer.receive(4)
      peer.send([1] + [UInt8](repeating: 0x41, count: 64))
      peer.waitForEnd()
    }
    #expect(result.code == .untrusted)
    #expect(!result.message.contains("hunter22"))
  }

  @Test(arguments: [[UInt8]()] + (1...5).map { [UInt8]([0, 2, 0, 1, 0, 0, 1, 2, 1].prefix($0)) })
  func `does not wait for ever inside of the negotiation`(said: [UInt8]) async throws {
    let result = try await outcome { peer in
      Self.begin(peer)
      peer.send(said)
      peer.waitForEnd()
    }
    #expect(result.code == .timedOut(.handshake))
  }

  @Test func `an old VeNCrypt and none at all are refused`() async throws {
    let old = try await outcome { peer in
      Self.begin(peer)
      peer.send([0, 1])
      peer.waitForEnd()
    }
    #expect(old.code == .unsupportedSecurity)
    let none = try await outcome { peer in
      peer.send("RFB 003.003\n")
      peer.receive(12)
      peer.send(ClientFakePeer.number32(1))
      peer.waitForEnd()
    }
    #expect(none.code == .unsupportedSecurity)
    #expect(none.message.contains("offers only None"))
  }

  @Test func `a server of version 3 point 3 is spoken to as it wants`() async throws {
    let result = try await outcome([.none]) { peer in
      peer.send("RFB 003.003\n")
      peer.receive(12)
      peer.send(ClientFakePeer.number32(1))
      peer.receive(1)
      let format: [UInt8] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
      peer.send([0, 8, 0, 8] + format + ClientFakePeer.number32(70_000))
      peer.send([UInt8](repeating: 65, count: 70_000))
      let whole = ClientFakePeer.update(x: 0, y: 0, width: 8, height: 8, encoding: 0)
      peer.send(whole + [UInt8](repeating: 1, count: 256))
      peer.waitForEnd()
    }
    let connection = try result.get()
    #expect(await connection.desktopName.utf8.count <= 1024)
  }

  @Test func `passes on why a server turns us away, cut and printable`() async throws {
    let result = try await outcome { peer in
      peer.send("RFB 003.008\n")
      peer.receive(12)
      let reason = "full\u{1B}[31m" + String(repeating: "x", count: 100_000)
      peer.send([0] + ClientFakePeer.number32(reason.utf8.count) + Array(reason.utf8))
      peer.waitForEnd()
    }
    #expect(result.code == .refused)
    #expect(result.message.contains("turned the connection away: full[31m"))
    #expect(result.message.utf8.count < 1000)
  }
}
