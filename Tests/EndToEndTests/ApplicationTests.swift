import JSONCoding
import Platform
import Testing

/// Real applications that crash, end well, hand over and hang, at each kind of step.
@Suite(.timeLimit(.minutes(6))) struct ApplicationTests {
  /// A window with a field and a button that ends the program: `segv`, `kill`, `stop` or a status; with
  /// `later` after it, a moment after it was pressed.
  private static let window = """
    import os, signal, sys
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import GLib, Gtk

    end, later = sys.argv[1], 1500 if "later" in sys.argv else 1
    names = {"segv": signal.SIGSEGV, "kill": signal.SIGKILL, "stop": signal.SIGSTOP}

    def finish():
        print("the end of", os.environ.get("PIN", "nothing"), flush=True)
        if end in names: os.kill(os.getpid(), names[end])
        else: os._exit(int(end))

    window = Gtk.Window(title="Window")
    window.set_default_size(360, 200)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=20, margin=20)
    window.add(box)
    button = Gtk.Button(label="Leave")
    button.connect("clicked", lambda _: GLib.timeout_add(later, finish))
    for child in [Gtk.Label(label="Ready"), Gtk.Entry(), button]:
        box.pack_start(child, False, False, 0)
    window.show_all()
    print("started", flush=True)
    Gtk.main()
    """

  /// A case: what is run, its steps after the first, and what must come of it.
  private struct Sample {
    let run: String
    var head = ""
    let steps: [String]
    let verdict: String
    let words: [String]

    init(
      _ run: String, head: String = "", _ steps: [String], _ verdict: String, _ words: String...
    ) {
      (self.run, self.head, self.steps, self.verdict, self.words) = (
        run, head, steps, verdict, words
      )
    }

    func text(_ name: String) -> String {
      """
      name: \(name)
      \(head)
      target: { desktop: { size: 400x260, run: "\(run)" } }
      steps:
        - expect: Ready
      \(steps.map { "  - \($0)" }.joined(separator: "\n"))
      """
    }
  }

  private static func window(_ end: String) -> String {
    "ulimit -c 0; exec /usr/bin/python3 window.py \(end)"
  }

  private static let leave = "click: Leave"

  /// Runs samples at once, and compares verdicts and reasons.
  private func compare(_ samples: [Sample]) async throws {
    let program = try Program()
    try program.write(Self.window, to: "cases/window.py")
    for (index, sample) in samples.enumerated() {
      try program.write(sample.text("Sample \(index)"), to: "cases/s\(index).yaml")
    }
    let ran = try await program.run(["run", "cases", "--no-model", "-j", "3"])
    let results = try program.results()
    for (index, sample) in samples.enumerated() {
      let result = try #require(results["s\(index)"], "\(ran.all)")
      let what: Comment = "\(sample.run) \(sample.steps): \(result.verdict): \(result.reason)"
      #expect(result.verdict == sample.verdict, what)
      for words in sample.words { #expect(result.reason.contains(words), what) }
    }
  }

  @Test func `a crash is an error at every kind of step, and says how and with what words`()
    async throws
  {
    let ends = [("segv", "signal 11 (SIGSEGV)"), ("kill", "signal 9 (SIGKILL)"), ("3", "status 3")]
    let long = [
      "wait: 3s", "expect: Nowhere", "click: Nowhere", "wait: { absent: Ready }",
      "read: Nowhere\n    as: x",
    ]
    let short = [
      "expect: { absent: Nowhere }", "expect: { never: Nowhere }", "press: Return",
      "act: press Return", "screenshot: end", "expect: { application: running }",
    ]
    func sample(_ index: Int, _ step: String, _ later: String) -> Sample {
      let (end, words) = ends[index % ends.count]
      return Sample(
        Self.window(end + later), [Self.leave, step], "error", words, "ago", "“the end of nothing”")
    }
    try await compare(
      long.enumerated().map { sample($0, $1, " later") }
        + short.enumerated().map { sample($0, $1, "") })
  }

  @Test func `after an end with 0 nothing is absent, and a step that needs a screen says so`()
    async throws
  {
    let steps = [
      "expect: { absent: Nowhere }", "expect: { not: Ready }", "expect: { never: Nowhere }",
      "wait: { absent: Ready }", "click: Ready", "type: { text: a, into: Ready }", "press: Return",
      "read: Ready\n    as: x", "expect: Ready",
    ]
    try await compare(
      steps.map {
        // On a busy machine the window may answer the click before the program ends.
        Sample(
          Self.window("0"), [Self.leave, "expect: { log: the end of }", $0], "error",
          "ended with status 0", "ago")
      }
        + [
          Sample(Self.window("0"), [Self.leave], "passed"),
          Sample(Self.window("0"), [Self.leave, "wait: 100ms", "screenshot: end"], "passed"),
          Sample(
            Self.window("0"), head: "ends: true", [Self.leave, "expect: { absent: Ready }"],
            "passed"),
          Sample(
            Self.window("0 later"),
            [
              Self.leave, "expect: { application: ended, exit: 0 }", "expect: { absent: Ready }",
            ], "passed"),
          Sample(
            Self.window("3 later"), [Self.leave, "expect: { application: ended, exit: 0 }"],
            "failed", "with status 3"),
          Sample(Self.window("kill"), head: "ends: true", [Self.leave, "screenshot: x"], "passed"),
        ])
  }

  @Test func `a launcher has not ended while what it launched lives, and that decides`()
    async throws
  {
    let lives = ["expect: { application: running }", "expect: { absent: Nowhere }", Self.leave]
    func handsOver(_ end: String) -> String {
      "ulimit -c 0; setsid /usr/bin/python3 window.py \(end) & exit 0"
    }
    try await compare([
      Sample(handsOver("0"), lives, "passed"),
      Sample(
        handsOver("0"), lives + ["expect: { absent: Nowhere }"], "error", "ended with status 0"),
      Sample(
        handsOver("segv"), lives + ["expect: { log: the end of }", "wait: 1s"], "error", "SIGSEGV"),
    ])
  }

  @Test func `one that is stopped has not ended, and what it shows is not believed`() async throws {
    let hung = Self.window("stop")
    let limit = "\n    timeout: 500ms"
    try await compare([
      Sample(hung, [Self.leave, "wait: 1s", "expect: { application: running }"], "passed"),
      Sample(
        hung, [Self.leave, "wait: 1s", "expect: Ready\(limit)"], "error", "is stopped (SIGSTOP)"),
      Sample(
        hung, [Self.leave, "wait: 1s", "expect: { absent: Nowhere }\(limit)"], "error",
        "is stopped (SIGSTOP)"),
      Sample(hung, [Self.leave, "click: Nowhere\(limit)"], "failed", "Nowhere"),
      Sample(
        hung, [Self.leave, "expect: { application: ended }\(limit)"], "failed",
        "the application runs"),
    ])
  }

  @Test func `the output can be asked, is in the reports without secrets, and is named`()
    async throws
  {
    let program = try Program()
    try program.write(Self.window, to: "window.py")
    let asks = Sample(
      "export PIN=${SHOP_PIN}; \(Self.window("3 later"))", head: "secrets: [SHOP_PIN]",
      [
        "expect: { log: started, never: Traceback }", "expect: { log: { never: the end } }",
        Self.leave, "expect: { log: \"the end of ${SHOP_PIN}\" }", "wait: 1s",
      ], "error")
    try program.write(asks.text("Asks"), to: "asks.yaml")
    let ran = try await program.run(
      ["run", "asks.yaml", "--no-model"], environment: ["SHOP_PIN": "hidden4711"])
    let result = try #require(try program.results()["asks"], "\(ran.all)")
    #expect(result.verdict == "error", "\(ran.all)")
    #expect(result.reason.contains("“the end of ‹SHOP_PIN›”"), "\(result.reason)")
    let log = "recording/logs/asks.1.log"
    #expect(ran.output.contains("output of the application: ") && ran.output.contains(log))
    for file in [log, "index.html", "junit.xml", "results.json", "recording/events.jsonl"] {
      let text = String(
        decoding: try Files.read("\(program.folder.path)/reports/latest/\(file)", limit: 64 << 20),
        as: UTF8.self)
      #expect(text.contains("started"), "\(file)")
      #expect(!text.contains("hidden4711"), "\(file)")
    }
  }

  @Test func `a check of an application that is not there is an error with its place`() async throws
  {
    let program = try Program()
    try program.write(
      """
      name: None
      target: { demo: sign-in }
      steps:
        - expect: { application: running }
      """, to: "case.yaml")
    let ran = try await program.run(["check", "case.yaml"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("case.yaml:4:") && ran.all.contains("run: COMMAND"), "\(ran.all)")
  }
}
