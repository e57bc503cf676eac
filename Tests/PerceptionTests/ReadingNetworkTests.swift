import Numbers
import Pixels
import Testing

@testable import Perception

/// Several readings of one line laid over each other.
@Suite struct ReadingNetworkTests {
  private func words(_ text: String, _ confidence: Double = 0.9) -> [RecognisedWord] {
    var x = 0
    return text.split(separator: " ").map { word in
      let letters = word.map { sign in
        defer { x += 8 }
        return RecognisedLetter(
          text: String(sign), box: PixelRect(x: x, y: 0, width: 8, height: 12))
      }
      let box = letters.dropFirst().reduce(letters[0].box) { $0.union($1.box) }
      x += 8
      return RecognisedWord(
        text: String(word), box: box, confidence: confidence, letters: letters)
    }
  }

  private func texts(_ ways: [String]) -> [String] {
    ReadingNetwork(ways.map { words($0) }).variants.map(\.text)
  }

  @Test func `what all ways read is the only thing that it may be`() {
    let network = ReadingNetwork(Array(repeating: words("Total 12.50"), count: 5))
    #expect(network.variants.map(\.text) == ["Total 12.50"])
    #expect(network.isWhole && network.isUnanimous)
  }

  @Test func `one way that differs at each place is outvoted at each place`() {
    let ways = ["Total 12.50", "Tota 12.50", "Total 12.5O", "Total12.50", "Totall 12.50"]
    #expect(texts(ways) == ["Total 12.50"])
    #expect(!ReadingNetwork(ways.map { words($0) }).isUnanimous)
  }

  @Test func `where two ways differ from the rest both are possible`() {
    let found = texts(["From 1 to 5", "From 1to 5", "From 1 to 6", "From 1 to 6", "From 1 to 5"])
    #expect(Set(found) == ["From 1 to 5", "From 1 to 6"])
  }

  @Test func `a sign that some ways have and others do not may be there or not`() {
    let found = texts(["7.5", "75", "7.5", "75", "75"])
    #expect(found.first == "75")
    #expect(Set(found) == ["75", "7.5"])
  }

  @Test func `ways that read nothing count as ways`() {
    let network = ReadingNetwork([words("ok"), [], [], words("ok"), []])
    #expect(Set(network.variants.map(\.text)).count > 1)
  }

  @Test func `too many possibilities are told`() {
    let network = ReadingNetwork(
      ["abcdefgh", "ijklmnop", "abijklgh", "ijabmncd", "qrstuvwx"].map { words($0) })
    #expect(!network.isWhole)
  }

  @Test func `nothing read by anybody is one possibility`() {
    let found = texts(["", "", ""])
    #expect(Set(found) == [""])
  }

  @Test func `words keep their places, and are as sure as the ways that say so`() {
    let network = ReadingNetwork([
      words("Sign in", 0.9), words("Sign in", 0.7), words("Sign in", 0.8), words("Sign in", 0.6),
      words("Sign 1n", 0.2),
    ])
    let variant = network.variants[0]
    #expect(variant.text == "Sign in")
    #expect(variant.words[1].box == PixelRect(x: 40, y: 0, width: 16, height: 12))
    #expect(abs(variant.confidence - 0.64) < 0.12)
  }
}

/// What a line can be by the shapes of its signs.
@Suite struct DrawnTextTests {
  private func drawn(_ text: String, not excluded: [Int: Set<Character>] = [:]) -> DrawnText {
    let letters = text.enumerated().map { index, sign in
      RecognisedLetter(
        text: String(sign), box: PixelRect(x: index * 8, y: 0, width: 8, height: 12),
        excluded: excluded[index] ?? [])
    }
    let box = PixelRect(x: 0, y: 0, width: 8 * max(text.count, 1), height: 12)
    return DrawnText([[RecognisedWord(text: text, box: box, confidence: 1, letters: letters)]])
  }

  private func mayBe(_ wanted: String, _ seen: DrawnText) -> Bool {
    seen.mayBe(Compact.signs(of: wanted), alike: Confusables.isFamily)
  }

  @Test func `a sign may be another of its family unless its shape says no`() {
    #expect(mayBe("A5I", drawn("A51")))
    #expect(!mayBe("A5I", drawn("A51", not: [2: ["I", "l", "|"]])))
    #expect(mayBe("AS1", drawn("A51", not: [2: ["I", "l", "|"]])))
  }

  @Test func `a sign that one way read otherwise may be what that way read`() {
    let ways = ["Verificd", "Verificd", "Verificd", "Verified", "Verificd"].map { text in
      [
        RecognisedWord(
          text: text, box: PixelRect(x: 0, y: 0, width: 64, height: 12), confidence: 0.95,
          letters: text.enumerated().map { index, sign in
            RecognisedLetter(
              text: String(sign), box: PixelRect(x: index * 8, y: 0, width: 8, height: 12))
          })
      ]
    }
    let seen = DrawnText([ReadingNetwork(ways).variants[0].words])
    let mayBe = { (wanted: String) in
      seen.mayBeDisputed(Compact.signs(of: wanted))
    }
    #expect(mayBe("Verified"))
    // The other signs were read alike in all ways.
    #expect(!mayBe("Verifixd"))
    #expect(!mayBe("Vorificd"))
  }

