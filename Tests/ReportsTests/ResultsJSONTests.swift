import JSONCoding
import Recording
import Testing

@testable import Reports

struct ResultsJSONTests {
  private let results: JSON

  init() throws {
    results = ResultsJSON.document(RunFold.report(try SampleRun.lines(pictures: ["wrong": "w"])))
  }

  @Test func `names its schema and version`() {
    #expect(results["schema"] == "qa-agent.results/1.0")
  }

  @Test func `counts every verdict`() {
    let counts: JSON = [
      "total": 8, "passed": 2, "failed": 2, "error": 1, "skipped": 1, "flaky": 1, "timedOut": 1,
      "interrupted": 0, "notRun": 0, "nothingChecked": 1,
    ]
    #expect(results["counts"] == counts)
    #expect(results["verdict"] == "failed")
  }

  @Test func `tells of the run, its models and how to run it again`() {
    #expect(results["run"]?["started"] == "2026-11-20T12:00:00Z")
    #expect(results["run"]?["seconds"] == .number(183.25))
    #expect(results["run"]?["exitCode"] == 1)
    #expect(
      results["run"]?["rerun"]?.string?.hasSuffix("--rerun 2026-11-20T12-00-00Z-4f2a") == true)
    #expect(results["models"]?["calls"] == 4)
  }

  @Test func `tells of each case, attempt, step and check`() throws {
    let item = try #require(results["cases"]?.array?.first { $0["id"] == "sign-in-wrong" })
    #expect(item["verdict"] == "failed")
    #expect(item["attempts"]?.array?.count == 2)
    let step = try #require(item["attempts"]?[1]?["steps"]?[3])
    #expect(step["line"] == 31)
    #expect(step["checks"]?[0]?["holds"] == false)
    #expect(step["checks"]?[0]?["regions"] == [[190, 304, 242, 36]])
  }

  @Test func `is JSON that can be read back, and holds no secret`() throws {
    let report = RunFold.report(try SampleRun.lines())
    let redactor = Redactor(secrets: ["WHO": "web-team"])
    let text = ResultsJSON.document(report, redactor: redactor).prettyText
    #expect(!text.contains("web-team"))
    #expect(text.contains("‹WHO›"))
    #expect(try JSON(parsing: text)["cases"]?.array?.count == 8)
  }
}
