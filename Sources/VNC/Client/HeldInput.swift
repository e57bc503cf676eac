/// What is pressed on a server through this connection, in the order it went down.
///
/// A value.
struct HeldInput: Hashable, Sendable {
  enum Item: Hashable, Sendable {
    case key(UInt32)
    case button(PointerButton)
  }

  private(set) var items: [Item] = []

  /// The mask that goes with every pointer event.
  var buttonMask: UInt8 {
    items.reduce(0) { mask, item in
      guard case .button(let button) = item else { return mask }
      return mask | button.rawValue
    }
  }

  mutating func press(_ item: Item) {
    if !items.contains(item) { items.append(item) }
  }

  mutating func release(_ item: Item) { items.removeAll { $0 == item } }

  /// Takes the item that went down last.
  mutating func popLast() -> Item? { items.popLast() }
}

/// A button of the pointer, by its bit in the protocol.
public enum PointerButton: UInt8, Hashable, Sendable, CaseIterable {
  /// The main one.
  case left = 1
  /// The wheel, pressed.
  case middle = 2
  /// The one for context menus.
  case right = 4
}

/// Where a wheel turns to.
public enum ScrollDirection: UInt8, Hashable, Sendable, CaseIterable {
  /// Towards the beginning of what is shown; the bit of the wheel's button in the protocol.
  case up = 8
  /// Towards the end.
  case down = 16
  /// Towards the left.
  case left = 32
  /// Towards the right.
  case right = 64
}
