internal import CSystem
internal import Glibc

/// The thread that looks after one process: it starts it, feeds it, takes its output and its reports.
struct ProcessLoop {
  struct Started: Sendable {
    let pid: Int32
    let input: PipeWriter?
  }

  private typealias Sink = @Sendable ([UInt8]) -> Void

  /// How long a keeper may take to say whether the program runs.
  private static let startLimit: CInt = 30_000

  private let control: CInt
  private let keeper: pid_t
  private let supervision: Supervision
  private var input: (descriptor: CInt, rest: ArraySlice<UInt8>)
  private var outputs: [(descriptor: CInt, sink: Sink)]
  private var isComplete = true

  static func run(
    _ image: ProcessImage, _ specification: ProcessSpecification, _ supervision: Supervision,
    _ started: OneShot<Result<Started, ProcessError>>
  ) {
    do throws(ProcessError) {
      let streams = try ProcessStreams(specification)
      var loop = ProcessLoop(try spawn(image, streams), streams, supervision)
      do throws(ProcessError) {
        let pid = try loop.waitForStart(image)
        let writer = streams.ownPipe.map { PipeWriter(descriptor: $0, name: image.name) }
        supervision.attach(loop.control)
        started.set(.success(Started(pid: pid, input: writer)))
      } catch {
        if let pipe = streams.ownPipe { close(pipe) }
        loop.closeAll()
        close(loop.control)
        _ = qa_keeper_reap(loop.keeper)
        throw error
      }
      loop.serve()
      loop.finish()
    } catch {
      started.set(.failure(error))
    }
  }

  private init(
    _ spawned: (control: CInt, keeper: pid_t), _ streams: ProcessStreams, _ supervision: Supervision
  ) {
    (control, keeper) = spawned
    self.supervision = supervision
    input = streams.ownInput ?? (-1, [])
    outputs = streams.ownOutputs
  }

  private static func spawn(
    _ image: ProcessImage, _ streams: ProcessStreams
  ) throws(ProcessError) -> (control: CInt, keeper: pid_t) {
    let spawned = image.spawn(input: streams.input, output: streams.output, error: streams.error)
    streams.closeTheirs()
    guard spawned.control < 0 else { return spawned }
    streams.closeOurs()
    throw .cannotStart(
      name: image.name, step: "start its keeper", SystemError(code: -spawned.control))
  }

  // MARK: - Reports

  private func waitForStart(_ image: ProcessImage) throws(ProcessError) -> Int32 {
    var report = qa_report()
    var polled = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
    let isReady = poll(&polled, 1, Self.startLimit) > 0
    guard isReady, qa_keeper_report(control, &report) == 1 else {
      kill(keeper, SIGKILL)
      throw .cannotStart(
        name: image.name, step: "hear from its keeper", SystemError(code: ETIMEDOUT))
    }
    guard report.kind != QA_REPORT_STARTED else { return report.value }
    throw .cannotStart(
      name: image.name, step: step(Int(report.stage), image), SystemError(code: report.value))
  }

  private func step(_ stage: Int, _ image: ProcessImage) -> String {
    switch stage {
    case QA_STAGE_DIRECTORY: "enter \(image.directory ?? ".")"
    case QA_STAGE_EXECUTE: "execute \(image.path)"
    default: "start its keeper"
    }
  }

  /// Takes a report; false once the keeper has closed its end.
  private mutating func takeReport() -> Bool {
    var report = qa_report()
    let result = qa_keeper_report(control, &report)
    guard result == 1 else { return result == -EAGAIN || result == -EINTR }
    switch Int(report.kind) {
    case QA_REPORT_EXITED: take(.exited(report.value), supervision.exit)
    case QA_REPORT_SIGNALED: take(.signaled(report.value), supervision.exit)
    case QA_REPORT_HEIR_EXITED: take(.exited(report.value), supervision.heirExit)
    case QA_REPORT_HEIR_SIGNALED: take(.signaled(report.value), supervision.heirExit)
    case QA_REPORT_ABANDONED: isComplete = false
    default: break
    }
    return true
  }

  private func take(_ exit: ProcessExit, _ place: OneShot<ProcessExit>) {
    if !exit.isSuccess { supervision.endedAt.set(.now) }
    place.set(exit)
  }

  // MARK: - Streams

  private mutating func serve() {
    while true {
      var polled = [
        pollfd(fd: control, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input.descriptor, events: Int16(POLLOUT), revents: 0),
      ]
      polled += outputs.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), -1) >= 0 else { continue }
      if polled[1].revents != 0 { feed() }
      for index in outputs.indices where polled[index + 2].revents != 0 { _ = take(index) }
      if polled[0].revents != 0, !takeReport() { return }
    }
  }

  private mutating func feed() {
    let length = input.rest.withUnsafeBytes { write(input.descriptor, $0.baseAddress, $0.count) }
    if length > 0 { input.rest = input.rest.dropFirst(length) }
    let isOver = length < 0 && errno != EAGAIN && errno != EINTR
    guard isOver || input.rest.isEmpty else { return }
    close(input.descriptor)
    input = (-1, [])
  }

  /// Hands one piece of output on; false when there is none for now.
  private mutating func take(_ index: Int) -> Bool {
    guard outputs[index].descriptor >= 0 else { return false }
    let (bytes, code) = Files.readChunk(outputs[index].descriptor, upTo: 1 << 16)
    if code == EAGAIN { return false }
    outputs[index].sink(bytes)
    guard bytes.isEmpty else { return true }
    close(outputs[index].descriptor)
    outputs[index].descriptor = -1
    return false
  }

  /// The keeper is gone and with it all who could write: what is left in the pipes is all there is.
  private mutating func finish() {
    for index in outputs.indices {
      // Limited, because a process that would not die may still be writing.
      for _ in 0..<1024 where take(index) {}
      if outputs[index].descriptor >= 0 { outputs[index].sink([]) }
    }
    closeAll()
    supervision.detach()
    let status = qa_keeper_reap(keeper)
    // A keeper that was killed takes the command with it and cannot report it.
    supervision.exit.set(.signaled(status & 0x7f == 0 ? SIGTERM : SIGKILL))
    supervision.endedAt.set(.now)
    supervision.ended.set(isComplete)
  }

  private mutating func closeAll() {
    if input.descriptor >= 0 { close(input.descriptor) }
    for output in outputs where output.descriptor >= 0 { close(output.descriptor) }
    input = (-1, [])
    outputs = []
  }
}
