import Diagnostics
import Hands
import Scenario
import Testing

struct StepTests {
  @Test(arguments: [
    ("act: Sign in as alice", Step.Kind.act(Template("Sign in as alice"))),
    ("click: Sign in", .point(.click, Target(.text(Template("Sign in"))))),
    ("double_click: 5", .point(.doubleClick, Target(.text(Template("5"))))),
    ("right_click: {at: [1, 2]}", .point(.rightClick, Target(.at(x: 1, y: 2)))),
    (
      "middle_click: {describe: the bin}",
      .point(.middleClick, Target(.describe(Template("the bin"))))
    ),
    (
      "hover: {text: OK, exact: true, nth: 2, near: A, left_of: B, right_of: C, above: D, below: E, region: top-right}",
      .point(
        .hover,
        Target(
          .text(Template("OK")), exact: true, nth: 2, near: Template("A"), leftOf: Template("B"),
          rightOf: Template("C"), above: Template("D"), below: Template("E"),
          region: .named(.topRight)))
    ),
    (
      "drag: {from: Card A, to: {text: Done, region: [1, 2, 3, 4]}}",
      .drag(
        from: Target(.text(Template("Card A"))),
        to: Target(.text(Template("Done")), region: .pixels(x: 1, y: 2, width: 3, height: 4)))
    ),
    (
      "drag: {from: a, to: b, via: [c, {at: [1, 2]}], hold: 300ms, with: shift, button: right}",
      .drag(
        from: Target(.text(Template("a"))), to: Target(.text(Template("b"))),
        manner: Manner(
          button: .right, with: ["shift"], hold: .milliseconds(300),
          via: [Target(.text(Template("c"))), Target(.at(x: 1, y: 2))]))
    ),
    (
      "click: {text: Row, with: ctrl+shift, times: 5, hold: 1s, button: back}",
      .point(
        .click, Target(.text(Template("Row"))),
        Manner(button: .back, times: 5, with: ["ctrl", "shift"], hold: .seconds(1)))
    ),
    (
      "double_click: {at: [1, 2], with: [alt, meta]}",
      .point(.doubleClick, Target(.at(x: 1, y: 2)), Manner(with: ["alt", "meta"]))
    ),
    (
      "scroll: {direction: left, with: ctrl}",
      .scroll(.left, notches: 3, at: nil, manner: Manner(with: ["ctrl"]))
    ),
    (
      "press: {keys: [space, kp_enter], hold: 2s}",
      .press(
        [KeyChord(keys: ["space"]), KeyChord(keys: ["kp_enter"])], .hold(.seconds(2)))
    ),
    ("press: {keys: ctrl+s}", .press([KeyChord(keys: ["ctrl", "s"])])),
    ("hold: alt", .press([KeyChord(keys: ["alt"])], .down)),
    ("release: [alt, a]", .press([KeyChord(keys: ["alt"]), KeyChord(keys: ["a"])], .up)),
    ("type: {text: a, paste: true}", .type(Typing(text: Template("a"), isPasted: true))),
    ("scroll: down", .scroll(.down, notches: 3, at: nil)),
    (
      "scroll: {direction: up, amount: 5, at: List}",
      .scroll(.up, notches: 5, at: Target(.text(Template("List"))))
    ),
    ("type: yes", .type(Typing(text: Template("yes")))),
    (
      "type: {text: alice, into: User name, clear: true, enter: true}",
      .type(
        Typing(
          text: Template("alice"), into: Target(.text(Template("User name"))), clear: true,
          enter: true))
    ),
    (
      "type: {text: alice, into: Name, shown: true}",
      .type(
        Typing(text: Template("alice"), into: Target(.text(Template("Name"))), isShown: true))
    ),
    (
      "type: {text: \"\", into: Name, clear: true}",
      .type(Typing(text: Template(""), into: Target(.text(Template("Name"))), clear: true))
    ),
    ("press: Ctrl+S", .press([KeyChord(keys: ["ctrl", "s"])])),
    ("press: [Tab, Enter]", .press([KeyChord(keys: ["tab"]), KeyChord(keys: ["enter"])])),
    ("press: 1", .press([KeyChord(keys: ["1"])])),
    ("wait: 2s", .wait(.time(.seconds(2)))),
    ("wait: {time: 1m30s}", .wait(.time(.seconds(90)))),
    ("wait: {text: Ready}", .wait(.text(Template("Ready"), region: nil))),
    ("wait: {settled: 500ms}", .wait(.settled(.milliseconds(500)))),
    (
      "wait: {absent: Loading, region: top}",
      .wait(.absent(Template("Loading"), region: .named(.top)))
    ),
    ("ssh: systemctl restart shop", .ssh(SSHCommand(run: Template("systemctl restart shop")))),
    (
      "ssh: {run: cat, exit: 3, stdin: hello}",
      .ssh(SSHCommand(run: Template("cat"), exit: 3, input: Template("hello")))
    ),
    (
      "read: {what: order number, as: order, region: bottom-half, matches: \"^[0-9]+$\"}",
      .read(
        Reading(
          what: Template("order number"), region: .named(.bottomHalf), matches: "^[0-9]+$"))
    ),
    (
      "tool: {server: browser, name: navigate, arguments: {url: 'http://x/', n: 3, f: 1.5, b: true, z: ~, l: [a]}}",
      .tool(
        ToolCall(
          server: "browser", name: "navigate",
          arguments: #"{"url":"http://x/","n":3,"f":1.5,"b":true,"z":null,"l":["a"]}"#))
    ),
    ("tool: {server: browser, name: back}", .tool(ToolCall(server: "browser", name: "back"))),
    ("screenshot: cart", .screenshot("cart")),
    ("note: Now it gets hard", .note(Template("Now it gets hard"))),
  ])
  func `reads each step`(yaml: String, kind: Step.Kind) throws {
    #expect(try step(yaml).kind == kind)
  }

  @Test func `reads groups`() throws {
    let group = try step("group: {name: Check out, steps: [{click: Cart}, {click: Pay}]}")
    guard case .group("Check out", let steps) = group.kind else {
      Issue.record("no group: \(group.kind)")
      return
    }
    #expect(steps.map(\.text) == ["click: Cart", "click: Pay"])
    #expect(group.text == "group: Check out")
  }

  @Test func `reads the common keys`() throws {
    let step = try step(
      """
      click: Cookies
      name: Send them away
      as: cookies
      timeout: 3s
      optional: true
      when: "'${LANG_NAME}' != \\"de\\""
      retry: {times: 2, every: 500ms}
      lane: local
      """, environment: ["LANG_NAME": "en"])
    #expect(step.name == "Send them away")
    #expect(step.resultName == "cookies")
    #expect(step.timeout == .seconds(3))
    #expect(step.isOptional)
    #expect(
      step.condition
        == Step.Condition(left: Template("en"), comparison: .notEqual, right: Template("de")))
    #expect(step.retry == Step.Retry(times: 2, every: .milliseconds(500)))
    #expect(step.lane == .local)
    #expect((step.location.line, step.location.column) == (4, 5))
    #expect(step.text == "click: Cookies")
  }

  @Test func `gives a step the defaults of the format`() throws {
    let step = try step("click: OK")
    #expect(step.name == nil && step.resultName == nil && step.timeout == nil)
    #expect(!step.isOptional && step.condition == nil && step.retry == nil && step.lane == .auto)
    #expect(
      try self.retry("click: OK\nretry: {times: 1}") == Step.Retry(times: 1, every: .seconds(1)))
  }

