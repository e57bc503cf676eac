import Digests
import Glibc
import Platform
import Recording
import Scenario
import Story
import Testing

@testable import Reports

/// The numbers are those of the checklist in docs/reports.md.
struct JUnitTests {
  private func sample() throws -> RunReport { RunFold.report(try SampleRun.lines()) }

  private func text(
    _ report: RunReport, _ options: JUnitOptions = JUnitOptions(), secrets: [String: String] = [:]
  ) -> String {
    let writer = JUnitWriter(options: options, redactor: Redactor(secrets: secrets))
    return String(decoding: writer.document(report), as: UTF8.self)
  }

  private func report(_ cases: CaseReport...) -> RunReport {
    RunReport(
      info: SampleRun.info, cases: cases, duration: .seconds(1),
      ending: RunEnding(duration: .seconds(1), exitCode: 0))
  }

  /// The values of an attribute in the order of the document.
  private func values(_ attribute: String, in text: String) -> [String] {
    text.split(separator: " \(attribute)=\"").dropFirst().map { part in
      String(part.prefix { $0 != "\"" })
    }
  }

  private func validate(_ text: String, _ schema: String) async throws {
    let folder = try TemporaryFolder(prefix: "qa-reports")
    let path = folder.path + "/junit.xml"
    try Files.writeAtomically(Array(text.utf8), to: path)
    let output = try await Tools.run(Tools.xmllint, ["--noout", "--schema", schema, path])
    #expect(output.exit.isSuccess, "\(output.errorText)")
  }

  @Test func `1 is UTF-8 with a declaration, one root and a last line break`() throws {
    let text = text(try sample())
    #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
    #expect(text.hasSuffix("</testsuites>\n"))
    #expect(text.split(separator: "<testsuites").count == 2)
  }

  @Test(arguments: [
    ("a\u{0}\u{7}\u{B}\u{7F}\u{85}\u{9B}\u{FFFE}\u{FFFF}b\t\n", "ab\t\n"),
    ("a\u{1B}[31;1mred\u{1B}[0m b", "ared b"), ("\u{1B}]0;title\u{7}x\u{1B}]8;;u\u{1B}\\y", "xy"),
    ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}[3\nx", "\nx"), ("\u{1B}Mx", "x"),
    ("\u{1B}\u{1B}[1mx", "x"),
  ])
  func `2 holds nothing that XML forbids and no terminal sequence`(input: String, output: String) {
    #expect(XMLText.clean(input) == output)
  }

  @Test func `3 lets no text end a section, and uses none`() throws {
    let text = text(try sample())
    #expect(!text.contains("]]>"))
    #expect(!text.contains("CDATA"))
    #expect(text.contains("]]&gt;"))
  }

  @Test func `4 escapes attributes, also where a combining mark hides what must be escaped`() {
    let xml = XMLText(redactor: .none)
    #expect(xml.attribute("a", "<\"&\n\t>") == " a=\"&lt;&quot;&amp;&#10;&#9;&gt;\"")
    #expect(xml.attribute("a", "\"\u{301}<\u{338}") == " a=\"&quot;\u{301}&lt;\u{338}\"")
    #expect(xml.text("a\r\nb") == "a&#13;\nb")
  }

