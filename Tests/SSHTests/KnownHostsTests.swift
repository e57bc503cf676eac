import Platform
import SSHServer
import Testing

@testable import SSH

/// What a file of known hosts says, held against what OpenSSH's own `ssh-keygen -F` finds in it.
struct KnownHostsTests {
  /// A file with hashed names, patterns, ports, markers and several keys, and its keys in order.
  private struct Sample {
    let folder: TemporaryFolder
    let path: String
    let keys: [HostKey]

    init() async throws {
      folder = try TemporaryFolder(prefix: "qa-ssh-hosts")
      path = folder.path + "/known_hosts"
      var lines: [String] = []
      for (name, type) in [("a", "ed25519"), ("b", "ed25519"), ("c", "ecdsa")] {
        try await SSHServer.run([
          "ssh-keygen", "-q", "-t", type, "-N", "", "-f", "\(folder.path)/\(name)",
        ])
        let text = try Files.read("\(folder.path)/\(name).pub", limit: 4096)
        lines.append(
          String(decoding: text, as: UTF8.self).split(separator: " ").prefix(2)
            .joined(separator: " "))
      }
      let (a, b, c) = (lines[0], lines[1], lines[2])
      keys = try lines.map { try hostKey($0) }
      let plain = """
        hashed.example \(a)
        [hashed.example]:2222 \(b)
        """
      try Files.writeAtomically(Array((plain + "\n").utf8), to: path)
      try await SSHServer.run(["ssh-keygen", "-q", "-H", "-f", path])
      let hashed = String(decoding: try Files.read(path, limit: 1 << 16), as: UTF8.self)
      let rest = """
        # a comment

        plain.example \(a)
        \tindented.example\t\(a) with a comment
        one.example,two.example,10.0.0.7 \(a)
        *.wild.example,!bad.wild.example,!worse*.wild.example \(a)
        !nobody.example \(a)
        host?.example \(b)
        [ported.example]:2222 \(b)
        [*.ported.example]:2222 \(b)
        [standard.example]:22 \(a)
        UPPER.example \(a)
        several.example \(a)
        several.example \(c)
        both.example \(a)
        [both.example]:2222 \(b)
        @revoked revoked.example \(b)
        revoked.example \(a)
        @revoked * \(c)
        @cert-authority *.authority.example \(a)
        ::1 \(a)
        [fe80::1]:2222 \(b)
        *a*b*c.example \(a)
        """
      try Files.writeAtomically(Array((hashed + rest + "\n").utf8), to: path)
    }

    func hosts() throws -> KnownHosts { try KnownHosts(try Files.read(path, limit: 1 << 16)) }
  }

  private static let corpus: [(host: String, port: Int)] = [
    ("hashed.example", 22), ("hashed.example", 2222), ("hashed.example", 2223),
    ("other.example", 22), ("plain.example", 22), ("plain.example", 2222), ("lain.example", 22),
    ("plain.example.org", 22), ("PLAIN.example", 22), ("indented.example", 22),
    ("one.example", 22), ("two.example", 22), ("10.0.0.7", 22), ("10.0.0.70", 22),
    ("one.example,two.example", 22), ("x.wild.example", 22), ("bad.wild.example", 22),
    ("worse1.wild.example", 22), ("a.b.wild.example", 22), (".wild.example", 22),
    ("wild.example", 22), ("nobody.example", 22), ("somebody.example", 22),
    ("host1.example", 22), ("host.example", 22), ("host12.example", 22),
    ("ported.example", 22), ("ported.example", 2222), ("ported.example", 222),
    ("x.ported.example", 2222), ("x.ported.example", 22), ("standard.example", 22),
    ("upper.example", 22), ("UPPER.EXAMPLE", 22), ("several.example", 22), ("both.example", 22),
    ("both.example", 2222), ("both.example", 2223), ("revoked.example", 22),
    ("x.authority.example", 22), ("authority.example", 22), ("::1", 22), ("::1", 2222),
    ("fe80::1", 2222), ("fe80::1", 22), ("abc.example", 22), ("xaxbxc.example", 22),
    ("acb.example", 22), ("aabbcc.example", 22), ("abcabc.example", 22), ("*", 22),
  ]

