import Diagnostics
import FoundationEssentials
import Scenario
import ScenarioFiles
import Props
import Testing

#if canImport(Glibc)
  import Glibc
#endif

struct LoaderTests {
  private let minimal = "name: T\ntarget: {demo: a}\nsteps: [{click: OK}]\n"

  @Test func `loads folders in the order of their names`() throws {
    let folder = try TestFolder([
      "scenarios/b.yaml": minimal, "scenarios/a/z.yml": minimal, "scenarios/a/b.yaml": minimal,
      "scenarios/.hidden/x.yaml": "nonsense", "scenarios/notes.txt": "x",
      "scenarios/qa-agent.yaml": "x",
    ])
    let loaded = folder.load(["scenarios"])
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.map(\.id) == ["a/b", "a/z", "b"])
    #expect(loaded.cases[0].scenario.location.file == "\(folder.path)/scenarios/a/b.yaml")
    #expect(loaded.sources.count == 3)
  }

  @Test func `gives a case the same id however it is named`() throws {
    let folder = try TestFolder([".git/HEAD": "", "scenarios/shop/cart.yaml": minimal])
    for path in [".", "scenarios", "scenarios/shop", "scenarios/shop/cart.yaml"] {
      #expect(folder.load([path]).cases.map(\.id) == ["shop/cart"], "\(path)")
    }
  }

  @Test func `starts ids at the given folder where there is no scenarios folder`() throws {
    let folder = try TestFolder(["tests/shop/cart.yaml": minimal])
    #expect(folder.load(["tests"]).cases.map(\.id) == ["shop/cart"])
    #expect(folder.load(["tests/shop/cart.yaml"]).cases.map(\.id) == ["cart"])
  }

  @Test func `finds the project root`() throws {
    let folder = try TestFolder([
      "one/qa-agent.yaml": "", "one/scenarios/a.yaml": minimal, "two/b/c.yaml": minimal,
    ])
    #expect(folder.load(["one"]).cases.map(\.scenario.root) == ["\(folder.path)/one"])
    #expect(folder.load(["two/b/c.yaml"]).cases.map(\.scenario.root) == ["\(folder.path)/two/b"])
  }

  @Test func `loads a file once`() throws {
    let folder = try TestFolder(["a.yaml": minimal])
    #expect(folder.load([".", "a.yaml", "a.yaml:3"]).cases.count == 1)
  }

  @Test func `keeps the lines that were asked for`() throws {
    let folder = try TestFolder(["a.yaml": minimal, "b:7": minimal, "b:7.yaml": minimal])
    #expect(folder.load(["a.yaml:3"]).requestedLines == ["\(folder.path)/a.yaml": [3]])
    let loaded = folder.load(["b:7.yaml"])
    #expect(loaded.cases.count == 1 && loaded.requestedLines.isEmpty)
  }

  @Test func `says which path does not exist`() throws {
    let folder = try TestFolder(["sign-in.yaml": minimal])
    let loaded = folder.load(["sing-in.yaml", "sing-in.yaml:3"])
    #expect(loaded.diagnostics.map(\.code) == [.noSuchPath])
    #expect(loaded.diagnostics[0].suggestion == "did you mean “\(folder.path)/sign-in.yaml”?")
    #expect(loaded.hasErrors && !loaded.isEmpty)
  }

  @Test func `tells an empty folder from a wrong path`() throws {
    let folder = try TestFolder(["empty/readme.md": ""])
    let loaded = folder.load(["empty"])
    #expect(loaded.diagnostics.map(\.code) == [.nothingFound])
    #expect(loaded.isEmpty && !loaded.hasErrors)
  }

  @Test func `refuses what is no scenario file`() throws {
    let folder = try TestFolder([
      "a.txt": "x", "qa-agent.yaml": "x", "empty.yaml": "", "b.yaml": "# x",
    ])
    #expect(folder.load(["a.txt"]).diagnostics.map(\.message) == ["not a scenario file"])
    #expect(folder.load(["qa-agent.yaml"]).hasErrors)
    #expect(folder.load(["empty.yaml"]).diagnostics.map(\.message) == ["the file is empty"])
    #expect(folder.load(["b.yaml"]).diagnostics.map(\.message) == ["the file is empty"])
    #expect(mkfifo(folder.path + "/p.yaml", 0o600) == 0)
    #expect(folder.load(["p.yaml"]).diagnostics.map(\.message) == ["not a file and not a folder"])
  }

  @Test func `refuses two cases with one id`() throws {
    let folder = try TestFolder([
      "a.yaml": "id: same\n" + minimal, "b.yaml": "id: same\n" + minimal, "c.yaml": minimal,
      "c.yml": minimal,
    ])
    let messages = folder.load().diagnostics.map(\.message)
    #expect(messages.count == 2)
    #expect(messages[0] == "the id “same” is already taken by \(folder.path)/a.yaml:1:1")
    #expect(messages[1].contains("the id “c”"))
  }

  @Test func `shows the errors of all files and keeps the good ones`() throws {
    let folder = try TestFolder([
      "a.yaml": "name: [\n", "b.yaml": minimal, "c.yaml": "name: T\nsteps: [{clik: a}]",
    ])
    let loaded = folder.load()
    #expect(loaded.diagnostics.map { $0.file.suffix(6) } == ["a.yaml", "c.yaml"])
    #expect(loaded.cases.map(\.id) == ["b"])
    #expect(loaded.hasErrors)
  }

  @Test func `does not follow links around`() throws {
    let folder = try TestFolder(["s/a.yaml": minimal])
    #expect(symlink(folder.path + "/s", folder.path + "/s/again") == 0)
    #expect(symlink(folder.path + "/s/a.yaml", folder.path + "/s/b.yaml") == 0)
    #expect(folder.load(["s"]).cases.count == 1)
  }

  @Test func `finds pictures in the project and nowhere else`() throws {
    let folder = try TestFolder([
      "p/.git/HEAD": "", "p/needles/a.png": "x", "p/scenarios/needles/b.png": "x",
      "outside.png": "x",
    ])
    #expect(symlink(folder.path + "/outside.png", folder.path + "/p/needles/link.png") == 0)
    func kinds(_ picture: String) throws -> LoadedScenarios {
      try folder.write(
        "name: T\nsteps: [{click: {image: \(picture), similarity: 90%, any_size: true}}]",
        to: "p/scenarios/a.yaml")
      return folder.load(["p/scenarios"])
    }
    func target(_ path: String) -> Step.Kind {
      .point(.click, Target(.image(path, Likeness(0.9, anySize: true))))
    }
    #expect(
      try kinds("needles/a.png").cases.first?.scenario.steps[0].kind == target("needles/a.png"))
    #expect(
      try kinds("needles/b.png").cases.first?.scenario.steps[0].kind
        == target("scenarios/needles/b.png"))
    #expect(try kinds("needles/a.png").named == [folder.path + "/p/needles/a.png"])
    for outside in ["../../outside.png", "needles/link.png", "~/x.png"] {
      #expect(try kinds(outside).diagnostics.first?.message.contains("outside the project") == true)
    }
    #expect(try kinds("needles/c.png").diagnostics.first?.message.contains("there is no") == true)
    #expect(try kinds("needles").diagnostics.first?.message.contains("there is no") == true)
  }

  @Test func `loads an edited text as if it were in its file`() throws {
    let folder = try TestFolder(["p/.git/HEAD": "", "p/common/a.yaml": "[{click: A}]"])
    let loaded = ScenarioLoader(environment: [:]).load(
      text: "name: T\nsteps: [{include: common/a.yaml}]", as: folder.path + "/p/new.yaml")
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.map(\.id) == ["new"])
    #expect(loaded.cases.first?.scenario.root == folder.path + "/p")
  }
}

