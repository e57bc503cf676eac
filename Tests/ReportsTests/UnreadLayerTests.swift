import JSONCoding
import Pixels
import Platform
import Recording
import Story
import Testing

@testable import Reports

/// What was not read, in the report: a line and a layer on the picture.
struct UnreadLayerTests {
  private static let places = [
    ReadAccount.Place(box: PixelRect(x: 40, y: 60, width: 90, height: 12), cause: "unknown"),
    ReadAccount.Place(box: PixelRect(x: 300, y: 60, width: 9, height: 9), cause: "symbol"),
    ReadAccount.Place(box: PixelRect(x: 320, y: 60, width: 9, height: 9), cause: "symbol"),
  ]
  private static let account = ReadAccount(
    sure: 97_000, doubtful: 2_000, unread: 1_242, places: places)

  /// A check of each kind, each in a step of its own.
  private static func lines(_ pictures: [String: String]) throws -> [JournalLine] {
    var script = Script(pictures: pictures)
    try script.run(.runStarted(SampleRun.info))
    let unclear = Ending(.error, "cannot tell: “B” is not on the screen; it may be there")
    try script.runCase(SampleRun.makeCase("unread", "Unread"), unclear) { s in
      try s.attempt(SampleRun.makeCase("unread", "Unread"), 1, unclear) { s in
        try s.step("expect “A”", "expect", line: 2) { s in
          try s.see("cart")
          try s.check("“A”", "“A” at 1,1", true, read: account)
        }
        try s.step("expect no “A”", "expect", line: 3) { s in
          try s.check("no “A”", "it is not there", true, isForAbsence: true, read: account)
        }
        try s.step("expect an old check", "expect", line: 4) { s in
          try s.check("old", "“A” at 1,1", true)
        }
        try s.step("expect no “B”", "expect", unclear, line: 5) { s in
          try s.check(
            "no “B”", "it may be there", false, [places[0].box], doubt: "it may be there",
            read: account)
        }
      }
    }
    try script.run(.runFinished(RunEnding(duration: .seconds(1), exitCode: 5)))
    return script.lines
  }

  @Test func `shares are whole parts of a hundred, and none that is something is 0`() {
    for (areas, words) in [
      ((0, 0, 0), "there is no text"), ((5, 0, 0), "surely 100 %"),
      ((97, 2, 1), "surely 97 %, with doubt 2 %, not read 1 % (3 places)"),
      ((1_000_000, 0, 1), "surely 99 %, not read 1 % (3 places)"),
      ((1, 1_000_000, 1), "surely 1 %, with doubt 98 %, not read 1 % (3 places)"),
      ((0, 1, 1_000_000), "surely 0 %, with doubt 1 %, not read 99 % (3 places)"),
      ((0, 0, 7), "surely 0 %, not read 100 % (3 places)"),
      ((0, 7, 0), "surely 0 %, with doubt 100 %"),
      ((1 << 40, 1 << 40, 1 << 40), "surely 34 %, with doubt 33 %, not read 33 % (3 places)"),
    ] {
      let account = ReadAccount(
        sure: areas.0, doubtful: areas.1, unread: areas.2, places: Self.places)
      #expect(account.words == words)
    }
  }

  @Test func `every cause that the reader knows has words of its own`() {
    for cause in ["unknown", "symbol", "size", "pale", "struck", "too much"] {
      let words = ReadAccount.Place(box: Self.places[0].box, cause: cause).words
      #expect(words != cause && !words.isEmpty)
    }
    #expect(ReadAccount.Place(box: Self.places[0].box, cause: "newer").words == "newer")
  }

