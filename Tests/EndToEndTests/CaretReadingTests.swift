import Glibc
import Perception
import Pixels
import Testing
import VNC

/// What is typed in real toolkits and read while the text cursor is behind it, in it or before it.
///
/// An ordinary run types a few texts; `QA_AGENT_TEST_LONG=1` types 200 in each toolkit and looks at each 20 times.
@Suite struct CaretReadingTests {
  static let isLong = getenv("QA_AGENT_TEST_LONG") != nil
  private static let count = isLong ? 200 : 4
  private static let moments = isLong ? 20 : 5

  /// Texts as people type them, other ones for each number.
  static func text(_ number: Int) -> String {
    let words = [
      "Berlin", "Linden avenue", "alice", "Total", "hello@mail.example", "Meier", "invoice",
      "Oak hill",
      "Paul", "order", "Hamburg", "Will", "small hall", "parallel", "Schiller", "April",
      "Nashville",
      "Bill", "level", "final", "mail", "travel", "Email", "Isabell", "Mitchell",
    ]
    let word = words[number % words.count]
    switch number / words.count {
    case 0: return word
    case 1: return "\(word) \(number * 37)"
    case 2: return "the \(word)"
    case 3: return "\(word) and \(words[(number * 7 + 3) % words.count])"
    case 4: return "\(word), \(number)"
    case 5: return "no \(word) here"
    case 6: return "\(number * 13) \(word)"
    default: return "\(word) \(words[(number * 11 + 5) % words.count])"
    }
  }

  /// What was asked and what came of it.
  struct Tally {
    var asked = 0
    var unclear = 0
    var wrong: [String] = []

    mutating func ask(_ text: String, _ moment: String, _ frame: Frame, _ reader: TextReader)
      async throws
    {
      asked += 1
      let seen = try await reader.presence(of: text, on: frame)
      let longer = ["l", "I", "|", "1"].map { text + $0 }
      for other in longer {
        let decoy = try await reader.presence(of: other, exact: true, on: frame)
        if decoy.isShown { wrong.append("\(moment): “\(other)” is said to be there") }
      }
      if seen.isAbsent {
        let read = try await reader.read(frame)
        wrong.append(
          "\(moment): “\(text)” is said to be absent: \(read.text.debugDescription), "
            + "cursors at \(frame.overlays.map(\.box))")
      } else if !seen.isShown {
        unclear += 1
      }
    }
  }

  @Test(.timeLimit(.minutes(60)), arguments: CaretToolkit.allCases)
  func `a typed text is there at every moment of the blink`(toolkit: CaretToolkit) async throws {
    let desktop = try await CaretDesktop(toolkit)
    var tally = Tally()
    for number in 0..<Self.count {
      let text = Self.text(Self.isLong ? number : number * 9)
      try await desktop.write(text)
      // Behind the text mostly, in it and before it now and then.
      let place = number % 4
      if place == 2 { try await desktop.press([["left"], ["left"]]) }
      if place == 3 { try await desktop.press([["home"]]) }
      var frame = try await desktop.connection.frame()
      for moment in 0..<Self.moments {
        try await tally.ask(text, "\(toolkit) \(number).\(moment)", frame, desktop.reader)
        if Self.isLong {
          try await Task.sleep(for: .milliseconds(67))
          frame = try await desktop.connection.frame()
        } else {
          frame = try await desktop.nextFrame(after: frame, upTo: .milliseconds(700))
        }
      }
    }
    await desktop.close()
    print(
      "carets: \(toolkit): \(tally.asked) asked, \(tally.unclear) cannot tell, "
        + "\(tally.wrong.count) wrong")
    #expect(tally.wrong.isEmpty, "\(tally.wrong.joined(separator: "\n"))")
  }

  @Test(
    .enabled(if: isLong, "takes minutes: QA_AGENT_TEST_LONG=1"), .timeLimit(.minutes(60)),
    arguments: CaretToolkit.allCases)
  func `a typed text is there when the cursor has stopped blinking`(toolkit: CaretToolkit)
    async throws
  {
    let desktop = try await CaretDesktop(toolkit)
    var tally = Tally()
    for number in 0..<40 {
      let text = Self.text(number * 5 + 1)
      try await desktop.write(text)
      try await Task.sleep(for: .seconds(15))
      let frame = try await desktop.connection.frame()
      try await tally.ask(text, "\(toolkit) \(number), 15 s later", frame, desktop.reader)
    }
    await desktop.close()
    print(
      "carets 15 s later: \(toolkit): \(tally.asked) asked, \(tally.unclear) cannot tell, "
        + "\(tally.wrong.count) wrong")
    #expect(tally.wrong.isEmpty, "\(tally.wrong.joined(separator: "\n"))")
  }
}
