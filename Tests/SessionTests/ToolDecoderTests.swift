import Hands
import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// What a model's tool call is taken for.
struct ToolDecoderTests {
  private func decoder(
    unit: ModelSpace.Unit = .pixels, order: ModelSpace.Order = .xy, secrets: [String] = [],
    isExact: Bool = true
  ) -> ToolDecoder {
    ToolDecoder(
      space: ModelSpace(unit: unit, order: order, sent: .screen, screen: .screen),
      secrets: secrets, isExact: isExact)
  }

  private func decode(
    _ arguments: String, with decoder: ToolDecoder? = nil
  ) throws -> ToolDecoder.Request {
    try (decoder ?? self.decoder()).decode(
      ToolRequest(id: "1", name: "computer", arguments: arguments)
    ).request
  }

  private func click(_ count: Int, _ button: PointerButton = .left) -> ToolDecoder.Request {
    .action(.click(at: .on(10, 20), button: button, count: count, modifiers: []))
  }

  @Test func `understands every action it offers`() throws {
    let at = #""coordinate":[10,20]"#
    #expect(try decode(#"{"action":"left_click",\#(at)}"#) == click(1))
    #expect(try decode(#"{"action":"right_click",\#(at)}"#) == click(1, .right))
    #expect(try decode(#"{"action":"middle_click",\#(at)}"#) == click(1, .middle))
    #expect(try decode(#"{"action":"double_click",\#(at)}"#) == click(2))
    #expect(try decode(#"{"action":"triple_click",\#(at)}"#) == click(3))
    #expect(try decode(#"{"action":"mouse_move",\#(at)}"#) == .action(.move(to: .on(10, 20))))
    #expect(
      try decode(#"{"action":"left_click_drag","start_coordinate":[1,2],\#(at)}"#)
        == .action(.drag(path: [.on(1, 2), .on(10, 20)])))
    #expect(
      try decode(#"{"action":"key","text":"Ctrl+S Return"}"#)
        == .action(.press(chords: [KeyChord(keys: ["ctrl", "s"]), KeyChord(keys: ["enter"])])))
    #expect(
      try decode(#"{"action":"type","text":" a\n"}"#)
        == .action(.type(text: Template(" a\n"), clear: false, enter: false)))
    #expect(
      try decode(#"{"action":"scroll","scroll_direction":"up","scroll_amount":50,\#(at)}"#)
        == .action(.scroll(at: .on(10, 20), direction: .up, notches: 50)))
    #expect(
      try decode(#"{"action":"scroll","scroll_direction":"down","coordinate":null}"#)
        == .action(.scroll(at: .on(500, 250), direction: .down, notches: 3)))
    #expect(try decode(#"{"action":"wait","duration":1.5}"#) == .wait(.milliseconds(1500)))
    #expect(try decode(#"{"action":"wait","duration":null}"#) == .wait(.seconds(1)))
    #expect(try decode(#"{"action":"screenshot"}"#) == .look)
    #expect(
      try decode(#"{"action":"terminate","status":"blocked","text":"locked"}"#)
        == .done(status: .blocked, text: "locked"))
    #expect(
      try decode(#"{"action":"terminate","status":"success","reason":"there"}"#)
        == .done(status: .success, text: "there"))
    let offered = try #require(Acting.tool.parameters["properties"]?["action"]?["enum"]?.array)
    #expect(offered.compactMap(\.string) == ToolAction.allCases.map(\.rawValue))
  }

