import FoundationEssentials
import Glibc
import JSONCoding
import Platform
import Testing

/// The built program, as a user runs it.
struct Program {
  /// What one run left behind.
  struct Ran {
    let code: Int32?
    let output: String
    let messages: String
    /// Everything it said.
    var all: String { output + messages }
  }

  /// The folder of the repository.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }

  /// The binary, which stands beside the test bundle.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let executable = String(
      decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return executable.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
      + "/qa-agent"
  }()

  /// A folder of its own for what a test writes.
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder(prefix: "qa-agent-test") }

  /// The environment of the tests without anything that would configure the program.
  static var environment: [String: String] {
    ProcessEnvironment.current.filter { name, _ in
      !name.hasPrefix("QA_AGENT_") && !name.hasPrefix("LLM_") && !name.hasPrefix("GITHUB_")
        && name != "MODEL_RUNNER_HOST" && name != "CI" && name != "FORCE_COLOR"
    }
  }

  /// Runs the program to its end; whatever a run recorded must decide the same when it is replayed.
  func run(
    _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:],
    timeout: Duration = .seconds(240), isReplayed: Bool = true
  ) async throws -> Ran {
    let ran = try await start(
      arguments, in: directory, environment: environment, timeout: timeout)
    if isReplayed, arguments.first == "run", Files.exists(folder.path + "/reports/latest/recording")
    {
      let replay = try await start(
        ["replay", folder.path + "/reports/latest", "--decide"], timeout: .seconds(60))
      #expect(replay.code == 0 || replay.code == 4, "\(replay.all)")
    }
    return ran
  }

  private func start(
    _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:],
    timeout: Duration
  ) async throws -> Ran {
    let specification = ProcessSpecification(
      Self.path, arguments,
      environment: Self.environment.merging(
        ["XDG_CACHE_HOME": folder.path + "/cache", "QA_AGENT_PREFLIGHT": "false"]
      ) { _, new in new }.merging(environment) { _, new in new },
      workingDirectory: directory ?? folder.path)
    let output = try await runCommand(specification, timeout: timeout)
    var code: Int32?
    if case .exited(let status) = output.exit { code = status }
    return Ran(code: code, output: output.text, messages: output.errorText)
  }

  /// Writes a file into the test's folder and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let path = folder.path + "/" + name
    try Files.makeFolder(of: path)
    try Files.writeAtomically(Array(text.utf8), to: path)
    return path
  }

  /// The results of the last run below the test's folder: verdict and reason of each case by its id.
  func results(_ output: String = "reports") throws -> [String: (verdict: String, reason: String)] {
    let bytes = try Files.read("\(folder.path)/\(output)/latest/results.json", limit: 64 << 20)
    let document = try JSON(parsing: bytes)
    var results: [String: (String, String)] = [:]
    for item in document["cases"]?.array ?? [] {
      guard let id = item["id"]?.string, let verdict = item["verdict"]?.string else { continue }
      results[id] = (verdict, item["reason"]?.string ?? "")
    }
    return results
  }
}
