import Glibc
import Pixels
import Platform
import Props
import Testing
import VNC

@testable import Desktops

private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func text(of path: String) throws -> String {
  try String(decoding: Files.read(path, limit: 1 << 20), as: UTF8.self)
}

/// The numbers in a file, once it holds as many lines.
private func waitForNumbers(in path: String, count: Int) async throws -> [Int32] {
  while true {
    if let bytes = try? Files.read(path, limit: 4096), bytes.count(where: { $0 == 10 }) >= count {
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { Int32($0) }
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

private func specification(_ command: String) throws -> DesktopSpecification {
  let size = try #require(PixelSize(width: 800, height: 600))
  return DesktopSpecification(size: size, command: command)
}

/// The path of a desktop's socket, which is in its folder.
private func socketPath(_ desktop: PrivateDesktop) throws -> String {
  guard case .unix(let path) = desktop.endpoint.address else {
    throw FileError.tooLarge(path: "not a socket", limit: 0)
  }
  return path
}

/// The first bytes that an RFB server says.
private func greeting(_ path: String) throws -> String {
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let connected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  try #require(connected == 0)
  var bytes = [UInt8](repeating: 0, count: 12)
  try #require(recv(descriptor, &bytes, 12, Int32(MSG_WAITALL)) == 12)
  return String(decoding: bytes, as: UTF8.self)
}

@Suite(.timeLimit(.minutes(5)))
struct DesktopTests {
  @Test func `an application runs on a display of its own that speaks RFB`() async throws {
    let desktop = try await PrivateDesktop.start(
      specification("xdotool getdisplaygeometry; echo on $DISPLAY; exec sleep 1000"))
    #expect(try greeting(try socketPath(desktop)).hasPrefix("RFB 003."))
    while desktop.recentOutput().count < 2 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(desktop.recentOutput() == ["800 600", "on :\(desktop.display)"])
    #expect(desktop.applicationExit == nil)
    #expect(desktop.displayExit == nil)
    await desktop.stop()
    #expect(desktop.applicationExit == .signaled(SIGTERM))
  }

  @Test func `many run at once, each with its own display`() async throws {
    let desktops = try await withThrowingTaskGroup(of: PrivateDesktop.self) { group in
      for _ in 0..<6 { group.addTask { try await .start(specification("exec sleep 1000")) } }
      var desktops: [PrivateDesktop] = []
      for try await desktop in group { desktops.append(desktop) }
      return desktops
    }
    #expect(Set(desktops.map(\.display)).count == 6)
    #expect(Set(desktops.map(\.endpoint)).count == 6)
    await withTaskGroup(of: Void.self) { group in
      for desktop in desktops { group.addTask { await desktop.stop() } }
    }
  }

  @Test func `only its user can reach it, and only with the cookie`() async throws {
    let desktop = try await PrivateDesktop.start(specification("exec sleep 1000"))
    let path = try socketPath(desktop)
    let folder = String(path.dropLast("/rfb".count))
    for (file, mode) in [(folder, 0o700), (path, 0o600), ("\(folder)/authority", 0o600)] {
      var status = stat()
      #expect(lstat(file, &status) == 0)
      #expect(status.st_mode & 0o777 == UInt32(mode), "\(file)")
    }
    var client = ProcessSpecification("xdotool", ["getdisplaygeometry"])
    client.environment = ["PATH": "/usr/bin:/bin", "DISPLAY": ":\(desktop.display)"]
    client.environment["XAUTHORITY"] = "/dev/null"
    #expect(try await !runCommand(client, timeout: .seconds(30)).exit.isSuccess)
    client.environment["XAUTHORITY"] = "\(folder)/authority"
    #expect(try await runCommand(client, timeout: .seconds(30)).exit.isSuccess)
    await desktop.stop()
  }

  @Test func `stop leaves no process, no folder and no display`() async throws {
    let list = try TemporaryFolder(prefix: "qa-agent-test")
    let pids = "\(list.path)/pids"
    let desktop = try await PrivateDesktop.start(
      specification("echo $$ > \(pids); setsid sleep 1000 & echo $! >> \(pids); exec sleep 1000"))
    let started = try await waitForNumbers(in: pids, count: 2)
    let path = try socketPath(desktop)
    await desktop.stop()
    await desktop.stop()
    #expect(!started.contains(where: isRunning))
    #expect(desktop.displayExit != nil)
    #expect(!exists(path))
    #expect(!exists(String(path.dropLast("/rfb".count))))
    #expect(!exists("/tmp/.X11-unix/X\(desktop.display)"))
  }

  @Test func `nothing of a desktop outlives a runner that is killed`() async throws {
    let list = try TemporaryFolder(prefix: "qa-agent-test")
    let pids = "\(list.path)/pids"
    setenv("QA_TEST_DESKTOP_PIDS", pids, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let pids = try #require(ProcessEnvironment.current["QA_TEST_DESKTOP_PIDS"])
      // The desktop's folder stays behind; this way it goes with the test's own.
      setenv("TMPDIR", String(pids.dropLast("/pids".count)), 1)
      let desktop = try await PrivateDesktop.start(
        specification("echo $$ > \(pids); setsid sleep 1000 & echo $! >> \(pids); exec sleep 1000"))
      _ = try await waitForNumbers(in: pids, count: 2)
      try Files.writeAtomically(
        Array("\(desktop.display)\n".utf8), to: "\(pids).display")
      kill(getpid(), SIGKILL)
      await desktop.stop()
    }
    let started = try await waitForNumbers(in: pids, count: 2)
    let display = try await waitForNumbers(in: "\(pids).display", count: 1)
    while started.contains(where: isRunning) || exists("/tmp/.X11-unix/X\(display[0])") {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func `an application that ends early is seen, with its last words`() async throws {
    let desktop = try await PrivateDesktop.start(
      specification("echo starting; echo cannot find my files >&2; exit 9"))
    #expect(try await desktop.waitForApplication() == .exited(9))
    await desktop.stop()
    #expect(desktop.applicationExit == .exited(9))
    #expect(desktop.recentOutput() == ["starting", "cannot find my files"])
  }

  @Test func `a command that does not exist is seen likewise`() async throws {
    let desktop = try await PrivateDesktop.start(specification("no-such-application"))
    #expect(try await desktop.waitForApplication() == .exited(127))
    await desktop.stop()
    #expect(desktop.recentOutput().joined().contains("no-such-application"))
  }

  @Test func `a display server that is not installed is an error that says what to install`()
    async throws
  {
    var specification = try specification("true")
    specification.inheritedEnvironment["PATH"] = "/nowhere"
    let error = await #expect(throws: DesktopError.self) {
      try await PrivateDesktop.start(specification)
    }
    #expect(error == .notInstalled)
    #expect(error?.description.contains("apt-get install tigervnc-standalone-server") == true)
  }

  @Test func `a display server that ends is an error with its last words`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    try Files.writeAtomically(
      Array("#!/bin/sh\necho no screen today >&2\nexit 3\n".utf8), to: "\(folder.path)/Xvnc")
    chmod("\(folder.path)/Xvnc", 0o755)
    var specification = try specification("true")
    specification.inheritedEnvironment["PATH"] = "\(folder.path):/usr/bin:/bin"
    await #expect(throws: DesktopError.displayEnded(.exited(3), output: ["no screen today"])) {
      try await PrivateDesktop.start(specification)
    }
  }

  @Test func `a display server that never gets ready is ended at the limit`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    try Files.writeAtomically(
      Array("#!/bin/sh\necho $$ > \(folder.path)/pid\nexec sleep 1000\n".utf8),
      to: "\(folder.path)/Xvnc")
    chmod("\(folder.path)/Xvnc", 0o755)
    var specification = try specification("true")
    specification.inheritedEnvironment["PATH"] = "\(folder.path):/usr/bin:/bin"
    specification.startLimit = .milliseconds(300)
    await #expect(throws: DesktopError.notReady(limit: .milliseconds(300), output: [])) {
      try await PrivateDesktop.start(specification)
    }
    let pids = (try? text(of: "\(folder.path)/pid")).flatMap { Int32($0.dropLast()) }
    if let pid = pids { #expect(!isRunning(pid)) }
  }

  @Test func `a window manager that is not installed is an error that names it`() async throws {
    var specification = try specification("true")
    specification.windowManager = "no-such-wm --flag"
    await #expect(throws: DesktopError.noWindowManager(name: "no-such-wm")) {
      try await PrivateDesktop.start(specification)
    }
  }

  @Test func `a folder that does not exist is an error that names it`() async throws {
    var specification = try specification("true")
    specification.workingDirectory = "/no/such/folder"
    let error = await #expect(throws: DesktopError.self) {
      try await PrivateDesktop.start(specification)
    }
    #expect(error?.description.contains("enter /no/such/folder") == true)
  }

  @Test func `a cancelled start leaves nothing`() async throws {
    let task = Task { try await PrivateDesktop.start(specification("exec sleep 1000")) }
    task.cancel()
    await #expect(throws: DesktopError.cancelled) { try await task.value }
  }
}

