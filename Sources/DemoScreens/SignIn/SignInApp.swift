import Pixels

/// What happens to a demo application.
enum DemoInput: Hashable, Sendable {
  /// The pointer is at a place, with the main button up or down.
  case pointer(x: Int, y: Int, isPressed: Bool)
  case key(DemoKey)
  /// Somebody else copied a text.
  case clipboard(String)
  /// Time has passed.
  case tick
}

/// What a demo application asks of its server, besides being drawn.
enum DemoEffect: Hashable, Sendable {
  /// Drop every connection.
  case disconnect
  /// Offer a text to who is connected.
  case copied(String)
}

/// The shop's sign-in as a value: input and the time in, a drawing out.
struct SignInApp: Hashable, Sendable {
  enum Control: Hashable, Sendable {
    case user, password, remember, signIn, signOut
    case order(Int)
  }

  enum Page: Hashable, Sendable {
    case signIn
    /// Signed in under a name, at a time.
    case orders(user: String, since: Duration)
  }

  private struct Press: Hashable, Sendable {
    let control: Control
    let time: Duration
  }

  static let account = (user: "alice", password: "wonderland")
  static let orders = [
    "Order 1001 \u{2013} Paid \u{2013} 24.90 EUR",
    "Order 1002 \u{2013} Shipped \u{2013} 102.00 EUR",
    "Order 1003 \u{2013} Open \u{2013} 7.50 EUR",
    "Order 1004 \u{2013} Paid \u{2013} 349.00 EUR",
    "Order 1005 \u{2013} Cancelled \u{2013} 18.20 EUR",
  ]

  /// How long a blinking caret is there, and then is not.
  static let blink: Duration = .milliseconds(600)
  /// The longest time between the two presses of a double click.
  static let doubleClick: Duration = .milliseconds(400)

  let options: DemoOptions
  private(set) var size: PixelSize
  private(set) var page = Page.signIn
  private(set) var user = TextField()
  private(set) var password = TextField(isSecret: true)
  private(set) var isRemembering = false
  private(set) var message: String?
  private(set) var focus: Control? = .user
  private(set) var hovered: Control?
  private(set) var pressed: Control?
  private(set) var selectedOrder: Int?
  /// When the answer to a sign-in that was asked for comes.
  private(set) var answerAt: Duration?
  private(set) var now: Duration = .zero
  private(set) var isPointerDown = false

  private var keyboardPresses = 0
  private var actions = 0
  private var clipboard = ""
  private var lastPress: Press?

  init(_ options: DemoOptions = DemoOptions()) {
    self.options = options
    size = options.size
  }

  /// Whether an answer is awaited, so that nothing can be changed.
  var isBusy: Bool { answerAt != nil }

  /// Whether the orders are there.
  var isLoaded: Bool {
    guard case .orders(_, let since) = page, !options.faults.contains(.neverLoads) else {
      return false
    }
    return now >= since + options.loadTime
  }

  /// When the application changes by itself, or nil when it waits for input.
  var nextChange: Duration? {
    var times: [Duration] = []
    if let answerAt { times.append(answerAt) }
    if case .orders(_, let since) = page {
      if !isLoaded, !options.faults.contains(.neverLoads) { times.append(since + options.loadTime) }
      if options.faults.contains(.flashSuccess) { times.append(since + options.flashTime) }
    }
    if options.faults.contains(.blinkingCaret), isEditing {
      let (ticks, _) = now.divided(by: Self.blink)
      times.append(Self.blink * Int(ticks + 1))
    }
    return times.min()
  }

  /// Whether the caret is there to be seen.
  var showsCaret: Bool {
    isEditing
      && !(options.faults.contains(.blinkingCaret) && now.divided(by: Self.blink).count % 2 == 1)
  }

  private var isEditing: Bool { !isBusy && (focus == .user || focus == .password) }

  /// Takes what happened, at a time that never runs back.
  mutating func handle(
    _ input: DemoInput, at time: Duration, _ metrics: TextMetrics
  ) -> [DemoEffect] {
    now = max(now, time)
    catchUp()
    switch input {
    case .tick: return []
    case .clipboard(let text):
      clipboard = String(text.prefix(1000))
      return []
    case .pointer(let x, let y, let isPressed):
      let isPress = isPressed && !isPointerDown
      move(x: x, y: y, isPressed: isPressed, metrics)
      return isPress ? countAction() : []
    case .key(let key):
      keyboardPresses += 1
      let isLost = options.faults.contains(.lostKeys) && keyboardPresses % 5 == 0
      return (isLost ? [] : press(key)) + countAction()
    }
  }

  // MARK: - Time

  private mutating func catchUp() {
    if let due = answerAt, now >= due {
      answerAt = nil
      answer(at: due)
    }
    if case .orders(_, let since) = page, options.faults.contains(.flashSuccess),
      now >= since + options.flashTime
    {
      leave()
      message = "Your session has ended."
    }
  }

