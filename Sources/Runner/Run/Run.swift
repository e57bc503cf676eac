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
    /// What is known from before, where the run goes on.
    var past = PastRun()
    /// Whether the lines are those from before.
    var isReadingBack = false
    /// What of the recording or the reports could not be written.
    var problems: [String] = []
  }

  /// Runs everything and writes the reports.
  public func run() async throws(Problem) -> RunSummary {
    let clock = makeClock()
    let folder =
      if let resumption = request.resumption { resumption.folder } else { try makeFolder() }
    let told = Locked(Told())
    let journal = try await openJournal(folder, clock, told)
    let past = told.withLock { $0.past }
    if request.resumption == nil { await enter(folder, journal, told) }
    let ports = await makePorts(folder, journal)
    do throws(Problem) {
      try await begin(folder, ports, past, journal)
    } catch {
      await journal.close()
      throw error
    }
    // What is refused becomes no latest run.
    if request.resumption != nil { await enter(folder, journal, told) }
    for warning in ports.warnings { await note(warning, to: journal) }
    let (new, notRun) = await runCases(journal, ports, past, clock)
    let endings = Array(past.kept.values) + new.map(\.ending)
    let signal = stop.signal
    let duration = past.duration + clock.now()
    let code = ExitStatus.code(
      verdicts: endings.map { $0.ending.verdict },
      hasUnreadable: request.cases.contains { $0.unreadable != nil }, notRun: notRun,
      failsOnFlaky: request.failsOnFlaky, passesWithNoTests: request.passesWithNoTests,
      signal: signal)
    await journal.sealAudit()
    await write(
      .runFinished(
        RunEnding(
          duration: duration, exitCode: code, signal: signal.map { "signal \($0)" },
          recordingProblem: told.withLock { $0.problems.first ?? "" },
          stopped: notRun > 0 ? whyStopped : nil)), to: journal)
    await journal.close()
    let written = writeReports(told.withLock { $0.fold.report }, folder)
    for failure in written.failures { await report(failure, to: journal, told) }
    return summary(
      endings, notRun: notRun, duration: duration, folder: folder, written: written,
      code: written.failures.isEmpty ? code : ExitStatus.withoutReports(code),
      problems: told.withLock { $0.problems })
  }

  /// Makes the run the latest, and says what is known to be wrong with its secrets.
  private func enter(_ folder: RunFolder, _ journal: Journal, _ told: Locked<Told>) async {
    if let problem = makeLatest(folder) { await report(problem, to: journal, told) }
    for warning in redactor.warnings { await note(warning, to: journal) }
  }

  /// Says what the run is about to do, before it does it.
  private func begin(
    _ folder: RunFolder, _ ports: any PortFactory, _ past: PastRun, _ journal: Journal
  ) async throws(Problem) {
    let plan = request.plan(with: ports, redactor: redactor)
    var changes: [String] = []
    if let resumption = request.resumption, past.isPlanned {
      changes = Resumption.changes(since: past, in: plan)
      guard changes.isEmpty || resumption.isAnyway else {
        throw Problem(description: Resumption.refusal(changes))
      }
    }
    if past.info == nil { await write(.runStarted(runInfo(folder, ports)), to: journal) }
    if request.resumption != nil {
      await write(.runResumed(resumed(past, plan, changes)), to: journal)
    }
    guard !past.isPlanned || !changes.isEmpty else { return }
    for part in plan.parts(of: Self.casesOfLine) {
      await write(.runPlanned(part), to: journal)
    }
  }

  private func resumed(_ past: PastRun, _ plan: RunPlan, _ changes: [String]) -> RunResumption {
    RunResumption(
      version: Version.current, commandLine: request.commandLine,
      resumedAt: UTCTime.now.description, host: ProcessInfo.processInfo.hostName,
      workers: request.workers,
      outstanding: past.isPlanned ? past.outstanding : plan.cases.map(\.id), changes: changes)
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
      told.withLock { $0.isReadingBack = request.resumption != nil }
      let journal = try await Journal.open(
        in: folder, redactor: redactor, elapsed: clock.now,
        observe: { [lines] line in
          let isNews = told.withLock { told in
            told.fold.add(line)
            if told.isReadingBack { told.past.add(line) }
            if let why = line.lost { told.problems.append(why) }
            return !told.isReadingBack
          }
          if isNews { lines(line) }
        })
      told.withLock { $0.isReadingBack = false }
      return journal
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
    _ journal: Journal, _ ports: any PortFactory, _ past: PastRun, _ clock: SessionClock
  ) async -> (finished: [Finished], notRun: Int) {
    let kept = past.kept
    let queue = CaseQueue(
      request.cases.filter { kept[$0.id] == nil }, maximumFailures: request.maximumFailures,
      failed: kept.values.count { $0.ending.verdict.isWorthRetrying })
    let gone = Set(past.ids).subtracting(request.cases.map(\.id)).subtracting(kept.keys)
    let runner = CaseRunner(
      request: request, journal: journal, ports: ports, stop: stop, makeClock: makeClock,
      concealer: Concealer(redactor), orders: orders)
    let watchdog = globalTimeout(clock)
    defer { watchdog?.cancel() }
    let finished = await withTaskGroup(of: [Finished].self) { group in
      for worker in 1...max(1, min(request.workers, request.cases.count)) {
        group.addTask { await work(worker, queue, runner, past) }
      }
      var all: [Finished] = []
      for await part in group { all += part }
      return all
    }
    // What never began was planned, so that every report and a rerun know of it.
    return (finished.sorted { $0.index < $1.index }, queue.remaining().count + gone.count)
  }

  /// Why the cases that were still to come did not run.
  private var whyStopped: String {
    if stop.isRequested { return stop.reason }
    let failures = request.maximumFailures.map { $0 > 0 } ?? false
    return failures
      ? "the run stopped after too many failures" : "their scenarios are not there any more"
  }

  private func work(
    _ worker: Int, _ queue: CaseQueue, _ runner: CaseRunner, _ past: PastRun
  ) async -> [Finished] {
    var finished: [Finished] = []
    while !stop.isRequested, let (index, testCase) = queue.next() {
      let ending = await runner.run(testCase, worker: worker, past: past[testCase.id])
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
    _ endings: [CaseEnding], notRun: Int, duration: Duration, folder: RunFolder,
    written: ReportWriter.Written, code: Int, problems: [String]
  ) -> RunSummary {
    var counts: [Verdict: Int] = [:]
    for ending in endings { counts[ending.ending.verdict, default: 0] += 1 }
    return RunSummary(
      counts: counts, unchecked: endings.count { $0.isUnchecked }, notRun: notRun,
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
