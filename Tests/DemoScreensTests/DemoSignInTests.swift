import Pixels
import Testing

@testable import DemoScreens

/// Somebody who uses the shop, without any server.
struct Visitor {
  var app: SignInApp
  var time = Duration.zero
  let metrics = TextMetrics(monospaced: 10)
  var effects: [DemoEffect] = []

  init(_ address: String = "sign-in") throws {
    app = SignInApp(try DemoAddress(parsing: address).options)
  }

  mutating func give(_ input: DemoInput) {
    effects += app.handle(input, at: time, metrics)
  }

  mutating func press(_ symbol: DemoKey.Symbol, shift: Bool = false, control: Bool = false) {
    give(.key(DemoKey(symbol: symbol, isShift: shift, isControl: control)))
  }

  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  mutating func point(x: Int, y: Int, isPressed: Bool = false) {
    give(.pointer(x: x, y: y, isPressed: isPressed))
  }

  mutating func click(_ control: SignInApp.Control) {
    let (x, y) = SignInLayout(app).frame(of: control).center
    point(x: x, y: y)
    point(x: x, y: y, isPressed: true)
    point(x: x, y: y)
  }

  mutating func wait(_ duration: Duration) {
    time += duration
    give(.tick)
  }

  /// Signs in and waits for the answer.
  mutating func signIn(password: String = "wonderland") {
    type("alice")
    press(.tab)
    type(password)
    press(.enter)
    wait(.milliseconds(200))
  }

  /// Every line of text that can be read.
  var lines: [String] { SignInView.drawing(app, metrics).text }
}

struct DemoSignInTests {
  @Test func `the first page asks for a name and a password`() throws {
    let visitor = try Visitor()
    #expect(
      visitor.lines == [
        "Example Shop", "Please enter your details.", "User name", "Password", "Remember me",
        "Sign in", "A demo screen of qa-agent",
      ])
  }

  @Test func `the right account is welcomed, and the orders come later`() throws {
    var visitor = try Visitor("sign-in?load=3s")
    visitor.click(.user)
    visitor.type("alice")
    visitor.click(.password)
    visitor.type("wonderland")
    visitor.click(.signIn)
    #expect(visitor.lines.contains("Signing in\u{2026}"))
    visitor.wait(.milliseconds(150))
    #expect(visitor.lines.contains("Welcome, alice"))
    #expect(visitor.lines.contains("Loading orders\u{2026}"))
    visitor.wait(.milliseconds(2999))
    #expect(visitor.lines.contains("Loading orders\u{2026}"))
    visitor.wait(.milliseconds(1))
    #expect(visitor.lines.contains("Order 1001 \u{2013} Paid \u{2013} 24.90 EUR"))
    #expect(!visitor.lines.contains("Loading orders\u{2026}"))
    #expect(visitor.app.nextChange == nil)
  }

  @Test(arguments: [("alice", "wrong"), ("bob", "wonderland"), ("", ""), ("Alice", "wonderland")])
  func `a wrong account gets a message and an empty password`(_ account: (String, String)) throws {
    var visitor = try Visitor()
    visitor.type(account.0)
    visitor.press(.tab)
    visitor.type(account.1)
    visitor.press(.enter)
    #expect(!visitor.lines.contains("Wrong user name or password."))
    visitor.wait(.milliseconds(150))
    #expect(visitor.lines.contains("Wrong user name or password."))
    #expect(visitor.app.page == .signIn)
    #expect(visitor.app.password.text.isEmpty)
    #expect(visitor.app.focus == .password)
  }

  @Test func `the message goes when somebody tries again`() throws {
    var visitor = try Visitor()
    visitor.signIn(password: "wrong")
    visitor.type("wonderland")
    visitor.press(.enter)
    #expect(visitor.app.message == nil)
    visitor.wait(.seconds(1))
    #expect(visitor.lines.contains("Welcome, alice"))
  }

  @Test func `a password is never shown and never copied`() throws {
    var visitor = try Visitor()
    visitor.press(.tab)
    visitor.type("wonderland")
    #expect(visitor.lines.contains(String(repeating: "\u{25CF}", count: 10)))
    #expect(!visitor.lines.contains { $0.contains("wonder") })
    visitor.press(.character("a"), control: true)
    visitor.press(.character("x"), control: true)
    #expect(visitor.effects.isEmpty)
    #expect(visitor.app.password.text == "wonderland")
  }

  @Test func `tab goes round in both directions`() throws {
    var visitor = try Visitor()
    var seen: [SignInApp.Control?] = [visitor.app.focus]
    for _ in 0..<4 {
      visitor.press(.tab)
      seen.append(visitor.app.focus)
    }
    #expect(seen == [.user, .password, .remember, .signIn, .user])
    visitor.press(.tab, shift: true)
    #expect(visitor.app.focus == .signIn)
  }

  @Test func `the keyboard alone can do everything`() throws {
    var visitor = try Visitor()
    visitor.type("alice")
    visitor.press(.tab)
    visitor.type("wonderland")
    visitor.press(.tab)
    visitor.press(.character(" "))
    #expect(visitor.app.isRemembering)
    visitor.press(.tab)
    visitor.press(.character(" "))
    visitor.wait(.seconds(2))
    #expect(visitor.app.isLoaded)
    visitor.press(.tab)
    visitor.press(.enter)
    #expect(visitor.app.page == .signIn)
  }

  @Test func `the name is remembered only when asked for`() throws {
    for isRemembering in [false, true] {
      var visitor = try Visitor()
      if isRemembering { visitor.click(.remember) }
      visitor.click(.user)
      visitor.signIn()
      visitor.click(.signOut)
      #expect(visitor.app.user.text == (isRemembering ? "alice" : ""))
      #expect(visitor.app.password.text.isEmpty)
      #expect(visitor.app.focus == (isRemembering ? .password : .user))
    }
  }

  @Test func `a button that is left before the release does nothing`() throws {
    var visitor = try Visitor()
    let (x, y) = SignInLayout(visitor.app).frame(of: .signIn).center
    visitor.point(x: x, y: y, isPressed: true)
    #expect(visitor.app.pressed == .signIn)
    visitor.point(x: 5, y: 5, isPressed: true)
    visitor.point(x: 5, y: 5)
    #expect(!visitor.app.isBusy)
    visitor.point(x: 5, y: 5, isPressed: true)
    visitor.point(x: x, y: y)
    #expect(!visitor.app.isBusy)
  }

  @Test func `nothing can be changed while the answer is awaited`() throws {
    var visitor = try Visitor()
    visitor.type("alice")
    visitor.press(.enter)
    visitor.type("x")
    visitor.click(.remember)
    #expect(visitor.app.user.text == "alice")
    #expect(!visitor.app.isRemembering)
  }

  @Test func `an order can be chosen once it is there`() throws {
    var visitor = try Visitor()
    visitor.signIn()
    visitor.click(.order(2))
    #expect(visitor.app.selectedOrder == nil)
    visitor.wait(.seconds(1))
    visitor.click(.order(2))
    #expect(visitor.app.selectedOrder == 2)
  }

  @Test func `what is copied elsewhere can be pasted`() throws {
    var visitor = try Visitor()
    visitor.give(.clipboard("ali\nce"))
    visitor.press(.character("v"), control: true)
    #expect(visitor.app.user.text == "alice")
    visitor.press(.character("a"), control: true)
    visitor.press(.character("c"), control: true)
    #expect(visitor.effects == [.copied("alice")])
  }

  @Test func `it is drawn inside of the smallest and the largest screen`() throws {
    for size in ["640x560", "1024x768", "3840x2160"] {
      var visitor = try Visitor("sign-in?size=\(size)")
      for _ in 0..<2 {
        let layout = SignInLayout(visitor.app)
        for control in layout.controls {
          let frame = layout.frame(of: control)
          #expect(visitor.app.size.bounds.intersection(frame) == frame, "\(control) at \(size)")
        }
        visitor.signIn()
        visitor.wait(.seconds(2))
      }
    }
  }
}

