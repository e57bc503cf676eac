import Glibc
import Platform
import Testing

@Suite(.timeLimit(.minutes(5)))
struct OwnThreadTests {
  /// An actor on a thread of its own.
  private actor Worker {
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var steps: [Int] = []

    init(name: String = "worker") { executor = ThreadExecutor(name: name) }

    var thread: String { currentThread() }
    var all: [Int] { steps }

    func add(_ step: Int) { steps.append(step) }

    /// Blocks the thread until a byte arrives.
    func block(on descriptor: CInt) -> UInt8 {
      var byte: UInt8 = 0
      while read(descriptor, &byte, 1) < 0, errno == EINTR {}
      return byte
    }

    func threadAfterWaiting() async -> [String] {
      let before = currentThread()
      await Task.yield()
      return [before, currentThread()]
    }

    func serve(_ source: ThreadExecutor.Source?) { executor.serve(source) }

    nonisolated func isHere() -> Bool? { executor.isIsolatingCurrentContext() }
    func isHereInside() -> Bool? { executor.isIsolatingCurrentContext() }
    func check() { executor.checkIsolated() }
  }

  /// Both ends of a pipe, closed with this.
  private final class Pipe: Sendable {
    let reading: CInt
    let writing: CInt

    init() throws {
      var ends: [CInt] = [0, 0]
      try #require(pipe(&ends) == 0)
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      close(reading)
      close(writing)
    }

    func send(_ byte: UInt8 = 7) { withUnsafePointer(to: byte) { _ = write(writing, $0, 1) } }
  }

  @Test func `runs everything on one thread of its own`() async {
    let worker = Worker(name: "a rather long name")
    let thread = await worker.thread
    #expect(thread != currentThread())
    await withTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { await worker.thread } }
      for await other in group { #expect(other == thread) }
    }
    #expect(await worker.threadAfterWaiting() == [thread, thread])
    #expect(await Worker().thread != thread)
    #expect(nameOfThread(thread) == "a rather long n")
  }

  @Test func `does jobs in the order in which they come`() async {
    let worker = Worker()
    for step in 0..<1_000 { await worker.add(step) }
    #expect(await worker.all == Array(0..<1_000))
  }

  @Test func `loses no job of many tasks`() async {
    let worker = Worker()
    await withTaskGroup(of: Void.self) { group in
      for step in 0..<2_000 { group.addTask { await worker.add(step) } }
    }
    #expect(await worker.all.sorted() == Array(0..<2_000))
  }

  @Test func `may block without blocking others`() async throws {
    // More blocked actors than the pool has threads; all of them, and this task, still get on.
    let pipe = try Pipe()
    let workers = (0..<8).map { _ in Worker() }
    await withTaskGroup(of: UInt8.self) { group in
      for worker in workers { group.addTask { await worker.block(on: pipe.reading) } }
      for _ in 0..<8 {
        await Task.yield()
        pipe.send(9)
      }
      for await byte in group { #expect(byte == 9) }
    }
  }

  @Test func `knows whether it is on its own thread`() async {
    let worker = Worker()
    #expect(await worker.isHereInside() == true)
    #expect(worker.isHere() == false)
    await worker.check()
  }

  // MARK: - A source

  @Test func `serves a descriptor when bytes arrive, on its own thread`() async throws {
    let pipe = try Pipe()
    let worker = Worker()
    let (served, arrivals) = AsyncStream.makeStream(of: String.self)
    await worker.serve(
      ThreadExecutor.Source(descriptor: pipe.reading) {
        false
      } serve: {
        var byte: UInt8 = 0
        _ = read(pipe.reading, &byte, 1)
        arrivals.yield("\(byte) on \(currentThread())")
        return true
      })
    let thread = await worker.thread
    var iterator = served.makeAsyncIterator()
    for byte: UInt8 in 1...3 {
      pipe.send(byte)
      #expect(await iterator.next() == "\(byte) on \(thread)")
    }
    await worker.serve(nil)
  }

  @Test func `serves what poll cannot see`() async throws {
    let pipe = try Pipe()
    let worker = Worker()
    let pending = Locked(3)
    let (served, arrivals) = AsyncStream.makeStream(of: Int.self)
    await worker.serve(
      ThreadExecutor.Source(descriptor: pipe.reading) {
        pending.withLock { $0 > 0 }
      } serve: {
        arrivals.yield(
          pending.withLock {
            $0 -= 1; return $0
          })
        return true
      })
    var iterator = served.makeAsyncIterator()
    for left in [2, 1, 0] { #expect(await iterator.next() == left) }
    await worker.serve(nil)
  }

  @Test func `serves no more once the source has ended`() async throws {
    let pipe = try Pipe()
    let worker = Worker()
    let calls = Locked(0)
    let (served, arrivals) = AsyncStream.makeStream(of: Void.self)
    await worker.serve(
      ThreadExecutor.Source(descriptor: pipe.reading) {
        false
      } serve: {
        calls.withLock { $0 += 1 }
        arrivals.yield()
        return false
      })
    pipe.send()
    var iterator = served.makeAsyncIterator()
    await iterator.next()
    // The byte is still there; a source that had not ended would be served for ever.
    for step in 0..<100 { await worker.add(step) }
    #expect(calls.withLock { $0 } == 1)
  }

  @Test func `does jobs while a source is busy`() async throws {
    let pipe = try Pipe()
    let worker = Worker()
    await worker.serve(
      ThreadExecutor.Source(descriptor: pipe.reading) {
        true
      } serve: {
        true
      })
    for step in 0..<100 { await worker.add(step) }
    #expect(await worker.all.count == 100)
    await worker.serve(nil)
  }

  // MARK: - The end

  @Test func `ends its thread when nobody needs it any more`() async throws {
    let thread = await Worker(name: "short").thread
    while nameOfThread(thread) != nil { try await Task.sleep(for: .milliseconds(2)) }
  }

  @Test func `ends a thread that has a source`() async throws {
    let pipe = try Pipe()
    let thread = await {
      let worker = Worker(name: "sourced")
      await worker.serve(
        ThreadExecutor.Source(descriptor: pipe.reading) {
          false
        } serve: {
          true
        })
      return await worker.thread
    }()
    while nameOfThread(thread) != nil { try await Task.sleep(for: .milliseconds(2)) }
  }

  @Test func `leaves no descriptor open`() async throws {
    func open() -> Int { (0..<512).count { fcntl($0, F_GETFD) >= 0 } }
    for _ in 0..<300 { _ = await Worker(name: "many").thread }
    // Others run at the same time: three hundred would be seen all the same.
    while open() > 200 { try await Task.sleep(for: .milliseconds(2)) }
  }
}

/// The kernel's name of the calling thread: `<process>/task/<thread>`.
private func currentThread() -> String {
  var buffer = [CChar](repeating: 0, count: 64)
  let count = readlink("/proc/thread-self", &buffer, buffer.count)
  return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// What a thread is called; nil when it has ended.
private func nameOfThread(_ thread: String) -> String? {
  guard let file = fopen("/proc/\(thread)/comm", "r") else { return nil }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 64)
  guard fgets(&buffer, CInt(buffer.count), file) != nil else { return nil }
  let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}
