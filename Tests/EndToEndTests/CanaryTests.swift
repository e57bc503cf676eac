import FoundationEssentials
import JSONCoding
import ModelDouble
import Platform
import Testing

/// Twenty secrets pushed through every channel, and looked for in every byte that was written or printed.
@Suite(.timeLimit(.minutes(6))) struct CanaryTests {
  private static let values: [String: String] = [
    "C01": "x7q", "C02": "pin4711", "C03": String(repeating: "longcanary", count: 40),
    "C04": "-----BEGIN KEY-----\nMIICanaryLine1\nMIICanaryLine2\n-----END KEY-----",
    "C05": "Schlüssel-Ωμέγα-ключ", "C06": #"{"token":"a\"canary\\6","n":[1]}"#,
    "C07": #"<key a="7">&canary;'</key>"#, "C08": "https://u:canary8@host/?q=a b&r=ä#x",
    "C09": "Y2FuYXJ5OQ==", "C10": "canary ten with spaces", "C11": "Wombatenherz",
    "C12": "modelcanary12", "C13": "titlecanary13", "C14": "back\\slash\"quote14",
    "C15": "variablecanary15", "C16": "tab\tcanary16", "C17": "100%canary17+x=",
    "C18": "emoji🔑canary18", "C19": "$canary19{{x}}", "C20": "Zebrafinken",
  ]

  private static let window = """
    import base64, json, os, urllib.parse
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window(title="Vault")
    window.set_default_size(600, 360)
    grid = Gtk.Grid(margin=20, row_spacing=16, column_spacing=12)
    window.add(grid)
    for row, name in enumerate(["Name", "Other"]):
        grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
        grid.attach(Gtk.Entry(width_chars=30), 1, row, 1, 1)
    for row, (name, text) in enumerate([("Token", os.environ["C11"]), ("Fake", "‹C20›")], 2):
        grid.attach(Gtk.Label(label=name, xalign=0), 0, row, 1, 1)
        grid.attach(Gtk.Label(label=text, xalign=0), 1, row, 1, 1)
    for name in sorted(n for n in os.environ if n[0] == "C" and n[1:].isdigit()):
        value = os.environ[name]
        print(value, json.dumps(value), urllib.parse.quote(value), flush=True)
        print(base64.b64encode(value.encode()).decode(), flush=True)
    window.show_all()
    Gtk.main()
    """

  private static let scenario = """
    name: Vault
    secrets: [\(values.keys.sorted().joined(separator: ", "))]
    variables: { twice: "${C15} and ${C15}" }
    target:
      desktop: { size: 640x420, run: "\(values.keys.filter { $0 != "C07" }.sorted().map { "export \($0)='${\($0)}'; " }.joined())/usr/bin/python3 window.py" }
    steps:
      - expect: Token
      - type: { text: "${C10}", into: Name }
      - read: Token
        as: token
      - note: "It is {{ token }} of ${C13}, ${twice}"
      - expect: { value: "{{ token }}", equals: "${C11}" }
      - expect: { not: { value: "{{ token }}", equals: "${C20}" } }
      - expect: { value: "so {{ token }} it", contains: "${C11}" }
      - type: { text: "{{ token }}", into: Other, clear: true }
      - act: Do what only a model can with ${C12}
        optional: true
      - expect: { log: "${C02}", never: "Traceback" }
      - expect: { value: "{{ token }}", equals: "x ${C14}" }
        optional: true
      - expect: { value: "${C17}", greater_than: 3 }
        optional: true
      - expect: { log: "never said ${C18}" }
        optional: true
        timeout: 500ms
      - click: "${C05} ${C19}"
        optional: true
        timeout: 500ms
      - expect: { absent: "${C11}" }
        timeout: 500ms
    """

  private func files(below folder: String) throws -> [(name: String, text: String)] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.hasSuffix(".png") }
      .compactMap { name in
        guard let bytes = try? Files.read(folder + "/" + name, limit: 64 << 20) else { return nil }
        return (name, String(decoding: bytes, as: UTF8.self))
      }
  }

  /// The forms in which a value could stand somewhere.
  private static func forms(of value: String) -> [String] {
    let json = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    let xml = value.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;")
    let url = value.utf8.map { byte in
      let isPlain = byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || byte & 0xF0 == 0x30)
      let hex = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
    }.joined()
    let lines = value.split(separator: "\n").map(String.init).filter { $0.count >= 8 }
    guard value.utf8.count > 3 else { return [] }
    return [value, json, xml, url, Data(value.utf8).base64EncodedString()] + lines
  }

  private func expectNone(in text: String, _ place: String) {
    for (name, value) in Self.values {
      for form in Self.forms(of: value) where text.contains(form) {
        Issue.record("\(name) is in \(place): \(form.prefix(60))")
      }
      if value.utf8.count <= 3 {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        #expect(!words.contains { $0 == value }, "\(name) is in \(place)")
      }
    }
  }

  @Test(arguments: ["list", "json"])
  func `no secret is in any byte that a run writes or prints`(reporter: String) async throws {
    let program = try Program()
    try program.write(Self.window, to: "window.py")
    try program.write(Self.scenario, to: "vault.yaml")
    let next = Locked(0)
    let modelSays = Self.values["C12"] ?? ""
    let double = try ModelDouble.start { _ in
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      return switch index {
      case 0:
        .toolCall(
          "computer",
          ["reason": .string("I see \(modelSays)"), "action": "type", "text": .string(modelSays)],
          text: "The secret is \(modelSays).", reasoning: "\(modelSays)?")
      case 1: .toolCall("computer", ["action": .string(modelSays)])
      default:
        .toolCall(
          "computer",
          ["action": "terminate", "status": "failure", "text": .string("no \(modelSays)")])
      }
    }
    defer { double.stop() }
    let summary = program.folder.path + "/reports/summary.md"
    let settings = Self.values.merging([
      "QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl",
      "GITHUB_STEP_SUMMARY": summary, "GITHUB_ACTIONS": "true",
    ]) { $1 }
    let ran = try await program.run(
      ["run", "vault.yaml", "--reporter", reporter, "-v"], environment: settings)
    let result = try #require(try program.results()["vault"], "\(ran.all)")
    // All went as it should, up to the text that is there.
    #expect(result.verdict == "failed", "\(result.reason)\n\(ran.all)")
    #expect(result.reason.contains("“‹C11›”"), "\(result.reason)")
    expectNone(in: ran.all, "the terminal")
    for (name, text) in try files(below: program.folder.path + "/reports") {
      expectNone(in: text, name)
    }
    // No model was told one either.
    for chat in double.chats {
      expectNone(in: chat.messages.map(\.text).joined(separator: "\n"), "a prompt")
    }
    for command in [["list"], ["check"], ["config", "show"]] {
      let told = try await program.run(
        command + (command.count == 1 ? ["vault.yaml"] : []), environment: settings)
      expectNone(in: told.all, command.joined(separator: " "))
    }
  }

  @Test func `a name that the screen shows stands for no secret`() async throws {
    let program = try Program()
    try program.write(Self.window, to: "window.py")
    try program.write(
      """
      name: Fake
      secrets: [C11, C20]
      target:
        desktop: { size: 640x420, run: "export C11=\\"${C11}\\"; /usr/bin/python3 window.py" }
      steps:
        - expect: Token
        - read: Fake
          as: fake
        - expect: { not: { value: "{{ fake }}", equals: "${C20}" } }
        - type: { text: "{{ fake }}", into: Name }
        - expect: { absent: Zebrafinken }
      """, to: "fake.yaml")
    let ran = try await program.run(
      ["run", "fake.yaml", "--no-model"],
      environment: ["C11": "Wombatenherz", "C20": "Zebrafinkenlied"])
    let result = try #require(try program.results()["fake"], "\(ran.all)")
    #expect(result.verdict == "passed" || result.reason.contains("cannot be told"), "\(ran.all)")
    #expect(!ran.all.contains("Zebrafinkenlied"))
  }

  @Test func `a recording whose scenario says a secret itself is not replayable, by name`()
    async throws
  {
    let program = try Program()
    try program.write(
      """
      name: Says it
      secrets: [WHO]
      target: { demo: sign-in }
      steps:
        - expect: User name
        - note: the user is alicewonder
      """, to: "says.yaml")
    let ran = try await program.run(
      ["run", "says.yaml", "--no-model"], environment: ["WHO": "alicewonder"], isReplayed: false)
    #expect(ran.code == 0, "\(ran.all)")
    let replay = try await program.run(["replay", "latest", "--decide"])
    #expect(replay.code == 1)
    #expect(replay.output.contains("not replayable: line "), "\(replay.all)")
    #expect(replay.output.contains("1 could not be replayed"), "\(replay.all)")
    #expect(!replay.output.contains("differ"))
  }
}
