import Pixels
import Props
import Testing

@testable import VNC

/// What is found out about a keyboard by typing and looking.
@Suite(.serialized)
struct ClientCalibrationTests {
  private func keys(_ names: String...) throws -> [Key] { try names.map { try #require(Key($0)) } }

  private var plan: CalibrationPlan {
    var plan = CalibrationPlan()
    plan.probePause = .milliseconds(1)
    return plan
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["us", "de"])
  func `a real field is calibrated, and types and pastes by that`(layout: String) async throws {
    var options = VNCOptions()
    options.timing.pasteLimit = .milliseconds(300)
    let typist = try await ClientTypist(.entry, layout: layout, options: options)
    var plan = plan
    plan.pastes = [try keys("ctrl", "f9")] + plan.pastes
    let profile = try await typist.connection.calibrate(plan) { await typist.shown() }
    #expect(profile.keyboard == .keysyms)
    #expect(profile.missing.isEmpty)
    #expect(profile.paste == (try keys("ctrl", "v")))
    #expect(await typist.shown() == "")
    let second = try await typist.desktop.connect(
      VNCOptions(
        profile: TypingProfile(text: profile.text), keysymBudget: 0,
        spentKeysyms: typist.connection.spentKeysyms))
    let text = "It's ^a `b` ~n \"o\" {} 漢字"
    let typed = try await second.type(text) { await typist.shown() }
    #expect(typed.readBack == .matches)
    #expect(typed.report.channel == .clipboard)
    await second.close()
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `a guest with another layout gets the right characters`() async throws {
    let guest = ClientGuest()
    let server = try ClientFakeServer()
    async let served: Void = server.serve { guest.serve($0) }
    var options = VNCOptions(typingPause: .zero)
    options.timing.keyHold = .zero
    let connection = try await VNCConnection.connect(to: server.endpoint, options: options)
    try await connection.type("zy/-")
    #expect(try await eventually { guest.text == "yz-ß" })
    var plan = plan
    plan.quiet = .milliseconds(60)
    plan.pauses = [.zero, .milliseconds(1)]
    plan.pastes = []
    let profile = try await connection.calibrate(plan) { guest.text }
    #expect(profile.keyboard == .scancodes)
    #expect(profile.missing == ["<", ">", "|"])
    #expect(profile.paste == nil)
    let text = "Zy/-_?^a`e {[]}\\@~ \"quoted\" #'+*"
    let readBack = try await connection.type(text) { guest.text }.readBack
    #expect(readBack == .matches)
    let refused = try await clientError { () async throws(VNCError) in
      _ = try await connection.type("a|b")
    }
    #expect(refused.code == .unsupportedInput)
    #expect(refused.message.contains("character 2"))
    await connection.close()
    await served
  }

  @Test(.timeLimit(.minutes(5)))
  func `a field that cannot be read is an error, and the profile stays`() async throws {
    let typist = try await ClientTypist(.entry)
    var plan = plan
    plan.characters = "ab"
    plan.keyboards = [.keysyms]
    plan.quiet = .milliseconds(20)
    let error = try await clientError { () async throws(VNCError) in
      try await typist.connection.calibrate(plan) { nil }
    }
    #expect(error.code == .unsupportedInput)
    #expect(await typist.connection.profile == nil)
    await typist.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `what is typed is read back through the clipboard`() async throws {
    let typist = try await ClientTypist(.entry)
    let connection = typist.connection
    let copy = [try keys("ctrl", "a"), try keys("ctrl", "c")]
    let good = try await connection.type("Grüße") { try? await connection.copyText(by: copy) }
    #expect(good.readBack == .matches)
    let secret = try await connection.type("12345", isSecret: true) { "•••••" }
    #expect(secret.readBack == .matches)
    let bad = try await connection.type("x", upTo: .zero) { "Grüßex" }
    #expect(bad.readBack == .differs(at: 1, typed: 1, shown: 6))
    let dark = try await connection.type("x", upTo: .zero) { nil }
    #expect(dark.readBack == .unknown)
    await connection.close()
  }

  @Test(
    arguments: [
      ("abc", "abc", .matches), ("abc", "abc\n", .matches), ("a\nb", "a\r\nb", .matches),
      ("abc", "abd", .differs(at: 3, typed: 3, shown: 3)),
      ("abc", "ab", .differs(at: 3, typed: 3, shown: 2)),
      ("ab", "abc", .differs(at: 3, typed: 2, shown: 3)),
      ("e\u{301}", "é", .differs(at: 1, typed: 1, shown: 1)), ("", "", .matches),
      ("a", nil, .unknown),
    ] as [(String, String?, ReadBack)])
  func `a field is compared character by character`(
    typed: String, shown: String?, expected: ReadBack
  ) {
    #expect(ReadBack.compare(typed: typed, shown: shown) == expected)
  }

  @Test func `of a secret only the length is compared and told`() {
    #expect(ReadBack.compare(typed: "hunter2", shown: "•••••••", isSecret: true) == .matches)
    let short = ReadBack.compare(typed: "hunter2", shown: "••••••", isSecret: true)
    #expect(short == .differs(at: nil, typed: 7, shown: 6))
    #expect(!short.description.contains("hunter2"))
  }

  @Test func `blanks tell keys apart, dead and silent ones too`() {
    let probe = KeyProbe(strokes: (0..<4).map { TypingProfile.Stroke(keysym: $0) })
    #expect(probe.results("oa o^ob o^o")?.map(\.text) == ["a", "^", "b", "^"])
    #expect(probe.results("oa o^ob o^o")?.map(\.isDead) == [false, true, false, true])
    #expect(probe.results("oa o^o oo o\n")?.map(\.text) == ["a", "^", "", "o"])
    #expect(probe.results("oa o^o oo o")?.map(\.isDead) == [false, true, false, false])
    #expect(probe.results("o o o o o")?.map(\.text) == ["", "", "", ""])
    #expect(probe.results("oab ob ob ob o")?.first?.text == "ab")
    #expect(probe.results("oa ob oc o") == nil)
    #expect(probe.results("oa ob oc od oe o") == nil)
    #expect(probe.results("a ob oc od o") == nil)
  }
}
