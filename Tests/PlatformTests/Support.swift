import Props
import Glibc
import Platform

/// A folder of its own for one test.
func scratchFolder() throws -> TemporaryFolder { try TemporaryFolder(prefix: "qa-agent-test") }

/// The number in a file that another process writes, once it has written a whole line.
func waitForNumbers(in path: String, count: Int) async throws -> [Int32] {
  while true {
    if let bytes = try? Files.read(path, limit: 4096), bytes.count(where: { $0 == 10 }) >= count {
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { Int32($0) }
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Waits until none of the processes runs; the time limit of the test is the limit.
func waitUntilGone(_ pids: [Int32]) async throws {
  while pids.contains(where: isRunning) { try await Task.sleep(for: .milliseconds(5)) }
}

/// A tree that resists: a daemon that ignores SIGTERM, its child, and a main process.
///
/// The daemon is in a session of its own; each of the three writes its process id to the file.
func stubbornTree(writingTo path: String) -> ProcessSpecification {
  let daemon = "trap '' TERM HUP; echo $$ >> \(path); sleep 1000 & echo $! >> \(path); wait"
  let script = "setsid sh -c \"$0\" & echo $$ >> \(path); sleep 1000; sleep 1000"
  return ProcessSpecification("sh", ["-c", script, daemon])
}
