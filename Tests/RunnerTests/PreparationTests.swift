import Props
import Platform
import Recording
import Reports
import Scenario
import Story
import Testing

@testable import Runner
import Session

/// What is wrong before an attempt can begin.
@Suite(.timeLimit(.minutes(5)))
struct PreparationTests {
  // MARK: - Requirements

  @Test func `what is not there is skipped without a target, under strict it is an error`()
    async throws
  {
    let cases = [Case.of("a", requires: ["xvnc"]), .of("b")]
    let rehearsal = try Rehearsal(cases)
    #expect(try await rehearsal.play().exitCode == 0)
    #expect(rehearsal.verdicts == ["a skipped", "b passed"])
    #expect(rehearsal.reason(of: "a").contains("xvnc"))
    #expect(rehearsal.endings.first?.ending.attempts == 0)
    #expect(rehearsal.stage.calls(in: "a.1").isEmpty)
    let strict = try Rehearsal(cases) { $0.isStrict = true }
    #expect(try await strict.play().exitCode == 5)
    #expect(strict.verdicts == ["a error", "b passed"])
    #expect(strict.stage.calls(in: "a.1").isEmpty)
  }

  @Test func `what is there is used`() async throws {
    let rehearsal = try Rehearsal(
      [.of("a", requires: ["xvnc"])], on: Stage(commands: ["Xvnc"]))
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a passed"])
  }

  @Test(arguments: [
    (Requirements.Model.forbidden, "a skipped", "none: --no-model"),
    (.absent(fix: "start one"), "a skipped", "none: start one"),
    (.broken("refused"), "a error", "none: refused"),
    (.available(name: "qwen at here"), "a passed", "qwen at here"),
  ])
  func `a case that requires a model has one, or the report says why not`(
    model: Requirements.Model, verdict: String, description: String
  ) async throws {
    let rehearsal = try Rehearsal([.of("a", requires: ["model"])], on: Stage(model: model))
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == [verdict])
    #expect(try summary.report().info.model == description)
  }

  @Test(arguments: [
    (Requirements.Model.forbidden, "--no-model forbids one"),
    (.absent(fix: "start one"), "start one"),
    (.broken("refused"), "refused"),
  ])
  func `a step that needs a model says why there is none`(
    model: Requirements.Model, reason: String
  ) async throws {
    let rehearsal = try Rehearsal([.of("a", [.does("sign in")])], on: Stage(model: model))
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a error"])
    #expect(rehearsal.reason(of: "a").contains("(no model: \(reason))"))
  }

  // MARK: - Secrets

  @Test(arguments: [[:], ["SHOP_PASSWORD": ""]])
  func `a secret without a value is an error that names it`(values: [String: String])
    async throws
  {
    let rehearsal = try Rehearsal([.of("a", secrets: ["SHOP_PASSWORD", "USER"])]) {
      $0.secrets = values.merging(["USER": "kim"]) { first, _ in first }
    }
    #expect(try await rehearsal.play().exitCode == 5)
    #expect(rehearsal.verdicts == ["a error"])
    #expect(
      rehearsal.reason(of: "a")
        == "SHOP_PASSWORD has no value: set it in the environment or in .env")
    #expect(rehearsal.stage.calls.isEmpty)
  }

  @Test func `a case that is skipped anyway needs no secret`() async throws {
    let rehearsal = try Rehearsal([.of("a", requires: ["xvnc"], secrets: ["SHOP_PASSWORD"])])
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a skipped"])
  }

  // MARK: - Ports that cannot be made

  @Test(arguments: ["a.1 screen", "a perception"])
  func `an attempt whose ports cannot be made is an error with its whole story`(call: String)
    async throws
  {
    let rehearsal = try Rehearsal(Case.of(["a", "b"]))
    rehearsal.stage.trouble(call, .fails(Fault(.scenario, "“nowhere” is no address")))
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a error", "b passed"])
    #expect(rehearsal.reason(of: "a") == "“nowhere” is no address")
    #expect(summary.exitCode == 5)
    let types = try summary.journal().filter { $0.caseID == "a" }.map(\.type)
    #expect(
      types == [
        "case.started", "attempt.started", "effect", "event", "effect", "case.finished",
      ])
    let attempt = try #require(try summary.report().cases.first?.attempts.first)
    #expect(attempt.ending.verdict == .error)
    let replay = try RunReplay.decide("latest", in: rehearsal.folder.path + "/reports")
    #expect(replay.attempts.allSatisfy { $0.result?.difference == nil && $0.problem == nil })
    #expect(replay.attempts.map(\.caseID) == ["a", "b"])
  }

  @Test func `a screen is not made when nothing can look at it`() async throws {
    let rehearsal = try Rehearsal([.of("a")])
    rehearsal.stage.trouble("a perception", .fails(Fault(.perception, "no language data")))
    _ = try await rehearsal.play()
    #expect(rehearsal.stage.calls == ["a perception"])
  }

  @Test func `ports that could not be made are made anew for the next attempt`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1)])
    rehearsal.stage.trouble("a perception", .fails(Fault(.perception, "no memory")))
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a flaky"])
  }
}
