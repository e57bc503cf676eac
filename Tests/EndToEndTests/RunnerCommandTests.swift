import Glibc
import Platform
import Props
import Testing

/// Commands on the machine of the runner, as a user has them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RunnerCommandTests {
  private func run(
    _ program: Program, _ scenario: String, environment: [String: String] = [:]
  ) async throws -> Program.Ran {
    try program.write("{}\n", to: "qa-agent.yaml")
    try program.write(scenario, to: "case.yaml")
    return try await program.run(["run", "case.yaml", "--no-model"], environment: environment)
  }

  private func read(_ name: String, of program: Program) throws -> String {
    String(
      decoding: try Files.read("\(program.folder.path)/\(name)", limit: 1 << 20), as: UTF8.self)
  }

  @Test func `commands prepare and prove, in a folder of the case`() async throws {
    let program = try Program()
    let ran = try await run(
      program,
      """
      name: R
      target: { demo: sign-in }
      secrets: [SHOP_PASSWORD]
      setup:
        - run: echo one > a.txt; pwd
          as: place
      steps:
        - run: { command: [cat, a.txt] }
          as: content
        - expect: { value: "{{ content }}", equals: one }
        - run: { command: exit 3, exit: 3 }
          as: three
        - expect: { value: "{{ three.exit }} {{ three.status }}", equals: 3 passed }
        - run: { command: 'echo "$GREETING and $(cat)"', env: { GREETING: hello world }, stdin: "{{ content }}" }
          as: said
        - expect: { value: "{{ said.stdout }}", equals: hello world and one }
        - run: [printf, '{"items": [{"name": "tea"}]}']
          as: shop
        - expect: { value: "{{ shop.json.items[0].name }}", equals: tea }
        - run: test "$HOME" = "{{ place }}" && test "$PWD" = "$HOME" && env > env.txt
        - expect: { run: [cat, a.txt], stdout: one }
        - expect: { run: [cat, env.txt], matches: "(?m)^PATH=", never: canary }
        - expect: { not: { run: [cat, a.txt], stdout: two } }
          timeout: 2s
        - run: { command: 'test -n "$P" && echo "it is $P"', env: { P: "${SHOP_PASSWORD}" } }
          as: secret
        - expect: { value: "{{ secret }}", equals: "it is ${SHOP_PASSWORD}" }
      teardown:
        - run: cp a.txt "$QA_AGENT_PROJECT/kept.txt"; pwd > "$QA_AGENT_PROJECT/place.txt"
      """,
      environment: [
        "SHOP_PASSWORD": "wonderland", "QA_AGENT_API_KEY": "canary", "GITHUB_TOKEN": "canary",
        "SOMETHING": "canary",
      ])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try read("kept.txt", of: program) == "one\n")
    let place = try read("place.txt", of: program).split(separator: "\n").joined()
    #expect(place.hasPrefix("/") && !Files.exists(place), "the folder is gone: \(place)")
    let journal = try read("reports/latest/recording/events.jsonl", of: program)
    #expect(journal.contains("it is ‹SHOP_PASSWORD›") && !journal.contains("wonderland"))
  }

  @Test(arguments: [
    ("run: echo before; echo oh no >&2; exit 4", 1, "it exited with 4; it wrote: “oh no”"),
    ("run: { command: 'true', exit: 1 }", 1, "it exited with 0, not with 1"),
    ("run: kill -9 $$", 1, "was ended by the signal KILL"),
    ("run: [no-such-program]", 5, "there is no program no-such-program"),
    ("run: [/etc/hostname]", 5, "cannot start /etc/hostname"),
    ("run: sleep 1000\n    timeout: 200ms", 5, "was still running after 200ms"),
    ("run: yes\n    retry: { times: 3, every: 1ms }", 5, "wrote too much"),
    ("expect: { run: exit 3 }\n    timeout: 1s", 1, "exited with 3"),
    (
      "expect: { not: { run: no-such-program } }\n    timeout: 1s", 5,
      "was not run: it exited with 127"
    ),
  ])
  func `says what became of a command`(step: String, code: Int32, words: String) async throws {
    let program = try Program()
    let ran = try await run(
      program, "name: R\ntarget: { demo: sign-in }\nsteps:\n  - \(step)\n  - expect: User name\n")
    #expect(ran.code == code, "\(ran.all)")
    #expect(ran.all.contains(words), "\(ran.all)")
  }

  @Test func `nothing of a command outlives its step, nor the case in the background`() async throws
  {
    let program = try Program()
    let ran = try await run(
      program,
      """
      name: B
      target: { demo: sign-in }
      steps:
        - run: setsid sleep 1000 & echo $! > "$QA_AGENT_PROJECT/step.pid"
        - expect: { run: '! kill -0 $(cat "$QA_AGENT_PROJECT/step.pid")' }
        - run:
            command: 'setsid sleep 1000 & echo $! > "$QA_AGENT_PROJECT/case.pid"; echo serving; exec sleep 1000'
            background: true
        - expect: { run: kill -0 $(cat "$QA_AGENT_PROJECT/case.pid") }
        - run: { command: echo early; exit 7, background: true }
      """)
    #expect(ran.code == 0, "\(ran.all)")
    for name in ["step.pid", "case.pid"] {
      let pid = try #require(pid_t(try read(name, of: program).split(separator: "\n").joined()))
      #expect(kill(pid, 0) != 0, "\(name) lives on")
    }
    let logs = "reports/latest/recording/logs/case.1"
    #expect(try read("\(logs).run-1.log", of: program).hasPrefix("serving\n"))
    #expect(
      try read("\(logs).run-2.log", of: program).contains("before the case did: exit status 7"))
  }

  @Test func `on a private desktop a command has what the application has`() async throws {
    let program = try Program()
    let ran = try await run(
      program,
      """
      name: D
      target:
        desktop: { run: 'echo of the app > $HOME/app.txt; echo written; exec sleep 1000', env: { GIVEN: a word } }
      steps:
        - expect: { log: written }
        - run: cat app.txt; echo "$GIVEN"; xprop -root >/dev/null && echo shown
          as: known
        - expect: { value: "{{ known }}", equals: "of the app\\na word\\nshown" }
      """)
    #expect(ran.code == 0, "\(ran.all)")
  }

  @Test func `a deny of the operator holds for them`() async throws {
    let program = try Program()
    let place = program.folder.path
    try program.write(
      "version: 1\ndeny:\n  - { id: no-touch, command: touch, because: nothing is left behind }\n",
      to: "qa-agent.policy.yaml")
    let known = try await run(
      program,
      "name: P\ntarget: { demo: sign-in }\nsteps:\n  - run: X=1; touch \(place)/left & wait\n")
    #expect(known.code == 2, "\(known.all)")
    #expect(known.all.contains("“no-touch” (qa-agent.policy.yaml:3): nothing is left behind"))
    let late = try await run(
      program,
      """
      name: P
      target: { demo: sign-in }
      steps:
        - run: echo touch
          as: tool
        - run: { command: ["{{ tool }}", "\(place)/left"], background: true }
      """)
    #expect(late.code == 5, "\(late.all)")
    #expect(late.all.contains("denied by “no-touch” (qa-agent.policy.yaml:3)"))
    #expect(!Files.exists("\(place)/left"))
  }
}