  private func retry(_ yaml: String) throws -> Step.Retry? { try step(yaml).retry }

  @Test(arguments: [
    ("clik: OK", "unknown step “clik”", "did you mean “click”?"),
    ("click: OK\ntimeuot: 3s", "unknown step “timeuot”", "did you mean “timeout”?"),
    ("frobnicate: OK", "unknown step “frobnicate”", "a step is one of: act"),
    ("click Sign in", "a step must be a key and its value", "write - click: Sign in"),
    ("Sign in, please", "a step must be a key and its value", "write - act: Sign in, please"),
    ("[click]", "not a list", "write - click"),
    ("timeout: 3s", "says nothing to do", "a step is one of"),
    ("click: OK\ntype: x", "a second action, “type”, beside “click”", "- type: …"),
    ("click:", "not nothing", ""),
    ("click: \" \"", "is empty", ""),
    ("click: {txt: OK}", "unknown key “txt” in a target", "did you mean “text”?"),
    ("type: {text: a, shown: true}", "“shown” needs the field", "add the key into:"),
    ("type: {text: \"\", into: A, shown: true}", "“shown” has no text", "leave it out"),
    ("type: {text: \"a\\nb\", into: A, shown: true}", "a text of one line", "expect:"),
    ("click: {nth: 1}", "needs one of the keys: text, image, at, describe", ""),
    ("click: {text: a, at: [1, 2]}", "has “text” and “at”", "only one"),
    (
      "click: {text: a, nth: 0}", "“nth” must be a whole number from 1 to 1000, not the number 0",
      ""
    ),
    ("click: {text: a, nth: two}", "not the text “two”", ""),
    ("click: {text: a, nth: \"2\"}", "whole number", "without quotes"),
    ("click: {text: a, exact: yes}", "must be true or false", ""),
    ("click: {text: a, region: top-rihgt}", "unknown region", "top-right"),
    ("click: {text: a, region: [1, 2, 3]}", "four numbers", ""),
    ("click: {text: a, region: [1, 2, 0, 3]}", "a side of a region", ""),
    ("click: {at: [1, 2], nth: 3}", "“nth” has no meaning beside “at”", "remove it"),
    ("click: {text: a, similarity: 0.9}", "“similarity” has no meaning", ""),
    ("click: {text: a, any_size: true}", "“any_size” has no meaning", ""),
    ("click: {at: 5}", "two numbers", "write at: [x, y]"),
    ("click: {at: [1, -2]}", "a coordinate", ""),
    ("click: {image: needles/none.png}", "there is no picture", "project root"),
    ("click: {image: /etc/passwd}", "outside the project", ""),
    ("click: [a]", "a target must be a mapping", "write a text or a mapping"),
    ("drag: {from: a}", "needs the key “to”", ""),
    ("drag: {from: a, to: b, times: 2}", "unknown key “times”", ""),
    ("click: {text: a, with: x}", "“x” is no key that is held meanwhile", "these are: ctrl"),
    ("click: {text: a, with: ctrl+ctrl}", "“ctrl” is held twice", "remove one"),
    ("click: {text: a, times: 11}", "a whole number from 1 to 10", ""),
    ("click: {text: a, hold: 61s}", "“hold” must be at most 60s", ""),
    ("click: {text: a, button: bakc}", "unknown button “bakc”", "back"),
    ("hover: {text: a, with: ctrl}", "unknown key “with”", ""),
    ("double_click: {text: a, times: 2}", "unknown key “times”", ""),
    ("press: {hold: 2s}", "needs the key “keys”", ""),
    ("hold: []", "has no keys", ""),
    ("scroll: sideways", "unknown direction", "up, down, left, right"),
    ("scroll: {amount: 3}", "needs the key “direction”", ""),
    ("scroll: {direction: up, amount: 1000}", "from 1 to 100", ""),
    ("press: Strg+S", "unknown key “Strg”", ""),
    ("press: entre", "unknown key “entre”", "did you mean “enter”?"),
    ("press: []", "has no keys", ""),
    ("wait: Ready", "must be a time such as 2s", "wait: {text: Ready}"),
    ("wait: 2", "must be a time", "such as 2s"),
    ("wait: {settled: 1s, region: top}", "“region” has no meaning", ""),
    ("wait: {}", "needs one of the keys", ""),
    ("ssh: {run: x, exit: 300}", "from 0 to 255", ""),
    ("ssh: {exit: 1}", "needs the key “run”", ""),
    ("read: {what: x}", "needs a name", "as: NAME"),
    ("read: {what: x, as: 9x}", "no name for a result", ""),
    ("read: {what: x, as: y, matches: \"(\"}", "no regular expression", ""),
    ("read: {what: x, as: y}\nas: z", "has “as” twice", ""),
    ("tool: {server: b}", "needs the key “name”", ""),
    ("tool: {server: b, name: c, arguments: [1]}", "must be a mapping", ""),
    ("screenshot: ../../etc/cron.d/x", "no name for a picture", ""),
    ("screenshot: .hidden", "no name for a picture", ""),
    ("group: {name: x}", "needs the key “steps”", ""),
    ("group: {name: x, steps: []}", "has no steps", ""),
    ("group: {name: x, steps: [{clik: y}]}", "unknown step “clik”", "click"),
    ("click: OK\nlane: lokal", "unknown lane", "local"),
    ("click: OK\nretry: 3", "a retry must be a mapping", "times, every"),
    ("click: OK\nretry: {times: 0}", "from 1 to 100", ""),
    ("click: OK\nwhen: always", "compare two texts", "=="),
    ("click: OK\ntimeout: 10m", "the step may take 10m, the whole case only 5m", "raise"),
    ("wait: 10m", "the step may take 10m, the whole case only 5m", "raise"),
    ("wait: {time: 10m}", "the step may take 10m, the whole case only 5m", "raise"),
    ("click: OK\ntimeout: 0s", "at least 1ms", ""),
    ("click: OK\noptional: maybe", "true or false", ""),
    ("type: {text: a, timeout: 3s}", "“timeout” belongs to the step", "one level up"),
    ("expect: {text: a, timeout: 3s}", "“timeout” belongs to the step", "beside “expect”"),
  ])
  func `says what is wrong with a step`(yaml: String, message: String, help: String) throws {
    let errors = errors(inStep: yaml)
    #expect(errors.count == 1, "\(errors)")
    let error = try #require(errors.first)
    #expect(error.message.contains(message))
    #expect(help.isEmpty || error.suggestion?.contains(help) == true, "\(error.rendered)")
    #expect((error.line ?? 0) >= 4 && error.column != nil)
    #expect(error.sourceLine != nil)
  }
}