  private mutating func answer(at due: Duration) {
    let isKnown = user.text == Self.account.user && password.text == Self.account.password
    guard isKnown || options.faults.contains(.alwaysWelcome) else {
      message =
        options.faults.contains(.wrongMessage)
        ? "The service is closed for today." : "Wrong user name or password."
      password.replaceAll("")
      focus = .password
      return
    }
    let name = options.faults.contains(.wrongName) ? "bob" : user.text
    page = .orders(user: name, since: due)
    message = nil
    focus = nil
    hovered = nil
    if options.faults.contains(.resize) {
      let isSmall = size.width <= 800
      size = PixelSize(clampingWidth: isSmall ? 1024 : 800, height: isSmall ? 768 : 600)
    }
  }

  // MARK: - Pointer

  private mutating func move(x: Int, y: Int, isPressed: Bool, _ metrics: TextMetrics) {
    let target = SignInLayout(self).control(atX: x, y: y)
    hovered = target
    if isPressed, !isPointerDown {
      pressed = target
      begin(target, x: x, metrics)
    } else if isPressed, let field = focusedField, pressed == focus {
      self[keyPath: field].moveCaret(to: caretPosition(x, field, metrics), isSelecting: true)
    } else if !isPressed, isPointerDown {
      if let target, target == pressed { activate(target) }
      pressed = nil
    }
    isPointerDown = isPressed
  }

  private mutating func begin(_ target: Control?, x: Int, _ metrics: TextMetrics) {
    guard !isBusy else { return }
    switch target {
    case .user?, .password?, .remember?, .signIn?, .signOut?: focus = target
    case .order?, nil: focus = nil
    }
    if let field = focusedField {
      let isDouble = lastPress.map { $0.control == target && now - $0.time <= Self.doubleClick }
      if isDouble == true {
        self[keyPath: field].selectAll()
      } else {
        self[keyPath: field].moveCaret(to: caretPosition(x, field, metrics))
      }
    }
    lastPress = target.map { Press(control: $0, time: now) }
  }

  private var focusedField: WritableKeyPath<SignInApp, TextField>? {
    switch focus {
    case .user: \.user
    case .password: \.password
    default: nil
    }
  }

  private func caretPosition(
    _ x: Int, _ field: WritableKeyPath<SignInApp, TextField>, _ metrics: TextMetrics
  ) -> Int {
    guard let focus else { return 0 }
    let inner = SignInLayout(self).textArea(of: focus)
    let shift = self[keyPath: field].scroll(width: inner.width, metrics)
    return self[keyPath: field].position(at: x - inner.x + shift, metrics)
  }

  private mutating func activate(_ control: Control) {
    guard !isBusy else { return }
    switch control {
    case .remember: isRemembering.toggle()
    case .signIn: submit()
    case .signOut: leave()
    case .order(let index): selectedOrder = index
    case .user, .password: break
    }
  }

  private mutating func submit() {
    guard !options.faults.contains(.deadButton) else { return }
    message = nil
    answerAt = now + options.answerTime
    if options.answerTime == .zero { catchUp() }
  }

  private mutating func leave() {
    page = .signIn
    selectedOrder = nil
    hovered = nil
    password.replaceAll("")
    if !isRemembering { user.replaceAll("") }
    focus = isRemembering ? .password : .user
    size = options.size
  }

  // MARK: - Keyboard

  private mutating func press(_ key: DemoKey) -> [DemoEffect] {
    guard !isBusy else { return [] }
    switch key.symbol {
    case .tab: moveFocus(isBackward: key.isShift)
    case .enter:
      if case .signIn = page, focus != .remember { submit() } else if let focus { activate(focus) }
    case .character(" ") where focusedField == nil: if let focus { activate(focus) }
    case .character("c") where key.isControl, .character("x") where key.isControl:
      return copy(isCut: key.symbol == .character("x"))
    case .character("v") where key.isControl:
      if let field = focusedField { self[keyPath: field].insert(clipboard) }
    default: if let field = focusedField { _ = self[keyPath: field].handle(key) }
    }
    return []
  }

  private mutating func copy(isCut: Bool) -> [DemoEffect] {
    guard let field = focusedField, !self[keyPath: field].selectedText.isEmpty else { return [] }
    clipboard = self[keyPath: field].selectedText
    if isCut { self[keyPath: field].deleteBackward() }
    return [.copied(clipboard)]
  }

  private mutating func moveFocus(isBackward: Bool) {
    let order: [Control] =
      page == .signIn ? [.user, .password, .remember, .signIn] : [.signOut]
    let step = isBackward ? order.count - 1 : 1
    let start = isBackward ? order.count - 1 : 0
    let place = focus.flatMap { order.firstIndex(of: $0) }
    let next = order[place.map { ($0 + step) % order.count } ?? start]
    focus = next
    if let field = focusedField { self[keyPath: field].selectAll() }
  }

  private mutating func countAction() -> [DemoEffect] {
    actions += 1
    return actions == options.dropAfter ? [.disconnect] : []
  }
}

extension Duration {
  /// How often `other` fits, and what is left.
  fileprivate func divided(by other: Duration) -> (count: Int64, rest: Duration) {
    let count = Int64((self / other).rounded(.down))
    return (count, self - other * Int(count))
  }
}
