import Glibc
import Platform
import Props
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SupervisedProcessTests {
  @Test func `terminate leaves nothing of a tree that detaches and ignores SIGTERM`() async throws {
    let folder = try scratchFolder()
    let list = "\(folder.path)/pids"
    let process = try await SupervisedProcess.start(stubbornTree(writingTo: list))
    let pids = try await waitForNumbers(in: list, count: 3)
    #expect(pids.allSatisfy(isRunning))
    #expect(await process.terminate(grace: .milliseconds(50)))
    #expect(!pids.contains(where: isRunning))
    #expect(process.exit == .signaled(SIGTERM))
  }

  @Test func `nothing of a tree outlives the last reference to it`() async throws {
    let folder = try scratchFolder()
    let list = "\(folder.path)/pids"
    var specification = stubbornTree(writingTo: list)
    specification.grace = .milliseconds(50)
    var process: SupervisedProcess? = try await SupervisedProcess.start(specification)
    let pids = try await waitForNumbers(in: list, count: 3)
    #expect(process?.exit == nil)
    process = nil
    try await waitUntilGone(pids)
  }

  @Test func `nothing of a tree outlives a starter that is killed with SIGKILL`() async throws {
    let folder = try scratchFolder()
    let list = "\(folder.path)/pids"
    // An exit test cannot capture on every toolchain, so the environment carries the path.
    setenv("QA_TEST_PIDS", list, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let list = try #require(ProcessEnvironment.current["QA_TEST_PIDS"])
      let process = try await SupervisedProcess.start(stubbornTree(writingTo: list))
      _ = try await waitForNumbers(in: list, count: 3)
      kill(getpid(), SIGKILL)
      await process.terminate()
    }
    let pids = try await waitForNumbers(in: list, count: 3)
    #expect(pids.count == 3)
    try await waitUntilGone(pids)
  }

  @Test func `a killed keeper takes the command with it`() async throws {
    let process = try await SupervisedProcess.start(ProcessSpecification("sleep", ["1000"]))
    let status = try String(
      decoding: Files.read("/proc/\(process.pid)/status", limit: 65_536), as: UTF8.self)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("PPid:") })
    let keeper = try #require(Int32(line.dropFirst(5).drop { $0 == "\t" }))
    #expect(keeper != getpid())
    kill(keeper, SIGKILL)
    #expect(try await process.wait() == .signaled(SIGKILL))
    try await waitUntilGone([process.pid])
  }

  @Test func `a command is seen to end while its descendants live on until they are ended`()
    async throws
  {
    let folder = try scratchFolder()
    let list = "\(folder.path)/pids"
    let process = try await SupervisedProcess.start(
      ProcessSpecification("sh", ["-c", "sleep 1000 & echo $! > \(list); exit 7"]))
    #expect(try await process.wait() == .exited(7))
    let pids = try await waitForNumbers(in: list, count: 1)
    #expect(pids.allSatisfy(isRunning))
    await process.terminate()
    #expect(!pids.contains(where: isRunning))
  }

  @Test(arguments: [
    ("exit 0", ProcessExit.exited(0)), ("exit 3", .exited(3)),
    ("kill -SEGV $$", .signaled(SIGSEGV)),
    // A launcher hands over, twice even, and what it launched decides.
    ("(sleep 0.1; exit 0) & exit 0", .exited(0)), ("(sleep 0.1; exit 4) & exit 0", .exited(4)),
    ("setsid sh -c 'sleep 0.1; kill -KILL $$' & exit 0", .signaled(SIGKILL)),
    ("(setsid sh -c 'sleep 0.1; exit 6' & sleep 0.05) & exit 0", .exited(6)),
    // What the launched one starts and ends is its own business, and what a bad end leaves is, too.
    ("(sleep 9 & kill $!; sleep 0.1; exit 0) & exit 0", .exited(0)),
    ("(sleep 0.1; exit 4) & exit 3", .exited(3)),
  ])
  func `what a command and its heirs came to is known once nothing of them is left`(
    script: String, exit: ProcessExit
  ) async throws {
    let process = try await SupervisedProcess.start(ProcessSpecification("sh", ["-c", script]))
    try await process.waitForAll()
    #expect(process.life.exit == exit)
    #expect(!process.life.isRunning)
    #expect(process.life.endedAt != nil)
  }

  @Test func `a command that hands over runs on in what it launched`() async throws {
    let process = try await SupervisedProcess.start(
      ProcessSpecification("sh", ["-c", "setsid sleep 1000 & exit 0"]))
    #expect(try await process.wait() == .exited(0))
    #expect(process.life == ProcessLife(isRunning: true, exit: .exited(0)))
    await process.terminate()
  }

  @Test func `a command may clean up within its grace`() async throws {
    let folder = try scratchFolder()
    let mark = "\(folder.path)/mark"
    let script =
      "trap 'echo clean > \(mark); exit 5' TERM; echo $$ > \(mark); while :; do sleep 0.01; done"
    let process = try await SupervisedProcess.start(ProcessSpecification("sh", ["-c", script]))
    _ = try await waitForNumbers(in: mark, count: 1)
    await process.terminate(grace: .seconds(30))
    #expect(process.exit == .exited(5))
    #expect(try Files.read(mark, limit: 100) == Array("clean\n".utf8))
  }

  @Test func `a stopped command ends without waiting for SIGKILL`() async throws {
    let process = try await SupervisedProcess.start(ProcessSpecification("sleep", ["1000"]))
    kill(process.pid, SIGSTOP)
    await process.terminate(grace: .seconds(3600))
    #expect(process.exit == .signaled(SIGTERM))
  }

  @Test func `a command starts with no signal blocked or ignored, in a session of its own`()
    async throws
  {
    let output = try await runCommand(
      ProcessSpecification(
        "sh", ["-c", "grep -E 'Sig(Blk|Ign)|NSsid' /proc/self/status; echo $$"]),
      timeout: .seconds(20))
    let lines = output.text.split(separator: "\n")
    #expect(lines.contains("SigBlk:\t0000000000000000"))
    #expect(lines.contains("SigIgn:\t0000000000000000"))
    let shell = try #require(lines.last)
    #expect(lines.contains { $0.hasPrefix("NSsid:\t\(shell)") })
  }

  @Test func `a command inherits no descriptor but its three streams`() async throws {
    let stray = open("/dev/null", O_RDONLY)
    defer { close(stray) }
    let script =
      "n=0; while [ $n -lt 200 ]; do [ ! -e /proc/$$/fd/$n ] || echo $n; n=$((n+1)); done"
    let output = try await runCommand(
      ProcessSpecification("sh", ["-c", script]), timeout: .seconds(20))
    #expect(output.text == "0\n1\n2\n")
  }

  @Test func `a program that does not exist is an error that names it`() async {
    await #expect(throws: ProcessError.notFound(name: "no-such-program", path: "/usr/bin:/bin")) {
      try await SupervisedProcess.start(
        ProcessSpecification("no-such-program", environment: ["PATH": "/usr/bin:/bin"]))
    }
    let error = await #expect(throws: ProcessError.self) {
      try await SupervisedProcess.start(ProcessSpecification("/no/such/program"))
    }
    #expect(
      error?.description
        == "cannot start /no/such/program: execute /no/such/program: No such file or directory")
  }

  @Test func `a folder that does not exist is an error that names it`() async {
    let error = await #expect(throws: ProcessError.self) {
      try await SupervisedProcess.start(
        ProcessSpecification("true", workingDirectory: "/no/such/folder"))
    }
    #expect(
      error?.description == "cannot start true: enter /no/such/folder: No such file or directory")
  }

  @Test(arguments: [
    ProcessSpecification(""), ProcessSpecification("true", ["a\0b"]),
    ProcessSpecification("true", environment: ["A=B": "c"]),
    ProcessSpecification("true", environment: ["A": "\0"]),
  ])
  func `what no process can be given is refused`(_ specification: ProcessSpecification) async {
    let error = await #expect(throws: ProcessError.self) {
      try await SupervisedProcess.start(specification)
    }
    guard case .invalid = error else {
      Issue.record("not refused as invalid: \(String(describing: error))")
      return
    }
  }

  @Test func `files take the output, in order and appended when asked`() async throws {
    let folder = try scratchFolder()
    let log = "\(folder.path)/log"
    for append in [false, true] {
      var specification = ProcessSpecification("sh", ["-c", "echo out; echo err >&2"])
      specification.standardOutput = .file(log, append: append)
      specification.mergesErrorIntoOutput = true
      let process = try await SupervisedProcess.start(specification)
      try await process.waitForAll()
    }
    let text = try String(decoding: Files.read(log, limit: 1000), as: UTF8.self)
    #expect(text == "out\nerr\nout\nerr\n")
  }

  @Test func `a pipe carries a conversation, and its end is seen`() async throws {
    let heard = Locked([UInt8]())
    var specification = ProcessSpecification("cat")
    specification.standardInput = .pipe
    specification.standardOutput = .sink { piece in heard.withLock { $0 += piece } }
    let process = try await SupervisedProcess.start(specification)
    let writer = try #require(process.standardInput)
    // More than a pipe holds, so that it has to wait for the reader.
    let message = [UInt8](repeating: 7, count: 300_000)
    try await writer.write(message)
    try await writer.write([1, 2, 3])
    await writer.close()
    #expect(try await process.wait() == .exited(0))
    try await process.waitForAll()
    #expect(heard.withLock { $0 } == message + [1, 2, 3])
  }

  @Test func `a write to a process that does not read ends when it is cancelled`() async throws {
    var specification = ProcessSpecification("sleep", ["1000"])
    specification.standardInput = .pipe
    let process = try await SupervisedProcess.start(specification)
    let writer = try #require(process.standardInput)
    let writing = Task { try await writer.write([UInt8](repeating: 0, count: 1 << 20)) }
    writing.cancel()
    await #expect(throws: CancellationError.self) { try await writing.value }
    await #expect(throws: ProcessError.inputClosed(name: "sleep")) { try await writer.write([1]) }
    await process.terminate()
  }

  @Test func `many start and end at once`() async throws {
    try await withThrowingTaskGroup(of: ProcessExit.self) { group in
      for index in 0..<24 {
        group.addTask {
          let process = try await SupervisedProcess.start(
            ProcessSpecification("sh", ["-c", "exit \(index)"]))
          let exit = try await process.wait()
          await process.terminate()
          return exit
        }
      }
      var exits: Set<ProcessExit> = []
      for try await exit in group { exits.insert(exit) }
      #expect(exits == Set((0..<24).map { .exited($0) }))
    }
  }
}
