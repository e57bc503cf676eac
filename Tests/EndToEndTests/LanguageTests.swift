import Testing

/// Scenarios and features in German, through the built program and without a model.
@Suite struct LanguageTests {
  private static let feature = """
    # language: de
    # qa-agent: {target: {demo: sign-in}, variables: {user: alice}}
    Funktionalität: Anmelden

      Grundlage:
        Angenommen warte auf „Example Shop“

      Szenariogrundriss: Mit <Art> Passwort
        Wenn ich „${user}“ in das Feld „User name“ eingebe
        Und ich „<Passwort>“ in das Feld „Password“ eingebe und auf „Sign in“ klicke
        Dann warte, bis „<Meldung>“ erscheint

        Beispiele:
          | Art      | Passwort   | Meldung        |
          | richtigem | wonderland | Welcome, alice |
    """

  @Test func `a German feature runs without a model, and its replay decides the same`()
    async throws
  {
    let program = try Program()
    try program.write(Self.feature, to: "anmelden.feature")
    let ran = try await program.run(["run", "anmelden.feature", "--no-model"])
    #expect(ran.code == 0, "\(ran.all)")
    let result = try #require(try program.results().values.first)
    #expect(result.verdict == "passed" || result.verdict == "passed_unchecked", "\(result)")
  }

  @Test func `what German does not say is left to a model and fails without one`() async throws {
    let program = try Program()
    try program.write(
      """
      name: x
      language: de
      target: { demo: sign-in }
      steps:
        - act: klicke auf den ersten Knopf
        - expect: Example Shop
      """, to: "a.yaml")
    let ran = try await program.run(["run", "a.yaml", "--no-model"])
    #expect(ran.code != 0)
    #expect(ran.all.contains("klicke auf den ersten Knopf"), "\(ran.all)")
  }

  @Test func `an English line in a German scenario is not guessed at`() async throws {
    let program = try Program()
    try program.write(
      "name: x\nlanguage: de\ntarget: { demo: sign-in }\nsteps:\n  - act: click Sign in\n",
      to: "a.yaml")
    let ran = try await program.run(["run", "a.yaml", "--no-model"])
    #expect(ran.code != 0, "\(ran.all)")
  }

  @Test func `a language that is not there is named with its place and those that are`()
    async throws
  {
    let program = try Program()
    try program.write("name: x\nlanguage: dee\nsteps:\n  - act: klicke auf X\n", to: "a.yaml")
    try program.write("# language: xx\nFeature: F\n  Scenario: S\n    When a\n", to: "b.feature")
    let ran = try await program.run(["check", "a.yaml", "b.feature"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("a.yaml:2:11") && ran.all.contains("did you mean “de”?"))
    #expect(ran.all.contains("b.feature:1:1") && ran.all.contains("there are: af, "))
  }
}