  @Test func `4 has a short message in one line and a type everywhere`() throws {
    let long = String(repeating: "word ", count: 100) + "\nsecond"
    let text = text(
      report(
        CaseReport(id: "a", ending: Ending(.failed, long)),
        CaseReport(id: "b", ending: Ending(.error)),
        CaseReport(id: "c", ending: Ending(.skipped, long))))
    let messages = values("message", in: text)
    #expect(messages.count == 3)
    #expect(
      messages.allSatisfy { (1...200).contains($0.unicodeScalars.count) && !$0.contains("&#10;") })
    #expect(values("type", in: text).count == 3)
  }

  @Test(arguments: [
    (Duration.zero, "0.000"), (.milliseconds(7), "0.007"), (.seconds(1_234_567), "1234567.000"),
    (.microseconds(1999), "0.001"), (.seconds(-3), "0.000"),
  ])
  func `5 writes times with a dot and three decimals`(duration: Duration, text: String) {
    setlocale(LC_NUMERIC, "de_DE.UTF-8")
    #expect(duration.decimals == text)
  }

  @Test func `6 writes moments in UTC`() throws {
    let moments = values("timestamp", in: text(try sample()))
    #expect(moments.first == "2026-11-20T12:00:00Z")
    #expect(moments.allSatisfy { UTCTime($0) != nil })
  }

  @Test func `7 has counts that equal the children`() throws {
    let text = text(try sample())
    func sum(_ name: String) -> Int {
      values(name, in: text).dropFirst().compactMap(Int.init).reduce(0, +)
    }
    #expect(values("tests", in: text).first == "8" && sum("tests") == 8)
    #expect(values("failures", in: text).first == "3" && sum("failures") == 3)
    #expect(values("errors", in: text).first == "1" && sum("errors") == 1)
    #expect(values("skipped", in: text) == ["0", "0", "0", "0", "0", "0", "1", "0"])
    #expect(text.split(separator: "<failure ").count - 1 == 3)
    #expect(text.split(separator: "<error ").count - 1 == 1)
    #expect(text.split(separator: "<skipped ").count - 1 == 1)
    #expect(values("time", in: text).first == "183.250")
  }

  @Test func `8 has one level of suites, one for each file`() throws {
    let text = text(try sample())
    #expect(text.split(separator: "<testsuite ").count - 1 == 8)
    #expect(text.split(separator: "</testsuite>").count - 1 == 8)
    #expect(!text.contains("</testsuite></testsuite>"))
  }

  @Test func `9 names each case once, the same in every run`() throws {
    var cases = ["de", "en", "en"].enumerated().map { number, lang in
      CaseReport(id: "a[lang=\(lang),n=\(number)]", name: "Sign in \(lang)", ending: .passed)
    }
    for index in cases.indices {
      cases[index].location = SourceLocation(file: "s/a.b.yaml", line: 1)
    }
    let names = JUnitNames(cases)
    #expect(
      cases.map(names.name) == [
        "Sign in de", "Sign in en (a[lang=en,n=1])", "Sign in en (a[lang=en,n=2])",
      ])
    #expect(JUnitNames.className(of: cases[0]) == "s.a·b")
    var later = try sample()
    later.info.id = "another"
    later.info.startedAt = "2027-01-01T00:00:00Z"
    let first = text(try sample())
    #expect(values("name", in: first) == values("name", in: text(later)))
    #expect(values("classname", in: first) == values("classname", in: text(later)))
  }

  @Test func `10 has at most one log a case`() throws {
    let text = text(try sample())
    for part in text.split(separator: "<testcase ").dropFirst() {
      let end = part.split(separator: "</testcase>")[0]
      #expect(end.split(separator: "      <system-out>").count <= 2)
      #expect(!end.contains("<system-err"))
    }
  }

  @Test func `11 ends the log with pictures that are there, the most telling first`() async throws {
    let fixture = try await Fixture()
    let report = try fixture.report()
    let options = JUnitOptions(attachmentRoot: "reports/run")
    let wrong = try Files.read("\(fixtures)/wrong.png", limit: 1 << 20)
    let digest = SHA256(of: wrong).description
    let path = "recording/blobs/\(digest.prefix(2))/\(digest).png"
    let text = text(report, options)
    #expect(text.contains("\n\n[[ATTACHMENT|reports/run/\(path)]]\n</system-out>"))
    for line in text.split(separator: "\n") where line.contains("ATTACHMENT") {
      let file = try #require(
        line.dropFirst("[[ATTACHMENT|reports/run/".count).split(separator: "]").first)
      #expect(access("\(fixture.run.path)/\(file)", R_OK) == 0)
    }
    let absent = JUnitWriter(options: options) { _ in false }.document(report)
    #expect(!String(decoding: absent, as: UTF8.self).contains("ATTACHMENT"))
    #expect(!self.text(report, JUnitOptions(attachmentRoot: "a[1]")).contains("ATTACHMENT"))
  }

  @Test func `12 stays small, whatever was said`() throws {
    let long = String(repeating: "long ä", count: 20_000)
    let cases = (0..<400).map { number in
      var attempt = AttemptReport(number: 1, ending: Ending(.failed, long))
      attempt.moments = []
      return CaseReport(id: "case \(number)", ending: Ending(.failed, long), attempts: [attempt])
    }
    let report = RunReport(info: SampleRun.info, cases: cases)
    #expect(text(report).utf8.count < 30 << 20)
    let cut = long.cutInTheMiddle(to: 1000)
    #expect(cut.utf8.count <= 1000 && cut.contains("bytes left out") && !cut.contains("\u{FFFD}"))
    #expect(cut.hasPrefix("long") && cut.hasSuffix("long ä"))
  }

  @Test(.enabled(if: Tools.xmllint != nil, "xmllint is not installed"), .timeLimit(.minutes(5)))
  func `13 is written when nothing ran and when the run was cut off`() async throws {
    try await validate(text(report()), project + "/docs/junit.xsd")
    let lines = try SampleRun.lines()
    for count in stride(from: 1, to: lines.count, by: lines.count / 6) {
      let report = RunFold.report(lines[..<count])
      try await validate(text(report), project + "/docs/junit.xsd")
    }
  }

  @Test func `14 redacts before it escapes, in attributes too`() throws {
    var item = CaseReport(id: "a", name: "a <s&cret>", ending: Ending(.failed, "x <s&cret>"))
    item.tags = ["<s&cret>"]
    let text = text(report(item), secrets: ["S": "<s&cret>"])
    #expect(!text.contains("s&amp;cret"))
    #expect(values("name", in: text).contains("a ‹S›"))
    #expect(values("message", in: text) == ["x ‹S›"])
  }

  @Test func `14 redacts before it cuts`() throws {
    let secret = "correct-horse-battery-staple"
    for padding in stride(from: 150, through: 210, by: 7) {
      let reason =
        String(repeating: "x", count: padding) + secret + String(repeating: "y", count: 99_999)
      for length in [0, 1, 2, 3] {
        let item = CaseReport(
          id: "a",
          ending: Ending(.failed, String(repeating: "z", count: length * 11 + 32_500) + reason))
        let text = text(
          report(item, CaseReport(id: "b", ending: Ending(.failed, reason))), secrets: ["S": secret]
        )
        #expect(!text.contains("correct"))
        #expect(!text.contains("staple"))
      }
    }
  }

  @Test(
    .enabled(if: Tools.xmllint != nil, "xmllint is not installed"), .timeLimit(.minutes(5)),
    arguments: [false, true])
  func `15 validates against our schema`(hasLocations: Bool) async throws {
    let options = JUnitOptions(hasLocations: hasLocations, attachmentRoot: "")
    let text = text(try sample(), options)
    #expect(text.contains(" file=\"scenarios/sign-in.yaml\" line=\"1\"") == hasLocations)
    try await validate(text, project + "/docs/junit.xsd")
  }

  @Test(
    .enabled(
      if: Tools.xmllint != nil && Tools.jenkinsSchema != nil,
      "QA_JUNIT_XSD does not name Jenkins' junit-10.xsd"), .timeLimit(.minutes(5)))
  func `15 validates against the schema of Jenkins`() async throws {
    try await validate(text(try sample()), try #require(Tools.jenkinsSchema))
  }

  @Test(.enabled(if: Tools.xmllint != nil, "xmllint is not installed"), .timeLimit(.minutes(5)))
  func `15 is well formed whatever a name and a reason hold`() async throws {
    var random = SystemRandomNumberGenerator()
    let odd: [UInt32] = [
      0, 9, 10, 13, 0x1B, 0x22, 0x26, 0x3C, 0x3E, 0x5B, 0x5D, 0x7F, 0x9B, 0x301,
      0x338, 0x2028, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600,
    ]
    let cases = (0..<300).map { number in
      let scalars = (0..<20).compactMap { _ in
        Unicode.Scalar(
          Bool.random(using: &random)
            ? odd.randomElement(using: &random) ?? 0 : .random(in: 0...0x10FFFF, using: &random))
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return CaseReport(
        id: "\(number)", name: "\(number)" + String(text), ending: Ending(.failed, String(text)))
    }
    let report = RunReport(info: SampleRun.info, cases: cases)
    try await validate(text(report), project + "/docs/junit.xsd")
  }

  @Test func `15 is the golden file`() throws {
    if ProcessEnvironment.current["UPDATE_FILES"] == "1" {
      try Files.writeAtomically(Array(text(try sample()).utf8), to: "\(fixtures)/junit.xml")
    }
    let golden = try Files.read("\(fixtures)/junit.xml", limit: 1 << 20)
    #expect(text(try sample()) == String(decoding: golden, as: UTF8.self))
  }

  // MARK: - Verdicts

  @Test func `says each verdict in JUnit's own words`() throws {
    let text = text(try sample())
    func part(_ id: String) throws -> Substring {
      let start = try #require(
        text.split(separator: "<testcase classname=\"scenarios.\(id)\"").last)
      return start.split(separator: "</testcase>")[0]
    }
    #expect(!(try part("sign-in")).contains("<failure"))
    #expect(try part("sign-in-wrong").contains("<failure type=\"check\""))
    #expect(try part("sign-in-wrong").contains("<rerunFailure type=\"check\""))
    #expect(try part("cart").contains("<flakyFailure type=\"check\""))
    #expect(!(try part("cart")).contains("<failure"))
    #expect(try part("invoice").contains("<error type=\"model\""))
    #expect(try part("search").contains("<failure type=\"timeout\""))
    #expect(try part("print").contains("<skipped type=\"skipped\" message=\"it requires lp"))
    #expect(try part("browse").contains("<system-out>passed, but nothing was checked\n"))
    #expect(
      text.contains(
        "<property name=\"qa-agent.nothing-checked\" value=\"Look around in the shop\"/>"))
    #expect(try part("hostile").contains("<failure type=\"action\""))
  }

  @Test func `tells attempts that failed from attempts without a verdict`() {
    func attempt(_ number: Int, _ verdict: Verdict) -> AttemptReport {
      AttemptReport(number: number, ending: Ending(verdict, "attempt \(number)"))
    }
    func elements(_ verdict: Verdict, _ attempts: Verdict...) -> [String] {
      let item = CaseReport(
        id: "a", ending: Ending(verdict, "x"),
        attempts: attempts.enumerated().map { attempt($0.offset + 1, $0.element) })
      return text(report(item)).split(separator: "\n").filter { $0.hasPrefix("      <") }.map {
        String($0.dropFirst(7).prefix { $0.isLetter })
      }.filter { $0 != "system" && $0 != "property" }
    }
    #expect(elements(.failed, .error, .failed) == ["failure", "rerunError"])
    #expect(elements(.error, .failed, .error) == ["rerunFailure", "error"])
    #expect(elements(.flaky, .error, .timedOut, .passed) == ["flakyFailure", "flakyError"])
    #expect(elements(.interrupted, .interrupted) == ["error"])
    #expect(elements(.failed) == ["failure"])
  }

  @Test func `names the file of a shard`() {
    #expect(JUnitOptions(shard: "2of4").fileName == "junit-2of4.xml")
    #expect(JUnitOptions().fileName == "junit.xml")
  }
}
