import Numbers
@testable import Perception
import Pixels
import Testing

/// What is wanted, what the screen says, and whether it is the same.
private typealias SameText = (wanted: String, seen: String, isSame: Bool)

/// Case, spaces, typographic variants and the punctuation of sentences.
private let texts0: [SameText] = [
  ("Sign in", "SIGN IN", true), ("sign in", "Sign  in…", true), ("Sign in", "Signin", true),
  ("Signin", "Sign in", true), ("User name", "User name:", true),
  ("Hello world", "Hello, world", true),
  ("Don’t save", "Don't save", true), ("“Quoted”", "Quoted", true), ("2 – 3", "2 - 3", true),
  ("Save as...", "Save as…", true), ("Office file", "Oﬃce ﬁle", true), ("Saved", "Saved!", true),
  ("Delete it now", "Delete it? now", true),
]

/// Signs are signs.
private let texts1: [SameText] = [
  ("Saved!", "Saved", false), ("Delete?", "Delete", false), ("Don't save", "Dont save", false),
  ("we'll", "well", false), ("E-mail", "Email", false), ("re-sign", "resign", false),
  ("(optional)", "optional", false), ("optional", "(optional)", true),
  ("a.b@x.org", "ab@x.org", false),
  ("ab@x.org", "a.b@x.org", false), ("user_name", "username", false), ("~5", "5", false),
  ("5", "~5", false), ("[x] Done", "[ ] Done", false), ("[ ] Done", "[x] Done", false),
  ("Done", "[x] Done", true), ("#5", "5", false), ("5", "#5", false), ("#5", "#5", true),
  ("a & b", "a b", false), ("a b", "a & b", false), ("✓ Done", "✗ Done", false),
  ("C", "C++", true),
  ("C++", "C", false), ("C#", "C", false), ("+", "+", true), ("=", "=", true), ("…", "…", true),
  ("+", "-", false), ("x > 5", "x < 5", false), ("x > 5", "x > 5", true), ("A/B", "AB", false),
]

/// Accents are letters.
private let texts2: [SameText] = [
  ("Café", "Cafe", false), ("Cafe", "Café", false), ("Café", "CAFÉ", true),
  ("Größe", "Grosse", false),
  ("Größe", "Größe", true), ("Ошибка", "ошибка", true), ("Ошибка", "Owu6ka", false),
]

/// Shapes that were read for sure are what they are.
private let texts3: [SameText] = [
  ("Invoice 10482", "lnvoice I0482", false), ("modern", "modem", false),
  ("window", "vvindow", false),
  ("BASIC", "8A5IC", false), ("5555", "SSSS", false), ("OK", "0K", false),
  ("Dear", "Clear", false),
  ("A-10482-B", "A-10482-8", false), ("8080", "8O80", false), ("5", "S", false),
  ("I", "1", false),
]

/// Words that only look similar.
private let texts4: [SameText] = [
  ("fail", "fall", false), ("mail", "mall", false), ("Approve", "Approved", false),
  ("Sign in", "Sign on", false), ("valid", "invalid", false), ("enabled", "disabled", false),
  ("Save", "Safe", false), ("form", "from", false), ("Log in", "Login failed", false),
  ("Log in", "Login", true), ("Login", "Log in to go on", false), ("no", "not", false),
  ("set up your new account", "setup your new account", true), ("is paid", "is not paid", false),
]

/// Numbers are numbers.
private let texts5: [SameText] = [
  ("5", "50", false), ("50", "5 0", false), ("5", "-5", false), ("5", "1.5", false),
  ("5", "5%", false),
  ("5", "5 %", false), ("5%", "5 %", true), ("5", "5:30", false), ("5", "5.", true),
  ("5", "$5", false),
  ("1.5", "15", false), ("15", "1.5", false), ("-5", "5", false), ("-5", "-5", true),
  ("5", "+5", false),
  ("100", "1000", false), ("1000", "1,000", true), ("1,000", "1.000", false),
  ("1.000", "1", true),
  ("50", ".50", false), (".50", "50", false), (".50", "0.50", true), ("50.00", "50", true),
  ("10", "10 000", false), ("10", "10,000", false), ("000", "10 000", false),
  ("10 000", "10,000", true),
  ("10", "10 20", true), ("1234567", "1,234,567", true), ("12", "1 2", false),
  ("007", "7", false),
  ("10482", "A-10482-B", true), ("2026-03-14", "2026-03-15", false), ("8080", "8088", false),
  ("12:30", "1230", false), ("3/4", "34", false), ("1.2.3", "1.23", false), ("10", "0x10", false),
  ("5", "5kg", false), ("5kg", "5 kg", true), ("5 kg", "5kg", true), ("5 kg", "5 g", false),
  ("192.168.0.1", "192.168.0.1", true), ("168", "192.168.0.1", false),
]

