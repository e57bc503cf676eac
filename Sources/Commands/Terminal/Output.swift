internal import Glibc

/// Where a command's results and messages go.
struct Output: Sendable {
  /// Results: what a person or a program asked for.
  let results: TextStream
  /// Messages: everything else.
  let messages: TextStream
  /// How wide a line may be now; asked again for each redraw, because windows change.
  let width: @Sendable () -> Int

  /// The process's own output.
  static func process(color: ColorChoice?, environment: [String: String]) -> Output {
    let results = TextStream(descriptor: STDOUT_FILENO, color: color, environment: environment)
    let messages = TextStream(descriptor: STDERR_FILENO, color: color, environment: environment)
    let given = environment["COLUMNS"].flatMap { Int($0) }
    return Output(results: results, messages: messages) {
      terminalSize(of: STDOUT_FILENO)?.columns ?? given.map { min(max($0, 20), 500) } ?? 100
    }
  }

  /// The size of a terminal; nil where there is none or it does not say.
  static func terminalSize(of descriptor: CInt) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
  }
}
