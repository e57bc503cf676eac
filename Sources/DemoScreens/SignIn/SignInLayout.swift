import Pixels

/// Where everything is on the pages of the shop.
struct SignInLayout {
  static let barHeight = 64
  static let rowHeight = 52

  let size: PixelSize
  let card: PixelRect
  private let page: SignInApp.Page
  private let isLoaded: Bool

  init(_ app: SignInApp) {
    size = app.size
    page = app.page
    isLoaded = app.isLoaded
    switch app.page {
    case .signIn:
      let top = max(Self.barHeight + 20, (app.size.height + Self.barHeight - 452) / 2 - 12)
      card = PixelRect(x: (app.size.width - 420) / 2, y: top, width: 420, height: 452)
    case .orders:
      let width = min(app.size.width - 96, 760)
      let rows = app.isLoaded ? SignInApp.orders.count : 1
      card = PixelRect(
        x: (app.size.width - width) / 2, y: Self.barHeight + 112, width: width,
        height: rows * Self.rowHeight + 72)
    }
  }

  /// The controls of the page, the ones that are on top first.
  var controls: [SignInApp.Control] {
    switch page {
    case .signIn: [.user, .password, .remember, .signIn]
    case .orders: [.signOut] + (isLoaded ? SignInApp.orders.indices.map { .order($0) } : [])
    }
  }

  func control(atX x: Int, y: Int) -> SignInApp.Control? {
    controls.first { frame(of: $0).contains(x: x, y: y) }
  }

  /// What reacts to the pointer.
  func frame(of control: SignInApp.Control) -> PixelRect {
    let x = card.x + 36
    let width = card.width - 72
    switch control {
    case .user: return PixelRect(x: x, y: card.y + 132, width: width, height: 44)
    case .password: return PixelRect(x: x, y: card.y + 220, width: width, height: 44)
    case .remember: return PixelRect(x: x, y: card.y + 312, width: 160, height: 28)
    case .signIn: return PixelRect(x: x, y: card.y + 368, width: width, height: 48)
    case .signOut: return PixelRect(x: size.width - 148, y: 12, width: 116, height: 40)
    case .order(let index):
      return PixelRect(
        x: card.x + 12, y: card.y + 60 + index * Self.rowHeight, width: card.width - 24,
        height: Self.rowHeight)
    }
  }

  /// Where a field shows its text.
  func textArea(of control: SignInApp.Control) -> PixelRect {
    let frame = frame(of: control)
    return PixelRect(x: frame.x + 14, y: frame.y, width: frame.width - 28, height: frame.height)
  }
}
