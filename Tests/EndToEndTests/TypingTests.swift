import Platform
import Testing

/// What is typed arrives, whatever script it is in.
@Suite(.timeLimit(.minutes(5))) struct TypingTests {
  @Test func `more signs than the X server takes as keys arrive in a dialog`() async throws {
    let program = try Program()
    let text = "春眠不覚暁処処聞啼鳥夜来風雨声花落知多少 Привет, Ελλάδα 🙂 naïve"
    try program.write(
      """
      name: Say it
      target:
        desktop: { size: 800x600, wm: openbox, ends: true, run: "zenity --entry --text=Speak > said.txt" }
      steps:
        - expect: Speak
        - type: { text: "\(text)", enter: true }
        - wait: { absent: Speak }
      """, to: "say.yaml")
    let ran = try await program.run(["run", "say.yaml", "--no-model"])
    #expect(try program.results()["say"]?.verdict != "error", "\(ran.all)")
    let said = try Files.read(program.folder.path + "/said.txt", limit: 1 << 16)
    #expect(String(decoding: said, as: UTF8.self) == text + "\n")
  }
}
