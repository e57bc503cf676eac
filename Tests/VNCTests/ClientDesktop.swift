import Glibc
import Pixels
import Synchronization
import Props
import Testing
import VNC

/// A real Xvnc with X applications on it; everything ends with it.
final class ClientDesktop: Sendable {
  let display: Int
  private let server: ClientProcess
  private let folder: TestFolder
  private let applications = Mutex<[ClientProcess]>([])

  /// Starts a server on a free display; `extra` are further arguments.
  init(
    width: Int = 640, height: Int = 480, security: [String] = ["-SecurityTypes=None"],
    extra: [String] = []
  )
    throws
  {
    var ends: [CInt] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    folder = try TestFolder()
    server = try ClientProcess(
      [
        "/usr/bin/Xtigervnc", "-displayfd", "3", "-geometry", "\(width)x\(height)", "-depth", "24",
        "-localhost", "-AlwaysShared", "-nolisten", "tcp",
      ] + security + extra,
      output: "/dev/null", passing: ends[1])
    close(ends[1])
    var text = ""
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    }
    display = try #require(Int(text), "Xtigervnc did not start")
  }

  var port: Int { 5900 + display }

  var endpoint: VNCEndpoint { VNCEndpoint(address: .tcp(host: "127.0.0.1", port: port)) }

  func connect(_ options: VNCOptions = .init()) async throws -> VNCConnection {
    try await .connect(to: endpoint, options: options)
  }

  /// Starts an X application and returns the file that its output goes to.
  @discardableResult
  func start(_ arguments: String...) throws -> String {
    let path = file("output-\(applications.withLock { $0.count })")
    let process = try ClientProcess(
      arguments, output: path, environment: ["DISPLAY=:\(display)", "LC_ALL=C.UTF-8"])
    applications.withLock { $0.append(process) }
    return path
  }

  /// The path of a file that goes away with the desktop.
  func file(_ name: String) -> String { folder.file(name) }

  /// Sends a signal to the server.
  func signal(_ signal: CInt) { server.signal(signal) }

  /// Ends the server at once.
  func kill() { server.end(SIGKILL) }

  deinit {
    for process in applications.withLock({ $0 }) { process.end(SIGKILL) }
    server.end(SIGTERM)
  }
}

struct ClientProcessError: Error {
  let message: String
}

/// A child process in a group of its own.
final class ClientProcess: Sendable {
  private let id: pid_t
  private let isRunning = Mutex(true)

  init(
    _ arguments: [String], output: String, passing descriptor: CInt? = nil,
    environment: [String] = []
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let names: [String] = ["PATH", "HOME"]
    let inherited = names.compactMap { name in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
    var child: pid_t = 0
    let path = arguments[0]
    let code = clientStrings(arguments) { arguments in
      clientStrings(inherited + environment) { environment in
        posix_spawnp(&child, path, &actions, &attributes, arguments, environment)
      }
    }
    id = child
    guard code == 0 else {
      isRunning.withLock { $0 = false }
      throw ClientProcessError(message: "cannot start \(arguments): error \(code)")
    }
  }

  /// Waits for the process to end by itself; its status, or nil after half a minute.
  func wait() -> CInt? {
    var status: CInt = 0
    for _ in 0..<3000 {
      if waitpid(id, &status, WNOHANG) != 0 {
        isRunning.withLock { $0 = false }
        return status
      }
      usleep(10_000)
    }
    return nil
  }

  /// Sends a signal to the group.
  func signal(_ signal: CInt) { Glibc.kill(-id, signal) }

  /// Ends the group and waits for the process to be gone.
  func end(_ signal: CInt) {
    guard
      isRunning.withLock({ running in
        defer { running = false }; return running
      })
    else { return }
    Glibc.kill(-id, signal)
    var status: CInt = 0
    for _ in 0..<200 {
      if waitpid(id, &status, WNOHANG) != 0 { return }
      usleep(10_000)
    }
    Glibc.kill(-id, SIGKILL)
    waitpid(id, &status, 0)
  }

  deinit { end(SIGKILL) }
}

private func clientStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}

/// What a file holds now; empty when there is none.
func clientText(_ path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}

/// Many open files.
struct ClientDescriptors {
  private var descriptors: [CInt] = []

  /// Opens files until one has at least this number, as far as the system lets us.
  init(upTo number: CInt) {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    getrlimit(resource, &limit)
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 4096))
    setrlimit(resource, &limit)
    while highest < number {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      descriptors.append(descriptor)
    }
  }

  var highest: CInt { descriptors.max() ?? -1 }

  func close() {
    for descriptor in descriptors { _ = Glibc.close(descriptor) }
  }
}
