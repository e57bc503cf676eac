import Props
import Platform
import Reports
import Scenario
import Testing

@testable import Runner
@testable import Driving
@testable import Story

/// Limits, signals, and ports that hang.
@Suite(.timeLimit(.minutes(5)))
struct StopTests {
  /// The three seconds that the driver gives a cancelled call.
  private static let grace = Duration.seconds(3)

  // MARK: - Signals

  @Test func `a signal ends the case in work, runs its teardown and leaves out the rest`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("a", retries: 2), .of("b")])
    rehearsal.stage.trouble("a.1 examine", .hangs)
    rehearsal.stage.on("a.1 examine") { rehearsal.run.stop(signal: 2) }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a interrupted"])
    #expect(rehearsal.stage.calls(in: "a.1").contains("press f1"))
    #expect(rehearsal.stage.calls(in: "a.1").last == "close")
    #expect(rehearsal.stage.calls(in: "a.2").isEmpty)
    #expect(rehearsal.reason(of: "a") == "stopped by signal 2")
    #expect(try summary.report().neverBegun.map(\.id) == ["b"])
    #expect(summary.exitCode == 130)
    let ending = try #require(try summary.report().ending)
    #expect(ending.signal == "signal 2")
    #expect(ending.exitCode == 130)
  }

  @Test func `a signal reaches every worker`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b", "c"])) { $0.workers = 2 }
    rehearsal.stage.trouble("a.1 examine", .hangs)
    rehearsal.stage.trouble("b.1 examine", .hangs)
    let both = Arrivals(2) { rehearsal.run.stop(signal: 15) }
    rehearsal.stage.on("a.1 examine") { both.arrive() }
    rehearsal.stage.on("b.1 examine") { both.arrive() }
    let summary = try await rehearsal.play()
    #expect(summary.counts == [.interrupted: 2])
    #expect(summary.notRun == 1)
    #expect(rehearsal.stage.calls(in: "a.1").contains("press f1"))
    #expect(rehearsal.stage.calls(in: "b.1").contains("press f1"))
    #expect(rehearsal.stage.calls(in: "c.1").isEmpty)
    #expect(summary.exitCode == 143)
  }

  @Test func `a second signal ends the teardown too, and the first one is remembered`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("a", teardown: [.presses("f1"), .presses("f2")])])
    rehearsal.stage.trouble("a.1 examine", .hangs)
    rehearsal.stage.trouble("a.1 press f1", .hangs)
    rehearsal.stage.on("a.1 examine") { rehearsal.run.stop(signal: 2) }
    rehearsal.stage.on("a.1 press f1") { rehearsal.run.stop(signal: 15) }
    let summary = try await rehearsal.play()
    #expect(!rehearsal.stage.calls(in: "a.1").contains("press f2"))
    #expect(rehearsal.stage.calls(in: "a.1").last == "close")
    #expect(rehearsal.verdicts == ["a interrupted"])
    #expect(summary.exitCode == 130)
  }

  @Test func `a case that failed before the signal keeps its verdict and is not tried again`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("a", retries: 1), .of("b")])
    rehearsal.stage.fail("a.1")
    rehearsal.stage.trouble("a.1 press f1", .hangs)
    rehearsal.stage.on("a.1 press f1") { rehearsal.run.stop(signal: 2) }
    _ = try await rehearsal.play()
    #expect(rehearsal.stage.calls(in: "a.2").isEmpty)
    #expect(rehearsal.verdicts == ["a failed"])
  }

  @Test func `a signal before the first case leaves out all of them`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b"]))
    rehearsal.run.stop(signal: 15)
    let summary = try await rehearsal.play()
    #expect(summary.counts.isEmpty)
    #expect(summary.notRun == 2)
    #expect(rehearsal.stage.calls.isEmpty)
    #expect(summary.exitCode == 143)
  }

  @Test func `a signal while a case is looked at still gives it a verdict`() async throws {
    let rehearsal = try Rehearsal([.of("a")])
    rehearsal.stage.on("a perception") { rehearsal.run.stop(signal: 2) }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a interrupted"])
    #expect(rehearsal.stage.calls(in: "a.1").last == "close")
    #expect(summary.exitCode == 130)
  }

  // MARK: - Limits

  @Test func `the limit of the run ends it in order`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b"])) { $0.globalTimeout = .seconds(600) }
    rehearsal.stage.trouble("a.1 examine", .hangs)
    rehearsal.stage.on("a.1 examine") { rehearsal.stage.clock.expire(.seconds(600)) }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a interrupted"])
    #expect(rehearsal.reason(of: "a") == "the global timeout of 10m is over")
    #expect(
      try summary.report().neverBegun.first?.ending.reason
        == "not run: the global timeout of 10m is over")
    #expect(rehearsal.stage.calls(in: "a.1").contains("press f1"))
    #expect(summary.exitCode == 5)
    #expect(summary.duration == .seconds(600))
    #expect(try summary.report().ending?.signal == nil)
  }

  @Test func `a case that hangs in an action ends at its time limit, and the next one runs`()
    async throws
  {
    var hanging = Case.of("a", [.presses("f5")])
    hanging.scenario.limits.time = .seconds(90)
    let rehearsal = try Rehearsal([hanging, .of("b")])
    rehearsal.stage.trouble("a.1 press f5", .hangs)
    rehearsal.stage.on("a.1 press f5") { rehearsal.stage.clock.expire(.seconds(90)) }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a timed out", "b passed"])
    #expect(rehearsal.stage.calls(in: "a.1").contains("press f1"))
    #expect(summary.exitCode == 1)
  }

  @Test func `a case in which nothing happens ends as an error, and the next one runs`()
    async throws
  {
    let rehearsal = try Rehearsal(Case.of(["a", "b"]))
    rehearsal.stage.trouble("a.1 frame", .hangs)
    rehearsal.stage.on("a.1 frame") { rehearsal.stage.clock.expire(.seconds(30)) }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a error", "b passed"])
    #expect(rehearsal.reason(of: "a").contains("nothing happened for 30s"))
    #expect(summary.exitCode == 5)
  }

  @Test(arguments: [
    ("prepare", 300, "error"), ("frame", 30, "error"), ("examine", 30, "error"),
    ("press f1", 60, "error"), ("close", 20, "passed"),
  ])
  func `a port that hears nothing is left behind at its limit, and the next case runs`(
    call: String, limit: Int, verdict: String
  ) async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b"]))
    defer { rehearsal.stage.release() }
    rehearsal.stage.clock.hurry(Self.grace)
    rehearsal.stage.trouble("a.1 \(call)", .isDeaf)
    rehearsal.stage.on("a.1 \(call)") { rehearsal.stage.clock.expire(.seconds(limit)) }
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a \(verdict)", "b passed"])
    #expect(rehearsal.stage.calls(in: "a.1").last == "close")
  }

  @Test func `the limit of model calls of a run is stricter than the case's own`() async throws {
    let rehearsal = try Rehearsal(
      [.of("a", [.does("sign in")])], on: Stage(model: .available(name: "m"))
    ) { $0.maximumModelCalls = 2 }
    let look = ToolRequest(id: "1", name: "computer", arguments: #"{"action":"screenshot"}"#)
    rehearsal.stage.say(
      ModelReply(calls: [look]), ModelReply(calls: [look]), ModelReply(calls: [look]))
    _ = try await rehearsal.play()
    #expect(rehearsal.stage.calls.count { $0 == "think" } == 2)
    #expect(rehearsal.verdicts == ["a error"])
    #expect(rehearsal.reason(of: "a").contains("the limit of 2 model calls is met"))
  }

  @Test func `a looser limit of model calls changes nothing`() async throws {
    var testCase = Case.of("a", [.does("sign in")])
    testCase.scenario.limits.modelCalls = 1
    let rehearsal = try Rehearsal([testCase], on: Stage(model: .available(name: "m"))) {
      $0.maximumModelCalls = 50
    }
    let look = ToolRequest(id: "1", name: "computer", arguments: #"{"action":"screenshot"}"#)
    rehearsal.stage.say(ModelReply(calls: [look]), ModelReply(calls: [look]))
    _ = try await rehearsal.play()
    #expect(rehearsal.stage.calls.count { $0 == "think" } == 1)
  }
}

/// Who is told that the run stops.
@Suite(.timeLimit(.minutes(5)))
struct StopRequestTests {
  /// Whether it was asked for.
  private func isRequested(_ interruption: Interruption) -> Bool {
    let heard = Locked(false)
    interruption.onRequest { heard.withLock { $0 = true } }
    interruption.ignore(used: false)
    return heard.withLock { $0 }
  }

  @Test func `a case that begins while the run stops is interrupted at once`() {
    let stop = StopRequest()
    stop.request(signal: 2)
    let late = Interruption()
    stop.register(late)
    #expect(isRequested(late))
  }

  @Test func `only those in work are interrupted`() {
    let stop = StopRequest()
    let (done, first, second) = (Interruption(), Interruption(), Interruption())
    for interruption in [done, first, second] { stop.register(interruption) }
    stop.unregister(done)
    #expect(!isRequested(first))
    stop.request(reason: "enough")
    #expect(isRequested(first))
    #expect(isRequested(second))
    #expect(!isRequested(done))
    #expect(stop.reason == "enough")
    #expect(stop.signal == nil)
  }

  @Test func `the first reason stands, and the first signal`() {
    let stop = StopRequest()
    #expect(!stop.isRequested)
    stop.request(reason: "enough")
    stop.request(signal: 15)
    stop.request(signal: 2)
    #expect(stop.reason == "enough")
    #expect(stop.signal == 15)
  }
}

/// Does something when so many have come.
private final class Arrivals: Sendable {
  private let left: Locked<Int>
  private let body: @Sendable () -> Void

  init(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    left = Locked(count)
    self.body = body
  }

  func arrive() {
    let isLast = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isLast { body() }
  }
}