struct IncludeTests {
  private func group(_ step: Step?) -> (name: String, steps: [Step])? {
    if case .group(let name, let steps)? = step?.kind { (name, steps) } else { nil }
  }

  @Test func `puts the steps of another file in place`() throws {
    let folder = try TestFolder([
      ".git/HEAD": "",
      "scenarios/a.yaml": """
      name: A
      variables: {user: alice}
      steps:
        - include: {file: common/sign-in.yaml, with: {user: bob, shop: 'the ${user} shop'}}
        - include: shared/bye.yaml
        - act: ${user} {{ order }}
      """,
      "scenarios/common/sign-in.yaml": """
      name: Sign in
      variables: {user: nobody, door: front}
      steps:
        - act: Sign in as ${user} at ${shop:-none} by the ${door} door
        - read: {what: number, as: order}
      """,
      "shared/bye.yaml": "- act: Bye, ${user}\n",
    ])
    let loaded = folder.load(["scenarios"])
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.map(\.id) == ["a", "common/sign-in"])
    let steps = try #require(loaded.cases.first?.scenario.steps)
    let first = try #require(group(steps[0]))
    #expect(first.name == "Sign in")
    #expect(
      first.steps[0].kind
        == .act(Template("Sign in as bob at the alice shop by the front door")))
    #expect(first.steps[0].location.file.hasSuffix("common/sign-in.yaml"))
    #expect(first.steps[0].location.line == 4)
    let second = try #require(group(steps[1]))
    #expect(second.name == "shared/bye.yaml")
    #expect(second.steps[0].kind == .act(Template("Bye, alice")))
    #expect(
      steps[2].kind == .act(Template([.literal("alice "), .result("order.value")])))
    #expect(loaded.sources.count == 3)
  }

  @Test func `takes a file without a name that others include for no case`() throws {
    let folder = try TestFolder([
      "s/a.yaml": "name: A\nsteps: [{include: part.yaml}]", "s/part.yaml": "steps: [{click: B}]",
      "s/zlist.yaml": "- click: C",
    ])
    let loaded = folder.load(["s"])
    #expect(loaded.cases.map(\.id) == ["a"])
    #expect(loaded.diagnostics.map(\.severity) == [.warning])
    try folder.write("steps: [{click: B}]", to: "s/lonely.yaml")
    #expect(folder.load(["s"]).diagnostics.contains { $0.message.contains("needs the key “name”") })
  }

  @Test func `reports the errors of an included file once and there`() throws {
    let folder = try TestFolder([
      "s/a.yaml": "name: A\nsteps: [{include: part.yaml}]",
      "s/b.yaml": "name: B\nsteps: [{include: part.yaml}]", "s/part.yaml": "- clik: B",
    ])
    let loaded = folder.load(["s"])
    #expect(loaded.diagnostics.map(\.message) == ["unknown step “clik”"])
    #expect(loaded.diagnostics[0].file.hasSuffix("s/part.yaml"))
    #expect(loaded.cases.isEmpty, "neither may run")
  }

  @Test(arguments: [
    ("include: gone.yaml", "there is no file “gone.yaml”"),
    ("include: ../../outside.yaml", "outside the project"),
    ("include: /etc/passwd.yaml", "outside the project"),
    ("include: a.feature", "is no YAML file"),
    ("include: a.yaml", "the file includes itself: s/a.yaml → s/a.yaml"),
    ("include: b.yaml", "the file includes itself: s/a.yaml → s/b.yaml → s/a.yaml"),
    ("include: {with: {a: b}}", "needs the key “file”"),
    ("include: {file: part.yaml, with: [a]}", "“with” must be a mapping"),
    ("include: {file: part.yaml, with: {a b: c}}", "no name for a variable"),
    ("include: whole.yaml", "an included file cannot have “setup”"),
  ])
  func `says what is wrong with an include`(step: String, message: String) throws {
    let folder = try TestFolder([
      "p/.git/HEAD": "", "outside.yaml": "- click: a", "p/s/part.yaml": "- click: a",
      "p/s/a.yaml": "name: A\nsteps:\n  - \(step)\n", "p/s/b.yaml": "- include: a.yaml",
      "p/s/whole.yaml": "name: W\nsetup: [{click: a}]\nsteps: [{click: a}]",
    ])
    let loaded = folder.load(["p/s/a.yaml"])
    #expect(loaded.diagnostics.count == 1, "\(loaded.diagnostics)")
    #expect(loaded.diagnostics.first?.message.contains(message) == true, "\(loaded.diagnostics)")
    #expect(loaded.cases.isEmpty)
  }

  @Test func `bounds the depth of includes`() throws {
    let folder = try TestFolder(["s/a.yaml": "name: A\nsteps: [{include: p0.yaml}]"])
    for level in 0..<12 {
      try folder.write("- include: p\(level + 1).yaml", to: "s/p\(level).yaml")
    }
    try folder.write("- click: a", to: "s/p12.yaml")
    #expect(
      folder.load(["s/a.yaml"]).diagnostics.map(\.message) == ["includes are nested deeper than 8"])
  }

  @Test func `bounds how wide includes grow`() throws {
    let folder = try TestFolder(["s/a.yaml": "name: A\nsteps: [{include: p0.yaml}]"])
    for level in 0..<6 {
      let lines = Array(repeating: "- include: p\(level + 1).yaml", count: 20)
      try folder.write(lines.joined(separator: "\n"), to: "s/p\(level).yaml")
    }
    try folder.write("- click: a", to: "s/p6.yaml")
    let loaded = folder.load(["s/a.yaml"])
    #expect(loaded.diagnostics.map(\.message).contains { $0.contains("more than 2000 steps") })
  }

  @Test func `makes a secret of an included file one from the start`() throws {
    let folder = try TestFolder([
      "s/a.yaml": """
      name: A
      steps:
        - act: ${PIN}
        - include: {file: part.yaml, with: {pin: "${PIN}"}}
      """,
      "s/part.yaml": "secrets: [PIN]\nsteps: [{type: '${pin}'}]",
    ])
    let loaded = folder.load(["s/a.yaml"], environment: ["PIN": "hunter2"])
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.first?.scenario.secrets == ["PIN"])
    #expect(!"\(loaded.cases)".contains("hunter2"))
  }
}