  @Test func `leaves aside what it does not know, and keeps the reason`() throws {
    let (request, reason) = try decoder().decode(
      ToolRequest(
        id: "1", name: "computer",
        arguments: #"{"zoom":3,"action":"screenshot","coordinate":"x","reason":"to see"}"#))
    #expect(request == .look)
    #expect(reason == "to see")
  }

  @Test func `holds the keys that a click, a drag or a scroll names`() throws {
    let at = #""coordinate":[10,20]"#
    #expect(
      try decode(#"{"action":"left_click",\#(at),"text":"Ctrl+Shift"}"#)
        == .action(.click(at: .on(10, 20), button: .left, count: 1, modifiers: ["ctrl", "shift"])))
    #expect(
      try decode(#"{"action":"scroll","scroll_direction":"down",\#(at),"text":"ctrl"}"#)
        == .action(.scroll(at: .on(10, 20), direction: .down, notches: 3, modifiers: ["ctrl"])))
    #expect(
      try decode(#"{"action":"left_click_drag","start_coordinate":[1,2],\#(at),"text":"alt"}"#)
        == .action(.drag(path: [.on(1, 2), .on(10, 20)], modifiers: ["alt"])))
    #expect(try decode(#"{"action":"left_click",\#(at),"text":""}"#) == click(1))
  }

  @Test(arguments: [
    #""action":"left_click","coordinate":[1,2],"text":"Submit""#,
    #""action":"left_click","coordinate":[1,2],"text":"ctrl+a""#,
    #""action":"left_click","coordinate":[1,2],"modifiers":["ctrl"]"#,
    #""action":"left_click","coordinate":[1,2],"button":"right""#,
    #""action":"left_click","coordinate":[1,2],"duration":2"#,
    #""action":"mouse_move","coordinate":[1,2],"text":"shift""#,
    #""action":"type","text":"a","coordinate":[1,2]"#,
    #""action":"type","text":"a","press_enter":true"#,
    #""action":"key","text":"a","duration":2"#,
    #""action":"scroll","scroll_direction":"up","text":"fast""#,
  ])
  func `refuses what an action does not use, and never drops it`(arguments: String) throws {
    #expect(throws: ToolDecoder.Rejection.self) { try decode("{\(arguments)}") }
    // Older recordings left it aside.
    var lenient = decoder()
    lenient.isStrict = false
    if !arguments.contains(#""scroll""#) { _ = try decode("{\(arguments)}", with: lenient) }
  }

  @Test(arguments: [
    #""text":null"#, #""duration":0"#, #""region":[0,0,0,0]"#, #""thought":"I see it""#,
    #""element":"the Save button""#, #""start_coordinate":[]"#, #""press_enter":false"#,
    #""confidence":0.9"#,
  ])
  func `takes what models write where they have nothing to say`(argument: String) throws {
    #expect(try decode(#"{"action":"left_click","coordinate":[10,20],\#(argument)}"#) == click(1))
  }

  @Test(arguments: [
    "[1]", "[1,2,3]", "[]", "{}", "5", "null", #""10,20""#, #"["10","20"]"#, "[null,5]", "[true,5]",
    "[1001.1e1,0]", "[-11,0]", "[0,506]", "[1e300,0]", "[0,-1e300]", "[60000,60000]",
    "[[1,2],[3,4]]",
    #"["NaN",0]"#, "[9223372036854775807,-9223372036854775808]", "[1e-400,1e9]",
  ])
  func `refuses a coordinate that is none`(coordinate: String) {
    for action in ["left_click", "mouse_move", "left_click_drag"] {
      #expect(throws: ToolDecoder.Rejection.self) {
        try decode(
          #"{"action":"\#(action)","start_coordinate":[1,1],"coordinate":\#(coordinate)}"#)
      }
    }
    #expect(throws: ToolDecoder.Rejection.self) {
      try decode(
        #"{"action":"left_click_drag","coordinate":[1,1],"start_coordinate":\#(coordinate)}"#)
    }
  }

  @Test(arguments: ["[NaN,0]", "[Infinity,0]", "[1e999,0]", "[0x10,1]"])
  func `refuses numbers that JSON does not know`(coordinate: String) {
    #expect(throws: ToolDecoder.Rejection("The arguments are no JSON object.")) {
      try decode(#"{"action":"left_click","coordinate":\#(coordinate)}"#)
    }
  }

  @Test(arguments: [
    "[-1,5]", "[5,-0.5]", "[1001,5]", "[1010,505]", "[5,501]", "[0.5,0.56]", "[0.999,1]",
    "[0,0.25]",
    "[1e-3,1.0]",
  ])
  func `refuses what is counted in another space, and brings nothing to an edge`(
    coordinate: String
  ) throws {
    for unit in [ModelSpace.Unit.pixels, .thousandths] {
      // Of thousandths 501 is one.
      if unit == .thousandths, coordinate == "[5,501]" { continue }
      let error = #expect(throws: ToolDecoder.Rejection.self) {
        try decode(
          #"{"action":"left_click","coordinate":\#(coordinate)}"#, with: decoder(unit: unit))
      }
      #expect(error?.message.contains("spans 0…1000") == true)
    }
  }

  @Test func `takes fractions from a model that counts in them`() throws {
    let decoder = decoder(unit: .fractions)
    #expect(
      try decode(#"{"action":"mouse_move","coordinate":[0.5,0.56]}"#, with: decoder)
        == .action(.move(to: .on(500, 280))))
    #expect(throws: ToolDecoder.Rejection.self) {
      try decode(#"{"action":"mouse_move","coordinate":[500,560]}"#, with: decoder)
    }
  }

  @Test func `decides what an older recording says as it was decided`() throws {
    let decoder = decoder(isExact: false)
    for (coordinate, x, y) in [("[1010,505]", 999, 499), ("[-10,-5]", 0, 0), ("[0.5,0.56]", 0, 0)] {
      #expect(
        try decode(#"{"action":"mouse_move","coordinate":\#(coordinate)}"#, with: decoder)
          == .action(.move(to: .on(x, y))))
    }
  }

  @Test func `takes numbers up to the edge`() throws {
    for (coordinate, x, y) in [
      ("[-0,-0.0]", 0, 0), ("[1000,500]", 999, 499), ("[0,1]", 0, 1), ("[1,1]", 1, 1),
      ("[0.5,300]", 0, 300), ("[10.9,20.1]", 10, 20), ("[1e1,2e1]", 10, 20),
    ] {
      #expect(
        try decode(#"{"action":"mouse_move","coordinate":\#(coordinate)}"#)
          == .action(.move(to: .on(x, y))))
    }
  }

  @Test func `counts in the unit and order of the model`() throws {
    let move = #"{"action":"mouse_move","coordinate":[100,900]}"#
    #expect(
      try decode(move, with: decoder(unit: .thousandths, order: .yx))
        == .action(.move(to: .on(900, 50))))
    let error = #expect(throws: ToolDecoder.Rejection.self) {
      try decode(move, with: decoder(unit: .fractions))
    }
    #expect(
      error?.message
        == "`coordinate` 100, 900 is outside of the screenshot, which spans 0…1 by 0…1.")
  }

