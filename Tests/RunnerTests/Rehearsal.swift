import Driving
import JSONCoding
import Platform
import Props
import Recording
import Reports
import Scenario
import Story

@testable import Runner

/// A run with ports in memory, in a folder of its own.
struct Rehearsal {
  let stage: Stage
  let folder: TemporaryFolder
  let run: Run
  private let heard = Locked<[JournalLine]>([])

  /// A run of some cases.
  init(
    _ cases: [Case], on stage: Stage = Stage(), _ change: (inout RunRequest) -> Void = { _ in }
  ) throws {
    self.stage = stage
    folder = try TemporaryFolder(prefix: "qa-runner")
    var request = RunRequest(cases: cases, output: folder.path + "/reports")
    request.commandLine = ["qa-agent", "run", "cases"]
    change(&request)
    run = Run(
      request,
      ports: { _, _, tell in
        tell(stage.notice)
        return stage
      }, clock: { stage.clock.start() }
    ) { [heard] line in heard.withLock { $0.append(line) } }
  }

  /// Runs to the end.
  func play() async throws -> RunSummary {
    defer { stage.unhook() }
    let summary = try await run.run()
    try summary.expectLines()
    return summary
  }

  /// What was told, in order.
  var lines: [JournalLine] { heard.withLock { $0 } }

  /// What was told of the run and its cases.
  private var entries: [(id: String?, entry: RunEntry)] {
    lines.compactMap { line in
      let entry = try? RunEntry(type: line.type, fields: .object(line.fields))
      return entry.map { (line.caseID, $0) }
    }
  }

  /// What each case came to, in the order in which it was told.
  var endings: [(id: String, ending: CaseEnding)] {
    entries.compactMap { id, entry in
      if let id, case .caseFinished(let ending) = entry { (id, ending) } else { nil }
    }
  }

  /// The verdicts in that order: `a passed`.
  var verdicts: [String] { endings.map { "\($0.id) \($0.ending.ending.verdict.rawValue)" } }

  /// Why the cases ended as they did.
  var reasons: [String] { endings.map(\.ending.ending.reason) }

  /// Why a case ended as it did.
  func reason(of id: String) -> String {
    endings.first { $0.id == id }?.ending.ending.reason ?? ""
  }

  /// What the user was warned of.
  var warnings: [String] {
    lines.compactMap { line in
      if line.type == "incomplete" { return line.fields["why"]?.string }
      let entry = try? RunEntry(type: line.type, fields: .object(line.fields))
      if case .runNoted(let note)? = entry, note.isWarning { return note.text }
      return nil
    }
  }
}

extension ManualClock {
  /// A clock that starts now.
  func start() -> SessionClock {
    let start = now
    return SessionClock(now: { self.now - start }, sleep: { try await self.sleep($0) })
  }
}

extension RunSummary {
  /// The lines of the journal.
  func journal() throws -> [JournalLine] { try JournalReader.read(RunFolder(path: folder)).lines }

  /// What the journal comes to.
  func report() throws -> RunReport { try RunFold.report(RunFolder(path: folder)) }
}

extension Case {
  /// A case that looks for a text and has something to tidy up; `retries` attempts may follow the first.
  static func of(
    _ id: String, _ steps: [Step] = [.sees("Welcome")], teardown: [Step] = [.presses("f1")],
    retries: Int = 0, requires: [String] = [], secrets: [String] = [], tags: [String] = []
  ) -> Case {
    Case(
      id: id, name: "Case \(id)",
      scenario: Scenario(
        name: "Case \(id)", id: id, tags: tags, requires: requires,
        target: TargetSpec(screen: .demo("stage")), retries: retries, secrets: secrets,
        steps: steps, teardown: teardown, location: SourceLocation(file: "\(id).yaml", line: 1),
        root: "/"))
  }

  /// Cases with these names.
  static func of(_ ids: [String]) -> [Case] { ids.map { .of($0) } }
}

extension Step {
  static func sees(_ text: String) -> Step {
    Step(
      .expect(.text(Check.TextCheck(text: Template(text)))), name: "see \(text)",
      location: .ofStep)
  }

  static func presses(_ key: String) -> Step {
    Step(.press([KeyChord(keys: [key])]), location: .ofStep, text: "press \(key)")
  }

  static func does(_ line: String) -> Step {
    Step(.act(Template(line)), location: .ofStep, text: line)
  }
}

extension SourceLocation {
  static let ofStep = SourceLocation(file: "case.yaml", line: 7)
}