  @Test func `a check has what was read of its own picture, and of no other`() throws {
    let report = RunFold.report(try Self.lines([:]))
    let steps = try #require(report.cases.first?.attempts.first?.steps)
    let read = steps.map { step in
      step.moments.compactMap { moment -> ReadAccount? in
        if case .check(let check) = moment.kind { check.read } else { nil }
      }
    }
    #expect(read == [[Self.account], [Self.account], [], [Self.account]])
  }

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `the layer is drawn where a text was to be absent or could not be told, and else hidden`()
    async throws
  {
    let fixture = try await Fixture(Self.lines)
    let page = HTMLReport.document(try fixture.report())
    try Files.writeAtomically(page, to: fixture.run.path + "/index.html")
    let layer = "<g class=\"unread\""
    for (step, isShown) in [(1, false), (2, true)] {
      let visit = try await visit(fixture.run.path + "/index.html", "#case=unread&step=\(step)")
      #expect(visit.console == [])
      let body = try #require(visit.dom.firstRange(of: "class=\"scene\""))
      let scene = String(visit.dom[body.lowerBound...])
      #expect(scene.contains(layer))
      #expect(scene.contains("\(layer) hidden") == !isShown, "step \(step)")
      #expect(scene.contains("aria-pressed=\"\(isShown)\""), "step \(step)")
      #expect(scene.contains("surely 97 %, with doubt 2 %, not read 1 % (3 places)"))
      // The card of the check that could not be told comes before the steps.
      let card = String(visit.dom[..<body.lowerBound])
      #expect(card.contains("\(layer)>") && !card.contains("\(layer) hidden"))
      #expect(card.contains("<title>Not read: unknown letters</title>"))
      #expect(card.contains("<li>a symbol × 2</li>"))
    }
    let old = try await visit(fixture.run.path + "/index.html", "#case=unread&step=3")
    let body = try #require(old.dom.firstRange(of: "class=\"scene\""))
    let scene = old.dom[body.lowerBound...]
    #expect(!scene.contains("<dt>Read</dt>") && !scene.contains(layer))
  }

  @Test(.enabled(if: Tools.chromium != nil, "Chromium is not installed"), .timeLimit(.minutes(5)))
  func `one button shows and hides it on the picture, beside it and in full size`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-reports")
    let harness = """
      const item = {folder: ".", blobs: ["x.png"]};
      const marks = {regions: [[10, 10, 20, 20]], unread: [[40, 40, 9, 9, "a"], [60, 40, 9, 9, "b"]],
        unreadCount: 5, showsUnread: false};
      const frame = [0, 600, 400];
      const shots = el("div", {}, closeUp(item, frame, marks), picture(item, frame, "P", marks));
      document.body.append(shots);
      const button = shots.querySelector(".switch");
      const seen = () => {
        shots.querySelector("button.frame").click();
        const layers = [...shots.querySelectorAll("g.unread"), ...byId("zoom").querySelectorAll("g")];
        byId("zoom").close();
        return layers.map((one) => getComputedStyle(one).display !== "none").join(" ")
          + " " + button.getAttribute("aria-pressed");
      };
      const words = [button.textContent, shots.querySelector(".legend").textContent, seen()];
      button.focus();
      document.activeElement.click();
      words.push(seen());
      button.click();
      words.push(seen());
      document.title = words.join("|");
      """
    let scripts = [Page.baseScript, Page.pictureScript, harness].joined(separator: "\n")
    let page =
      "<!doctype html><title></title><style>\(Page.allStyle)</style><body>"
      + "<dialog id=zoom></dialog><script type=module>\(scripts)</script></body>"
    try Files.writeAtomically(Array(page.utf8), to: folder.path + "/index.html")
    let visit = try await visit(folder.path + "/index.html")
    let expected = [
      "Not read: 5 places", "ab3 smaller, not drawn", "false false false false",
      "true true true true", "false false false false",
    ]
    #expect(visit.title == expected.joined(separator: "|"))
  }

  private func visit(
    _ path: String, _ place: String = ""
  ) async throws -> (dom: String, title: String, console: [String]) {
    let profile = try TemporaryFolder(prefix: "qa-reports")
    let output = try await Tools.run(
      Tools.chromium,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(profile.path)/profile",
        "--enable-logging=stderr", "--dump-dom", "file://\(path)\(place)",
      ])
    let title = output.text.firstRange(of: "<title>").map { output.text[$0.upperBound...] }
    let shown = output.text.firstRange(of: "<script type").map { output.text[..<$0.lowerBound] }
    return (
      String(shown ?? ""), String((title ?? "").prefix { $0 != "<" }),
      output.errorText.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") }
    )
  }
}
