import Desktops
import Glibc
import Perception
import Pixels
import Platform
import Testing
import VNC

/// A form or a terminal of a real toolkit whose text cursor is where we type.
enum CaretToolkit: String, CaseIterable, Sendable {
  case gtk, qt, tk, chromium, xterm

  /// The keys that make the next text replace what is there.
  var clear: [[String]] {
    self == .xterm ? [["ctrl", "e"], ["ctrl", "u"]] : [["end"], ["shift", "home"]]
  }

  fileprivate func command(in folder: String) -> String {
    switch self {
    case .gtk, .qt, .tk: "exec /usr/bin/python3 \(folder)/fields.py \(rawValue)"
    case .chromium:
      "exec chromium --no-sandbox --no-first-run --disable-gpu --disable-sync --disable-extensions "
        + "--disable-background-networking --password-store=basic --user-data-dir=\(folder)/profile "
        + "--window-position=0,0 --window-size=480,200 --app=file://\(folder)/form.html"
    case .xterm:
      "PS1='$ ' exec xterm -bc -fa 'DejaVu Sans Mono' -fs 12 -geometry 44x6+0+0 "
        + "-e bash --norc --noprofile"
    }
  }

  fileprivate static let fields = """
    import sys

    def gtk():
        import gi
        gi.require_version("Gtk", "3.0")
        from gi.repository import Gtk
        window = Gtk.Window()
        window.set_default_size(440, 120)
        grid = Gtk.Grid(column_spacing=12, row_spacing=12, margin=20)
        window.add(grid)
        for row, name in enumerate(("Street", "Town")):
            grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
            grid.attach(Gtk.Entry(hexpand=True), 1, row, 1, 1)
        window.show_all()
        Gtk.main()

    def qt():
        from PyQt5.QtWidgets import QApplication, QFormLayout, QLineEdit, QWidget
        application = QApplication(sys.argv)
        window = QWidget()
        window.resize(440, 120)
        form = QFormLayout(window)
        for name in ("Street", "Town"):
            form.addRow(name, QLineEdit())
        window.show()
        application.exec_()

    def tk():
        import tkinter
        window = tkinter.Tk()
        window.geometry("440x120")
        for row, name in enumerate(("Street", "Town")):
            tkinter.Label(window, text=name).grid(row=row, column=0, padx=12, pady=12)
            tkinter.Entry(window, width=40).grid(row=row, column=1)
        window.mainloop()

    globals()[sys.argv[1]]()
    """

  fileprivate static let page = """
    <!doctype html><meta charset="utf-8">
    <body style="margin: 20px; font: 15px sans-serif">
    <p>Street <input size="30" style="font: inherit"><p>Town <input size="30" style="font: inherit">
    """
}

/// A desktop with a toolkit's form on it, and eyes and hands there.
struct CaretDesktop {
  let toolkit: CaretToolkit
  let connection: VNCConnection
  let reader: TextReader
  private let desktop: PrivateDesktop
  private let folder: TemporaryFolder

  init(_ toolkit: CaretToolkit) async throws {
    self.toolkit = toolkit
    folder = try TemporaryFolder(prefix: "qa-caret")
    try Files.writeAtomically(Array(CaretToolkit.fields.utf8), to: folder.path + "/fields.py")
    try Files.writeAtomically(Array(CaretToolkit.page.utf8), to: folder.path + "/form.html")
    var specification = DesktopSpecification(
      size: PixelSize(clampingWidth: 480, height: 240), command: toolkit.command(in: folder.path))
    specification.windowManager = "openbox"
    desktop = try await .start(specification)
    connection = try await .connect(to: desktop.endpoint)
    reader = try await TextReader()
    try await open()
  }

  /// Waits for the form and puts the cursor into its first field.
  private func open() async throws {
    let label = toolkit == .xterm ? "$" : "Street"
    let deadline = ContinuousClock.now + .seconds(40)
    while ContinuousClock.now < deadline {
      let frame = try await connection.frame()
      let text = try await reader.read(frame)
      if let word = text.words.first(where: { $0.text.contains(label) }) {
        let point = frame.size.point(x: word.box.maxX + 90, y: word.box.center.y)
        try await connection.click(at: try #require(point))
        _ = try await connection.settle(after: frame.sequence)
        return
      }
      _ = try await connection.waitForChange(after: frame.sequence, upTo: .seconds(1))
    }
    throw VNCTimeout()
  }

  private struct VNCTimeout: Error {}

  /// Puts a text in the place of what is there.
  func write(_ text: String) async throws {
    let before = await connection.sequence
    for chord in toolkit.clear { try await send(chord) }
    try await connection.type(text)
    _ = try await connection.settle(after: before)
    try await drawn(text)
  }

  /// Waits until an application has drawn a text: a slow one is still at it when the screen is at rest.
  private func drawn(_ text: String) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    var frame = try await connection.frame()
    while ContinuousClock.now < deadline,
      try await reader.presence(of: text, on: frame).isAbsent
    {
      frame = try await nextFrame(after: frame, upTo: .seconds(1))
    }
  }

  func press(_ chords: [[String]]) async throws {
    let before = await connection.sequence
    for chord in chords { try await send(chord) }
    _ = try await connection.settle(after: before)
  }

  private func send(_ names: [String]) async throws {
    try await connection.press(try names.map { try #require(Key($0)) })
  }

  /// The next picture that differs, or the same one when nothing has moved for so long.
  func nextFrame(after frame: Frame, upTo limit: Duration) async throws -> Frame {
    _ = try await connection.waitForChange(after: frame.sequence, upTo: limit)
    return try await connection.frame()
  }

  func close() async {
    await connection.close()
    await desktop.stop()
  }
}
