import Pixels
import Platform
import Testing
import VNC

@testable import Desktops

/// Signs outside of a keyboard's layout, of which a server takes few for as long as it runs.
@Suite(.timeLimit(.minutes(5))) struct SignsTests {
  /// One text after the other is typed into one field of one server, each in a run of its own.
  @Test func `signs arrive in every run on one server`() async throws {
    let server = try Program()
    try server.write(
      """
      import gi, sys
      gi.require_version("Gtk", "3.0")
      from gi.repository import Gtk
      window = Gtk.Window(title="Form", type=Gtk.WindowType.TOPLEVEL)
      window.set_default_size(600, 200)
      box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, margin=20, spacing=12)
      window.add(box)
      box.add(Gtk.Label(label="Name"))
      entry = Gtk.Entry()
      box.add(entry)
      entry.connect("changed", lambda entry: open("said", "w").write(entry.get_text()))
      window.show_all()
      Gtk.main()
      """, to: "field.py")
    var specification = DesktopSpecification(
      size: .init(clampingWidth: 800, height: 600), command: "exec /usr/bin/python3 field.py",
      workingDirectory: server.folder.path)
    specification.windowManager = "openbox"
    let desktop = try await PrivateDesktop.start(specification)
    guard case .unix(let socket) = desktop.endpoint.address else { return }
    // Each run is a case that knows nothing of those before it but what is kept on this machine.
    for text in ["абвгдежзий", "клмнопрсту", "фхцчшщъыьэ"] {
      try server.write(
        """
        name: Say it
        target: { vnc: "unix:\(socket)" }
        steps:
          - expect: Name
            timeout: 60s
          - type: { text: "\(text)", into: Name, clear: true }
          - note: done
        """, to: "say.yaml")
      let ran = try await server.run(
        ["run", "say.yaml", "--no-model"],
        environment: ["XDG_STATE_HOME": server.folder.path + "/state"])
      #expect(try server.results()["say"]?.verdict == "passed", "\(ran.all)")
      let said = try Files.read(server.folder.path + "/said", limit: 1 << 16)
      #expect(String(decoding: said, as: UTF8.self) == text, "\(ran.all)")
    }
    await desktop.stop()
  }

  /// Those that are installed: Firefox is no package of the tests.
  static let browsers = ["chromium", "firefox-esr"].filter {
    Executables.find($0, path: nil) != nil
  }

  @Test(arguments: browsers)
  func `names of Europe arrive in a browser on a private desktop`(browser: String) async throws {
    let program = try Program()
    let name = "Zoë Söhne Müller Łódź Čeněk Şahin Ærø Œuvre ÿ Þór"
    try program.write(
      """
      <!doctype html><meta charset="utf-8"><title>Form</title>
      <body style="font: 24px sans-serif"><p>Name</p>
      <input id="name" style="font: 24px sans-serif; width: 800px" autofocus>
      <p id="told"></p>
      <script>
      const field = document.getElementById("name"), told = document.getElementById("told");
      field.oninput = () => told.textContent = field.value == "\(name)" ? "COMPLETE" : "";
      </script>
      """, to: "page.html")
    let command =
      browser == "chromium"
      ? "exec chromium --no-sandbox --no-first-run --disable-gpu --window-size=1000,700"
        + " --window-position=0,0 page.html" : "exec firefox-esr --new-instance page.html"
    try program.write(
      """
      name: Say it
      target:
        desktop: { size: 1000x700, wm: openbox, run: "\(command)" }
      steps:
        - wait: { text: Name }
          timeout: 90s
        - type: { text: "\(name)", into: Name }
        - expect: COMPLETE
        - type: { text: "\(name)", into: Name, clear: true }
        - expect: COMPLETE
      """, to: "say.yaml")
    let ran = try await program.run(["run", "say.yaml", "--no-model"])
    #expect(try program.results()["say"]?.verdict == "passed", "\(ran.all)")
  }

  @Test func `a text reaches a terminal on a desktop without a window manager`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Say it
      target:
        desktop: { size: 800x600, run: "exec xterm -geometry 60x10+0+0 -fs 14 -fa Mono" }
      steps:
        - type: "echo WHAT$((40 + 2))EVER\\n"
        - expect: WHAT42EVER
      """, to: "say.yaml")
    let ran = try await program.run(["run", "say.yaml", "--no-model"])
    #expect(try program.results()["say"]?.verdict == "passed", "\(ran.all)")
  }

  @Test func `a key that changes nothing is told`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Press it
      target:
        desktop: { size: 400x300, run: "exec xlogo -geometry 200x200+0+0" }
      steps:
        - press: F7
        - press: ctrl+c
        - note: done
      """, to: "press.yaml")
    let ran = try await program.run(["run", "press.yaml", "--no-model", "-v"])
    #expect(ran.all.contains("nothing on the screen changed when f7 was pressed"), "\(ran.all)")
    #expect(!ran.all.contains("when ctrl+c was pressed"), "\(ran.all)")
  }
}
