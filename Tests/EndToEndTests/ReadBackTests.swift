import Platform
import Testing

/// What fields show of what was typed into them.
@Suite(.timeLimit(.minutes(5))) struct ReadBackTests {
  /// A form whose fields do to a text what real ones do: nothing, capitals, only so much of it, dots.
  private static let form = """
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window(title="Form")
    window.set_default_size(600, 400)
    grid = Gtk.Grid(margin=20, row_spacing=16, column_spacing=12)
    window.add(grid)
    entries = {}
    for row, name in enumerate(["Name", "Country", "Postcode", "Password"]):
        grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
        entries[name] = Gtk.Entry(width_chars=30)
        grid.attach(entries[name], 1, row, 1, 1)

    def raise_letters(entry):
        if entry.get_text() != entry.get_text().upper():
            entry.set_text(entry.get_text().upper())
            entry.set_position(-1)

    entries["Country"].connect("changed", raise_letters)
    entries["Postcode"].set_max_length(4)
    entries["Password"].set_visibility(False)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()
    """

  private func scenario(_ steps: String, _ secrets: String = "") -> String {
    """
    name: Form
    target:
      desktop: { size: 800x600, wm: openbox, run: "/usr/bin/python3 form.py" }
    \(secrets)
    steps:
      - expect: Postcode
    \(steps)
    """
  }

  private func run(
    _ steps: String, secrets: String = "", environment: [String: String] = [:]
  ) async throws -> (program: Program, ran: Program.Ran, journal: String) {
    let program = try Program()
    try program.write(Self.form, to: "form.py")
    try program.write(scenario(steps, secrets), to: "form.yaml")
    let ran = try await program.run(
      ["run", "form.yaml", "--no-model", "-v"], environment: environment)
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 64 << 20)
    return (program, ran, String(decoding: journal, as: UTF8.self))
  }

  /// Whether a long text has these words; what fails does not print all of it.
  private func has(_ text: String, _ words: String) -> Bool { text.contains(words) }

  private func page(_ program: Program) throws -> String {
    String(
      decoding: try Files.read(program.folder.path + "/reports/latest/index.html", limit: 64 << 20),
      as: UTF8.self)
  }

  @Test func `a field that writes in capitals is told of, and the step goes on`() async throws {
    let (program, ran, journal) = try await run(
      """
        - type: { text: Alice Example, into: Name }
        - type: { text: germany, into: Country }
      """)
    #expect(ran.code == 0, "\(ran.all)")
    #expect(has(journal, #""fieldRead":{"reading":{"matches":{}}"#))
    let words = "the field shows “GERMANY”, not what was typed"
    #expect(has(journal, words), "\(ran.all)")
    #expect(has(try page(program), words))
    #expect(ran.output.contains("form: · \(words)"), "\(ran.output)")
    // The name came as it was typed.
    #expect(ran.output.contains("form: · the field shows what was typed"), "\(ran.output)")
    let told = ran.output.split(separator: "\n").filter { $0.contains("not what was typed") }
    #expect(told.count { $0.contains("form: · ") } == 1, "as it happens")
    #expect(told.count == 2, "and with what the case came to")
  }

  @Test func `a field that cuts what is typed fails the step`() async throws {
    let (program, ran, _) = try await run(
      """
        - type: { text: "68159", into: Postcode }
          timeout: 2s
      """)
    #expect(ran.code == 1, "\(ran.all)")
    let result = try #require(try program.results()["form"])
    #expect(result.verdict == "failed")
    #expect(
      result.reason.contains("“Postcode” shows “6815” after “68159” was typed into it"),
      "\(result.reason)")
  }

  @Test func `a field that must show a text passes with it`() async throws {
    let (_, ran, _) = try await run(
      """
        - type: { text: Alice Example, into: Name, shown: true }
        - type: { text: Bob, into: Name, clear: true, shown: true, enter: true }
      """)
    #expect(ran.code == 0, "\(ran.all)")
  }

  @Test func `a field that must show a text fails the step with what it shows`() async throws {
    let (program, ran, _) = try await run(
      """
        - type: { text: "68159", into: Postcode, shown: true }
          timeout: 2s
      """)
    #expect(ran.code == 1, "\(ran.all)")
    let result = try #require(try program.results()["form"])
    #expect(result.verdict == "failed")
    #expect(result.reason.contains("the field shows “6815”"), "\(result.reason)")
  }

  @Test func `of a secret only its length is compared, and nothing of it is anywhere`() async throws
  {
    let secret = "Xq7vTr4m"
    let (program, ran, journal) = try await run(
      """
        - type: { text: "${PIN}", into: Password, shown: true }
        - type: { text: "${PIN}", into: Country }
        - type: { text: "zz9", into: Country }
      """, secrets: "secrets: [PIN]", environment: ["PIN": secret])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(has(journal, #""fieldRead":{"reading":{"matches":{}}"#), "\(ran.all)")
    // A secret in letters is not read, and neither is what was typed behind it.
    #expect(has(journal, "of a secret only hidden signs are counted"), "\(ran.all)")
    #expect(!ran.all.contains(secret))
    let found = try await runCommand(
      ProcessSpecification(
        "/usr/bin/grep", ["-rlE", "Xq7v|q7vT|7vTr|vTr4|Tr4m", program.folder.path + "/reports"]),
      timeout: .seconds(30))
    #expect(found.text.isEmpty, "\(found.text)")
  }

  @Test func `a secret that lost signs is told by that alone`() async throws {
    let (_, ran, journal) = try await run(
      """
        - type: { text: "${PIN}", into: Password }
        - type: { text: "${LONG}", into: Password, shown: true }
          timeout: 1s
      """, secrets: "secrets: [PIN, LONG]",
      // Short, so that all signs fit into the field whatever typeface draws them.
      environment: ["PIN": "Xq7v", "LONG": "Xq7vTr"])
    // Behind four signs that were there the others cannot be told apart: no verdict about the product.
    #expect(ran.code == 5, "\(ran.all)")
    #expect(has(journal, "there may have been signs in it before"), "\(ran.all)")
  }
}
