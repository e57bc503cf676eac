import Desktops
import Pixels
import Platform
import SSHServer
import Testing
import VNC

/// Texts that a command on the SSH host types, and fields that one reads.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostTypingTests {
  /// More foreign characters than Xvnc has places for.
  private static let foreign = "абвгдежзийклмнопрсту 漢字"

  @Test func `a command types what keys cannot, and only that`() async throws {
    let form = try await HostForm()
    try form.write(
      steps: """
          - type: { text: "\(Self.foreign)", into: Name }
          - type: { text: plain, into: Word }
        """, typing: "with: \"sh \(form.path("types"))\"")
    let ran = try await form.run()
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try await form.comesToHold([Self.foreign, "plain"]))
    #expect(form.calls == 1)
    await form.end()
  }

  @Test func `a command types all where that is said, a secret too, which nobody sees`()
    async throws
  {
    let form = try await HostForm()
    let secret = "Xyzzy-4711-plugh"
    try form.write(
      steps: """
          - type: { text: "${SHOP_PASSWORD}", into: Name, clear: true }
          - type: { text: plain, into: Word }
        """, typing: "with: \"sh \(form.path("types"))\", all: true")
    let ran = try await form.run(environment: ["SHOP_PASSWORD": secret])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try await form.comesToHold([secret, "plain"]))
    #expect(form.calls == 2)
    #expect(!ran.all.contains(secret))
    #expect(try !form.journal.contains(secret))
    await form.end()
  }

  @Test func `a screen behind the host and its commands share one session`() async throws {
    let form = try await HostForm()
    try form.write(
      steps: "  - type: { text: plain, into: Name }",
      typing: "with: \"sh \(form.path("types"))\", all: true", target: "via: ssh")
    let ran = try await form.run()
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try form.typed == ["plain", ""])
    #expect(form.host.log.count(of: "Accepted publickey") == 1)
    await form.end()
  }

  @Test func `what a command typed is not typed again when the screen is lost behind it`()
    async throws
  {
    let form = try await HostForm()
    let relay = try await form.startRelay()
    try form.program.write(
      """
      . \(form.path("screen"))
      echo x >>\(form.path("calls"))
      LC_ALL=C.UTF-8 xdotool type --delay 60 --file -
      touch \(form.path("cut"))
      while [ -e \(form.path("cut")) ]; do sleep 0.05; done
      """, to: "types")
    try form.write(
      steps: "  - type: { text: plain, into: Name, enter: true }",
      typing: "with: \"sh \(form.path("types"))\", all: true", address: "unix:\(form.path("relay"))"
    )
    // The command typed all of it before the screen was lost; the field shows it, and Enter comes after that.
    let ran = try await form.run()
    #expect(ran.code == 0, "\(ran.all)")
    #expect(form.calls == 1)
    #expect(try form.typed == ["plain", ""])
    await relay.terminate(grace: .zero)
    await form.end()
  }

  @Test func `a command that fails is an error that says how, and is not run again`() async throws {
    let form = try await HostForm()
    try form.program.write(
      "echo x >>\(form.path("calls")); cat >/dev/null; printf 'no\\033[31m display' >&2; exit 7",
      to: "types")
    try form.write(
      steps: "  - type: { text: \"\(Self.foreign)\", into: Name }",
      typing: "with: \"sh \(form.path("types"))\"")
    let ran = try await form.run()
    #expect(ran.code == 5, "\(ran.all)")
    let reason = try #require(try form.program.results()["case"]).reason
    #expect(reason.contains("status 7") && reason.contains("no[31m display"), "\(reason)")
    #expect(form.calls == 1)
    #expect(try form.typed == ["", ""])
    await form.end()
  }

  @Test func `a field is calibrated by what a command reads`() async throws {
    let form = try await HostForm()
    try form.program.write(
      ". \(form.path("screen")); echo x >>\(form.path("calls")); exec xsel -po", to: "reads")
    try form.write(
      steps: "  - expect: Name", typing: "read: \"sh \(form.path("reads"))\"")
    let ran = try await form.program.run(
      ["calibrate", "case.yaml", "--into", "Name", "--json"],
      environment: ["XDG_STATE_HOME": form.path("state")])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(ran.output.contains("\"reader\": \"ssh\""), "\(ran.output)")
    #expect(ran.output.contains("\"keyboard\": \"keysyms\""), "\(ran.output)")
    #expect(ran.output.contains("\"missing\": []"), "\(ran.output)")
    #expect(form.calls > 10)
    await form.end()
  }
}

