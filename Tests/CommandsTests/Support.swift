import Props
import Glibc
import Platform

@testable import Commands

/// Output that is kept in memory.
struct Captured {
  private let results = Locked<[UInt8]>([])
  private let messages = Locked<[UInt8]>([])

  /// What was written as a result.
  var resultText: String { String(decoding: results.withLock { $0 }, as: UTF8.self) }

  /// What was written as a message.
  var messageText: String { String(decoding: messages.withLock { $0 }, as: UTF8.self) }

  /// An output that writes here.
  func output(
    isTerminal: Bool = false, color: ColorChoice? = nil, width: Int = 100
  ) -> Output {
    let style = Style(
      isColored: ColorChoice.isColored(color, environment: [:], isTerminal: isTerminal))
    func stream(_ bytes: Locked<[UInt8]>) -> TextStream {
      TextStream(isTerminal: isTerminal, style: style) { text in
        bytes.withLock { $0 += text }
        return nil
      }
    }
    return Output(results: stream(results), messages: stream(messages)) { width }
  }
}

/// What a command line wrote and came to.
struct Ran {
  let code: ExitCode
  let results: String
  let messages: String
}

/// Runs a command line inside this process.
func runProgram(
  _ words: String..., environment: [String: String] = [:], tree: CommandTree = .all
) async -> Ran {
  let captured = Captured()
  let code = await Program.run(words, environment: environment, tree: tree) {
    captured.output(color: $0)
  }
  return Ran(code: code, results: captured.resultText, messages: captured.messageText)
}

/// Runs shell scripts; an actor with a thread of its own, because waiting for a shell blocks.
actor ShellRunner {
  private let executor = ThreadExecutor(name: "shell")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What a shell script writes, standard error included, and its exit status; 124 when it takes too long.
  func run(_ script: String) throws -> (text: String, status: Int32) {
    let folder = try TestFolder(["script": script])
    defer { withExtendedLifetime(folder) {} }
    guard let pipe = popen("timeout 30 sh \(folder.file("script")) 2>&1", "r") else {
      throw WriteFailure(code: errno)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return (String(decoding: bytes, as: UTF8.self), pclose(pipe) >> 8)
  }
}
