import Glibc
import Platform
import Props
import SSHServer
import Testing

@testable import SSH

/// `~/.ssh/config` as `ssh -G` takes it.
struct ConfigTests {
  /// Configurations that people write, and what is easily read otherwise.
  private static let written = [
    "",
    "Host lab\n  HostName lab.example.org\n  Port 2222\n  User tester\n",
    "Host *\n  User zed\nHost lab\n  User tester\n",
    "Host lab\n  User tester\nHost *\n  User zed\n  Port 2022\n",
    "Host l?b web-*\n  HostName %h.example\n",
    "Host * !lab\n  User other\nHost lab\n  User mine\n",
    "Host !lab *\n  User other\n",
    "Host !lab\n  User nobody\n",
    "HostName everywhere\nPort 99\n",
    "Host=lab\nHostName=a.example\nPort = 7\nUser =\tme\n",
    "host LAB\n  user upper\nHOST lab\n  USER lower\n",
    "# a comment\n\n   \t\nHost lab # behind\n  User me # too\n",
    "Host \"lab\"\n  User \"a b\"\n  IdentityFile \"/tmp/a b/key\"\n",
    "Host lab\n  IdentityFile ~/.ssh/one\n  IdentityFile /abs/two\nHost *\n  IdentityFile ~/three\n",
    "Host lab\n  IdentityFile ~/.ssh/one\n  IdentityFile ~/.ssh/one\n  IdentitiesOnly yes\n",
    "Host lab\n  IdentityFile none\n",
    "Host lab\n  IdentitiesOnly no\nHost *\n  IdentitiesOnly yes\n",
    "Host lab\n  UserKnownHostsFile ~/kh1 /etc/kh2\n",
    "Host lab\n  UserKnownHostsFile \"~/k h\"\n",
    "Host lab\n  ProxyJump jump\n",
    "Host lab\n  ProxyJump u@j1:2200,j2\nHost *\n  ProxyJump none\n",
    "Host lab\n  ProxyJump none\nHost *\n  ProxyJump j\n",
    "Match host lab\n  User m\n",
    "Match host LAB\n  User m\n",
    "Host lab\n  HostName second\nMatch host second\n  Port 77\nMatch host lab\n  Port 78\n",
    "Host lab\n  HostName second\nMatch originalhost lab\n  Port 77\n",
    "Match host second\n  Port 1\nHost lab\n  HostName second\n",
    "Host lab\n  User bob\nMatch user bob\n  Port 5\nMatch user alice\n  Port 6\n",
    "Match host lab user bob\n  Port 5\n",
    "Match host lab,web\n  Port 5\n",
    "Match host *,!lab\n  Port 5\n",
    "Match !host lab\n  Port 5\nMatch !host web\n  Port 6\n",
    "Match all\n  Port 5\n",
    "Match host lab\n  HostName elsewhere\n  Port 5\n",
    "Host lab\n\tHostName\t10.0.0.7\n\tServerAliveInterval 30\n\tCompression yes\n\tForwardAgent no\n",
    "Host lab\n  Hostname a%%b\n",
    "Host lab\r\n  User me\r\n  Port 8\r\n",
    "Host lab\n  User 'single quoted'\n",
    "Host lab\n  User esc\\\"aped\n",
    "Host a\n  User a\nHost b\n  User b\nHost la*\n  User c\n",
    "Include inc/*.conf\nHost lab\n  Port 4\n",
    "Host lab\n  Include inc/*.conf\n  Port 4\n",
    "Host web\n  Include inc/*.conf\nHost lab\n  Port 4\n",
    "Include nowhere\nHost lab\n  Port 4\n",
    "Host lab\n  StrictHostKeyChecking no\n  LogLevel QUIET\n  User x\n",
  ]

  private static let included = [
    "a.conf": "User from-include\nHost lab\n  Port 31\n",
    "b.conf": "Host other\n  Port 32\nHost *\n  IdentityFile ~/inc-key\n",
  ]

