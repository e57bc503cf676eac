import Digests
import FoundationEssentials
import JSONCoding
import Platform
import Recording
import Story
import Testing

@testable import Reports

struct HTMLReportTests {
  private func page(_ redactor: Redactor = .none) throws -> String {
    let report = RunFold.report(try SampleRun.lines())
    return String(decoding: HTMLReport.document(report, redactor: redactor), as: UTF8.self)
  }

  private func block(_ id: String, of page: String) throws -> JSON {
    let start = try #require(page.firstRange(of: "id=\"\(id)\">")?.upperBound)
    let end = try #require(page[start...].firstRange(of: "</script>")?.lowerBound)
    return try JSON(parsing: page[start..<end].utf8)
  }

  @Test func `keeps what screens and models say out of the markup`() throws {
    let page = try page()
    #expect(!page.contains("<img src=x"))
    #expect(!page.contains("\u{2028}"))
    #expect(page.split(separator: "</script>").count - 1 == 1 + 8 + 1)
    let details = try block("case-7", of: page)
    #expect(
      details["attempts"]?[0]?["steps"]?[0]?["title"]?.string
        == "title </script><img src=x onerror=alert(1)>\u{2028}]]>&\"'")
  }

  @Test func `escapes the title, also behind a combining mark`() throws {
    var report = RunFold.report(try SampleRun.passing())
    report.info.id = "<\u{338}script>"
    let page = String(decoding: HTMLReport.document(report), as: UTF8.self)
    #expect(page.contains("The case passed · &lt;\u{338}script&gt;</title>"))
  }

  @Test func `allows only its own script and style, by their hashes`() throws {
    let page = try page()
    let script = try #require(page.firstRange(of: "<script>")?.upperBound)
    let text = page[script...].prefix { $0 != "\u{0}" }
    let end = try #require(text.firstRange(of: "</script>")?.lowerBound)
    let hash = Data(SHA256(of: Array(text[..<end].utf8)).bytes).base64EncodedString()
    #expect(page.contains("script-src 'sha256-\(hash)'"))
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains("unsafe-"))
  }

  @Test func `holds no secret`() throws {
    let page = try page(
      Redactor(secrets: ["WHO": "web-team", "MODEL": "qwen3-vl", "FILE": "cart.yaml"]))
    #expect(!page.contains("web-team") && !page.contains("qwen3-vl") && !page.contains("cart.yaml"))
    #expect(page.contains("‹WHO›"))
  }

  @Test func `names each picture of a case once and refers to it by number`() async throws {
    let report = try await Fixture().report()
    let page = String(decoding: HTMLReport.document(report), as: UTF8.self)
    let details = try block("case-0", of: page)
    #expect(details["blobs"]?.array?.count == 4)
    #expect(details["folder"] == "recording/blobs")
    let marks = details["attempts"]?[0]?["steps"]?[2]?["moments"]?.array?.first {
      $0["kind"] == "action"
    }
    #expect(marks?["mark"]?["points"] == [[320, 279]])
    #expect(marks?["mark"]?["box"] == [193, 262, 254, 34])
    #expect(marks?["before"]?[1] == 640)
  }

  // MARK: - In a browser

  /// What Chromium makes of a page.
  private struct Visit {
    let dom: String
    let title: String
    let console: [String]
    let requests: [String]
  }

  private func visit(_ folder: String, _ place: String = "") async throws -> Visit {
    let profile = try TemporaryFolder(prefix: "qa-reports")
    let log = profile.path + "/net.json"
    let output = try await Tools.run(
      Tools.chromium,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(profile.path)/profile",
        "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
        "--log-net-log=\(log)", "--enable-logging=stderr", "--dump-dom",
        "file://\(folder)/index.html\(place)",
      ])
    let net = String(decoding: try Files.read(log, limit: 64 << 20), as: UTF8.self)
    // The browser's own errands have no origin; what a page asks for has the page's.
    let own = "\"initiator\":\"not an origin\""
    let initiators = net.split(separator: ",").map(String.init).filter {
      $0.contains("\"initiator\":") && !$0.contains(own)
    }
    // What is shown, without the data and the script behind it.
    let shown = output.text.firstRange(of: "<script type").map { output.text[..<$0.lowerBound] }
    let body = shown?.firstRange(of: "<body>").flatMap { shown?[$0.upperBound...] }
    let title = output.text.firstRange(of: "<title>").map { output.text[$0.upperBound...] }
    return Visit(
      dom: String(try #require(body)), title: String((title ?? "").prefix { $0 != "<" }),
      console: output.errorText.split(separator: "\n").map(String.init).filter {
        $0.contains("CONSOLE")
      }, requests: initiators)
  }

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `opens from the disk without a console message or a network request`() async throws {
    let fixture = try await Fixture()
    let report = try fixture.report()
    try Files.writeAtomically(HTMLReport.document(report), to: fixture.run.path + "/index.html")
    for item in ["sign-in", "sign-in-wrong", "cart", "hostile[lang=<b>]"] {
      let place = item.utf8.map { byte in
        let digits = String(byte, radix: 16)
        return "%" + (digits.count < 2 ? "0" : "") + digits
      }.joined()
      let visit = try await visit(fixture.run.path, "#case=\(place)&step=1")
      #expect(visit.console == [])
      #expect(visit.requests == [])
      #expect(!visit.dom.contains("<img src=\"x\""))
      #expect(!visit.dom.contains("is missing from the recording"))
      #expect(!visit.dom.contains("undefined") && !visit.dom.contains(">null"))
    }
  }

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `shows failures first, with the evidence drawn on the picture`() async throws {
    let fixture = try await Fixture()
    let report = try fixture.report()
    try Files.writeAtomically(HTMLReport.document(report), to: fixture.run.path + "/index.html")
    let visit = try await visit(fixture.run.path)
    let list = try #require(visit.dom.firstRange(of: "<ol id=\"cases\">")?.upperBound)
    let names = [
      "A wrong password", "Search for a teapot", "Pay by invoice", "Put a teapot", "Sign in with",
    ]
    var place = list
    for name in names {
      place = try #require(
        visit.dom[place...].firstRange(of: name)?.upperBound, "\(name) is out of order")
    }
    #expect(visit.dom.contains("3 of 8 cases failed"))
    #expect(visit.dom.contains("class=\"line region bad\""))
    #expect(visit.dom.contains("not there; closest: “do not match.”"))
    #expect(visit.dom.contains("--rerun 2026-11-20T12-00-00Z-4f2a"))
  }

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `says where a picture is missing`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-reports")
    let digest = SHA256(of: []).description
    let report = RunFold.report(
      try SampleRun.lines(pictures: ["wrong": digest, "empty": digest]))
    try Files.writeAtomically(HTMLReport.document(report), to: folder.path + "/index.html")
    let visit = try await visit(folder.path)
    #expect(visit.dom.contains("this picture is missing from the recording"))
  }

  private static let filters: KeyValuePairs = [
    "": "a b c", "login": "a", "s:failed": "b", "s:failed s:error": "b c", "s:bad": "b c",
    "s:bad !s:error": "b", "@smoke": "a b", "@smoke !login": "b", "\"slow page\"": "c",
    "\"page slow\"": "", "!@smoke": "c", "@SMOKE s:passed": "a", "s:unchecked": "a",
    "<b> \\ (": "",
  ]

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `filters cases by words, verdicts and tags`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-reports")
    let filters = JSON.array(Self.filters.map { .string($0.key) })
    let harness = """
      const items = [
        {name: "a", verdict: "passed", tags: ["smoke"], haystack: "a login", unchecked: true},
        {name: "b", verdict: "failed", tags: ["Smoke"], haystack: "b"},
        {name: "c", verdict: "error", tags: [], haystack: "c the slow page"},
      ];
      document.title = \(filters.text).map((filter) => {
        const terms = parseFilter(filter);
        return items.filter((item) => fits(item, terms)).map((item) => item.name).join(" ");
      }).join(",");
      """
    let scripts = [Page.baseScript, Page.filterScript, harness].joined(separator: "\n")
    let page = "<!doctype html><title></title><body><script type=module>\(scripts)</script></body>"
    try Files.writeAtomically(Array(page.utf8), to: folder.path + "/index.html")
    let visit = try await visit(folder.path)
    #expect(visit.console == [])
    #expect(
      visit.title.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        == Self.filters.map(\.value))
  }
}
