import JSONCoding
import Platform
import Testing

/// What was not read, from a real window to the journal, the report and the message.
@Suite(.timeLimit(.minutes(6))) struct UnreadReportTests {
  /// A window with a line that stands on its head, and two signs that are no letters.
  private static let window = """
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window(title="Window")
    window.set_default_size(480, 300)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=24, margin=24)
    window.add(box)
    turned = Gtk.Label(label="Withdrawn forever")
    turned.set_angle(180)
    marks = Gtk.Label(label="✗   ⚠   Ready to send")
    for child in [Gtk.Label(label="Account of the month"), turned, marks, Gtk.Button(label="Send")]:
        box.pack_start(child, False, False, 0)
    window.show_all()
    Gtk.main()
    """

  private static let unclear = """
    name: Unclear
    target: { desktop: { size: 480x300, run: "exec /usr/bin/python3 window.py" } }
    steps:
      - expect: Ready to send
      - expect: { text: Send, region: bottom-half }
      - expect: { never: "A text that is far too long for any place of this small window" }
      - screenshot: kept
      - expect: { absent: Forget withdrawal }
        timeout: 1s
    """

  private static let failing = """
    name: Failing
    target: { desktop: { size: 480x300, run: "exec /usr/bin/python3 window.py" } }
    steps:
      - expect: Ready to send
      - expect: { not: Account of the month }
        timeout: 1s
    """

  private struct Recorded {
    let readings: [JSON]
    let page: String
    let results: [String: (verdict: String, reason: String)]
    let path: String
    let terminal: String
  }

  private func record(_ program: Program) async throws -> Recorded {
    try program.write(Self.window, to: "cases/window.py")
    try program.write(Self.unclear, to: "cases/unclear.yaml")
    try program.write(Self.failing, to: "cases/failing.yaml")
    let ran = try await program.run(["run", "cases", "--no-model"])
    let folder = program.folder.path + "/reports/latest"
    let journal = try Files.read(folder + "/recording/events.jsonl", limit: 16 << 20)
    let lines = try journal.split(separator: 10).map { try JSON(parsing: Array($0)) }
    let readings = lines.filter { $0["case"] == "unclear" }.compactMap { line in
      let event = line["event"]
      return event?["examined"]?["readings"]?.array ?? event?["pastRead"]?["past"].map { [$0] }
    }
    let page = try Files.read(folder + "/index.html", limit: 16 << 20)
    return Recorded(
      readings: readings.joined().map(\.self), page: String(decoding: page, as: UTF8.self),
      results: try program.results(), path: folder + "/index.html", terminal: ran.all)
  }

  /// The moments of a step that are checks, as the page is told of them.
  private func checks(of id: String, _ page: String) throws -> [JSON] {
    for number in 0..<2 {
      let mark = "id=\"case-\(number)\">"
      guard let start = page.firstRange(of: mark)?.upperBound,
        let end = page[start...].firstRange(of: "</script>")?.lowerBound
      else { continue }
      let item = try JSON(parsing: Array(page[start..<end].utf8))
      guard item["command"]?.string?.contains(id) == true else { continue }
      let steps = item["attempts"]?[0]?["steps"]?.array ?? []
      return steps.flatMap { $0["moments"]?.array ?? [] }.filter { $0["kind"] == "check" }
    }
    return []
  }

  @Test func `what was not read is in the journal, in the report and in the message`() async throws
  {
    let program = try Program()
    let recorded = try await record(program)
    let readings = recorded.readings
    #expect(readings.count >= 4, "\(recorded.terminal)")
    for reading in readings {
      let read = try #require(reading["read"], "\(reading.text)")
      #expect((read["sure"]?.integer ?? 0) > 0)
      #expect(read.bytes.count < 300, "\(read.text)")
    }
    // The upper half of the window is nothing to a check of the lower one.
    let whole = try #require(readings.last?["read"])
    let part = try #require(readings[1]["read"])
    #expect((part["sure"]?.integer ?? 0) < (whole["sure"]?.integer ?? 0))
    #expect((part["places"]?.array ?? []).count < (whole["places"]?.array ?? []).count)
    let largest = try #require(whole["places"]?[0])
    #expect((largest[2]?.integer ?? 0) > 60 && largest[4] == "unknown", "\(whole.text)")
    #expect(whole["places"]?.array?.contains { $0[4] == "symbol" } == true, "\(whole.text)")

    let checks = try checks(of: "unclear", recorded.page)
    #expect(checks.map { $0["showsUnread"] } == [false, false, true, true])
    let last = try #require(checks.last)
    #expect(last["unread"]?[0]?[2] == largest[2] && last["unread"]?[0]?[4] == "unknown letters")
    #expect(last["read"]?.string?.contains("not read") == true)

    let unclear = try #require(recorded.results["unclear"])
    #expect(unclear.verdict == "error" && unclear.reason.hasPrefix("expect"), "\(unclear)")
    #expect(unclear.reason.contains("cannot tell") && unclear.reason.contains("not read"))
    let failing = try #require(recorded.results["failing"])
    let count = whole["places"]?.array?.count ?? 0
    #expect(failing.verdict == "failed", "\(failing)")
    #expect(
      failing.reason.contains("; \(count) places were not read, the largest at "), "\(failing)")
    #expect(failing.reason.split(separator: "not read").count == 2, "\(failing)")
  }

  @Test(.enabled(if: Executables.find("chromium") != nil, "Chromium is not installed"))
  func `the places are drawn over the picture of a real run`() async throws {
    let program = try Program()
    let recorded = try await record(program)
    let output = try await runCommand(
      ProcessSpecification(
        "/usr/bin/env",
        [
          "chromium", "--headless", "--no-sandbox", "--disable-gpu",
          "--user-data-dir=\(program.folder.path)/profile", "--enable-logging=stderr",
          "--dump-dom", "file://\(recorded.path)#case=unclear",
        ]), outputLimit: 16 << 20, timeout: .seconds(60))
    let shown = output.text.firstRange(of: "<script type").map { output.text[..<$0.lowerBound] }
    let page = try #require(shown)
    #expect(page.contains("<g class=\"unread\"><rect"))
    #expect(page.contains("<title>Not read: unknown letters</title>"))
    #expect(!page.contains("is missing from the recording"))
    #expect(!output.errorText.contains("CONSOLE"), "\(output.errorText)")
  }
}