/// A form on a desktop, and the SSH host that the desktop is on.
private struct HostForm {
  let program: Program
  let host: SSHServer
  private let desktop: PrivateDesktop
  private let address: String

  init() async throws {
    program = try Program()
    host = try await SSHServer()
    let folder = program.folder.path
    try program.write(Self.script, to: "form.py")
    desktop = try await PrivateDesktop.start(
      DesktopSpecification(
        size: PixelSize(clampingWidth: 800, height: 500),
        command: "echo \"export DISPLAY=$DISPLAY XAUTHORITY=$XAUTHORITY\" >\(folder)/screen; "
          + "exec /usr/bin/python3 \(folder)/form.py \(folder)/typed"))
    guard case .unix(let path) = desktop.endpoint.address else { throw CancellationError() }
    address = "unix:\(path)"
    try program.write(
      """
      . \(folder)/screen
      echo x >>\(folder)/calls
      LC_ALL=C.UTF-8 exec xdotool type --delay 60 --file -
      """, to: "types")
  }

  func path(_ name: String) -> String { program.folder.path + "/" + name }

  func write(steps: String, typing: String, target: String? = nil, address: String? = nil) throws {
    try program.write(
      """
      name: Typing through a host
      target:
        vnc: "\(address ?? self.address)"
        ssh:
          url: "ssh://\(SSHServer.user)@127.0.0.1:\(host.port)"
          identity: \(host.file("user"))
          known_hosts: \(host.file("known_hosts"))
        typing: { \(typing) }
        \(target ?? "")
      steps:
        - expect: Name
      \(steps)
        - wait: { settled: 300ms }
      """, to: "case.yaml")
  }

  /// Passes VNC through to the form, until the file `cut` is there: then it cuts the connection once.
  func startRelay() async throws -> SupervisedProcess {
    try program.write(Self.relay, to: "relay.py")
    let relay = try await SupervisedProcess.start(
      ProcessSpecification(
        "/usr/bin/python3",
        [path("relay.py"), path("relay"), String(address.dropFirst(5)), path("cut")]))
    let deadline = ContinuousClock.now + .seconds(10)
    while !Files.exists(path("relay")), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    return relay
  }

  func run(environment: [String: String] = [:]) async throws -> Program.Ran {
    try await program.run(["run", "case.yaml", "--no-model"], environment: environment)
  }

  /// What the two fields hold.
  var typed: [String] {
    get throws {
      let text = String(decoding: try Files.read(path("typed"), limit: 1 << 16), as: UTF8.self)
      return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Whether the fields come to hold these texts: on a busy machine the form writes down what it has after the
  /// run has ended.
  func comesToHold(_ texts: [String]) async throws -> Bool {
    for _ in 0..<200 {
      if try typed == texts { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return try typed == texts
  }

  /// How often a command was run.
  var calls: Int {
    let text = (try? Files.read(path("calls"), limit: 1 << 16)) ?? []
    return text.count { $0 == UInt8(ascii: "x") }
  }

  var journal: String {
    get throws {
      String(
        decoding: try Files.read(path("reports/latest/recording/events.jsonl"), limit: 64 << 20),
        as: UTF8.self)
    }
  }

  func end() async {
    await desktop.stop()
    await host.kill()
  }

  private static let relay = #"""
    import os, select, socket, sys

    here, there, cut = sys.argv[1:4]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(here)
    listener.listen()
    while True:
        client, _ = listener.accept()
        server = socket.socket(socket.AF_UNIX)
        server.connect(there)
        other = {client: server, server: client}
        while other:
            for end in select.select(list(other), [], [], 0.05)[0]:
                data = end.recv(65536)
                if not data:
                    other = {}
                    break
                other[end].sendall(data)
            if other and os.path.exists(cut):
                other = {}
        client.close()
        server.close()
        if os.path.exists(cut):
            os.remove(cut)
    """#

  /// A form of two fields, whose texts it writes to a file.
  private static let script = #"""
    import gi, sys
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window(title="Form")
    window.set_default_size(500, 200)
    grid = Gtk.Grid(row_spacing=20, column_spacing=20, margin=30)
    window.add(grid)
    entries = []

    def keep(*_):
        with open(sys.argv[1], "w") as file:
            file.write("\n".join(entry.get_text() for entry in entries))

    for row, label in enumerate(("Name", "Word")):
        entry = Gtk.Entry(hexpand=True)
        entries.append(entry)
        entry.connect("changed", keep)
        grid.attach(Gtk.Label(label=label), 0, row, 1, 1)
        grid.attach(entry, 1, row, 1, 1)
    keep()
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()
    """#
}