  @Test(arguments: [
    #""duration":-1"#, #""duration":60.1"#, #""duration":60000"#, #""duration":1e300"#,
    #""duration":"5""#, #""duration":[]"#, #""duration":true"#,
  ])
  func `refuses to wait for nonsense`(argument: String) {
    #expect(throws: ToolDecoder.Rejection.self) { try decode(#"{"action":"wait",\#(argument)}"#) }
  }

  @Test(arguments: ["0", "-3", "51", "60000", "2.5", "1e300", #""3""#, "[]"])
  func `refuses to turn the wheel by nonsense`(amount: String) {
    #expect(throws: ToolDecoder.Rejection.self) {
      try decode(#"{"action":"scroll","scroll_direction":"up","scroll_amount":\#(amount)}"#)
    }
  }

  @Test(arguments: [
    "", "null", "[]", "1", #""a""#, "{", #"{"action":1}"#, "{}", #"{"action":"juggle"}"#,
    #"{"action":"LEFT_CLICK","coordinate":[1,1]}"#, #"{"action":"key"}"#,
    #"{"action":"key","text":""}"#, #"{"action":"key","text":"  "}"#,
    #"{"action":"key","text":"ctrl+juggle"}"#, #"{"action":"key","text":["a"]}"#,
    #"{"action":"type"}"#, #"{"action":"type","text":""}"#, #"{"action":"type","text":5}"#,
    #"{"action":"scroll"}"#, #"{"action":"scroll","scroll_direction":"sideways"}"#,
    #"{"action":"terminate"}"#, #"{"action":"terminate","status":"passed"}"#,
    #"{"action":"left_click"}"#, #"{"action":"screenshot","action":"type"}"#,
  ])
  func `refuses what it does not understand`(arguments: String) {
    #expect(throws: ToolDecoder.Rejection.self) { try decode(arguments) }
  }

  @Test func `knows one tool`() {
    let error = #expect(throws: ToolDecoder.Rejection.self) {
      try decoder().decode(
        ToolRequest(id: "1", name: "shell", arguments: #"{"action":"screenshot"}"#))
    }
    #expect(error?.message == "There is no tool “shell”; use `computer`.")
  }

  @Test func `is not impressed by size`() {
    let long = String(repeating: "x", count: 70_000)
    let chords = String(repeating: "a ", count: 21)
    let marks = "a" + String(repeating: "\u{301}", count: 20_000)
    for arguments in [
      #"{"action":"type","text":"\#(String(repeating: "x", count: 4097))"}"#,
      #"{"action":"key","text":"\#(chords)"}"#, #"{"action":"screenshot","reason":"\#(long)"}"#,
      #"{"action":"\#(marks)"}"#, #"{"action":"key","text":"\#(marks)+x"}"#,
    ] {
      let error = #expect(throws: ToolDecoder.Rejection.self) { try decode(arguments) }
      #expect((error?.message.utf8.count ?? .max) < 1000)
    }
    let error = #expect(throws: ToolDecoder.Rejection.self) {
      try decoder().decode(ToolRequest(id: "1", name: marks + marks, arguments: "{}"))
    }
    #expect((error?.message.utf8.count ?? .max) < 1000)
    #expect(throws: Never.self) {
      try decode(#"{"action":"type","text":"\#(String(repeating: "x", count: 4096))"}"#)
    }
  }

  @Test func `cuts a long reason`() throws {
    let reason = String(repeating: "é", count: 5000)
    let decoded = try decoder().decode(
      ToolRequest(
        id: "1", name: "computer", arguments: #"{"action":"screenshot","reason":"\#(reason)"}"#))
    #expect(decoded.reason.count == 2000)
  }

  @Test func `types the secrets it knows and shows their names`() throws {
    let request = try decode(
      #"{"action":"type","text":"a‹MINE›b‹OTHER›"}"#, with: decoder(secrets: ["MINE"]))
    guard case .action(let action) = request, case .type(let text, _, _, _) = action else {
      Issue.record("means \(request)")
      return
    }
    #expect(text.secrets == ["MINE"])
    #expect(action.title == "type “a‹MINE›b‹OTHER›”")
  }

  // MARK: - Names of secrets in a text

  @Test(
    arguments: [
      ("", []), ("plain", [.literal("plain")]), ("‹A›", [.secret("A")]),
      ("x‹A›y‹B›‹A›", [.literal("x"), .secret("A"), .literal("y"), .secret("B"), .secret("A")]),
      ("‹C›", [.literal("‹C›")]), ("‹A", [.literal("‹A")]), ("A›", [.literal("A›")]),
      ("‹›", [.literal("‹›")]), ("‹‹A››", [.literal("‹"), .secret("A"), .literal("›")]),
      ("‹C‹A›", [.literal("‹C"), .secret("A")]), ("‹ A ›", [.literal("‹ A ›")]),
      ("‹a›", [.literal("‹a›")]),
    ] as [(String, [Template.Segment])])
  func `finds the names of secrets`(text: String, segments: [Template.Segment]) {
    let template = Template(naming: ["A", "B"], in: text)
    #expect(template.segments == segments)
    #expect(template.description == text)
  }

  @Test func `finds names in a text full of quotes in good time`() {
    let text = String(repeating: "‹", count: 4096)
    #expect(Template(naming: ["A"], in: text).description == text)
  }
}
