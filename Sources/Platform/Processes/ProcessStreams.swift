internal import CSystem
internal import Glibc

/// The descriptors of the three standard streams: theirs, which the process gets, and ours.
struct ProcessStreams {
  private(set) var input: CInt = -1
  private(set) var output: CInt = -1
  private(set) var error: CInt = -1
  /// Our end of the input and what is still to be written to it.
  private(set) var ownInput: (descriptor: CInt, rest: ArraySlice<UInt8>)?
  /// Our end of the input when others write to it.
  private(set) var ownPipe: CInt?
  private(set) var ownOutputs: [(descriptor: CInt, sink: @Sendable ([UInt8]) -> Void)] = []

  init(_ specification: ProcessSpecification) throws(ProcessError) {
    do throws(ProcessError) {
      try openInput(specification.standardInput)
      output = try open(specification.standardOutput)
      error = specification.mergesErrorIntoOutput ? output : try open(specification.standardError)
    } catch {
      closeTheirs()
      closeOurs()
      throw error
    }
  }

  func closeTheirs() {
    for descriptor in Set([input, output, error]) where descriptor >= 0 { close(descriptor) }
  }

  func closeOurs() {
    let inputs = [ownInput?.descriptor, ownPipe].compactMap { $0 }
    for descriptor in inputs + ownOutputs.map(\.descriptor) { close(descriptor) }
  }

  private mutating func openInput(_ source: ProcessSpecification.Input) throws(ProcessError) {
    switch source {
    case .null: input = try opened("/dev/null", qa_open_read("/dev/null"))
    case .file(let path): input = try opened(path, qa_open_read(path))
    case .bytes(let bytes):
      let ends = try pipe()
      (input, ownInput) = (ends.read, (ends.write, bytes[...]))
      qa_set_nonblocking(ends.write)
    case .pipe:
      let ends = try pipe()
      (input, ownPipe) = (ends.read, ends.write)
      qa_set_nonblocking(ends.write)
    }
  }

  private mutating func open(
    _ target: ProcessSpecification.Output
  ) throws(ProcessError) -> CInt {
    switch target {
    case .null: return try opened("/dev/null", qa_open_write("/dev/null", 1, 0))
    case .file(let path, let append):
      return try opened(path, qa_open_write(path, append ? 1 : 0, 0o600))
    case .sink(let sink):
      let ends = try pipe()
      qa_set_nonblocking(ends.read)
      ownOutputs.append((ends.read, sink))
      return ends.write
    }
  }

  private func opened(_ path: String, _ descriptor: CInt) throws(ProcessError) -> CInt {
    guard descriptor < 0 else { return descriptor }
    throw .cannotOpen(path: path, SystemError(code: -descriptor))
  }

  private func pipe() throws(ProcessError) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    let code = qa_pipe(&ends)
    guard code == 0 else { throw .cannotOpen(path: "a pipe", SystemError(code: code)) }
    return (ends[0], ends[1])
  }
}
