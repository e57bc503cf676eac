internal import Hands

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
  var buttonMask: UInt16 {
    items.reduce(0) { mask, item in
      guard case .button(let button) = item else { return mask }
      return mask | button.bit
    }
  }

  mutating func press(_ item: Item) {
    if !items.contains(item) { items.append(item) }
  }

  mutating func release(_ item: Item) { items.removeAll { $0 == item } }

  /// Takes the item that went down last.
  mutating func popLast() -> Item? { items.popLast() }
}

extension PointerButton {
  /// Its bit in the mask of a pointer event.
  var bit: UInt16 {
    switch self {
    case .left: 1
    case .middle: 2
    case .right: 4
    case .back: 128
    case .forward: 256
    }
  }
}

extension ScrollDirection {
  /// The bit of the button that a turn of the wheel is in the protocol.
  var bit: UInt16 {
    switch self {
    case .up: 8
    case .down: 16
    case .left: 32
    case .right: 64
    }
  }
}
