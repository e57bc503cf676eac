import JSONCoding
import Platform
import Props
import Recording
import Scenario
import Story

@testable import Commands

/// A run on disk, written line by line, and the folder of runs that it lies in.
final class RecordedRun {
  let folder: TestFolder
  let run: RunFolder
  private let journal: Journal

  /// The id of a run that begins in this second.
  var id: String { run.id }

  /// A run that is being written; `second` counts from a fixed time.
  init(
    in folder: TestFolder? = nil, second: Int64 = 0, random: UInt16 = 0x4F2A, startsRun: Bool = true
  ) async throws {
    self.folder = try folder ?? TestFolder(["qa-agent.yaml": "output: OUT\n"])
    if folder == nil {
      try self.folder.write(
        "output: \(self.folder.file("reports"))\n", to: "qa-agent.yaml")
    }
    run = try RunFolder.create(
      in: self.folder.file("reports"),
      time: UTCTime(milliseconds: 1_795_176_000_000 + second * 1000),
      random: random)
    try run.makeLatest()
    journal = try await Journal.open(in: run, elapsed: { .zero })
    guard startsRun else { return }
    try await write(
      .runStarted(
        RunInfo(
          id: run.id, version: "1", commandLine: ["qa-agent", "run"],
          startedAt: "2026-11-20T12:00:00Z", host: "box", selected: 1, workers: 1, model: "")))
  }

  func write(_ entry: RunEntry, of id: String? = nil) async throws {
    await journal.append(entry.type, case: id, fields: try entry.fields())
  }

  func write(_ entries: JournalEntry..., of id: String, attempt: Int = 1) async throws {
    for entry in entries {
      await journal.append(entry.type, case: id, attempt: attempt, fields: try entry.fields())
    }
  }

  func store(_ text: String, as kind: BlobStore.Kind) async -> String {
    await journal.store(Array(text.utf8), as: kind)
  }

  /// A case with some steps, each on a line of ten times its number.
  func write(
    case id: String, steps: [String] = ["one", "two"], verdict: Verdict = .passed
  ) async throws {
    try await write(.caseStarted(CaseInfo(.named(id))), of: id)
    try await write(.started(plan: SessionPlan(testCase: .named(id), attempt: 1)), of: id)
    for (index, title) in steps.enumerated() {
      try await write(
        .note(.stepStarted(step: .of(index, title))),
        .note(.stepFinished(step: index, ending: .passed, duration: .zero)), of: id)
    }
    let ending = Ending(verdict)
    try await write(.effect(.finish(outcome: Outcome(ending: ending, checksHeld: 1))), of: id)
    try await write(
      .caseFinished(CaseEnding(ending: ending, duration: .seconds(1), attempts: 1)), of: id)
  }

  /// Writes the end, and lets go of the journal.
  func finish(exitCode: Int = 0) async throws {
    try await write(.runFinished(RunEnding(duration: .seconds(2), exitCode: exitCode)))
    await journal.close()
  }

  /// Lets go of the journal, as if the run had been killed.
  ///
  /// A process that another test is starting may hold what this one had open for a moment longer.
  func kill() async {
    await journal.close()
    for _ in 0..<400 where run.isBeingWritten { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Runs a command on the folder; `DIR` stands for it in words and in what was written.
  func run(_ words: String...) async -> Ran {
    let captured = Captured()
    let words = words.map { $0.replacing("DIR", with: folder.path) }
    let code = await Program.run(
      words + ["-c", folder.file("qa-agent.yaml")], environment: [:]
    ) { captured.output(color: $0) }
    return Ran(
      code: code, results: captured.resultText.replacing(folder.path, with: "DIR"),
      messages: captured.messageText.replacing(folder.path, with: "DIR"))
  }
}

extension Case {
  static func named(_ id: String) -> Case {
    Case(
      id: id, name: "Case \(id)",
      scenario: Scenario(
        name: "Case \(id)", id: id, target: TargetSpec(screen: .demo("x")), steps: [],
        location: SourceLocation(file: "\(id).yaml", line: 1), root: "/"))
  }
}

extension StepInfo {
  static func of(_ index: Int, _ title: String) -> StepInfo {
    StepInfo(
      index: index, phase: .steps, title: title, keyword: "act",
      location: SourceLocation(file: "a.yaml", line: (index + 1) * 10))
  }
}
