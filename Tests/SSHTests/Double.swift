import FoundationEssentials
import Platform
import SSHServer
import Testing

@testable import SSH

/// The server of `Fixtures/double.py`: it takes the password `correct horse` from `tester`, and misbehaves as
/// its mode says.
final class Double: Sendable {
  let port: Int
  let log: Transcript
  private let folder: TemporaryFolder
  private let process: SupervisedProcess

  init(_ mode: String) async throws {
    folder = try TemporaryFolder(prefix: "qa-ssh-double")
    let key = folder.path + "/key"
    try await SSHServer.run([
      "ssh-keygen", "-q", "-t", "ecdsa", "-b", "256", "-m", "PEM", "-N", "", "-f", key,
    ])
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/double.py").path()
    let log = Transcript()
    var specification = ProcessSpecification("/usr/bin/python3", [script, mode, key])
    specification.mergesErrorIntoOutput = true
    specification.standardOutput = .sink { log.add($0) }
    process = try await SupervisedProcess.start(specification)
    self.log = log
    try await log.wait(for: "\n")
    let line = log.all.prefix { $0 != "\n" }
    port = try #require(Int(line.dropFirst(5)), "\(line)")
    let known = String(decoding: try Files.read(key + ".pub", limit: 4096), as: UTF8.self)
    try Files.writeAtomically(
      Array("[127.0.0.1]:\(port) \(known)".utf8), to: folder.path + "/known_hosts")
  }

  var settings: SSHSettings {
    var settings = SSHSettings(
      address: SSHAddress(user: "tester", host: "127.0.0.1", port: port),
      credential: .password("correct horse"), knownHosts: folder.path + "/known_hosts")
    // What is to run into a limit shall do so soon.
    settings.limits.opening = .seconds(4)
    return settings
  }

  func open() async throws -> SSHSession { try await SSHSession.open(settings) }
}