  /// What `ssh` says, of what both know.
  private func peer(_ path: String, _ alias: String) async throws -> [String: [String]] {
    let text = try await SSHServer.run(["/usr/bin/ssh", "-G", "-F", path, alias])
    var found: [String: [String]] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      found[parts[0], default: []].append(parts[1])
    }
    return found
  }

  private func compare(_ text: String, _ alias: String, _ folder: TemporaryFolder) async throws {
    let path = "\(folder.path)/config"
    try Files.writeAtomically(Array(text.utf8), to: path)
    let home = String(cString: getpwuid(getuid()).pointee.pw_dir)
    let said = try await peer(path, alias)
    let host = try SSHConfigFile(reading: path, home: home).host(
      alias, localUser: String(cString: getpwuid(getuid()).pointee.pw_name))
    #expect(said["hostname"] == [host.hostName], "\(alias):\n\(text)")
    #expect(said["port"] == ["\(host.port)"], "\(alias):\n\(text)")
    #expect(said["user"] == [host.user], "\(alias):\n\(text)")
    #expect(said["identitiesonly"] == [host.identitiesOnly ? "yes" : "no"], "\(alias):\n\(text)")
    let jump = said["proxyjump"]?.first.map { $0 == "none" ? "" : $0 } ?? ""
    #expect(jump == host.proxyJump.joined(separator: ","), "\(alias):\n\(text)")
    if !host.identityFiles.isEmpty {
      let files = said["identityfile"]?.map { $0.replacing("~/", with: home + "/") }
      #expect(files == host.identityFiles, "\(alias):\n\(text)")
    }
    if !host.knownHosts.isEmpty {
      #expect(said["userknownhostsfile"] == [host.knownHosts.joined(separator: " ")], "\(text)")
    }
  }

  /// Makes the included files where their names are looked for: by absolute paths.
  private func placed(_ text: String, _ folder: TemporaryFolder) throws -> String {
    for (name, text) in Self.included {
      try Files.makeFolder(folder.path + "/inc")
      try Files.writeAtomically(Array(text.utf8), to: "\(folder.path)/inc/\(name)")
    }
    return text.replacing("Include inc", with: "Include \(folder.path)/inc")
  }

  @Test(.enabled(if: Files.exists("/usr/bin/ssh"), "ssh is not installed"), arguments: written)
  func `a configuration is taken as ssh takes it`(text: String) async throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-config")
    for alias in ["lab", "web-1", "LAB"] {
      try await compare(try placed(text, folder), alias, folder)
    }
  }

  @Test(.enabled(if: Files.exists("/usr/bin/ssh"), "ssh is not installed"))
  func `configurations by chance are taken as ssh takes them`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-config")
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
      var text = ""
      for _ in 0..<Int.random(in: 1...9, using: &random) {
        text +=
          pick([
            "Host lab", "Host *", "Host l* !lab", "Host web-? lab", "Match host lab",
            "Match host second", "Match originalhost lab user bob", "Match all", "Match user zed",
            "  HostName second", "  HostName %h.x", "  HostName third", "  User bob", "  User zed",
            "  Port 22\(pick(["1", "2", "3"]))", "  IdentityFile ~/k\(pick(["1", "2"]))",
            "  IdentitiesOnly \(pick(["yes", "no"]))",
            "  ProxyJump \(pick(["j", "none", "a@b:2,c"]))",
            "  UserKnownHostsFile /k\(pick(["1", "2 /k3"]))", "# Host lab", "Port=\t9",
          ]) + "\n"
      }
      try await compare(text, pick(["lab", "web-1", "other"]), folder)
    }
  }

  @Test(arguments: [
    ("Host lab\n  ProxyCommand nc %h %p\n", "ProxyCommand is not run here"),
    ("Match exec true\n  User x\n", "Match exec"), ("Match final\n  User x\n", "Match final"),
    ("Host lab\n  Port soon\n", "“soon” is no port"), ("Host lab\n  Port 70000\n", "no port"),
    ("Host lab\n  User \"me\n", "quote without its end"),
    ("Host lab\n  HostKeyAlias x\n", "HostKeyAlias"),
    ("Host lab\n  IdentityFile ~/%q\n", "%"), ("Host lab\n  HostName\n", "needs a value"),
    ("Match host\n  User x\n", "needs patterns"),
  ])
  func `what could change who is reached, and is not understood, is an error with its place`(
    text: String, message: String
  ) throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-config")
    let path = "\(folder.path)/config"
    try Files.writeAtomically(Array(text.utf8), to: path)
    do throws(SSHConfigFile.Fault) {
      _ = try SSHConfigFile(reading: path, home: folder.path).host("lab", localUser: "me")
      Issue.record("“\(text)” is taken")
    } catch {
      #expect(error.description.contains(message), "\(error)")
      #expect(error.description.hasPrefix("\(path):"))
    }
  }

  @Test func `files that include each other end`() throws {
    let folder = try TemporaryFolder(prefix: "qa-ssh-config")
    let path = "\(folder.path)/config"
    try Files.writeAtomically(Array("Include \(path)\n".utf8), to: path)
    #expect(throws: SSHConfigFile.Fault.self) { try SSHConfigFile(reading: path, home: "/h") }
  }

  @Test func `a file that is not there says nothing`() throws {
    let host = try SSHConfigFile(reading: "/nowhere/config", home: "/h").host(
      "lab", localUser: "me")
    #expect(host.hostName == "lab" && host.port == 22 && host.user == "me")
  }
}
