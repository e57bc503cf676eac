import Numbers
import Testing

@Suite struct NumberScannerTests {
  @Test(arguments: [
    ("5", "5"), ("0", "0"), ("-5", "-5"), ("+5", "+5"), ("5.50", "5.5"), (".5", "0.5"),
    ("1,234.50", "1234.5"),
    ("1 234", "1234"), ("1'234'567", "1234567"), ("$5", "5$"), ("-$5", "-5$"), ("$-5", "-5$"),
    ("€ 5", "5€"),
    ("5 €", "5€"), ("5%", "5%"), ("5 %", "5%"), ("5-", "-5"), ("(5.00)", "-5"), ("($5)", "-5$"),
    ("  7 ", "7"),
  ])
  func `a number is its value, sign and unit`(text: String, plain: String) {
    #expect(NumberScanner.whole(text, .point)?.plain == plain)
  }

  @Test(arguments: [
    "", " ", "-", "$", ".", "1 2", "1  22", "0x10", "1e5", "007", "1.2.3", "12:30", "2026-11-28",
    "1,2", "1,23",
    "1,234,5", "12,34,567", "(5)", "5 6 %", "5kg", "abc", "5-5", "--5", "1.234.567", "1,234'567",
    "1234567890123456789012345",
  ])
  func `what is no number, or more than one, is none`(text: String) {
    #expect(NumberScanner.whole(text, .point) == nil)
  }

  @Test(arguments: [
    ("1.234,5", "1234.5"), ("0,5", "0.5"), ("1.234", "1234"), ("1 234,50", "1234.5"),
  ])
  func `a style says what the comma is`(text: String, plain: String) {
    #expect(NumberScanner.whole(text, .comma)?.plain == plain)
  }

  @Test func `no text makes it stumble`() {
    let signs = Array("0123456789.,'- +$€%()x ")
    var seed: UInt64 = 7
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<8 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(signs[Int(seed >> 33) % signs.count])
      }
      let line = Array(text)
      let scanner = NumberScanner(text: line, style: .point)
      for start in line.indices {
        guard let (token, end) = scanner.number(at: start) else { continue }
        #expect(end > start && end <= line.count && token.value != nil, "\(text)")
      }
    }
  }
}
