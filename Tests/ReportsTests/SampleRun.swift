import Hands
import Pixels
import Recording
import Scenario
import Story

/// A run in which everything happens that a report has to show.
enum SampleRun {
  static let info = RunInfo(
    id: "2026-11-20T12-00-00Z-4f2a", version: "1.0.0",
    commandLine: ["qa-agent", "run", "scenarios", "-j", "2", "-D", "greeting=hello world"],
    startedAt: "2026-11-20T12:00:00Z", host: "build-7", selected: 8, workers: 2,
    model: "ai/qwen3-vl at http://localhost:12434/engines/v1")

  static let user = PixelRect(x: 193, y: 150, width: 254, height: 32)
  static let password = PixelRect(x: 193, y: 212, width: 254, height: 32)
  static let button = PixelRect(x: 193, y: 262, width: 254, height: 34)

  static func makeCase(
    _ id: String, _ name: String, file: String? = nil, line: Int = 1, tags: [String] = [],
    description: String? = nil, owner: String? = nil
  ) -> Case {
    let file = file ?? "scenarios/\(id.split(separator: "[")[0]).yaml"
    let properties = owner.map { [Scenario.Property(name: "owner", value: $0)] } ?? []
    return Case(
      id: id, name: name,
      scenario: Scenario(
        name: name, id: id, description: description, tags: tags, properties: properties,
        target: TargetSpec(screen: .demo("sign-in")), steps: [],
        location: SourceLocation(file: file, line: line), root: "."))
  }

  static func lines(pictures: [String: String] = [:]) throws -> [JournalLine] {
    var script = Script(pictures: pictures)
    try script.run(.runStarted(info))
    try passed(&script)
    try failed(&script)
    try flaky(&script)
    try error(&script)
    try timedOut(&script)
    try unchecked(&script)
    try skipped(&script)
    try hostile(&script)
    script.wait(.seconds(1))
    try script.run(.runFinished(RunEnding(duration: .milliseconds(183_250), exitCode: 1)))
    return script.lines
  }

  static func passing(pictures: [String: String] = [:]) throws -> [JournalLine] {
    var script = Script(pictures: pictures)
    var info = info
    info.selected = 1
    try script.run(.runStarted(info))
    try passed(&script)
    try script.run(.runFinished(RunEnding(duration: .milliseconds(8_400), exitCode: 0)))
    return script.lines
  }

  static func signIn(_ script: inout Script) throws {
    try script.step("type “alice” into “User name”", "type", groups: ["Sign in"], line: 9) { s in
      try s.note(.laneTaken(lane: .local, reason: ""))
      try s.see("empty")
      try s.click("User name", user)
      try s.act(.type(text: Template("alice"), clear: false, enter: false))
    }
    try script.step(
      "type “‹SHOP_PASSWORD›” into “Password”", "type", groups: ["Sign in"], line: 10
    ) { s in
      try s.note(.laneTaken(lane: .local, reason: ""))
      try s.see("filled")
      try s.click("Password", password)
      try s.act(
        .type(text: Template([.secret("SHOP_PASSWORD")]), clear: false, enter: false))
    }
  }

  static func press(_ script: inout Script, then picture: String) throws {
    try script.step("press the blue button below the password", "act", line: 12) { s in
      try s.note(
        .laneTaken(
          lane: .model, reason: "“the blue button below the password” is not on the screen"))
      try s.see("filled")
      try s.think(
        ModelReply(
          text: "The form is filled in. The blue button under the password field signs in.",
          reasoning:
            "I see a sign-in form: user name alice, a password of twelve dots, and one blue "
            + "button labelled Sign in at about (320, 279). The task asks for the blue button.",
          calls: [
            ToolRequest(
              id: "c1", name: "computer",
              arguments: #"{"action":"left_click","coordinate":[320,279]}"#)
          ], model: "ai/qwen3-vl", promptTokens: 1843, cachedTokens: 1210, completionTokens: 64,
          duration: .milliseconds(2350)), "Goal: press the blue button below the password.")
      if let point = s.frame.size.center(of: button) {
        try s.act(
          .click(at: point, button: .left, count: 1, modifiers: []), lane: .model,
          thought: "The form is filled in. The blue button under the password field signs in.",
          target: Hit(text: "Sign in", box: button))
      }
      try s.see(picture)
      try s.note(.said(text: "Done: the button was pressed."))
    }
  }

  static func passed(_ script: inout Script) throws {
    let item = makeCase(
      "sign-in", "Sign in with a valid account", tags: ["smoke", "auth"],
      description: "A customer with an account signs in and sees the shop.", owner: "web-team")
    try script.runCase(item, .passed) { s in
      try s.attempt(item, 1, .passed) { s in
        try signIn(&s)
        try press(&s, then: "welcome")
        try s.step("expect “Welcome, alice” is on the screen", "expect", line: 13) { s in
          try s.see("welcome")
          try s.check(
            "“Welcome, alice” is on the screen", "“Welcome, alice” at 193,98 145x20", true,
            [PixelRect(x: 190, y: 96, width: 150, height: 24)])
        }
        try s.step("keep the picture “cart”", "screenshot", phase: .teardown, line: 20) { s in
          try s.effect(.keepPicture(name: "cart"))
          let digest = s.pictures["cart"] ?? ""
          try s.event(
            .pictureKept(frame: FrameReference(blob: digest, size: s.frame.size, sequence: 99)))
        }
      }
    }
  }

  static func failed(_ script: inout Script) throws {
    let item = makeCase(
      "sign-in-wrong", "A wrong password locks the account", line: 3, tags: ["auth"],
      owner: "web-team")
    let ending = Ending(.failed, "expected: “locked” is on the screen; closest: “do not match.”")
    try script.runCase(item, ending) { s in
      for number in 1...2 {
        try s.attempt(item, number, ending) { s in
          try signIn(&s)
          try press(&s, then: "wrong")
          try s.step("expect “locked” is on the screen", "expect", ending, line: 31) { s in
            try s.see("wrong")
            for _ in 0..<3 {
              s.wait(.seconds(3))
              try s.check(
                "“locked” is on the screen", "not there; closest: “do not match.”", false,
                [PixelRect(x: 190, y: 304, width: 242, height: 36)])
            }
          }
        }
      }
    }
  }

  static func flaky(_ script: inout Script) throws {
    let item = makeCase("cart", "Put a teapot into the cart", tags: ["smoke"])
    let ending = Ending(.failed, "expected: “30.50” is on the screen; not there")
    try script.runCase(item, Ending(.flaky, "passed on attempt 2; attempt 1: \(ending.reason)")) {
      s in
      try s.attempt(item, 1, ending) { s in
        try s.step("drag “Teapot, blue” to “Total”", "drag") { s in
          try s.see("cart")
          let points = [(250, 140), (300, 190), (400, 220)]
          try s.act(.drag(path: points.compactMap { s.frame.size.point(x: $0.0, y: $0.1) }))
        }
        try s.step("expect “30.50” is on the screen", "expect", ending) { s in
          try s.check("“30.50” is on the screen", "not there", false)
        }
      }
      try s.attempt(item, 2, .passed) { s in
        try s.step("expect “30.50” is on the screen", "expect") { s in
          try s.see("cart")
          try s.check(
            "“30.50” is on the screen", "“30.50” at 404,199 42x16", true,
            [PixelRect(x: 402, y: 196, width: 46, height: 22)])
        }
      }
    }
  }

  static func error(_ script: inout Script) throws {
    let item = makeCase("invoice", "Pay by invoice", tags: ["payment"])
    let fault = Fault(
      .model, "the model at http://localhost:12434 did not answer in 120 s; is it running?")
    let ending = Ending(.error, fault.message)
    try script.runCase(item, ending) { s in
      try s.attempt(item, 1, ending) { s in
        try s.step("pay the cart by invoice", "act", ending) { s in
          try s.note(.laneTaken(lane: .model, reason: "not a plain step"))
          try s.see("cart")
          try s.effect(.think(role: "default", appended: [], digest: "d"))
          try s.event(.failed(fault: fault), after: .seconds(120))
        }
      }
    }
  }

  static func timedOut(_ script: inout Script) throws {
    let item = makeCase("search", "Search for a teapot", tags: ["search"])
    let ending = Ending(.timedOut, "the limit of 30s for this case was reached")
    try script.runCase(item, ending) { s in
      try s.attempt(item, 1, ending) { s in
        try s.step("wait until the screen is quiet for 500ms", "wait", ending) { s in
          try s.see("welcome")
          try s.effect(.settle(quiet: .milliseconds(500)))
          try s.event(.limitReached, after: .seconds(30))
        }
      }
    }
  }

  static func unchecked(_ script: inout Script) throws {
    let item = makeCase("browse", "Look around in the shop")
    try script.runCase(item, .passed, isUnchecked: true) { s in
      try s.attempt(item, 1, .passed, isUnchecked: true) { s in
        try s.step("scroll down 3", "scroll") { s in
          try s.see("welcome")
          try s.act(.scroll(at: s.frame.size.center, direction: .down, notches: 3), lane: .scenario)
        }
        try s.step("shown only in German", "expect", Ending(.skipped, "“en” == “de” does not hold"))
      }
    }
  }

  static func skipped(_ script: inout Script) throws {
    let item = makeCase("print", "Print a receipt", tags: ["printer"])
    let reason = "it requires lp, which is not installed: apt-get install cups-client"
    try script.runCase(item, Ending(.skipped, reason))
  }

  /// Everything that wants to break out of a report.
  static let attack = "</script><img src=x onerror=alert(1)>\u{2028}]]>\u{1B}[31m&\"'\u{7}\u{0}"

  static func hostile(_ script: inout Script) throws {
    let item = makeCase(
      "hostile[lang=<b>]", "\(attack) name", file: "scenarios/hostile.yaml", tags: [attack])
    let ending = Ending(.failed, "reason \(attack)\nsecond line")
    try script.runCase(item, ending) { s in
      try s.attempt(item, 1, ending) { s in
        try s.step("title \(attack)", "act", ending) { s in
          try s.see("welcome")
          try s.think(
            ModelReply(text: attack, reasoning: attack, model: attack, duration: .seconds(1)),
            attack)
          try s.note(.said(text: attack))
          try s.check(attack, attack, false)
        }
      }
    }
  }
}