struct DemoFaultTests {
  @Test func `a dead button moves and does nothing`() throws {
    var visitor = try Visitor("sign-in?fault=dead-button")
    visitor.signIn()
    visitor.click(.signIn)
    visitor.wait(.seconds(60))
    #expect(visitor.app.page == .signIn)
    #expect(visitor.app.message == nil)
  }

  @Test func `the message is about something else`() throws {
    var visitor = try Visitor("sign-in?fault=wrong-message")
    visitor.signIn(password: "wrong")
    #expect(visitor.lines.contains("The service is closed for today."))
  }

  @Test func `another person is greeted`() throws {
    var visitor = try Visitor("sign-in?fault=wrong-name")
    visitor.signIn()
    #expect(visitor.lines.contains("Welcome, bob"))
  }

  @Test func `any password is good`() throws {
    var visitor = try Visitor("sign-in?fault=always-welcome")
    visitor.signIn(password: "wrong")
    #expect(visitor.lines.contains("Welcome, alice"))
  }

  @Test func `the orders never come`() throws {
    var visitor = try Visitor("sign-in?fault=never-loads")
    visitor.signIn()
    visitor.wait(.seconds(100_000))
    #expect(visitor.lines.contains("Loading orders\u{2026}"))
    #expect(visitor.app.nextChange == nil)
  }

  @Test func `every fifth key is lost`() throws {
    var visitor = try Visitor("sign-in?fault=lost-keys")
    visitor.type("abcdefghijkl")
    #expect(visitor.app.user.text == "abcdfghikl")
  }

  @Test func `the success page is gone after a moment`() throws {
    var visitor = try Visitor("sign-in?fault=flash-success")
    visitor.signIn()
    #expect(visitor.lines.contains("Welcome, alice"))
    let next = try #require(visitor.app.nextChange)
    visitor.wait(next - visitor.time)
    #expect(visitor.app.page == .signIn)
    #expect(visitor.lines.contains("Your session has ended."))
  }

  @Test func `the screen has another size after signing in, and its own after signing out`() throws
  {
    for (size, other) in [("1024x768", "800x600"), ("800x600", "1024x768")] {
      var visitor = try Visitor("sign-in?fault=resize&size=\(size)")
      visitor.signIn()
      #expect(visitor.app.size.description == other)
      visitor.click(.signOut)
      #expect(visitor.app.size.description == size)
    }
  }

  @Test func `the caret comes and goes`() throws {
    var visitor = try Visitor("sign-in?fault=blinking-caret")
    var seen: [Bool] = []
    for _ in 0..<4 {
      seen.append(visitor.app.showsCaret)
      let next = try #require(visitor.app.nextChange)
      visitor.wait(next - visitor.time)
    }
    #expect(seen == [true, false, true, false])
  }

  @Test func `the connection drops after as many presses as were asked for`() throws {
    var visitor = try Visitor("sign-in?drop=3")
    visitor.click(.user)
    visitor.type("a")
    #expect(visitor.effects.isEmpty)
    visitor.type("b")
    #expect(visitor.effects == [.disconnect])
    visitor.type("cdefg")
    #expect(visitor.effects == [.disconnect])
  }
}
