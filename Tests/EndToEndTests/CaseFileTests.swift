import Platform
import Testing

/// Files of a case, as a user has them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CaseFileTests {
  private func run(_ program: Program, _ steps: String) async throws -> Program.Ran {
    try program.write("{}\n", to: "qa-agent.yaml")
    try program.write("name,count\ntea,2\n", to: "fixtures/order.csv")
    try program.write(
      "name: F\ntarget: { demo: sign-in }\nvariables: { n: '2' }\nsecrets: [SHOP_PASSWORD]\nsteps:\n\(steps)\n",
      to: "case.yaml")
    return try await program.run(
      ["run", "case.yaml", "--no-model"], environment: ["SHOP_PASSWORD": "wonderland"])
  }

  @Test func `files are written, copied and held against what they should be`() async throws {
    let program = try Program()
    let ran = try await run(
      program,
      """
        - file: { copy: fixtures/order.csv, to: in/order.csv }
          as: order
        - file: { copy: fixtures/order.csv }
        - file: { write: notes.txt, text: "n = ${n}\\n" }
        - file: { append: notes.txt, text: "p = ${SHOP_PASSWORD}" }
        - expect: { file: in/order.csv, equals: "name,count\\ntea,2", sha256: 55ff9fbc9c9f8f4b6b4ba0ba6a8d9e5a3f3f6f8a8a0b6d0e9bd2bc1e1ed0c0de }
          optional: true
          timeout: 100ms
          as: digest
        - expect: { value: "{{ digest.status }}", equals: failed }
        - run: sha256sum order.csv | cut -d ' ' -f 1
          as: sum
        - expect: { run: 'test "$(cat "{{ order.path }}")" = "$(cat order.csv)"' }
        - expect: { file: notes.txt, text: n = 2, matches: "(?m)^p = ", never: lost }
        - expect: { file: notes.txt, equals: "n = 2\\np = ${SHOP_PASSWORD}" }
        - expect: { file: none.txt, exists: false }
        - expect: { not: { file: none.txt } }
        - expect: { file: fixtures/order.csv, in: project, text: tea }
        - expect: { file: case.yaml, exists: false }
        - run: { command: sleep 0.3; echo late > late.txt, background: true }
        - expect: { file: late.txt, equals: late }
      """)
    #expect(ran.code == 0, "\(ran.all)")
    #expect(!Files.exists(program.folder.path + "/notes.txt"))
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 1 << 24)
    #expect(!String(decoding: journal, as: UTF8.self).contains("wonderland"))
  }

  @Test(arguments: [
    ("expect: { file: a.txt }", 1, "there is no file a.txt"),
    ("expect: { file: b.txt, text: other }", 1, "“other” is not in b.txt, which holds “hello”"),
    ("expect: { file: b.txt, never: hell }", 1, "“hell” is in b.txt: “hello”"),
    ("expect: { file: b.txt, exists: false }", 1, "the file b.txt is there"),
    ("expect: { file: out, exists: false }", 5, "a link leads out of it"),
    ("expect: { file: out/passwd, never: root }", 5, "a link leads out of it"),
    ("expect: { not: { file: bytes, text: x } }", 5, "bytes is no UTF-8 text"),
    ("file: { write: out/x, text: y }", 5, "cannot open the folder of out/x"),
    ("file: { write: '{{ up }}', text: y }", 5, "“../x” is no path below the folder"),
  ])
  func `says what is wrong with a file`(step: String, code: Int32, words: String) async throws {
    let program = try Program()
    let ran = try await run(
      program,
      """
        - file: { write: b.txt, text: hello }
        - run: ln -s /etc out; printf '\\377' > bytes; echo ../x
          as: up
        - \(step)
          timeout: 300ms
        - expect: User name
      """)
    #expect(ran.code == code, "\(ran.all)")
    #expect(ran.all.contains(words), "\(ran.all)")
  }
}