/// Balances.
private let texts6: [SameText] = [
  ("Balance $50.00", "Balance -$50.00", false), ("Balance $50.00", "Balance $-50.00", false),
  ("Balance $50.00", "Balance ($50.00)", false), ("Balance $50.00", "Balance $50.00-", false),
  ("Balance -$50.00", "Balance -$50.00", true), ("Balance -$50.00", "Balance ($50.00)", true),
  ("Balance -$50.00", "Balance $50.00", false), ("Balance 50.00", "Balance (50.00)", false),
  ("Balance 50.00", "Balance $50.00", false), ("Balance $50.00", "Balance €50.00", false),
  ("50.00 €", "50.00€", true), ("50.00", "50.00 €", false), ("USD 50", "USD 50", true),
]

/// Parts of what has no space in it.
private let texts7: [SameText] = [
  ("shop", "tester@shop:~$", true), ("shop.service", "shop.service", true),
  ("ice", "invoice", false), ("in", "sign-in", true), ("name", "user_name", true),
]

/// Signs that stand without spaces.
private let texts8: [SameText] = [
  ("設定", "設定を保存", true), ("保存", "設定を保存", true), ("消去", "設定を保存", false),
]

/// Nothing.
private let texts9: [SameText] = [
  ("", "anything", false), ("   ", "anything", false),

]

private let sameTexts: [SameText] = [
  texts0, texts1, texts2, texts3, texts4, texts5, texts6, texts7, texts8, texts9,
].flatMap(\.self)

@Suite struct TextSearchTests {
  @Test(arguments: sameTexts)
  func `what counts as the same text`(wanted: String, seen: String, isSame: Bool) {
    #expect(TextSearch.contains(wanted, in: screen((0, 0, seen))) == isSame)
  }

  @Test(arguments: [
    ("1.000", "1000", true), ("1000", "1.000", true), ("1,5", "1,50", true), ("1,5", "1.5", false),
    ("1.234,50 €", "1234,5 €", true), ("10", "10.000", false), ("1,000", "1", true),
  ])
  func `where the comma is decimal it is no group`(wanted: String, seen: String, isSame: Bool) {
    let hits = TextSearch.hits(for: wanted, in: screen((0, 0, seen)), numbers: .comma)
    #expect(!hits.isEmpty == isSame)
  }

  @Test(arguments: [
    ("Balance 50.00", "Balance - 50.00", true), ("50.00", "- 50.00", true),
    ("-50.00", "- 50.00", true),
    ("5", "Inbox (5)", true), ("Inbox (5)", "Inbox (5)", false), ("17", "9 - 17", false),
    ("9 - 17", "9 - 17", false), ("50.00", "50.00 -", true), ("5", "Room 5", false),
    ("5 items", "~ 5 items", true), ("~ 5 items", "~ 5 items", false),
  ])
  func `a dash or brackets beside a number may make it negative`(
    wanted: String, seen: String, isDoubtful: Bool
  ) {
    let hits = TextSearch.hits(for: wanted, in: screen((0, 0, seen)))
    #expect(hits.count == 1)
    #expect((hits.first?.caveat != nil) == isDoubtful)
  }

