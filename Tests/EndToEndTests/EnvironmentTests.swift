import Platform
import Testing

/// What an application under test knows of the runner's environment.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EnvironmentTests {
  /// What no list of names would find: any variable may hold a token.
  private static let hidden = [
    "GITHUB_TOKEN": "canary-1", "CI_JOB_JWT": "canary-2", "DB_PASSWORD": "canary-3",
    "AWS_SESSION": "canary-4", "SSH_AUTH_SOCK": "/tmp/canary-5", "QA_AGENT_API_KEY": "canary-6",
    "MY_SETTING": "canary-7", "https_proxy": "http://me:canary-8@proxy",
    "NPM_CONFIG__AUTH": "canary-9",
    "XDG_CONFIG_HOME": "/tmp/canary-10",
  ]

  @Test func `an application gets what the scenario names, and nothing else of the runner's`()
    async throws
  {
    let program = try Program()
    try program.write("{}\n", to: "qa-agent.yaml")
    try program.write(
      """
      name: E
      secrets: [SHOP_PASSWORD]
      variables: { word: two words }
      target:
        desktop:
          run: "env > env.txt; echo written; exec sleep 60"
          env: { GIVEN: "${GIVEN_VALUE}", WORD: "${word}", PASSWORD: "${SHOP_PASSWORD}", LANG: de_DE.UTF-8 }
      steps:
        - expect: { log: written }
      """, to: "e.yaml")
    let ran = try await program.run(
      ["run", "e.yaml"],
      environment: Self.hidden.merging([
        "GIVEN_VALUE": "hello", "SHOP_PASSWORD": "wonderland", "TZ": "Europe/Berlin",
      ]) { $1 })
    #expect(ran.code == 0, "\(ran.all)")
    let known = String(
      decoding: try Files.read(program.folder.path + "/env.txt", limit: 1 << 20), as: UTF8.self)
    #expect(!known.contains("canary"), "\(known)")
    for line in [
      "GIVEN=hello", "WORD=two words", "PASSWORD=wonderland", "LANG=de_DE.UTF-8",
      "TZ=Europe/Berlin",
    ] {
      #expect(known.contains(line + "\n"), "\(line)")
    }
    #expect(!known.contains("LC_ALL="), "it would win over LANG")
  }

  @Test func `every attempt has a home of its own`() async throws {
    let program = try Program()
    try program.write("{}\n", to: "qa-agent.yaml")
    try program.write(
      """
      name: H
      retries: 1
      target:
        desktop: { run: "ls -A $HOME | wc -l; touch $HOME/left; echo $HOME >> homes.txt; exec sleep 60" }
      steps:
        - expect: { log: { matches: "^0$", never: "1" } }
        - expect: { log: nothing of the kind }
          timeout: 200ms
      """, to: "h.yaml")
    let ran = try await program.run(["run", "h.yaml"], environment: ["HOME": program.folder.path])
    #expect(ran.code == 1, "\(ran.all)")
    #expect(try program.results()["h"]?.reason.contains("nothing of the kind") == true)
    let homes = String(
      decoding: try Files.read(program.folder.path + "/homes.txt", limit: 1 << 20), as: UTF8.self
    ).split(separator: "\n")
    #expect(Set(homes).count == 2 && !homes.contains { $0 == program.folder.path }, "\(homes)")
    #expect(!Files.exists(program.folder.path + "/left"))
  }
}
