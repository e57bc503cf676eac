import Pixels
import Platform
import Props
import Testing

@testable import Desktops
@testable import VNC

/// Where keys go on a private desktop, and what they write there.
@Suite(.timeLimit(.minutes(5)))
struct KeyboardTests {
  /// A main window, and a second one that opens a moment after the key O; each says what is typed into it.
  private static let windows = """
    import sys, tkinter
    root = tkinter.Tk()
    root.geometry("300x100+20+20")
    def field(window, name):
        entry = tkinter.Entry(window)
        entry.pack()
        entry.focus_set()
        window.bind("<Key>", lambda event: print(name, event.char, flush=True))
    field(root, "main")
    def dialog():
        top = tkinter.Toplevel(root)
        top.geometry("300x100+20+200")
        field(top, "dialog")
        def close(event):
            top.destroy()
            # A question to the server: what was asked before it is done.
            root.winfo_pointerx()
            print("closed", flush=True)
        top.bind("<Escape>", close)
        top.update()
        print("opened", flush=True)
    root.bind("o", lambda event: root.after(100, dialog), add=True)
    root.update()
    print("ready", flush=True)
    root.mainloop()
    """

  /// A desktop with a program on it, and a connection whose pointer is in a corner.
  private struct Desk {
    let desktop: PrivateDesktop
    let connection: VNCConnection
    let folder: TemporaryFolder

    init(_ command: String, files: [String: String] = [:], manager: String? = nil) async throws {
      folder = try TemporaryFolder(prefix: "qa-agent-test")
      for (name, text) in files {
        try Files.writeAtomically(Array(text.utf8), to: "\(folder.path)/\(name)")
      }
      let size = try #require(PixelSize(width: 640, height: 480))
      var specification = DesktopSpecification(
        size: size, command: command, workingDirectory: folder.path)
      specification.windowManager = manager
      desktop = try await .start(specification)
      connection = try await .connect(
        to: desktop.endpoint, options: VNCOptions(signs: PrivateDesktop.latinSigns))
    }

    func text(_ name: String) -> String {
      String(
        decoding: (try? Files.read("\(folder.path)/\(name)", limit: 1 << 20)) ?? [], as: UTF8.self)
    }

    func press(_ name: String) async throws {
      await desktop.attend(to: nil)
      try await connection.press([try #require(Key(name))])
    }

    func says(_ line: String) async throws -> Bool {
      try await eventually { desktop.recentOutput().contains(line) }
    }

    func end() async {
      await connection.close()
      await desktop.stop()
    }
  }

  @Test func `a text reaches the window although the pointer is in a corner`() async throws {
    let desk = try await Desk(
      "exec xterm -geometry 40x5+0+0 -e sh -c 'stty -echo -icanon; echo > ready; exec cat >> typed'"
    )
    try #require(try await eventually { Files.exists("\(desk.folder.path)/ready") })
    await desk.desktop.attend(to: nil)
    try await desk.connection.type("hello")
    #expect(try await eventually { desk.text("typed") == "hello" })
    await desk.end()
  }

  @Test func `keys go to a dialog that opens later, and back when it is gone`() async throws {
    let desk = try await Desk(
      "exec /usr/bin/python3 windows.py", files: ["windows.py": Self.windows])
    try #require(try await desk.says("ready"))
    try await desk.press("a")
    #expect(try await desk.says("main a"))
    try await desk.press("o")
    try #require(try await desk.says("opened"))
    try await desk.press("b")
    #expect(try await desk.says("dialog b"))
    try await desk.press("escape")
    try #require(try await desk.says("closed"))
    try await desk.press("c")
    #expect(try await desk.says("main c"))
    await desk.end()
  }

  @Test func `keys go to the window that was clicked last`() async throws {
    let desk = try await Desk(
      "exec /usr/bin/python3 windows.py", files: ["windows.py": Self.windows])
    try #require(try await desk.says("ready"))
    try await desk.press("o")
    try #require(try await desk.says("opened"))
    let main = try #require(await desk.connection.size.point(x: 200, y: 90))
    await desk.desktop.attend(to: main)
    try await desk.connection.click(at: main)
    // The pointer is elsewhere when the key comes.
    try await desk.connection.move(to: #require(await desk.connection.size.point(x: 600, y: 470)))
    try await desk.press("a")
    #expect(try await desk.says("main a"))
    #expect(!desk.desktop.recentOutput().contains("dialog a"))
    await desk.end()
  }

  @Test(arguments: [nil, "openbox"])
  func `all Latin signs arrive as keys`(manager: String?) async throws {
    let desk = try await Desk(
      "exec xterm -u8 -geometry 80x5+0+0 -e sh -c"
        + " 'stty -echo -icanon; echo > ready; exec cat >> typed'", manager: manager)
    try #require(try await eventually { Files.exists("\(desk.folder.path)/ready") })
    await desk.desktop.attend(to: nil)
    let text = String(String.UnicodeScalarView(PrivateDesktop.latinSigns.sorted()))
    #expect(text.unicodeScalars.count > 220)
    for piece in ["Zoë Söhne Müller, Łódź, Čeněk, Ünal Şahin, Åse Ærø", text] {
      #expect(try await desk.connection.type(piece, through: .keys).channel == .keys)
    }
    let all = "Zoë Söhne Müller, Łódź, Čeněk, Ünal Şahin, Åse Ærø" + text
    _ = try await eventually { desk.text("typed").utf8.count >= all.utf8.count }
    #expect(desk.text("typed") == all)
    #expect(await desk.connection.spentKeysyms.isEmpty)
    await desk.end()
  }

  @Test func `a layout that an application loads is noticed`() async throws {
    let desk = try await Desk("setxkbmap de && echo loaded; exec sleep 1000")
    try #require(try await desk.says("loaded"))
    #expect(await !desk.desktop.hasLatinKeys())
    let other = try await Desk("exec sleep 1000")
    #expect(await other.desktop.hasLatinKeys())
    await desk.end()
    await other.end()
  }
}