@Suite(.timeLimit(.minutes(5)))
struct DesktopOutputTests {
  @Test func `the application has a fresh home and knows nothing of our desktop`() async throws {
    var specification = try specification(
      "env | grep -E '^(QA_AGENT|WAYLAND|LC_|EXTRA|GREETING|HOME|TZ)'; ls -A $HOME | wc -l")
    specification.inheritedEnvironment["QA_AGENT_TOKEN"] = "secret"
    specification.inheritedEnvironment["WAYLAND_DISPLAY"] = "wayland-0"
    specification.inheritedEnvironment["GREETING"] = "hello"
    specification.inheritedEnvironment["TZ"] = "Europe/Berlin"
    specification.environment["EXTRA"] = "1"
    let desktop = try await PrivateDesktop.start(specification)
    _ = try await desktop.waitForApplication()
    await desktop.stop()
    let lines = desktop.recentOutput()
    #expect(lines.contains("QA_AGENT_DESKTOP=1"))
    #expect(lines.contains("LC_ALL=C.UTF-8"))
    #expect(lines.contains("EXTRA=1"))
    #expect(lines.contains("TZ=Europe/Berlin"))
    #expect(lines.last == "0")
    #expect(
      !lines.contains { line in
        ["QA_AGENT_TOKEN", "WAYLAND_", "GREETING"].contains { line.hasPrefix($0) }
      })
    #expect(lines.contains { $0.hasPrefix("HOME=") && $0.contains("/qa-agent-desktop-") })
  }

  @Test func `what the application is given is not in the display server`() async throws {
    var specification = try specification(
      """
      for p in /proc/[0-9]*; do
        tr '\\0' ' ' <$p/cmdline | grep -q -e "-auth $XAUTHORITY " || continue
        tr '\\0' '\\n' <$p/environ && echo the server
      done 2>/dev/null
      """)
    specification.environment["API_TOKEN"] = "canary"
    let desktop = try await PrivateDesktop.start(specification)
    _ = try await desktop.waitForApplication()
    await desktop.stop()
    #expect(desktop.recentOutput().contains("the server"))
    #expect(!desktop.recentOutput().contains { $0.contains("canary") })
  }

  @Test func `the log holds who said what, without secrets`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    var specification = try specification("echo my password is wonderland; printf unfinished")
    specification.logPath = "\(folder.path)/log"
    specification.redact = { $0.hasSuffix("wonderland") ? "my password is hidden" : $0 }
    let desktop = try await PrivateDesktop.start(specification)
    _ = try await desktop.waitForApplication()
    await desktop.stop()
    let log = try text(of: "\(folder.path)/log")
    #expect(log.contains("application: my password is hidden\napplication: unfinished\n"))
    #expect(log.contains("display: "))
    #expect(!log.contains("wonderland"))
    #expect(desktop.recentOutput() == ["my password is hidden", "unfinished"])
  }

  @Test func `a log keeps to its limit, and the last words are known nevertheless`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    let path = "\(folder.path)/log"
    let log = try DesktopLog(path: path, limit: 1000) { $0 }
    for number in 0..<10_000 { log.add(.application, Array("line \(number)\n".utf8)) }
    log.add(.application, [UInt8](repeating: 65, count: 3 * DesktopLog.lineLimit))
    log.add(.application, [])
    let kept = try text(of: path)
    #expect(kept.hasPrefix("application: line 0\napplication: line 1\n"))
    #expect(kept.hasSuffix("The rest of the output was left out.\n"))
    #expect(kept.utf8.count <= 1100)
    let recent = log.recent(.application)
    #expect(recent.count == DesktopLog.recentLimit)
    #expect(recent.suffix(4).map(\.utf8.count) == [9] + [4096, 4096, 4096])
  }

  @Test func `a log that cannot be written is an error that names it`() async throws {
    var specification = try specification("true")
    specification.logPath = "/no/such/folder/log"
    let error = await #expect(throws: DesktopError.self) {
      try await PrivateDesktop.start(specification)
    }
    #expect(error?.description.contains("/no/such/folder/log") == true)
  }

  @Test func `the cookie file is what X reads`() {
    let bytes = DesktopEnvironment.authority(cookie: [1, 2])
    #expect(
      bytes == [255, 255, 0, 0, 0, 0, 0, 18] + Array("MIT-MAGIC-COOKIE-1".utf8) + [0, 2, 1, 2])
  }
}
