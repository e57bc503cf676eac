import Testing

@testable import VNC

/// What is found out about a keyboard by a reader that takes one sign for another.
@Suite(.serialized)
struct ClientLayoutTests {
  private var plan: CalibrationPlan {
    var plan = CalibrationPlan()
    plan.probePause = .zero
    plan.quiet = .milliseconds(40)
    plan.pauses = [.milliseconds(10)]
    plan.pastes = []
    return plan
  }

  private func options() -> VNCOptions {
    var options = VNCOptions(typingPause: .zero)
    options.timing.keyHold = .zero
    return options
  }

  /// Shapes that are read for one another.
  private static func read(_ text: String) -> String {
    String(text.map { ["0": "O", "I": "l", "1": "l", "]": "j", "`": "’", "|": "l"][$0] ?? $0 })
  }

  private static func fold(_ text: String) -> String { read(text).filter { $0 != " " } }

  @Test(.timeLimit(.minutes(5)))
  func `a layout is recognised, and signs that were misread are never typed`() async throws {
    let guest = ClientGuest()
    let server = try ClientFakeServer()
    async let served: Void = server.serve { guest.serve($0) }
    let connection = try await VNCConnection.connect(to: server.endpoint, options: options())
    let found = try await connection.calibrateByLayout(
      plan,
      recognising: FieldRecogniser(read: { Self.read(guest.text) }) {
        Self.fold($0) == Self.fold($1)
      })
    #expect(found.layout == "German")
    // Those with the key that a US keyboard lacks, and those that are read as something else.
    #expect(found.profile.missing == ["<", ">", "|", "]", "`"])
    let text = "Zy/-_?^ae {[}\\@~ \"quoted\" #'+* 0123456789"
    let readBack = try await connection.type(text) { guest.text }.readBack
    #expect(readBack == .matches)
    let refused = try await clientError { () async throws(VNCError) in
      _ = try await connection.type("a]")
    }
    #expect(refused.message.contains("character 2"))
    await connection.close()
    await served
  }

  @Test(.timeLimit(.minutes(5)))
  func `letters that do not come out are an error, and the profile stays`() async throws {
    let guest = ClientGuest()
    let server = try ClientFakeServer()
    async let served: Void = server.serve { guest.serve($0) }
    let connection = try await VNCConnection.connect(to: server.endpoint, options: options())
    let error = try await clientError { () async throws(VNCError) in
      // A layout that is in no table: two letters have changed places.
      _ = try await connection.calibrateByLayout(
        plan,
        recognising: FieldRecogniser(
          read: { String(guest.text.map { $0 == "k" ? "w" : $0 == "w" ? "k" : $0 }) }
        ) { Self.fold($0) == Self.fold($1) })
    }
    #expect(error.code == .unsupportedInput)
    #expect(await connection.profile == nil)
    await connection.close()
    await served
  }

  @Test func `every layout has a way for all letters and digits`() {
    let wanted = Array(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".unicodeScalars)
    for layout in KeyLayout.all {
      #expect(layout.profile(for: wanted).missing.isEmpty, "\(layout.name)")
    }
    #expect(Set(KeyLayout.all.map(\.name)).count == 15)
  }

  @Test func `a chord takes the key that makes its letter`() throws {
    let french = try #require(KeyLayout.all.first { $0.name == "French" })
    let profile = french.profile(for: Array("aAqQsS1".unicodeScalars))
    #expect(profile.key(for: 0x61) == 0x71)
    #expect(profile.key(for: 0x41) == 0x51)
    #expect(profile.key(for: 0x73) == 0x73)
    // A digit needs Shift there, which is not pressed for a chord.
    #expect(profile.key(for: 0x31) == 0x31)
    #expect(profile.key(for: 0xFFE3) == 0xFFE3)
  }
}
