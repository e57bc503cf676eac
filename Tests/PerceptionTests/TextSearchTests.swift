import Perception
import Pixels
import Testing

@Suite struct TextSearchTests {
  /// What is wanted, what the screen says, and whether it is the same.
  @Test(arguments: [
    // Case, spaces and the punctuation of sentences.
    ("Sign in", "SIGN IN", true), ("sign in", "Sign  in…", true), ("Sign in", "Signin", true),
    ("Signin", "Sign in", true), ("User name", "User name:", true),
    ("Don't save", "Dont save", true),
    ("Don’t save", "Don't save", true), ("E-mail", "Email", true), ("“Quoted”", "Quoted", true),
    ("(optional)", "optional", true), ("Save as...", "Save as…", true),
    // Accents and ligatures.
    ("Café", "Cafe", true), ("Office file", "Oﬃce ﬁle", true), ("Größe", "Grösse", true),
    // Shapes.
    ("Invoice 10482", "lnvoice I0482", true), ("Order 0815", "Order O8I5", true),
    ("modern", "modem", true), ("window", "vvindow", true), ("BASIC", "8A5IC", true),
    ("Total 1,250.00", "Total 1.250,00", true),
    ("A-10482-B", "A-1O482-B", true), ("A-10482-B", "A-10482-8", false), ("AB5C", "ABSC", false),
    // Words that only look similar.
    ("fail", "fall", false), ("mail", "mall", false), ("Approve", "Approved", false),
    ("Sign in", "Sign on", false), ("valid", "invalid", false), ("enabled", "disabled", false),
    ("Save", "Safe", false), ("form", "from", false), ("Log in", "Login failed", false),
    ("Log in", "Login", true), ("Login", "Log in to go on", false),
    ("set up your new account", "setup your new account", true),
    ("OK", "0K", true), ("5", "S", false), ("I", "1", false), ("no", "not", false),
    // Numbers stay what they are.
    ("5", "50", false), ("50", "5 0", true), ("5", "-5", false), ("5", "1.5", false),
    ("5", "5%", false), ("5", "5:30", false), ("5", "5.", true), ("5", "(5)", true),
    ("5", "$5", true), ("1.5", "15", false), ("15", "1.5", false), ("-5", "5", false),
    ("-5", "-5", true), ("100", "1000", false), ("10482", "A-10482-B", true),
    ("2026-03-14", "2026-03-15", false), ("8080", "8O80", true), ("8080", "8088", false),
    ("12:30", "1230", false), ("3/4", "34", false), ("C", "C++", true), ("C++", "C", false),
    ("C#", "C", false), ("+", "+", true), ("=", "=", true), ("…", "…", true), ("+", "-", false),
    // Parts of what has no space in it.
    ("shop", "tester@shop:~$", true), ("shop.service", "shop.service", true),
    ("ice", "invoice", false), ("in", "sign-in", false), ("name", "user_name", false),
    // Nothing.
    ("", "anything", false), ("   ", "anything", false),
  ])
  func `what counts as the same text`(wanted: String, seen: String, isSame: Bool) {
    #expect(TextSearch.contains(wanted, in: screen((0, 0, seen))) == isSame)
  }

  @Test func `a letter may be wrong only in a long word that was read with doubt`() {
    let doubtful = screen((0, 0, "base-passud"), confidence: 0.4)
    #expect(TextSearch.contains("base-passwd", in: doubtful))
    #expect(!TextSearch.contains("base-passwd", in: screen((0, 0, "base-passud"))))
    #expect(TextSearch.contains("Dashboard", in: screen((0, 0, "Dashbcard"), confidence: 0.6)))
    #expect(!TextSearch.contains("Dashboard", in: screen((0, 0, "Dasbbcard"), confidence: 0.6)))
    #expect(!TextSearch.contains("Approve", in: screen((0, 0, "Approved"), confidence: 0.6)))
    #expect(!TextSearch.contains("Save", in: screen((0, 0, "Sove"), confidence: 0.1)))
    #expect(!TextSearch.contains("invoice41", in: screen((0, 0, "invoice47"), confidence: 0.1)))
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

  @Test func `the better match hides the worse and equal ones are all there`() {
    let text = screen((0, 0, "S"), (0, 50, "5"), (0, 100, "Sign in"), (0, 150, "SIGN IN"))
    #expect(TextSearch.hits(for: "5", in: text).map(\.box.y) == [50])
    #expect(TextSearch.hits(for: "0rder", in: screen((0, 0, "Order"), (0, 50, "0rder"))).count == 1)
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

  @Test(.timeLimit(.minutes(1))) func `hostile texts take bounded time`() {
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
