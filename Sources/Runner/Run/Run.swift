internal import Durations
internal import FoundationEssentials
internal import JSONCoding
internal import Platform
public import Recording
internal import Reports
internal import Scenario
public import Driving
internal import Story

/// A whole run: its folder, its workers, its journal, its reports.
public struct Run: Sendable {
  /// Why a run could not begin.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String
  }

  private let request: RunRequest
  private let preparePorts: PortPreparation
  private let makeClock: @Sendable () -> SessionClock
  private let stop = StopRequest()
  private let redactor: Redactor
  private let lines: @Sendable (JournalLine) -> Void
  private let orders: Orders?

  /// A run.
  ///
  /// - Parameters:
  ///   - request: what is to be run.
  ///   - ports: makes its ports, once.
  ///   - orders: what a person orders of the attempt that runs; nil where nobody is there.
  ///   - lines: gets each line of the journal, in order, on one thread, also what no disk keeps; no value of a
  ///     secret is in it. It must not block.
  public init(
    _ request: RunRequest, ports: @escaping PortPreparation, orders: Orders? = nil,
    lines: @escaping @Sendable (JournalLine) -> Void
  ) {
    self.init(request, ports: ports, orders: orders, clock: { .continuous() }, lines: lines)
  }

  /// A run by a clock of the caller's; it is asked for one for the run and for each case and attempt.
  init(
    _ request: RunRequest, ports: @escaping PortPreparation, orders: Orders? = nil,
    clock: @escaping @Sendable () -> SessionClock, lines: @escaping @Sendable (JournalLine) -> Void
  ) {
    self.request = request
    self.orders = orders
    preparePorts = ports
    makeClock = clock
    redactor = Redactor(secrets: request.secrets)
    self.lines = lines
  }

  /// Asks to stop because of a signal: cases in work are interrupted, their teardown runs, the reports are written.
  public func stop(signal: CInt) { stop.request(signal: signal) }

  /// What is folded from the lines while they pass.
  private struct Told {
    var fold = RunFold()
    /// What of the recording or the reports could not be written.
    var problems: [String] = []
  }

  /// Runs everything and writes the reports.
  public func run() async throws(Problem) -> RunSummary {
    let clock = makeClock()
    let folder = try makeFolder()
    let told = Locked(Told())
    let journal = try await openJournal(folder, clock, told)
    if let problem = makeLatest(folder) { await report(problem, to: journal, told) }
    for warning in redactor.warnings { await note(warning, to: journal) }
    let ports = await makePorts(folder, journal)
    await write(.runStarted(runInfo(folder, ports)), to: journal)
    for part in request.plan(with: ports, redactor: redactor).parts(of: Self.casesOfLine) {
      await write(.runPlanned(part), to: journal)
    }
    for warning in ports.warnings { await note(warning, to: journal) }
    let (endings, notRun) = await runCases(journal, ports, clock)
    let signal = stop.signal
    let code = ExitStatus.code(
      verdicts: endings.map { $0.ending.ending.verdict },
      hasUnreadable: request.cases.contains { $0.unreadable != nil }, notRun: notRun,
      failsOnFlaky: request.failsOnFlaky, passesWithNoTests: request.passesWithNoTests,
      signal: signal)
    await journal.sealAudit()
    await write(
      .runFinished(
        RunEnding(
          duration: clock.now(), exitCode: code, signal: signal.map { "signal \($0)" },
          recordingProblem: told.withLock { $0.problems.first ?? "" },
          stopped: notRun > 0 ? whyStopped : nil)), to: journal)
    await journal.close()
    let written = writeReports(told.withLock { $0.fold.report }, folder)
    for failure in written.failures { await report(failure, to: journal, told) }
    return summary(
      endings, notRun: notRun, duration: clock.now(), folder: folder, written: written,
      code: written.failures.isEmpty ? code : ExitStatus.withoutReports(code),
      problems: told.withLock { $0.problems })
  }

  private func makeFolder() throws(Problem) -> RunFolder {
    do {
      return try RunFolder.create(
        in: request.output, time: UTCTime.now, random: UInt16.random(in: 0...UInt16.max))
    } catch {
      throw Problem(description: "\(error)")
    }
  }

  /// Points `latest` at the folder; what went wrong, if something did.
  private func makeLatest(_ folder: RunFolder) -> String? {
    do {
      try folder.makeLatest()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Makes the ports; what takes a while is told while it does.
  private func makePorts(_ folder: RunFolder, _ journal: Journal) async -> any PortFactory {
    let (notices, feed) = AsyncStream.makeStream(of: String.self)
    let telling = Task {
      for await notice in notices { await note(notice, isWarning: false, to: journal) }
    }
    let ports = await preparePorts(request, folder) { feed.yield($0) }
    feed.finish()
    await telling.value
    return ports
  }

  private func note(_ text: String, isWarning: Bool = true, to journal: Journal) async {
    await write(.runNoted(RunNote(text, isWarning: isWarning)), to: journal)
  }

  private func report(_ problem: String, to journal: Journal, _ told: Locked<Told>) async {
    let problem = redactor.redact(problem)
    told.withLock { $0.problems.append(problem) }
    await note(problem, to: journal)
  }

  private func openJournal(
    _ folder: RunFolder, _ clock: SessionClock, _ told: Locked<Told>
  ) async throws(Problem) -> Journal {
    do {
      // The reports are folded from the lines as they pass, so that a full disk loses none of them.
      return try await Journal.open(
        in: folder, redactor: redactor, elapsed: clock.now,
        observe: { [lines] line in
          told.withLock { told in
            told.fold.add(line)
            if let why = line.lost { told.problems.append(why) }
          }
          lines(line)
        })
    } catch {
      throw Problem(description: "\(error)")
    }
  }

  private func runInfo(_ folder: RunFolder, _ ports: any PortFactory) -> RunInfo {
    RunInfo(
      id: folder.id, version: Version.current, commandLine: request.commandLine,
      startedAt: UTCTime.now.description, host: ProcessInfo.processInfo.hostName,
      selected: request.cases.count, workers: request.workers,
      model: ports.requirements.model.description, findings: ports.findings)
  }

  /// How many cases one line plans, so that it is never too long to be kept.
  private static let casesOfLine = 1000

  // MARK: - Workers

  private typealias Finished = (index: Int, testCase: Case, ending: CaseEnding)

  private func runCases(
    _ journal: Journal, _ ports: any PortFactory, _ clock: SessionClock
  ) async -> (finished: [Finished], notRun: Int) {
    let queue = CaseQueue(request.cases, maximumFailures: request.maximumFailures)
    let runner = CaseRunner(
      request: request, journal: journal, ports: ports, stop: stop, makeClock: makeClock,
      concealer: Concealer(redactor), orders: orders)
    let watchdog = globalTimeout(clock)
    defer { watchdog?.cancel() }
    let finished = await withTaskGroup(of: [Finished].self) { group in
      for worker in 1...max(1, min(request.workers, request.cases.count)) {
        group.addTask { await work(worker, queue, runner) }
      }
      var all: [Finished] = []
      for await part in group { all += part }
      return all
    }
    // What never began was planned, so that every report and a rerun know of it.
    return (finished.sorted { $0.index < $1.index }, queue.remaining().count)
  }

  /// Why the cases that were still to come did not run.
  private var whyStopped: String {
    stop.isRequested ? stop.reason : "the run stopped after too many failures"
  }

  private func work(_ worker: Int, _ queue: CaseQueue, _ runner: CaseRunner) async -> [Finished] {
    var finished: [Finished] = []
    while !stop.isRequested, let (index, testCase) = queue.next() {
      let ending = await runner.run(testCase, worker: worker)
      if testCase.unreadable == nil { queue.finished(ending.ending.verdict) }
      finished.append((index, testCase, ending))
    }
    return finished
  }

  private func globalTimeout(_ clock: SessionClock) -> Task<Void, Never>? {
    guard let limit = request.globalTimeout else { return nil }
    return Task { [stop] in
      guard (try? await clock.sleep(limit)) != nil else { return }
      stop.request(reason: "the global timeout of \(limit.brief) is over")
    }
  }

  private func write(_ entry: RunEntry, to journal: Journal, _ caseID: String? = nil) async {
    guard let fields = try? entry.fields() else { return }
    await journal.append(entry.type, case: caseID, fields: fields, isDurable: true)
  }

  // MARK: - The end

  private func writeReports(
    _ report: RunReport, _ folder: RunFolder
  ) -> ReportWriter.Written {
    let places = ReportWriter.Places(
      junit: request.junitPath, html: request.htmlPath, shard: request.shardLabel,
      keepsOnlyTrouble: request.record == .retainOnFailure)
    return ReportWriter.write(report, in: folder, places: places, redactor: redactor)
  }

  private func summary(
    _ finished: [Finished], notRun: Int, duration: Duration, folder: RunFolder,
    written: ReportWriter.Written, code: Int, problems: [String]
  ) -> RunSummary {
    var counts: [Verdict: Int] = [:]
    for case (_, _, let ending) in finished { counts[ending.ending.verdict, default: 0] += 1 }
    return RunSummary(
      counts: counts, unchecked: finished.count { $0.ending.isUnchecked }, notRun: notRun,
      duration: duration,
      folder: folder.path,
      reports: written.reports.map { ($0.name, redactor.redact($0.path)) },
      rerun: written.rerun, exitCode: code, problems: problems)
  }
}

extension JournalLine {
  /// What of the recording was lost, where the line says so.
  fileprivate var lost: String? { type == "incomplete" ? fields["why"]?.string : nil }
}
