internal import CSystem
internal import Glibc

/// What the kernel needs to start a program, checked.
struct ProcessImage: Sendable {
  let name: String
  let path: String
  let arguments: [String]
  let environment: [String]
  let directory: String?
  let grace: UInt32

  init(_ specification: ProcessSpecification) throws(ProcessError) {
    name = specification.executable
    let search = specification.environment["PATH"] ?? Executables.defaultPath
    try Self.check(specification)
    // A path with a slash is the kernel's to judge, in the directory where the program will run.
    let isPath = name.utf8.contains(UInt8(ascii: "/"))
    guard let path = isPath ? name : Executables.find(name, path: search) else {
      throw .notFound(name: name, path: search)
    }
    self.path = path
    arguments = [name] + specification.arguments
    environment = specification.environment.map { "\($0.key)=\($0.value)" }.sorted()
    directory = specification.workingDirectory
    grace = specification.grace.wholeMilliseconds
  }

  private static func check(_ specification: ProcessSpecification) throws(ProcessError) {
    let name = specification.executable
    guard !name.isEmpty else { throw .invalid(name: "nothing", reason: "no program is named") }
    let strings = [name, specification.workingDirectory ?? ""] + specification.arguments
    for string in strings + specification.environment.values where string.utf8.contains(0) {
      throw .invalid(name: name, reason: "an argument or variable holds a zero byte")
    }
    for key in specification.environment.keys
    where key.isEmpty || key.utf8.contains(0) || key.utf8.contains(UInt8(ascii: "=")) {
      throw .invalid(name: name, reason: "an environment variable is named \"\(key)\"")
    }
  }

  /// Starts it under a keeper with these descriptors; our end of the keeper's socket, or -errno.
  func spawn(input: CInt, output: CInt, error: CInt) -> (control: CInt, keeper: pid_t) {
    let argv = Strings(arguments)
    let envp = Strings(environment)
    return path.withCString { path in
      withOptionalCString(directory) { directory in
        var command = qa_command(
          path: path, argv: argv.pointers, envp: envp.pointers, directory: directory, input: input,
          output: output, error: error, grace: grace)
        var keeper: pid_t = 0
        let control = qa_spawn_supervised(&command, &keeper)
        return (control, keeper)
      }
    }
  }

  private func withOptionalCString<Result>(
    _ string: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let string else { return body(nil) }
    return string.withCString { body($0) }
  }
}

/// C strings and the null pointer behind them.
private final class Strings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointers = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
    pointers[count] = nil
  }

  deinit {
    for index in 0..<count { free(pointers[index]) }
    pointers.deallocate()
  }
}

extension Duration {
  /// Milliseconds, rounded up, at most an hour and at least none.
  var wholeMilliseconds: UInt32 {
    let limited = min(max(self, .zero), .seconds(3600))
    let (seconds, attoseconds) = limited.components
    return UInt32(seconds) * 1000
      + UInt32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
