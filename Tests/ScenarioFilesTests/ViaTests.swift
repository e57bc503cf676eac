import Diagnostics
import Scenario
import ScenarioFiles
import Testing

/// A VNC server that is reached through the target's SSH host.
struct ViaTests {
  private let host = "ssh: {url: \"ssh://tester@host\", agent: true}"

  @Test func `reads the way to a VNC server`() throws {
    let scenario = try #require(
      load(
        "name: T\ntarget: {vnc: \"vnc://localhost:5901\", via: ssh, \(host)}\nsteps: [{click: OK}]"
      )
      .cases.first
    ).scenario
    #expect(
      scenario.target.screen
        == .vnc(address: Template("vnc://localhost:5901"), password: nil, via: .ssh))
  }

  @Test func `a unix socket is a path on the host`() throws {
    let scenario = try #require(
      load("name: T\ntarget: {vnc: \"unix:/run/vnc\", via: ssh, \(host)}\nsteps: [{click: OK}]")
        .cases.first
    ).scenario
    #expect(
      scenario.target.screen == .vnc(address: Template("unix:/run/vnc"), password: nil, via: .ssh))
  }

  @Test(arguments: [
    ("vnc: h, via: ssh", "“via: ssh” needs the SSH host", "add ssh:"),
    ("demo: shop, via: ssh, %", "“via” has no meaning beside “demo”", "remove it"),
    ("desktop: {}, via: ssh, %", "“via” has no meaning beside “desktop”", "remove it"),
    ("vnc: h, via: shh, %", "unknown way “shh” to a VNC server", "did you mean “ssh”?"),
    ("vnc: h, via: proxy, %", "unknown way “proxy” to a VNC server", "write via: ssh"),
    ("vnc: h, vai: ssh, %", "“vai”", "did you mean “via”?"),
  ])
  func `says what is wrong, and where`(_ target: String, _ message: String, _ help: String) throws {
    let text = target.replacing("%", with: host)
    let result = load("name: T\ntarget: {\(text)}\nsteps: [{click: OK}]")
    let diagnostic = try #require(result.diagnostics.first)
    #expect(diagnostic.message.contains(message), "\(diagnostic)")
    #expect(diagnostic.suggestion?.contains(help) == true, "\(diagnostic)")
    #expect(diagnostic.line == 2)
  }

  @Test func `a screen of the command line is reached as it says`() throws {
    var overrides = ScenarioOverrides()
    overrides.screen = TargetSpec.Screen(parsing: "vnc://other:1")
    let scenario = try #require(
      load(
        "name: T\ntarget: {vnc: h, via: ssh, \(host)}\nsteps: [{click: OK}]",
        defaults: ScenarioDefaults(overrides: overrides)
      ).cases.first
    ).scenario
    #expect(scenario.target.screen == .vnc(address: Template("vnc://other:1"), password: nil))
  }
}
