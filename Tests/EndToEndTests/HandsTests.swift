import Platform
import Testing

/// What hands do that are not the usual ones, in a browser and a probe.
@Suite(.timeLimit(.minutes(6))) struct HandsTests {
  /// Zones that take what is dropped only once they have shown that something is over them.
  private static let board = """
    <!doctype html><meta charset="utf-8"><title>Board</title><style>
    body { font: 20px "DejaVu Sans"; margin: 0; height: 100vh; overflow: hidden; position: relative }
    .zone { position: absolute; background: #dde; transition: all 30ms }
    .zone.over { background: #9c9 }
    #left { left: 0; top: 150px; width: 6px; height: 300px }
    #right { right: 0; top: 150px; width: 6px; height: 300px }
    #thin { left: 100px; top: 150px; width: 6px; height: 300px }
    #wide { left: 800px; top: 200px; width: 150px; height: 300px }
    #middle { left: 500px; top: 220px; width: 200px; height: 100px }
    .over#left, .over#right { width: 60px }
    #card { position: absolute; left: 200px; top: 250px; padding: 12px; border: 1px solid }
    #told { position: absolute; left: 200px; top: 500px }
    </style>
    <div id="card" draggable="true">Card A</div><p id="told">Nothing moved</p>
    <div class="zone" id="left"></div><div class="zone" id="right"></div><div class="zone" id="thin"></div>
    <div class="zone" id="wide"></div><div class="zone" id="middle"></div>
    <script>
    let ready = null, last = "";
    card.ondragstart = event => event.dataTransfer.setData("text", "a");
    for (const zone of document.querySelectorAll(".zone")) {
      zone.ondragenter = event => { event.preventDefault(); setTimeout(() => zone.classList.add("over"), 40) };
      zone.ondragover = event => { event.preventDefault(); if (zone.classList.contains("over")) ready = zone };
      zone.ondragleave = () => { zone.classList.remove("over"); if (ready == zone) ready = null };
      zone.ondrop = event => {
        event.preventDefault();
        told.textContent = ready == zone ? "Moved to " + zone.id : "Too early for " + zone.id;
        zone.classList.remove("over"); ready = null };
    }
    </script>
    """

  private static let browser =
    "exec chromium --no-sandbox --no-first-run --disable-gpu --user-data-dir=profile"
    + " --window-position=0,0 --window-size=1000,700 --app=file://$PWD/page.html"

  @Test func `what is dropped at an edge is taken there`() async throws {
    let program = try Program()
    try program.write(Self.board, to: "page.html")
    let places = [
      ("left", "[2, 320]"), ("right", "[997, 320]"), ("thin", "[103, 320]"), ("wide", "[805, 330]"),
      ("middle", "[600, 300]"),
    ]
    let steps = places.map { name, place in
      """
        - drag: { from: Card A, to: { at: \(place) } }
        - expect: Moved to \(name)
          timeout: 3s
      """
    }
    try program.write(
      """
      name: Drop it
      target:
        desktop: { size: 1000x700, run: "\(Self.browser)" }
      steps:
        - wait: { text: Nothing moved }
          timeout: 90s
      \(steps.joined(separator: "\n"))
      """, to: "drop.yaml")
    let ran = try await program.run(["run", "drop.yaml", "--no-model", "-v"])
    #expect(try program.results()["drop"]?.verdict == "passed", "\(ran.all)")
  }

  @Test func `a step does what it says with modifiers, times, holds and wheels`() async throws {
    let program = try Program()
    try program.write(
      """
      import tkinter
      root = tkinter.Tk()
      root.geometry("800x600+0+0")
      told = tkinter.Label(root, font=("DejaVu Sans", 18), text="READY", wraplength=780)
      told.place(x=10, y=10)
      pad = tkinter.Frame(root, width=800, height=500, background="white")
      pad.place(x=0, y=100)
      said = []
      down = {}

      def say(word):
          said.append(word)
          open("said", "a").write(word + "\\n")

      def held(state):
          return "".join(name for bit, name in ((1, "S"), (4, "C"), (8, "A")) if state & bit)

      def press(event):
          down[event.num] = event.time
          say(f"down{event.num}{held(event.state)}")

      def release(event):
          time = event.time - down.get(event.num, event.time)
          say(f"up{event.num}{'long' if time > 400 else ''}")

      for name in ("<Button>",):
          pad.bind(name, press)
      pad.bind("<ButtonRelease>", release)
      pad.bind("<B1-Motion>", lambda event: say("over") if abs(event.x - 600) < 8 and abs(event.y - 50) < 8 else None)
      root.bind("<Key>", lambda event: say(f"key{event.keysym}{held(event.state)}"))
      root.mainloop()
      """, to: "probe.py")
    try program.write(
      """
      name: Do it
      target:
        desktop: { size: 800x600, run: "exec /usr/bin/python3 probe.py" }
      steps:
        - expect: READY
        - click: { at: [100, 300], with: ctrl+shift }
        - click: { at: [200, 300], times: 4 }
        - click: { at: [300, 300], hold: 600ms }
        - scroll: { direction: down, amount: 2, at: { at: [400, 300] }, with: ctrl }
        - drag: { from: { at: [100, 400] }, to: { at: [700, 400] }, via: [{ at: [600, 150] }], hold: 100ms }
        - hold: alt
        - press: x
        - release: alt
        - press: kp_enter
      """, to: "do.yaml")
    let ran = try await program.run(["run", "do.yaml", "--no-model", "-v"])
    #expect(try program.results()["do"]?.verdict == "passed", "\(ran.all)")
    let said = String(
      decoding: try Files.read(program.folder.path + "/said", limit: 1 << 16), as: UTF8.self
    ).split(separator: "\n").map(String.init)
    #expect(said.contains("down1SC"))
    #expect(said.count { $0 == "down1" } == 4 + 1 + 1)
    #expect(said.contains("up1long"))
    #expect(said.count { $0 == "down5C" } == 2)
    #expect(said.contains("over"))
    #expect(said.contains("keyxA"))
    #expect(said.contains("keyKP_Enter") && !said.contains("keyReturn"), "\(said)")
  }

  @Test func `a button that the server drops is an error before the click`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Go back
      target:
        desktop: { size: 400x300, run: "exec xlogo -geometry 200x200+0+0" }
      steps:
        - click: { at: [100, 100], button: back }
      """, to: "back.yaml")
    let ran = try await program.run(["run", "back.yaml", "--no-model"])
    let result = try #require(try program.results()["back"])
    #expect(result.verdict == "error", "\(ran.all)")
    #expect(result.reason.contains("takes no back button"), "\(result.reason)")
  }
}
