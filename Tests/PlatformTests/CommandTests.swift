import Glibc
import Platform
import Props
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CommandTests {
  @Test func `both streams and the status come back`() async throws {
    let output = try await runCommand(
      ProcessSpecification("sh", ["-c", "cat; echo oops >&2; exit 3"]), input: Array("hello".utf8),
      timeout: .seconds(30))
    #expect(output.exit == .exited(3))
    #expect(output.text == "hello")
    #expect(output.errorText == "oops\n")
    #expect(!output.isTruncated)
  }

  @Test func `a large input and output pass through at the same time`() async throws {
    let input = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let output = try await runCommand(
      ProcessSpecification("cat"), input: input, outputLimit: 4_000_000, timeout: .seconds(30))
    #expect(output.standardOutput == input)
  }

  @Test func `output over the limit is dropped and said to be`() async throws {
    let output = try await runCommand(
      ProcessSpecification("head", ["-c", "5000000", "/dev/zero"]), outputLimit: 1000,
      timeout: .seconds(30))
    #expect(output.standardOutput.count == 1000)
    #expect(output.isTruncated)
    #expect(output.exit.isSuccess)
  }

  @Test func `a command that writes without end is ended by its time limit`() async {
    await #expect(throws: ProcessError.timedOut(name: "yes", limit: .milliseconds(200))) {
      try await runCommand(ProcessSpecification("yes"), timeout: .milliseconds(200))
    }
  }

  @Test func `what a command leaves running neither keeps it open nor lives on`() async throws {
    let output = try await runCommand(
      ProcessSpecification("sh", ["-c", "sleep 1000 & echo $!"]), timeout: .seconds(50))
    let pid = try #require(Int32(output.text.dropLast()))
    #expect(!isRunning(pid))
  }

  @Test func `cancelling ends the command`() async throws {
    let folder = try scratchFolder()
    let list = "\(folder.path)/pids"
    let task = Task {
      try await runCommand(
        ProcessSpecification("sh", ["-c", "echo $$ > \(list); sleep 1000"]), timeout: .seconds(50))
    }
    let pids = try await waitForNumbers(in: list, count: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(!pids.contains(where: isRunning))
  }

  @Test func `a command has the environment and the folder it is given, and no other`() async throws
  {
    let folder = try scratchFolder()
    let output = try await runCommand(
      ProcessSpecification(
        "/bin/sh", ["-c", "pwd; /usr/bin/env"], environment: ["GREETING": "a=b c"],
        workingDirectory: folder.path), timeout: .seconds(30))
    let lines = output.text.split(separator: "\n").filter { !$0.hasPrefix("PWD=") }
    #expect(Set(lines) == [Substring(folder.path), "GREETING=a=b c"])
  }
}

struct ExecutablesTests {
  @Test func `finds what the path lists first and can be executed`() throws {
    let folder = try scratchFolder()
    #expect(Executables.find("sh", path: "/nowhere:/bin:/usr/bin") == "/bin/sh")
    try Files.writeAtomically([], to: "\(folder.path)/plain")
    #expect(Executables.find("plain", path: folder.path) == nil)
    chmod("\(folder.path)/plain", 0o755)
    #expect(Executables.find("plain", path: folder.path) == "\(folder.path)/plain")
    #expect(Executables.find(folder.path) == nil)
    #expect(Executables.find("", path: "/bin") == nil)
  }
}
