import Pixels

/// The colours of the shop.
enum Palette {
  static let ground = Ink(0xF1F4F9)
  static let surface = Ink(0xFFFFFF)
  static let bar = Ink(0x16243B)
  static let barText = Ink(0xFFFFFF)
  static let text = Ink(0x1A2433)
  static let quiet = Ink(0x5B6878)
  static let line = Ink(0xC3CCD8)
  static let softLine = Ink(0xE4E9F0)
  static let accent = Ink(0x2459D3)
  static let accentHover = Ink(0x1C49B4)
  static let accentPressed = Ink(0x143788)
  static let accentSoft = Ink(0xB9CDF8)
  static let rowHover = Ink(0xF3F6FC)
  static let rowSelected = Ink(0xE3ECFD)
  static let danger = Ink(0xB3201C)
  static let shadow = Ink(0x1A2433, opacity: 40)
  static let good = Ink(0x1F8A4C)
  static let warm = Ink(0xC77700)
}

/// Draws the shop as it is.
struct SignInView {
  let app: SignInApp
  let metrics: TextMetrics
  private let layout: SignInLayout
  private var shapes: [Shape] = []

  init(_ app: SignInApp, _ metrics: TextMetrics) {
    self.app = app
    self.metrics = metrics
    layout = SignInLayout(app)
  }

  /// All of the screen.
  static func drawing(_ app: SignInApp, _ metrics: TextMetrics) -> Drawing {
    var view = SignInView(app, metrics)
    view.drawBar()
    switch app.page {
    case .signIn: view.drawSignIn()
    case .orders(let user, _): view.drawOrders(user)
    }
    return Drawing(size: app.size, background: Palette.ground, shapes: view.shapes)
  }

  // MARK: - Parts

  private mutating func drawBar() {
    let bar = PixelRect(x: 0, y: 0, width: app.size.width, height: SignInLayout.barHeight)
    fill(bar, Palette.bar)
    drawMark(x: 32, y: 16, side: 32)
    if case .orders = app.page {
      text("Example Shop", .heading, Palette.barText, x: 76, middle: 32)
      let frame = layout.frame(of: .signOut)
      let isActive = app.pressed == .signOut && app.hovered == .signOut
      if isActive || app.hovered == .signOut {
        fill(frame, Ink(0xFFFFFF, opacity: isActive ? 56 : 28), radius: 8)
      }
      shapes.append(.outline(frame, Ink(0xFFFFFF, opacity: 140), radius: 8, width: 1))
      drawFocus(.signOut, frame, Palette.barText)
      text("Sign out", .strong, Palette.barText, centeredIn: frame)
    }
  }

  /// The shop's sign: a bag.
  private mutating func drawMark(x: Int, y: Int, side: Int) {
    let unit = side / 8
    fill(PixelRect(x: x, y: y, width: side, height: side), Palette.accent, radius: side / 4)
    let bag = PixelRect(x: x + 2 * unit, y: y + 3 * unit, width: 4 * unit, height: 3 * unit)
    let handle = PixelRect(
      x: x + 3 * unit, y: y + unit + unit / 2, width: 2 * unit, height: 3 * unit)
    shapes.append(.outline(handle, Palette.surface, radius: unit, width: max(unit / 2, 1)))
    fill(bag, Palette.surface, radius: max(unit / 2, 1))
  }

  private mutating func drawCard() {
    let thrown = PixelRect(
      x: layout.card.x, y: layout.card.y + 6, width: layout.card.width, height: layout.card.height)
    shapes.append(.shadow(thrown, Palette.shadow, radius: 14, blur: 18))
    fill(layout.card, Palette.surface, radius: 14)
  }

  private mutating func drawSignIn() {
    drawCard()
    let card = layout.card
    let top = PixelRect(x: card.x, y: card.y + 30, width: card.width, height: 36)
    text("Example Shop", .title, Palette.text, centeredIn: top)
    let below = PixelRect(x: card.x, y: card.y + 66, width: card.width, height: 24)
    text("Please enter your details.", .small, Palette.quiet, centeredIn: below)

    drawField(.user, app.user, label: "User name")
    drawField(.password, app.password, label: "Password")
    drawMessage()
    drawCheckbox()
    drawButton()
    let foot = PixelRect(x: 0, y: app.size.height - 36, width: app.size.width, height: 20)
    text("A demo screen of qa-agent", .small, Palette.quiet, centeredIn: foot)
  }

  private mutating func drawField(
    _ control: SignInApp.Control, _ field: TextField, label: String
  ) {
    let frame = layout.frame(of: control)
    text(label, .strong, Palette.text, x: frame.x, middle: frame.y - 16)
    let isFocused = app.focus == control && !app.isBusy
    let ink = isFocused ? Palette.accent : app.hovered == control ? Palette.quiet : Palette.line
    fill(frame, Palette.surface, radius: 8)
    shapes.append(.outline(frame, ink, radius: 8, width: isFocused ? 2 : 1))

    let area = layout.textArea(of: control)
    let shift = isFocused ? field.scroll(width: area.width, metrics) : 0
    func position(_ index: Int) -> Int {
      area.x - shift + metrics.width(String(field.visible.prefix(index)), .body)
    }
    let line = PixelRect(x: 0, y: frame.y + 10, width: 0, height: frame.height - 20)
    if isFocused, !field.selection.isEmpty {
      let start = position(field.selection.lowerBound)
      let end = position(field.selection.upperBound)
      let mark = PixelRect(x: start, y: line.y, width: end - start, height: line.height)
      fill(mark.intersection(area), Palette.accentSoft)
    }
    text(
      field.visible, .body, app.isBusy ? Palette.quiet : Palette.text, x: area.x - shift,
      middle: frame.center.y, clip: area)
    if isFocused, app.showsCaret {
      fill(
        PixelRect(x: position(field.caret), y: line.y, width: 2, height: line.height), Palette.text)
    }
  }

