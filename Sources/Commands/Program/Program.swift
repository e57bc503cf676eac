internal import FoundationEssentials
internal import Glibc
internal import Runner

/// The program: reads its command line, runs one command, ends.
public enum Program {
  /// The version, as `--version` prints it.
  static let version = Version.current

  /// Runs the process's own command line and ends the process; nothing else ends it.
  public static func main() async {
    // A reader that went away is told by the write that failed, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    let environment = ProcessInfo.processInfo.environment
    let code = await run(Array(CommandLine.arguments.dropFirst()), environment: environment) {
      Output.process(color: $0, environment: environment)
    }
    exit(code.rawValue)
  }

  /// Runs one command line.
  ///
  /// - Parameters:
  ///   - words: the words after the program's name.
  ///   - environment: the environment variables.
  ///   - makeOutput: the output, coloured as the person said.
  static func run(
    _ words: [String], environment: [String: String], tree: CommandTree = .all,
    makeOutput: (ColorChoice?) -> Output
  ) async -> ExitCode {
    do {
      switch try tree.request(words) {
      case .help(let path):
        let output = makeOutput(nil)
        output.results.write(tree.help(for: path, on: output.results, width: output.width()))
        return finish(.success, output)
      case .version:
        let output = makeOutput(nil)
        output.results.write("qa-agent \(version)\n")
        return finish(.success, output)
      case .run(let invocation):
        let output = makeOutput(invocation.color)
        let context = CommandContext(output: output, environment: environment)
        return finish(await run(invocation, context), output, isVerdict: invocation.isVerdict)
      }
    } catch {
      let output = makeOutput(nil)
      // Without a word there is nothing to be precise about: show what can be said.
      output.messages.write(
        words.isEmpty
          ? tree.help(for: [], on: output.messages, width: output.width()) : error.text)
      return finish(.usage, output)
    }
  }

  private static func run(_ invocation: Invocation, _ context: CommandContext) async -> ExitCode {
    let name = (["qa-agent"] + invocation.path).joined(separator: " ")
    do {
      return try await invocation.run(context)
    } catch let error as CommandError {
      context.output.messages.write("\(name): \(error.message)\n")
      return error.code
    } catch {
      context.output.messages.write(
        "\(name): internal error: \(TerminalText.neutral("\(error)"))\n"
          + "This is a fault of qa-agent; please report it.\n")
      return .internalError
    }
  }

  /// Writes what is left.
  ///
  /// Results that did not arrive are an error, unless the reader went away or there is a verdict to
  /// tell.
  private static func finish(
    _ code: ExitCode, _ output: Output, isVerdict: Bool = false
  ) -> ExitCode {
    output.results.flush()
    output.messages.flush()
    guard let failure = output.results.failure, !failure.isBrokenPipe else { return code }
    output.messages.write("qa-agent: cannot write the output: \(failure.reason)\n")
    return code == .success && !isVerdict ? .internalError : code
  }
}
