import Platform
import Testing

/// Typed texts and the text cursor behind them.
@Suite(.timeLimit(.minutes(5))) struct CaretTests {
  private static let form = """
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window()
    window.set_default_size(500, 160)
    grid = Gtk.Grid(margin=20, row_spacing=12, column_spacing=12)
    window.add(grid)
    for row, name in enumerate(["Street", "Town"]):
        grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
        grid.attach(Gtk.Entry(hexpand=True), 1, row, 1, 1)
    window.show_all()
    Gtk.main()
    """

  private func run(_ steps: String) async throws -> (program: Program, ran: Program.Ran) {
    let program = try Program()
    try program.write(Self.form, to: "form.py")
    try program.write(
      """
      name: Form
      target: { desktop: { size: 800x500, wm: openbox, run: "/usr/bin/python3 form.py" } }
      steps:
        - { expect: Street, timeout: 20s }
      \(steps)
      """, to: "form.yaml")
    return (program, try await program.run(["run", "form.yaml", "--no-model"]))
  }

  @Test(arguments: ["Berlin", "Meier", "alice"])
  func `a text that was just typed is not said to be absent`(text: String) async throws {
    let (program, ran) = try await run(
      """
        - { type: { text: \(text), into: Street } }
        - { expect: { absent: \(text) }, timeout: 2s }
      """)
    #expect(ran.code == 1, "\(ran.all)")
    #expect(try program.results()["form"]?.verdict == "failed", "\(ran.all)")
  }

  @Test func `a text that was just typed is there, stays there and is read`() async throws {
    let (_, ran) = try await run(
      """
        - { type: { text: Total 12.50, into: Street, shown: true } }
        - { expect: { text: Total 12.50, stays: 1500ms } }
        - { type: { text: Berlin, into: Street, clear: true } }
        - { expect: { text: Berlin, stays: 1500ms } }
        - { expect: { not: { seen: BerlinI } } }
        - { read: { what: Street, as: street } }
        - { expect: { value: "{{ street.value }}", equals: Berlin } }
      """)
    #expect(ran.code == 0, "\(ran.all)")
  }
}
