import Glibc
import Platform
import Testing

@Suite(.timeLimit(.minutes(5)))
struct OneShotTests {
  @Test func `everybody who waits gets the first value`() async throws {
    let shot = OneShot<Int>()
    async let first = shot.wait()
    async let second = shot.waitToTheEnd()
    #expect(shot.set(1))
    #expect(!shot.set(2))
    #expect(try await first == 1)
    #expect(await second == 1)
    #expect(shot.value == 1)
  }

  @Test func `a cancelled wait ends, and a wait to the end does not`() async {
    let shot = OneShot<Int>()
    let waiting = Task { try await shot.wait() }
    let patient = Task { await shot.waitToTheEnd() }
    waiting.cancel()
    patient.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    shot.set(3)
    #expect(await patient.value == 3)
  }

  @Test func `a time limit ends what takes longer`() async throws {
    let shot = OneShot<Int>()
    #expect(try await withTimeLimit(.milliseconds(10)) { try await shot.wait() } == nil)
    #expect(try await withTimeLimit(.seconds(50)) { 5 } == 5)
  }
}

@Suite(.serialized, .timeLimit(.minutes(5)))
struct SignalWatcherTests {
  @Test func `signals become events, and afterwards mean what they meant`() async throws {
    let former = signal(SIGWINCH, SIG_DFL)
    defer { signal(SIGWINCH, former) }
    let watcher = try SignalWatcher([.terminate, .windowSize])
    kill(getpid(), SIGTERM)
    var events = watcher.events.makeAsyncIterator()
    #expect(await events.next() == .terminate)
    kill(getpid(), SIGWINCH)
    #expect(await events.next() == .windowSize)
    #expect(throws: SystemError(code: EBUSY)) { try SignalWatcher([.interrupt]) }
    watcher.stop()
    #expect(await events.next() == nil)
    #expect(signal(SIGWINCH, SIG_DFL).map { unsafeBitCast($0, to: Int.self) } == nil)
  }

  @Test func `without a watcher SIGTERM ends the process again`() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let watcher = try SignalWatcher([.terminate])
      watcher.stop()
      kill(getpid(), SIGTERM)
      try await Task.sleep(for: .seconds(30))
    }
  }

  @Test func `a signal that was ignored stays ignored`() async throws {
    let former = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, former) }
    let watcher = try SignalWatcher([.hangUp, .windowSize])
    kill(getpid(), SIGHUP)
    kill(getpid(), SIGWINCH)
    var events = watcher.events.makeAsyncIterator()
    #expect(await events.next() == .windowSize)
  }
}

@Suite(.timeLimit(.minutes(5)))
struct ThreadExecutorTests {
  private actor Counter {
    private let executor = ThreadExecutor(name: "test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private(set) var heard: [UInt8] = []

    func listen(_ descriptor: CInt) {
      executor.serve(
        .init(descriptor: descriptor, isPending: { false }) {
          self.assumeIsolated { $0.take(descriptor) }
        })
    }

    func hold(_ duration: UInt32) { usleep(duration) }

    private func take(_ descriptor: CInt) -> Bool {
      var byte: UInt8 = 0
      guard read(descriptor, &byte, 1) == 1 else { return false }
      heard.append(byte)
      return true
    }
  }

  @Test func `an actor with a thread serves a descriptor between its jobs`() async throws {
    var ends: [CInt] = [0, 0]
    #expect(pipe(&ends) == 0)
    let counter = Counter()
    await counter.listen(ends[0])
    write(ends[1], [1, 2, 3] as [UInt8], 3)
    while await counter.heard.count < 3 { await Task.yield() }
    let heard = await counter.heard
    #expect(heard == [1, 2, 3])
    close(ends[1])
    await counter.listen(ends[0])
    close(ends[0])
  }

  @Test func `blocking actors do not hold up the tasks of others`() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { await Counter().hold(50_000) } }
    }
  }

  @Test func `a lock protects what many tasks change`() async {
    let total = Locked(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<1000 { total.withLock { $0 += 1 } } }
      }
    }
    #expect(total.withLock { $0 } == 8000)
  }
}
