internal import FoundationEssentials
internal import JSONCoding
internal import Platform
internal import Recording
internal import Reports
internal import Scenario
internal import Driving
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
  private let events: @Sendable (RunEvent) -> Void

  /// A run.
  ///
  /// - Parameters:
  ///   - request: what is to be run.
  ///   - ports: makes its ports, once.
  ///   - events: called from many threads, in the order of each case; what it is told has no value of a
  ///     secret in it, whoever passes it on.
  public init(
    _ request: RunRequest, ports: @escaping PortPreparation,
    events: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.init(request, ports: ports, clock: { .continuous() }, events: events)
  }

  /// A run by a clock of the caller's; it is asked for one for the run and for each case and attempt.
  init(
    _ request: RunRequest, ports: @escaping PortPreparation,
    clock: @escaping @Sendable () -> SessionClock, events: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.request = request
    preparePorts = ports
    makeClock = clock
    let redactor = Redactor(secrets: request.secrets)
    self.redactor = redactor
    self.events = { events($0.concealed(by: redactor)) }
  }

  /// Asks to stop because of a signal: cases in work are interrupted, their teardown runs, the reports are written.
  public func stop(signal: CInt) { stop.request(signal: signal) }

  /// Runs everything and writes the reports.
  public func run() async throws(Problem) -> RunSummary {
    let clock = makeClock()
    let problems = Locked<[String]>([])
    let folder = try makeFolder(problems)
    let fold = Locked(RunFold())
    let journal = try await openJournal(folder, clock, fold, problems)
    let ports = await preparePorts(request, folder) { [events] in events(.notice($0)) }
    let info = runInfo(folder, ports)
    await write(.runStarted(info), to: journal)
    for part in request.plan(with: ports, redactor: redactor).parts(of: Self.casesOfLine) {
      await write(.runPlanned(part), to: journal)
    }
    events(.started(info, folder: folder.path))
    for problem in ports.warnings { events(.warning(problem)) }
    let endings = await runCases(journal, ports, clock)
    let signal = stop.signal
    let code = ExitStatus.code(
      verdicts: endings.map { $0.ending.ending.verdict }, failsOnFlaky: request.failsOnFlaky,
      signal: signal)
    await write(
      .runFinished(
        RunEnding(
          duration: clock.now(), exitCode: code, signal: signal.map { "signal \($0)" },
          recordingProblem: problems.withLock { $0.first ?? "" })), to: journal)
    await journal.close()
    let written = writeReports(fold.withLock { $0.report }, folder, problems)
    let summary = summary(
      endings, duration: clock.now(), folder: folder, written: written, code: code,
      problems: problems.withLock { $0 })
    events(.finished(summary))
    return summary
  }

  private func makeFolder(_ problems: Locked<[String]>) throws(Problem) -> RunFolder {
    let folder: RunFolder
    do {
      folder = try RunFolder.create(
        in: request.output, time: UTCTime.now, random: UInt16.random(in: 0...UInt16.max))
    } catch {
      throw Problem(description: "\(error)")
    }
    do {
      try folder.makeLatest()
    } catch {
      report("\(error)", problems)
    }
    return folder
  }

  private func report(_ problem: String, _ problems: Locked<[String]>) {
    problems.withLock { $0.append(problem) }
    events(.warning(problem))
  }

  private func openJournal(
    _ folder: RunFolder, _ clock: SessionClock, _ fold: Locked<RunFold>,
    _ problems: Locked<[String]>
  ) async throws(Problem) -> Journal {
    for warning in redactor.warnings { events(.warning(warning)) }
    do {
      // The reports are folded from the lines as they pass, so that a full disk loses none of them.
      return try await Journal.open(
        in: folder, redactor: redactor, elapsed: clock.now,
        observe: { line in fold.withLock { $0.add(line) } },
        warn: { report($0, problems) })
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
  ) async -> [Finished] {
    let queue = CaseQueue(request.cases, maximumFailures: request.maximumFailures)
    let runner = CaseRunner(
      request: request, journal: journal, ports: ports, stop: stop, makeClock: makeClock,
      concealer: Concealer(redactor), events: events)
    let watchdog = globalTimeout(clock)
    defer { watchdog?.cancel() }
    var finished = await withTaskGroup(of: [Finished].self) { group in
      for worker in 1...max(1, min(request.workers, request.cases.count)) {
        group.addTask { await work(worker, queue, runner) }
      }
      var all: [Finished] = []
      for await part in group { all += part }
      return all
    }
    for (index, testCase) in queue.remaining() {
      finished.append((index, testCase, await leaveOut(testCase, journal)))
    }
    return finished.sorted { $0.index < $1.index }
  }

  private func work(_ worker: Int, _ queue: CaseQueue, _ runner: CaseRunner) async -> [Finished] {
    var finished: [Finished] = []
    while !stop.isRequested, let (index, testCase) = queue.next() {
      let ending = await runner.run(testCase, worker: worker)
      queue.finished(ending.ending.verdict)
      finished.append((index, testCase, ending))
    }
    return finished
  }

  /// A case that never began, because the run was stopped: it is in the reports all the same.
  private func leaveOut(_ testCase: Case, _ journal: Journal) async -> CaseEnding {
    let isSignal = stop.isRequested
    let ending = CaseEnding(
      ending: Ending(
        isSignal ? .interrupted : .skipped,
        isSignal ? stop.reason : "not run: the run stopped after too many failures"),
      duration: .zero, attempts: 0)
    let info = CaseInfo(testCase)
    await write(.caseStarted(info), to: journal, testCase.id)
    await write(.caseFinished(ending), to: journal, testCase.id)
    events(.caseFinished(info, ending, worker: nil))
    return ending
  }

  private func globalTimeout(_ clock: SessionClock) -> Task<Void, Never>? {
    guard let limit = request.globalTimeout else { return nil }
    return Task { [stop] in
      guard (try? await clock.sleep(limit)) != nil else { return }
      stop.request(reason: "the run's time limit of \(limit.brief) is over")
    }
  }

  private func write(_ entry: RunEntry, to journal: Journal, _ caseID: String? = nil) async {
    guard let fields = try? entry.fields() else { return }
    await journal.append(entry.type, case: caseID, fields: fields, isDurable: true)
  }

  // MARK: - The end

  private func writeReports(
    _ report: RunReport, _ folder: RunFolder, _ problems: Locked<[String]>
  ) -> ReportWriter.Written {
    let places = ReportWriter.Places(
      junit: request.junitPath, html: request.htmlPath, shard: request.shardLabel,
      keepsOnlyTrouble: request.record == .retainOnFailure)
    let written = ReportWriter.write(
      report, in: folder, places: places, redactor: redactor)
    for failure in written.failures { self.report(failure, problems) }
    return written
  }

  private func summary(
    _ finished: [Finished], duration: Duration, folder: RunFolder,
    written: ReportWriter.Written, code: Int, problems: [String]
  ) -> RunSummary {
    var counts: [Verdict: Int] = [:]
    for case (_, _, let ending) in finished { counts[ending.ending.verdict, default: 0] += 1 }
    return RunSummary(
      counts: counts, unchecked: finished.count { $0.ending.isUnchecked }, duration: duration,
      folder: folder.path, reports: written.reports,
      rerun: written.rerun, exitCode: code, problems: problems)
  }
}
