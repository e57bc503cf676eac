import Diagnostics
import Scenario
import ScenarioFiles
import Testing

/// Commands on the SSH host that type and read.
struct HostTypingTests {
  private let host = "ssh: {url: \"ssh://tester@host\", agent: true}"

  @Test func `reads the commands`() throws {
    let text = "typing: {with: xdotool type --file -, read: xsel -po, all: true}"
    let scenario = try #require(
      load("name: T\ntarget: {vnc: h, \(host), \(text)}\nsteps: [{click: OK}]").cases.first
    ).scenario
    #expect(
      scenario.target.typing
        == HostTyping(with: "xdotool type --file -", read: "xsel -po", all: true))
  }

  @Test(arguments: [
    ("vnc: h, typing: {with: x}", "“typing” needs the SSH host", "add ssh:"),
    ("vnc: h, %, typing: {}", "“typing” names no command", "add with, read or both"),
    ("vnc: h, %, typing: {read: x, all: true}", "“all” has no meaning without “with”", "add the"),
    ("vnc: h, %, typing: {with: \"\"}", "“with” is empty", "write a command"),
    ("vnc: h, %, typing: {wiht: x}", "“wiht”", "did you mean “with”?"),
    ("vnc: h, %, typing: {with: \"${SHOP_TOKEN}\"}", "cannot hold a secret", "use a variable"),
  ])
  func `says what is wrong, and where`(_ target: String, _ message: String, _ help: String) throws {
    let text = target.replacing("%", with: host)
    let result = load(
      "name: T\nsecrets: [SHOP_TOKEN]\ntarget: {\(text)}\nsteps: [{click: OK}]")
    let diagnostic = try #require(result.diagnostics.first { $0.severity == .error })
    #expect(diagnostic.message.contains(message), "\(diagnostic)")
    #expect(diagnostic.suggestion?.contains(help) == true, "\(diagnostic)")
    #expect(diagnostic.line == 3)
  }

  @Test func `types on no screen of the command line`() throws {
    var overrides = ScenarioOverrides()
    overrides.screen = TargetSpec.Screen(parsing: "vnc://other:1")
    let scenario = try #require(
      load(
        "name: T\ntarget: {vnc: h, \(host), typing: {with: x}}\nsteps: [{click: OK}]",
        defaults: ScenarioDefaults(overrides: overrides)
      ).cases.first
    ).scenario
    #expect(scenario.target.typing == nil)
  }
}
