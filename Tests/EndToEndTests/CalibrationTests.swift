import Platform
import Testing

/// A calibration that is kept, and what runs make of it.
@Suite(.timeLimit(.minutes(5))) struct CalibrationTests {
  @Test func `a server that finds keys by itself is calibrated by copying, and kept`() async throws
  {
    let guest = try await Guest(layout: "de", isMachine: false, hasClipboard: true)
    let made = try await guest.calibrate("--into", "Name")
    #expect(made.code == 0, "\(made.all)")
    #expect(made.output.contains("read by copying"), "\(made.all)")
    #expect(made.output.contains("missing   nothing"), "\(made.all)")
    #expect(made.output.contains("paste     ctrl+v"), "\(made.all)")
    let ran = try await guest.type("It's ^a `b` ~n {} Größe 漢字")
    #expect(ran.code == 0, "\(ran.all)")
    #expect(ran.output.contains("typing as calibrated on 20"), "\(ran.output)")
    #expect(try guest.typed == "It's ^a `b` ~n {} Größe 漢字")
    #expect(try guest.page.contains("typing as calibrated on 20"))
  }

  @Test(arguments: ["screen", "clipboard"])
  func `a machine with a German keyboard gets what is typed once it is calibrated`(
    reader: String
  ) async throws {
    let guest = try await Guest(
      layout: "de", isMachine: true, hasClipboard: reader == "clipboard")
    let text = "Crazy-Zebra yz@lab /x"
    // A US keyboard is assumed where nothing is known.
    let wrong = try await guest.type(text)
    #expect(try guest.typed == "CrayzßYebra zy\"lab -x", "\(wrong.all)")
    let made = try await guest.calibrate("--into", "Name", "--read", reader)
    #expect(made.code == 0, "\(made.all)")
    #expect(made.output.contains("scancodes"), "\(made.all)")
    #expect(made.output.contains("layout    German") == (reader == "screen"), "\(made.all)")
    let right = try await guest.type(text)
    #expect(right.code == 0, "\(right.all)")
    #expect(try guest.typed == text)
    #expect(right.output.contains("the field shows what was typed"), "\(right.output)")
    let forgotten = try await guest.calibrate("--forget")
    #expect(forgotten.code == 0 && forgotten.output.contains("deleted /"), "\(forgotten.all)")
    _ = try await guest.type(text)
    #expect(try guest.typed != text)
  }

  @Test func `a field that shows something else than letters is kept as nothing`() async throws {
    let guest = try await Guest(layout: "de", isMachine: true, hasClipboard: false, isHidden: true)
    let made = try await guest.calibrate("--into", "Name")
    #expect(made.code == 5, "\(made.all)")
    #expect(made.messages.contains("nothing is kept"), "\(made.all)")
    #expect(!Files.exists(guest.state + "/qa-agent/typing"))
  }

  @Test func `a kept file that is damaged is a warning, and not used`() async throws {
    let guest = try await Guest(layout: "us", isMachine: false, hasClipboard: true)
    let made = try await guest.calibrate("--into", "Name", "--json")
    #expect(made.code == 0, "\(made.all)")
    let path = try #require(
      made.output.split(separator: "\"path\": \"").last?.split(separator: "\"").first)
    try Files.writeAtomically(Array(#"{"version":1,"profile":"keys=none"}"#.utf8), to: String(path))
    let ran = try await guest.type("plain")
    #expect(ran.code == 0, "\(ran.all)")
    #expect(ran.all.contains("warning: the typing profile \(path) is not used"), "\(ran.all)")
    #expect(!ran.output.contains("typing as calibrated"), "\(ran.output)")
    #expect(try guest.typed == "plain")
  }
}

/// A form behind a VNC server; everything ends with it.
private final class Guest: Sendable {
  let program: Program
  let state: String
  private let process: SupervisedProcess
  private let port: String

  /// - Parameters:
  ///   - layout: the keyboard layout.
  ///   - isMachine: whether keys are taken by their place on a US keyboard, as QEMU does.
  ///   - hasClipboard: whether texts can be copied out.
  ///   - isHidden: whether the field hides what is in it.
  init(
    layout: String, isMachine: Bool, hasClipboard: Bool, isHidden: Bool = false
  ) async throws {
    program = try Program()
    let folder = program.folder.path
    state = folder + "/state"
    let script = try program.write(Self.script, to: "guest.py")
    process = try await SupervisedProcess.start(
      ProcessSpecification(
        "/usr/bin/python3",
        [
          script, layout, isMachine ? "machine" : "server", hasClipboard ? "clipboard" : "none",
          isHidden ? "hidden" : "shown",
        ], environment: Program.environment, workingDirectory: folder))
    let deadline = ContinuousClock.now + .seconds(30)
    while !Files.exists(folder + "/port"), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    port = String(decoding: try Files.read(folder + "/port", limit: 100), as: UTF8.self)
  }

  deinit {
    // It ends all that it started when its input does.
    let process = process
    Task { await process.terminate() }
  }

  private var environment: [String: String] { ["XDG_STATE_HOME": state] }

  func calibrate(_ arguments: String...) async throws -> Program.Ran {
    try await program.run(
      ["calibrate", "--target", "vnc://127.0.0.1:\(port)"] + arguments, environment: environment)
  }

  /// Types into the form's field by a run.
  func type(_ text: String) async throws -> Program.Ran {
    try program.write(
      """
      name: Type
      target: { vnc: "vnc://127.0.0.1:\(port)" }
      steps:
        - expect: Name
        - type: { text: "\(text)", into: Name, clear: true }
        - note: done
      """, to: "type.yaml")
    return try await program.run(
      ["run", "type.yaml", "--no-model", "-v"], environment: environment)
  }

  /// What the field holds.
  var typed: String {
    get throws {
      String(
        decoding: try Files.read(program.folder.path + "/typed", limit: 1 << 16), as: UTF8.self)
    }
  }

  var page: String {
    get throws {
      String(
        decoding: try Files.read(
          program.folder.path + "/reports/latest/index.html", limit: 64 << 20), as: UTF8.self)
    }
  }

  /// An Xvnc with a form; for a machine, keys go through a relay that knows only the places of keys.
  private static let script = #"""
    import os, socket, struct, subprocess, sys, threading

    layout, kind, clipboard, look = sys.argv[1:5]
    read, write = os.pipe()
    os.set_inheritable(write, True)
    arguments = ["/usr/bin/Xtigervnc", "-displayfd", str(write), "-geometry", "800x600", "-depth", "24",
                 "-localhost", "-AlwaysShared", "-noreset", "-nolisten", "tcp", "-SecurityTypes=None"]
    if kind == "machine":
        arguments += ["-desktop", "QEMU (lab)", "-RawKeyboard=1"]
    if clipboard == "none":
        arguments += ["-SendCutText=0", "-AcceptCutText=0"]
    server = subprocess.Popen(arguments, close_fds=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    os.close(write)
    display = int(os.read(read, 16).decode())
    os.environ["DISPLAY"] = ":%d" % display
    subprocess.run(["setxkbmap", layout], check=True)

    # Where keys are on a US keyboard.
    places = {}
    def row(first, keys, shifted):
        for index, (key, upper) in enumerate(zip(keys, shifted)):
            places[ord(key)] = places[ord(upper)] = first + index
    row(0x02, "1234567890-=", "!@#$%^&*()_+")
    row(0x10, "qwertyuiop[]", "QWERTYUIOP{}")
    row(0x1E, "asdfghjkl;'`", "ASDFGHJKL:\"~")
    row(0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?")
    places.update({0x20: 0x39, 0xFF08: 0x0E, 0xFF09: 0x0F, 0xFF0D: 0x1C, 0xFFE1: 0x2A, 0xFFE3: 0x1D,
                   0xFE03: 0xB8, 0xFF50: 0xC7, 0xFF57: 0xCF, 0xFF63: 0xD2, 0xFFFF: 0xD3})

    def take(connection, count):
        data = b""
        while len(data) < count:
            more = connection.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def upwards(client, target):
        try:
            for count in (12, 1, 1): target.sendall(take(client, count))
            while True:
                kind = take(client, 1)
                number = kind[0]
                if number == 0: target.sendall(kind + take(client, 19))
                elif number == 2:
                    head = take(client, 3)
                    encodings = take(client, 4 * struct.unpack(">xH", head)[0])
                    target.sendall(kind + head + encodings)
                elif number == 3: target.sendall(kind + take(client, 9))
                elif number == 4:
                    down, keysym = struct.unpack(">Bxx" + "I", take(client, 7))
                    if keysym in places:
                        target.sendall(struct.pack(">BBHII", 255, 0, down, keysym, places[keysym]))
                elif number == 5: target.sendall(kind + take(client, 5))
                elif number == 6:
                    head = take(client, 7)
                    length = struct.unpack(">xxxi", head)[0]
                    target.sendall(kind + head + take(client, abs(length)))
                elif number == 150: target.sendall(kind + take(client, 9))
                elif number == 248:
                    head = take(client, 8)
                    target.sendall(kind + head + take(client, head[7]))
                elif number == 251:
                    head = take(client, 7)
                    target.sendall(kind + head + take(client, 16 * head[5]))
                elif number == 255: target.sendall(kind + take(client, 11))
                else: raise EOFError
        except (EOFError, OSError):
            pass
        finally:
            for end in (client, target): end.close()

    def downwards(client, target):
        try:
            while True:
                data = target.recv(65536)
                if not data: break
                client.sendall(data)
        except OSError:
            pass
        finally:
            for end in (client, target):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass

    def relay(listener):
        while True:
            client, _ = listener.accept()
            target = socket.create_connection(("127.0.0.1", 5900 + display))
            for end in (client, target): end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=upwards, args=(client, target), daemon=True).start()
            threading.Thread(target=downwards, args=(client, target), daemon=True).start()

    port = 5900 + display
    if kind == "machine":
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        threading.Thread(target=relay, args=(listener,), daemon=True).start()

    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import GLib, Gtk

    def put(name, text):
        with open(name + ".new", "w", encoding="utf-8") as file: file.write(text)
        os.rename(name + ".new", name)

    window = Gtk.Window(title="Form")
    window.set_default_size(700, 300)
    grid = Gtk.Grid(margin=30, row_spacing=16, column_spacing=12)
    window.add(grid)
    grid.attach(Gtk.Label(label="Name", xalign=0), 0, 0, 1, 1)
    entry = Gtk.Entry(width_chars=40, visibility=look == "shown")
    grid.attach(entry, 1, 0, 1, 1)
    other = Gtk.Entry(width_chars=40)
    grid.attach(Gtk.Label(label="Town", xalign=0), 0, 1, 1, 1)
    grid.attach(other, 1, 1, 1, 1)
    entry.connect("changed", lambda field: put("typed", field.get_text()))
    window.connect("map-event", lambda *_: put("port", str(port)))

    def watch():
        if server.poll() is None: return True
        Gtk.main_quit()
        return False

    GLib.timeout_add(500, watch)
    import signal
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, Gtk.main_quit)
    window.show_all()
    Gtk.main()
    server.terminate()
    """#
}