  @Test func `what is there to the letter is not taken for another`() {
    #expect(!mayBe("Mounted", drawn("Unmounted")))
    #expect(!mayBe("Resume", drawn("Resumed")))
  }

  @Test func `an O or a zero is open until its shape decides`() {
    #expect(drawn("X0R7").hasOpenZero)
    #expect(!drawn("X0R7", not: [1: ["O", "o"]]).hasOpenZero)
    #expect(drawn("XOR7", not: [1: ["o"]]).hasOpenZero)
    #expect(!drawn("XOR7", not: [1: ["0"]]).hasOpenZero)
  }
}

/// Type that is too small for its signs to be told.
@Suite struct TinyTypeTests {
  @Test func `how high capitals are is told from the parts that a text has`() {
    #expect(TinyType.isTiny("Paid", height: 6))
    #expect(!TinyType.isTiny("Paid", height: 7))
    #expect(TinyType.isSmall("Paid", height: 7))
    // A row of small letters is lower, and what hangs below makes a line higher.
    #expect(!TinyType.isTiny("now", height: 6))
    #expect(TinyType.isTiny("now", height: 5))
    #expect(TinyType.isTiny("Play", height: 8))
    #expect(!TinyType.isTiny("Play", height: 9))
  }

  @Test(arguments: ["-", "–", "·", "...", "_", "= ="])
  func `marks alone are low in type of any size`(text: String) {
    #expect(!TinyType.isTiny(text, height: 1))
    #expect(!TinyType.isSmall(text, height: 2))
  }
}

/// How far a reading may be from a text.
@Suite struct NearnessTests {
  private func mayBe(_ wanted: String, _ seen: String, _ nearness: Nearness) -> Bool {
    TextQuestion(wanted, exact: false, numbers: .point).mayBe([seen], nearness)
  }

  @Test func `a point or a minus is lost more easily than a letter`() {
    #expect(mayBe("-3.5", "35", .doubtful))
    #expect(mayBe(".35", "15", .doubtful))
    #expect(!mayBe("-3.5", "72", .doubtful))
    #expect(!mayBe("-3.5", "35", .sure))
  }

  @Test func `of a tiny word hardly its length is known, of a sentence more`() {
    #expect(mayBe("closed", "dasad", .tiny))
    #expect(mayBe("12:11", "mn", .tiny))
    for sign in ["-", "m", "8"] { #expect(!mayBe("56088", sign, .tiny)) }
    #expect(!mayBe("closed", "The door of the house is open", .tiny))
    #expect(!mayBe("Printer is not ready", "The cat has eaten", .tiny))
  }

  private func isTwin(
    _ line: String, confidence: Double = 0.96, narrow: Set<Int> = [],
    holds: @escaping @Sendable (String) -> Bool
  ) -> Bool {
    let reading = Consensus(
      text: line, drawn: DrawnText([]), confidence: confidence, isSmall: false, narrow: narrow)
    return LineQuestion(holds: holds).isTwin(of: reading)
  }

  @Test func `a pattern that holds but for a space or the case of a letter is in doubt`() {
    #expect(isTwin("Keep 4km") { $0.contains("4 km") })
    #expect(isTwin("No,keep it") { $0.contains("No, keep") })
    #expect(isTwin("Wor ker", narrow: [0]) { $0.contains("Worker") })
    #expect(!isTwin("Wor ker") { $0.contains("Worker") })
    #expect(isTwin("with salt") { $0.contains("With") })
    #expect(isTwin("NOVA ONE") { $0.contains("nova one") })
    // Inside of a word the letters beside it say which it is.
    #expect(!isTwin("Insecure") { $0.contains("Secure") })
    #expect(!isTwin("Ready") { $0.contains("ready") })
  }

  private func openSign(_ text: String, _ confidence: Double, disputed: Set<Int> = []) -> Character?
  {
    let box = PixelRect(x: 0, y: 0, width: 8, height: 12)
    let letters = text.enumerated().map { index, sign in
      RecognisedLetter(text: String(sign), box: box, others: disputed.contains(index) ? ["0"] : [])
    }
    return Confusables.openSign(
      of: RecognisedWord(text: text, box: box, confidence: confidence, letters: letters))
  }

  @Test func `a value whose sign may be another is in doubt`() {
    #expect(openSign("S20", 0.84) == "S")
    #expect(openSign("S20", 0.96) == nil)
    #expect(openSign("38", 0.96, disputed: [1]) == "8")
    #expect(openSign("38", 0.96) == nil)
    #expect(openSign("Solo", 0.6, disputed: [0]) == nil)
  }
}