  @Test func `what was read with doubt may be what it is taken for`() {
    let candidates = { (wanted: String, seen: String, confidence: Double) in
      !TextSearch.candidates(
        for: wanted, in: screen((0, 0, seen), confidence: confidence), exact: false, region: nil
      ).isEmpty
    }
    for (wanted, seen) in [
      ("Invoice 10482", "lnvoice I0482"), ("Order 0815", "Order O8I5"), ("modern", "modem"),
      ("window", "vvindow"), ("BASIC", "8A5IC"), ("A-10482-B", "A-1O482-B"), ("8080", "8O80"),
      ("OK", "0K"),
      ("base-passwd", "base-passud"), ("Dashboard", "Dashbcard"),
    ] {
      #expect(candidates(wanted, seen, 0.6), "\(wanted) in \(seen)")
      #expect(!candidates(wanted, seen, 0.95), "\(wanted) in \(seen), read for sure")
    }
    for (wanted, seen) in [
      ("Dashboard", "Dasbbcard"), ("Approve", "Approved"), ("Save", "Sove"),
      ("invoice41", "invoice47"),
      ("5", "S"),
    ] { #expect(!candidates(wanted, seen, 0.3), "\(wanted) in \(seen)") }
  }

  @Test func `a long text in other letters is still the same`() {
    let sentence = String(repeating: "nothing was lost on the way ", count: 12)
    #expect(TextSearch.contains(sentence, in: screen((0, 0, sentence.uppercased()))))
  }

  @Test func `a phrase goes on in the next line of its block and beside it in its row`() {
    let box = { (x: Int, y: Int) in PixelRect(x: x, y: y, width: 40, height: 14) }
    let text = ScreenText(words: [
      TextWord(text: "Notes", box: box(0, 0), line: 0, block: 0),
      TextWord(text: "for", box: box(45, 0), line: 0, block: 0),
      TextWord(text: "State:", box: box(120, 0), line: 1, block: 1),
      TextWord(text: "driver", box: box(0, 18), line: 2, block: 0),
      TextWord(text: "elsewhere", box: box(900, 18), line: 3, block: 3),
    ])
    let hits = TextSearch.hits(for: "notes for driver", in: text)
    #expect(hits.map(\.box) == [PixelRect(x: 0, y: 0, width: 85, height: 32)])
    #expect(TextSearch.contains("for state", in: text))
    #expect(!TextSearch.contains("driver elsewhere", in: text))
  }

  @Test func `equal texts are all there`() {
    let text = screen((0, 0, "S"), (0, 50, "5"), (0, 100, "Sign in"), (0, 150, "SIGN IN"))
    #expect(TextSearch.hits(for: "5", in: text).map(\.box.y) == [50])
    #expect(TextSearch.count(of: "sign in", in: text) == 2)
  }

  @Test func `hits are counted once and in reading order`() {
    let text = screen((0, 0, "open open closed open"), (0, 50, "open"))
    #expect(TextSearch.count(of: "open", in: text) == 4)
    #expect(TextSearch.hits(for: "open", in: text).map(\.box.x) == [0, 48, 164, 0])
    let upper = PixelRect(x: 0, y: 0, width: 1000, height: 30)
    #expect(TextSearch.count(of: "open", in: text, region: upper) == 3)
  }

  @Test func `exact is literal`() {
    let text = screen((0, 0, "Sign in: now"))
    #expect(TextSearch.contains("Sign in: now", in: text, exact: true))
    #expect(TextSearch.contains("Sign  in", in: text, exact: true))
    #expect(!TextSearch.contains("sign in", in: text, exact: true))
    #expect(!TextSearch.contains("Sign in now", in: text, exact: true))
    #expect(!TextSearch.contains("ign in", in: text, exact: true))
    #expect(!TextSearch.contains("l0", in: screen((0, 0, "10")), exact: true))
    let hit = TextSearch.hits(for: "in:", in: text, exact: true).first
    #expect(hit?.box == PixelRect(x: 48, y: 0, width: 30, height: 14))
  }

  @Test func `what is most like a missing text is told`() {
    let text = screen((0, 0, "Sign on"), (0, 50, "Cancel"), (0, 100, "Please sing in here"))
    #expect(Set(TextSearch.closest(to: "Sign in", in: text)) == ["Sign on", "sing in"])
    #expect(TextSearch.closest(to: "Zebra", in: text).isEmpty)
  }

  @Test(.timeLimit(.minutes(5))) func `hostile texts take bounded time`() {
    let line = String(repeating: "rn vv cl 0O1l ", count: 500)
    let text = ScreenText(
      words: line.split(separator: " ").enumerated().map {
        TextWord(
          text: String($1), box: PixelRect(x: $0, y: 0, width: 1, height: 1), confidence: 0.2,
          line: 0, block: 0)
      })
    #expect(!TextSearch.contains(String(repeating: "mwd", count: 300) + "x", in: text))
    #expect(!TextSearch.contains(String(repeating: "a", count: 100_000), in: text))
    let long = String(repeating: "l", count: 20_000)
    #expect(!TextSearch.contains("lllllllx", in: screen((0, 0, long))))
    _ = TextSearch.closest(to: long, in: text)
  }
}
