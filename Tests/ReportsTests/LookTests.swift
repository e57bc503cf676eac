import Glibc
import JSONCoding
import Recording
import Reports
import Testing

struct LookTests {
  @Test func `writes samples for the eye`() async throws {
    for (name, lines) in [("mixed", SampleRun.lines), ("passed", SampleRun.passing)] {
      let fixture = try await Fixture(lines)
      let report = try fixture.report()
      try AtomicFile.write(HTMLReport.document(report), to: fixture.run.path + "/index.html")
      let writer = JUnitWriter(options: JUnitOptions(attachmentRoot: ""))
      try AtomicFile.write(writer.document(report), to: fixture.run.path + "/junit.xml")
      try AtomicFile.write(
        Array(ResultsJSON.document(report).prettyText.utf8), to: fixture.run.path + "/results.json")
      print(Summary.text(report, files: [("HTML", "reports/latest/index.html"), ("JUnit", "x")]))
      try #require(rename(fixture.run.path, "/tmp/rec/\(name)") == 0)
    }
  }
}
