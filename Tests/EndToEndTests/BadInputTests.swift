import Glibc
import JSONCoding
import ModelDouble
import Platform
import Testing
import VNC

/// What a user sees when something is wrong: the exit code, the place, the value and what to do.
@Suite struct BadInputTests {
  static let shop = """
    name: Shop
    target: { demo: sign-in }
    steps:
      - expect: Example Shop
    """

  @Test func `a path that is not there is named`() async throws {
    let ran = try await Program().run(["run", "no/such/place.yaml"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("no/such/place.yaml"))
    #expect(ran.messages.contains("no such"))
  }

  @Test func `a folder without scenarios matches nothing`() async throws {
    let program = try Program()
    try program.write("nothing to run", to: "empty/readme.txt")
    let ran = try await program.run(["run", "empty"])
    #expect(ran.code == 4)
    #expect(ran.messages.contains("empty"))
    let allowed = try await program.run(["run", "empty", "--pass-with-no-tests"])
    #expect(allowed.code == 0)
  }

  @Test func `a YAML mistake is shown where it stands`() async throws {
    let program = try Program()
    try program.write("name: x\nsteps:\n  - expect: [a\n", to: "broken.yaml")
    let ran = try await program.run(["run", "broken.yaml"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("broken.yaml:"))
  }

  @Test func `an unknown step comes with a suggestion`() async throws {
    let program = try Program()
    try program.write(
      "name: x\ntarget: { demo: sign-in }\nsteps:\n  - clik: Sign in\n  - expcet: Welcome\n",
      to: "typo.yaml")
    let ran = try await program.run(["check", "typo.yaml"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("typo.yaml:4:5"))
    #expect(ran.all.contains("clik"))
    #expect(ran.all.contains("click"))
    #expect(ran.all.contains("typo.yaml:5:5"), "all mistakes of a file are told at once")
  }

  @Test func `an unknown variable is named with its place`() async throws {
    let program = try Program()
    try program.write(
      "name: x\ntarget: { demo: sign-in }\nvariables: { user: alice }\nsteps:\n  - type: ${usr}\n",
      to: "variable.yaml")
    let ran = try await program.run(["run", "variable.yaml"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("variable.yaml:5:"))
    #expect(ran.messages.contains("usr"))
    #expect(ran.messages.contains("user"))
  }

  @Test func `an unknown flag comes with a suggestion`() async throws {
    let ran = try await Program().run(["run", "--worker", "2"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("--workers"))
  }

  @Test func `a VNC server that is not there is an error that names it`() async throws {
    let program = try Program()
    try program.write(Self.shop, to: "shop.yaml")
    let ran = try await program.run([
      "run", "shop.yaml", "--target", "vnc://127.0.0.1:59999", "--no-model",
    ])
    #expect(ran.code == 5)
    let result = try #require(try program.results()["shop"])
    #expect(result.verdict == "error")
    #expect(result.reason.contains("127.0.0.1:59999"))
  }

  @Test func `a wrong VNC password is an error that does not show it`() async throws {
    let program = try Program()
    let server = try await PasswordServer.start(in: program.folder.path)
    try program.write(
      """
      name: Password
      target:
        vnc: "\(server.address)"
        password: ${LAB_PASSWORD}
      secrets: [LAB_PASSWORD]
      steps:
        - expect: anything
      """, to: "password.yaml")
    let ran = try await program.run(
      ["run", "password.yaml", "--no-model"], environment: ["LAB_PASSWORD": "wrong-horse"])
    await server.process.terminate(grace: .zero)
    #expect(ran.code == 5)
    let result = try #require(try program.results()["password"])
    #expect(result.verdict == "error")
    #expect(result.reason.contains("password"))
    #expect(!ran.all.contains("wrong-horse"))
  }

  @Test func `a VNC server is trusted by its certificate, and by no other`() async throws {
    let program = try Program()
    let server = try await CertifiedServer.start(in: program.folder.path)
    func run(_ fingerprint: String) async throws -> (verdict: String, reason: String) {
      try program.write(
        """
        name: Lab
        target:
          vnc: "\(server.address)"
          fingerprint: "\(fingerprint)"
        steps:
          - wait: 100ms
          - screenshot: empty
        """, to: "lab.yaml")
      let ran = try await program.run(["run", "lab.yaml", "--no-model"])
      return try #require(try program.results()["lab"], "\(ran.all)")
    }
    let good = try await run(server.fingerprint)
    let other = try await run(String(repeating: "ab", count: 32))
    try program.write(
      "name: Lab\ntarget: { vnc: \"\(server.address)\" }\nsteps:\n  - wait: 100ms\n",
      to: "plain.yaml")
    _ = try await program.run(["run", "plain.yaml", "--no-model"])
    let plain = try #require(try program.results()["plain"])
    await server.process.terminate(grace: .zero)
    #expect(good.verdict == "passed", "\(good.reason)")
    #expect(other.verdict == "error")
    #expect(other.reason.lowercased().contains("certificate"), "\(other.reason)")
    #expect(plain.verdict == "error", "nothing weaker than what the server wants is tried")
    #expect(plain.reason.contains("VeNCrypt"), "\(plain.reason)")
  }

  @Test func `what protects a connection is checked before it is made`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Lab
      target:
        vnc: "vnc://lab:1"
        security: [X509Vnc, TLSVcn]
        fingerprint: abc
        ca_file: nowhere.pem
      steps: [{ expect: a }]
      """, to: "lab.yaml")
    let ran = try await program.run(["check", "lab.yaml"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("TLSVcn") && ran.all.contains("TLSVnc"), "\(ran.all)")
    #expect(ran.all.contains("openssl x509") && ran.all.contains("nowhere.pem"), "\(ran.all)")
    try program.write(
      "name: a\ntarget: { demo: sign-in, fingerprint: abc }\nsteps: [{ expect: a }]\n",
      to: "lab.yaml")
    #expect(try await program.run(["check", "lab.yaml"]).all.contains("no meaning beside"))
  }

  @Test func `without Xvnc a private desktop says what to install`() async throws {
    let program = try Program()
    try program.write(
      "name: Desktop\ntarget: { desktop: { run: xterm } }\nsteps:\n  - expect: hello\n",
      to: "desktop.yaml")
    try program.write(
      "name: Needs it\nrequires: [xvnc]\ntarget: { desktop: { run: xterm } }\nsteps:\n  - expect: a\n",
      to: "needs.yaml")
    let ran = try await program.run(
      ["run", "desktop.yaml", "needs.yaml", "--no-model"], environment: ["PATH": "/nowhere"])
    #expect(ran.code == 5)
    let results = try program.results()
    #expect(results["desktop"]?.verdict == "error")
    #expect(results["desktop"]?.reason.contains("tigervnc-standalone-server") == true)
    #expect(results["needs"]?.verdict == "skipped")
    #expect(results["needs"]?.reason.contains("tigervnc-standalone-server") == true)
    let strict = try await program.run(
      ["run", "needs.yaml", "--no-model", "--strict"], environment: ["PATH": "/nowhere"])
    #expect(strict.code == 5)
    #expect(try program.results()["needs"]?.verdict == "error")
  }

  static let thinking = """
    name: Thinking
    requires: [model]
    target: { demo: sign-in }
    steps:
      - act: find the way
      - expect: Example Shop
    """

  @Test func `a model that nobody configured is left out with what to start`() async throws {
    let program = try Program()
    try program.write(Self.thinking, to: "thinking.yaml")
    let ran = try await program.run(["run", "thinking.yaml"])
    #expect(ran.code == 4)
    let result = try #require(try program.results()["thinking"])
    #expect(result.verdict == "skipped")
    #expect(result.reason.contains("docker model pull"))
    #expect(ran.output.contains("docker model pull"))
    let strict = try await program.run(["run", "thinking.yaml", "--strict"])
    #expect(strict.code == 5)
  }

  @Test func `a configured endpoint that is not there is an error`() async throws {
    let program = try Program()
    try program.write(Self.thinking, to: "thinking.yaml")
    let ran = try await program.run(
      ["run", "thinking.yaml"],
      environment: ["QA_AGENT_MODEL_ENDPOINT": "http://127.0.0.1:1/engines/v1"])
    #expect(ran.code == 5)
    let result = try #require(try program.results()["thinking"])
    #expect(result.verdict == "error")
    #expect(result.reason.contains("127.0.0.1:1"))
  }

  @Test func `a model that is not pulled says how to pull it`() async throws {
    let program = try Program()
    let double = try ModelDouble.start(models: ["ai/other"], ModelDouble.plain)
    defer { double.stop() }
    try program.write(Self.thinking, to: "thinking.yaml")
    let ran = try await program.run(
      ["run", "thinking.yaml"],
      environment: ["QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl"])
    #expect(ran.code == 5)
    let result = try #require(try program.results()["thinking"])
    #expect(result.reason.contains("docker model pull ai/qwen3-vl"))
  }

  @Test func `an output folder that cannot be written is named`() async throws {
    let program = try Program()
    try program.write(Self.shop, to: "shop.yaml")
    try program.write("a file, not a folder", to: "taken")
    let ran = try await program.run(["run", "shop.yaml", "-o", "taken/reports", "--no-model"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("taken"))
  }
}

/// A real Xvnc that wants a password, on a unix socket.
struct PasswordServer {
  let process: SupervisedProcess
  let address: String

  static func start(in folder: String) async throws -> PasswordServer {
    let socket = folder + "/vnc"
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        "Xvnc",
        [
          "-displayfd", "1", "-geometry", "640x480", "-depth", "24", "-nolisten", "tcp",
          "-SecurityTypes", "VncAuth", "-rfbunixpath", socket, "-rfbport", "-1",
          // “right”, in the form that the server reads: DES with the protocol's fixed key.
          "-Password=6794b41b161a81f7",
        ]))
    let deadline = ContinuousClock.now + .seconds(20)
    while access(socket, F_OK) != 0, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(10))
    }
    return PasswordServer(process: process, address: "unix:" + socket)
  }
}

/// A real VNC server that speaks nothing but TLS with a certificate of its own.
struct CertifiedServer {
  let process: SupervisedProcess
  let address: String
  let fingerprint: String

  static func start(in folder: String) async throws -> CertifiedServer {
    let made = try await runCommand(
      ProcessSpecification(
        "/bin/sh",
        [
          "-c",
          "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lab -keyout key.pem -out cert.pem"
            + " 2>/dev/null && openssl x509 -in cert.pem -noout -fingerprint -sha256",
        ], environment: Program.environment, workingDirectory: folder), timeout: .seconds(30))
    let fingerprint = made.text.split(separator: "=").last.map {
      String($0.filter { !$0.isNewline })
    }
    let socket = folder + "/certified"
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        "Xvnc",
        [
          "-displayfd", "1", "-geometry", "640x480", "-depth", "24", "-nolisten", "tcp",
          "-SecurityTypes", "X509None", "-X509Cert", folder + "/cert.pem", "-X509Key",
          folder + "/key.pem", "-rfbunixpath", socket, "-rfbport", "-1",
        ]))
    let deadline = ContinuousClock.now + .seconds(20)
    while access(socket, F_OK) != 0, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(10))
    }
    return CertifiedServer(
      process: process, address: "unix:" + socket, fingerprint: fingerprint ?? "")
  }
}