  @Test func `finds the lines that ssh-keygen finds`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    #expect(Self.corpus.count >= 40)
    for (host, port) in Self.corpus {
      let name = port == 22 ? host : "[\(host)]:\(port)"
      let answer = try await runCommand(
        ProcessSpecification("ssh-keygen", ["-F", name, "-f", sample.path]), timeout: .seconds(30))
      let found = answer.text.split(separator: "\n").compactMap { line -> Int? in
        guard line.hasPrefix("# Host "), let at = line.firstRange(of: "found: line ") else {
          return nil
        }
        return Int(line[at.upperBound...].prefix { $0.isNumber })
      }
      #expect(hosts.entries(host: host, port: port).map(\.line) == found, "\(name)")
    }
  }

  @Test func `knows a host by any of its keys, whatever the case of its name`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let (a, b) = (sample.keys[0], sample.keys[1])
    #expect(hosts.verdict(on: a, host: "plain.example", port: 22) == .match)
    #expect(hosts.verdict(on: a, host: "Hashed.Example", port: 22) == .match)
    #expect(hosts.verdict(on: b, host: "hashed.example", port: 2222) == .match)
    #expect(hosts.types(host: "several.example", port: 22) == ["ssh-ed25519"])
  }

  @Test func `another key of the same type is a changed one, with line and fingerprint`()
    async throws
  {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let verdict = hosts.verdict(on: sample.keys[1], host: "plain.example", port: 22)
    let line = try #require(hosts.entries(host: "plain.example", port: 22).first).line
    let known = KnownHosts.Known(fingerprint: sample.keys[0].fingerprint, line: line)
    #expect(verdict == .changed(known: [known]))
  }

  @Test func `a key for port 22 says nothing about another port`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let key = sample.keys[0]
    #expect(
      hosts.verdict(on: key, host: "plain.example", port: 2222)
        == .unknown(others: [], authorities: []))
    // Nor does it save a key that has changed.
    guard case .changed = hosts.verdict(on: key, host: "both.example", port: 2222) else {
      Issue.record("the key for port 22 was taken for port 2222")
      return
    }
  }

  @Test func `a revoked key is refused whatever else is said about it`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let (a, b, c) = (sample.keys[0], sample.keys[1], sample.keys[2])
    #expect(hosts.verdict(on: a, host: "revoked.example", port: 22) == .match)
    guard case .revoked = hosts.verdict(on: b, host: "revoked.example", port: 22) else {
      Issue.record("not revoked")
      return
    }
    // `several.example` is known by it, and a pattern revokes it everywhere.
    guard case .revoked = hosts.verdict(on: c, host: "several.example", port: 22) else {
      Issue.record("not revoked")
      return
    }
  }

  @Test func `an authority is no key of a host`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let entries = hosts.entries(host: "x.authority.example", port: 22)
    let line = try #require(entries.first { $0.marker == .authority }).line
    #expect(
      hosts.verdict(on: sample.keys[0], host: "x.authority.example", port: 22)
        == .unknown(others: [], authorities: [line]))
  }

  @Test func `a key of another type is unknown, and the known types are named`() async throws {
    let sample = try await Sample()
    let hosts = try sample.hosts()
    let other = try hostKey("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwAB")
    #expect(
      hosts.verdict(on: other, host: "plain.example", port: 22)
        == .unknown(others: ["ssh-ed25519"], authorities: []))
  }

  @Test func `prints fingerprints as OpenSSH does`() async throws {
    let sample = try await Sample()
    for (name, key) in zip(["a", "b", "c"], sample.keys) {
      let answer = try await runCommand(
        ProcessSpecification("ssh-keygen", ["-l", "-f", "\(sample.folder.path)/\(name).pub"]),
        timeout: .seconds(30))
      #expect(answer.text.split(separator: " ")[1] == key.fingerprint)
    }
  }

  @Test(arguments: [
    ("plain.example", "lacks hosts, a type of key or a key"),
    ("plain.example ssh-ed25519", "lacks hosts, a type of key or a key"),
    ("@unknown plain.example ssh-ed25519 AAAA", "has the unknown marker “@unknown”"),
    ("plain.example ssh-ed25519 !!!!", "has no key in base64 behind “ssh-ed25519”"),
    ("plain.example ssh-ed25519 AAAA", "has no key in base64 behind “ssh-ed25519”"),
    (
      "plain.example ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAAAAwAB",
      "says “ssh-ed25519” and holds a key of type ssh-rsa"
    ),
    ("|1|AAAA|AAAA ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwAB", "does not begin with hosts"),
    ("|2|x ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwAB", "does not begin with hosts"),
    ("1024 35 15793 plain.example", "has no key in base64 behind “35”"),
  ])
  func `a malformed line is an error that names it`(_ line: String, _ reason: String) throws {
    let text = "# first\n\n\(line)\n"
    let error = #expect(throws: KnownHosts.Malformed.self) { try KnownHosts(Array(text.utf8)) }
    #expect(error?.line == 3)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test func `what is no text is an error`() {
    #expect(throws: KnownHosts.Malformed.self) { try KnownHosts([0xFF, 0xFE, 0x0A]) }
    #expect(throws: KnownHosts.Malformed.self) { try KnownHosts(Array("a b c\0\n".utf8)) }
  }
}
