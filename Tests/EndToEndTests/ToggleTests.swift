import Platform
import Testing

/// What is pressed to be checked is seen to be checked.
@Suite(.timeLimit(.minutes(4))) struct ToggleTests {
  /// Checkboxes, one of them disabled; `Freeze` stops the program as SIGSTOP does, `Toil` keeps it busy.
  private static let form = """
    import os, signal, time, tkinter
    root = tkinter.Tk()
    root.geometry("460x420+20+20")
    values = [tkinter.IntVar(value=number == 1) for number in range(3)]
    font = ("DejaVu Sans", 11)
    for name, value in zip(["News", "Offers", "Locked"], values):
        box = tkinter.Checkbutton(root, text=name, variable=value, font=font)
        box.pack(anchor="w", padx=20, pady=8)
    box.config(state="disabled")

    def later(deed):
        said.set("As you wish")
        root.after(300, deed)

    said = tkinter.StringVar(value="Ready")
    tkinter.Label(root, textvariable=said, font=font).pack(pady=8)
    stop = lambda: os.kill(os.getpid(), signal.SIGSTOP)
    tkinter.Button(root, text="Freeze", font=font, command=lambda: later(stop)).pack(pady=8)
    tkinter.Button(root, text="Toil", font=font, command=lambda: later(lambda: time.sleep(60))).pack()
    root.mainloop()
    """

  private func run(_ steps: String) async throws -> Program.Ran {
    let program = try Program()
    try program.write(Self.form, to: "form.py")
    try program.write(
      """
      name: Form
      target:
        desktop: { size: 800x600, wm: openbox, run: "exec /usr/bin/python3 form.py" }
      steps:
        - expect: Ready
      \(steps)
      """, to: "form.yaml")
    return try await program.run(["run", "form.yaml", "--no-model", "-v"])
  }

  @Test func `a checkbox that is pressed must come to be checked`() async throws {
    let ran = try await run(
      """
        - act: check News
        - act: uncheck Offers
        - act: uncheck News
        - { act: check Locked, timeout: 1s }
      """)
    #expect(ran.code == 1, "\(ran.all)")
    #expect(ran.all.contains("“Locked” was pressed, and is still not checked"), "\(ran.all)")
    #expect(!ran.all.contains("warning"), "\(ran.all)")
  }

  @Test(arguments: ["Freeze", "Toil"])
  func `a program that hangs checks nothing`(button: String) async throws {
    let ran = try await run(
      """
        - act: check News
        - click: \(button)
        - expect: As you wish
        - wait: 1s
        - { act: uncheck News, timeout: 1s }
      """)
    #expect(ran.code != 0, "\(ran.all)")
    #expect(ran.all.contains("“News” was pressed, and is still checked"), "\(ran.all)")
  }
}
