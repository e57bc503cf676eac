import Desktops
import Glibc
import JSONCoding
import Pixels
import Platform
import SSHServer
import Testing
import VNC

/// Scenarios whose VNC server is reached through an SSH host: a real sshd, a real Xvnc, the built program.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TunnelTests {
  /// A screen that says FIRST, and SECOND once the file `go` is there.
  private static func desktop(_ program: Program) async throws -> PrivateDesktop {
    let go = program.folder.path + "/go"
    return try await PrivateDesktop.start(
      DesktopSpecification(
        size: PixelSize(clampingWidth: 800, height: 500),
        command: "xterm -geometry 60x15+0+0 -fa DejaVuSansMono -fs 16 -e sh -c "
          + "'echo FIRST; while ! [ -e \(go) ]; do sleep 0.1; done; echo SECOND; sleep 600'"))
  }

  /// The address of a desktop on the host.
  private static func address(_ desktop: PrivateDesktop) throws -> String {
    guard case .unix(let path) = desktop.endpoint.address else {
      throw CancellationError()
    }
    return "unix:\(path)"
  }

  private static func scenario(
    _ address: String, _ host: SSHServer, _ steps: String
  ) -> String {
    """
    name: Through a tunnel
    target:
      vnc: \(address)
      via: ssh
      ssh:
        url: "ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"
        identity: \(host.file("user"))
        known_hosts: \(host.file("known_hosts"))
    steps:
    \(steps)
    """
  }

  private static func journal(_ program: Program) throws -> String {
    let path = program.folder.path + "/reports/latest/recording/events.jsonl"
    return String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
  }

  /// Waits until the first check of a run that goes on has held.
  private static func firstCheck(_ program: Program) async throws {
    while (try? journal(program).contains(#""holds":true"#)) != true {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func `a screen behind an SSH host passes, and the records name the way`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let desktop = try await Self.desktop(program)
    let address = try Self.address(desktop)
    try program.write(
      Self.scenario(
        address, host,
        """
          - expect: FIRST
          - type: "hello"
        """), to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try program.results()["case"]?.verdict == "passed")
    let way = "\(address) via ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"
    #expect(try Self.journal(program).contains(way))
    #expect(host.log.count(of: "Accepted publickey") == 1)
    await desktop.stop()
  }

  @Test func `a port of the host is a display of it`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let port = try SSHServer.freePort()
    let transcript = Transcript()
    var server = ProcessSpecification(
      "Xtigervnc",
      [
        ":\(port)", "-rfbport", "\(port)", "-localhost", "-SecurityTypes", "None", "-geometry",
        "640x480", "-depth", "24", "-nolisten", "tcp",
      ])
    server.mergesErrorIntoOutput = true
    server.standardOutput = transcript.sink
    let display = try await SupervisedProcess.start(server)
    try await transcript.wait(for: "Listening for VNC connections")
    var client = ProcessSpecification(
      "xterm",
      ["-fa", "DejaVuSansMono", "-fs", "16", "-e", "sh", "-c", "echo WELCOME; sleep 600"])
    client.environment["DISPLAY"] = ":\(port)"
    let application = try await SupervisedProcess.start(client)
    try program.write(
      Self.scenario("vnc://localhost:\(port)", host, "  - expect: WELCOME"), to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(
      try Self.journal(program).contains(
        "vnc://localhost:\(port) via ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"))
    await application.terminate(grace: .zero)
    await display.terminate(grace: .zero)
  }

  @Test func `a session that is cut comes back by itself`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let desktop = try await Self.desktop(program)
    try program.write(
      Self.scenario(
        try Self.address(desktop), host,
        """
          - expect: FIRST
          - wait: { text: SECOND }
            timeout: 60s
        """), to: "case.yaml")
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        Program.path, ["run", "case.yaml", "--no-model"], environment: Program.environment,
        workingDirectory: program.folder.path))
    try await Self.firstCheck(program)
    host.dropSessions()
    try await host.log.wait(for: "Accepted publickey", moreThan: 1)
    try program.write("", to: "go")
    #expect(try await process.wait() == .exited(0))
    #expect(try program.results()["case"]?.verdict == "passed")
    await desktop.stop()
  }

  @Test func `a host that stays away is an error that names both`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let desktop = try await Self.desktop(program)
    let address = try Self.address(desktop)
    try program.write(
      Self.scenario(
        address, host,
        """
          - expect: FIRST
          - wait: { text: SECOND }
            timeout: 90s
        """), to: "case.yaml")
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        Program.path, ["run", "case.yaml", "--no-model"], environment: Program.environment,
        workingDirectory: program.folder.path))
    try await Self.firstCheck(program)
    await host.kill()
    #expect(try await process.wait() == .exited(5))
    let result = try #require(try program.results()["case"])
    #expect(result.verdict == "error")
    #expect(result.reason.contains(address), "\(result.reason)")
    #expect(
      result.reason.contains("ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"), "\(result.reason)")
    await desktop.stop()
  }

  @Test func `another key than the known one is an error before anything is offered`()
    async throws
  {
    let program = try Program()
    let host = try await SSHServer()
    try host.writeKnownHosts(["[127.0.0.1]:\(host.port) \(try host.publicKey("user"))"])
    try program.write(
      Self.scenario("vnc://localhost:1", host, "  - expect: FIRST"), to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(ran.code == 5, "\(ran.all)")
    let reason = try #require(try program.results()["case"]).reason
    #expect(reason.contains("\(host.file("known_hosts")):1"), "\(reason)")
    #expect(reason.ranges(of: "SHA256:").count == 2, "\(reason)")
    #expect(host.attempts == 0)
  }

  @Test func `a VNC server that is not there is an error that names both`() async throws {
    let program = try Program()
    let host = try await SSHServer()
    let port = try SSHServer.freePort()
    try program.write(
      Self.scenario("vnc://localhost:\(port)", host, "  - expect: FIRST"), to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(ran.code == 5, "\(ran.all)")
    let reason = try #require(try program.results()["case"]).reason
    #expect(reason.contains("vnc://localhost:\(port)"), "\(reason)")
    #expect(reason.contains("ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"), "\(reason)")
  }
}