  private mutating func drawMessage() {
    guard let message = app.message else { return }
    let frame = layout.frame(of: .password)
    let dot = PixelRect(x: frame.x, y: frame.maxY + 14, width: 18, height: 18)
    fill(dot, Palette.danger, radius: 9)
    fill(PixelRect(x: dot.x + 8, y: dot.y + 4, width: 2, height: 6), Palette.surface)
    fill(PixelRect(x: dot.x + 8, y: dot.y + 12, width: 2, height: 2), Palette.surface)
    text(message, .small, Palette.danger, x: dot.maxX + 8, middle: dot.center.y)
  }

  private mutating func drawCheckbox() {
    let frame = layout.frame(of: .remember)
    let box = PixelRect(x: frame.x, y: frame.y + 4, width: 20, height: 20)
    if app.isRemembering {
      fill(box, Palette.accent, radius: 5)
      shapes.append(.tick(box, Palette.surface))
    } else {
      fill(box, Palette.surface, radius: 5)
      let ink = app.hovered == .remember ? Palette.accent : Palette.quiet
      shapes.append(.outline(box, ink, radius: 5, width: 1))
    }
    drawFocus(.remember, box, Palette.accent)
    text("Remember me", .body, Palette.text, x: box.maxX + 10, middle: box.center.y)
  }

  private mutating func drawButton() {
    let frame = layout.frame(of: .signIn)
    let isOver = app.hovered == .signIn
    let ink: Ink =
      app.isBusy
      ? Palette.quiet
      : isOver && app.pressed == .signIn
        ? Palette.accentPressed : isOver ? Palette.accentHover : Palette.accent
    fill(frame, ink, radius: 8)
    drawFocus(.signIn, frame, Palette.accent)
    text(app.isBusy ? "Signing in\u{2026}" : "Sign in", .strong, Palette.surface, centeredIn: frame)
  }

  private mutating func drawOrders(_ user: String) {
    let card = layout.card
    text("Welcome, \(user)", .title, Palette.text, x: card.x, middle: card.y - 48)
    drawCard()
    text("Your orders", .strong, Palette.text, x: card.x + 28, middle: card.y + 32)
    fill(
      PixelRect(x: card.x + 12, y: card.y + 59, width: card.width - 24, height: 1),
      Palette.softLine)
    guard app.isLoaded else {
      let middle = card.y + 60 + SignInLayout.rowHeight / 2
      text("Loading orders\u{2026}", .body, Palette.quiet, x: card.x + 28, middle: middle)
      return
    }
    for (index, order) in SignInApp.orders.enumerated() { drawOrder(index, order) }
  }

  private mutating func drawOrder(_ index: Int, _ order: String) {
    let frame = layout.frame(of: .order(index))
    if app.selectedOrder == index {
      fill(frame, Palette.rowSelected, radius: 8)
    } else if app.hovered == .order(index) {
      fill(frame, Palette.rowHover, radius: 8)
    }
    let dot = PixelRect(x: frame.x + 16, y: frame.center.y - 5, width: 10, height: 10)
    let ink =
      order.contains("Paid") || order.contains("Shipped")
      ? Palette.good : order.contains("Open") ? Palette.warm : Palette.quiet
    fill(dot, ink, radius: 5)
    text(order, .body, Palette.text, x: frame.x + 42, middle: frame.center.y)
  }

  // MARK: - Shapes

  private mutating func fill(_ rect: PixelRect, _ ink: Ink, radius: Int = 0) {
    shapes.append(.fill(rect, ink, radius: radius))
  }

  private mutating func drawFocus(_ control: SignInApp.Control, _ frame: PixelRect, _ ink: Ink) {
    guard app.focus == control, !app.isBusy else { return }
    shapes.append(.outline(frame.insetBy(-4), ink, radius: 11, width: 2))
  }

  private mutating func text(
    _ string: String, _ style: TextStyle, _ ink: Ink, centeredIn frame: PixelRect
  ) {
    let width = metrics.width(string, style)
    text(string, style, ink, x: frame.x + (frame.width - width) / 2, middle: frame.center.y)
  }

  private mutating func text(
    _ string: String, _ style: TextStyle, _ ink: Ink, x: Int, middle: Int, clip: PixelRect? = nil
  ) {
    guard !string.isEmpty else { return }
    let height = metrics.height(style)
    let box = PixelRect(
      x: x, y: middle - height / 2, width: metrics.width(string, style), height: height)
    shapes.append(.text(string, style, ink, box: box, clip: clip ?? app.size.bounds))
  }
}
