import Props
import Recording
import Scenario
import Story
import Testing

@testable import Commands

/// `qa-agent resume`: which runs go on, and what is said of those that do not.
@Suite(.timeLimit(.minutes(2)))
struct ResumeCommandTests {
  /// A run that was begun with these words and meant to do one case.
  private func run(
    _ words: String..., finishes: Bool = false, ends: Bool = false
  ) async throws -> RecordedRun {
    let recorded = try await RecordedRun(startsRun: false)
    try await recorded.write(
      .runStarted(
        RunInfo(
          id: recorded.id, version: "1", commandLine: ["./qa-agent"] + words,
          startedAt: "2026-11-20T12:00:00Z", host: "box", selected: 1, workers: 1, model: "")))
    try await recorded.write(
      .runPlanned(
        RunPlan(
          cases: [
            PlannedCase(
              id: "a", name: "A", location: SourceLocation(file: "a.yaml", line: 1), retries: 0,
              digest: "d")
          ], settings: RunSettings(), files: [])))
    if finishes { try await recorded.write(case: "a") }
    if ends { try await recorded.finish() } else { await recorded.kill() }
    return recorded
  }

  @Test func `a run that is alive is refused, and nothing is written`() async throws {
    let recorded = try await RecordedRun()
    let ran = await recorded.run("resume", "latest")
    #expect(ran.code == .usage)
    #expect(ran.messages.contains("\(recorded.id) is still running"), "\(ran)")
    await recorded.kill()
  }

  @Test func `what cannot go on says why`() async throws {
    let complete = try await run("run", finishes: true, ends: true)
    #expect(await complete.run("resume", "latest").messages.contains("is complete"))
    let debugged = try await run("debug", "a.yaml")
    #expect(await debugged.run("resume", "latest").messages.contains("only what `run` began"))
    let secret = try await run("run", "-D", "KEY=‹SHOP›")
    #expect(await secret.run("resume", "latest").messages.contains("value of a secret"))
    let newer = try await run("run", "--of-tomorrow")
    #expect(await newer.run("resume", "latest").messages.contains("--of-tomorrow"))
    let early = try await RecordedRun(startsRun: false)
    await early.kill()
    #expect(await early.run("resume", "latest").messages.contains("before it began"))
    for recorded in [complete, debugged, secret, newer, early] {
      #expect(await recorded.run("resume", "latest").code == .usage)
    }
    #expect(await early.run("resume", "latset").messages.contains(early.id))
  }

  @Test func `a case that is not there any more is named, and keeps the run from going on`()
    async throws
  {
    let recorded = try await run("run", "DIR")
    let scenario = "name: B\ntarget: { demo: sign-in }\nsteps:\n  - note: one\n"
    try recorded.folder.write(scenario, to: "scenarios/b.yaml")
    let paths = try await run("run", recorded.folder.file("scenarios"))
    let ran = await paths.run("resume", "latest", "--reporter", "none")
    #expect(ran.code == .usage)
    #expect(ran.messages.contains("there is no case “a” any more"), "\(ran)")
    #expect(ran.messages.contains("--anyway"))
  }
}
