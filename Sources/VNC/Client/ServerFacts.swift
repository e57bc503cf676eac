public import Pixels

/// What a server has said about itself in between its updates.
struct ServerFacts: Hashable, Sendable {
  /// Whether it takes keys by their place on the keyboard.
  var takesScancodes = false
  /// Which locks are on; nil when it never says.
  var lockKeys: LockKeys?
  /// The pointer's picture; nil when it has not been sent, is hidden or too large.
  var pointerShape: PointerShape?
  /// Its first screen, when it can be told another size.
  var screen: Screen?
  /// How often it has answered a wish for another size, and how the last time.
  var sizeAnswers = 0
  var lastSizeStatus = 0

  /// A screen by its number.
  struct Screen: Hashable, Sendable {
    let number: UInt32
    let flags: UInt32
  }
}

/// Which keys that lock are on.
public struct LockKeys: OptionSet, Hashable, Sendable {
  /// The bits, as the servers send them.
  public let rawValue: UInt8

  /// Locks from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Scroll Lock.
  public static let scroll = LockKeys(rawValue: 1)
  /// Num Lock.
  public static let number = LockKeys(rawValue: 2)
  /// Caps Lock.
  public static let caps = LockKeys(rawValue: 4)
}

/// The picture of the pointer, which is never part of a frame.
///
/// An arrow, a hand and a text cursor tell what is under the pointer.
public struct PointerShape: Hashable, Sendable {
  /// Its size.
  public let size: PixelSize
  /// The place in it that points, from its left and its top.
  public let hotspotX: Int, hotspotY: Int
  /// Blue, green, red and alpha of each pixel, row by row; alpha is 0 or 255.
  public let pixels: [UInt8]
}

extension PointerShape {
  /// The longest payload that is kept; what is longer is no pointer that anybody has.
  static let payloadLimit = 128 * 1024

  /// A shape from pixels and the mask of a cursor rectangle (RFC 6143, 7.8.1), or nil without pixels.
  init?(rect: PixelRect, payload: UnsafeRawBufferPointer) {
    let stride = (rect.width + 7) / 8
    guard let size = PixelSize(width: rect.width, height: rect.height),
      payload.count == size.area * 4 + stride * rect.height
    else { return nil }
    var pixels = [UInt8](payload[..<(size.area * 4)])
    for y in 0..<size.height {
      for x in 0..<size.width {
        let bits = payload[size.area * 4 + y * stride + x / 8]
        pixels[(y * size.width + x) * 4 + 3] = bits & (0x80 >> UInt8(x % 8)) != 0 ? 255 : 0
      }
    }
    self.init(size: size, hotspotX: rect.x, hotspotY: rect.y, pixels: pixels)
  }
}

extension VNCConnection {
  /// Which locks are on; nil when the server does not say.
  public var lockKeys: LockKeys? { facts.lockKeys }

  /// The pointer's picture; nil when the server has not sent one, or hides the pointer.
  public var pointerShape: PointerShape? { facts.pointerShape }

  /// Whether keys can be sent by their place on the keyboard (QEMU).
  public var takesScancodes: Bool { facts.takesScancodes }

  /// Has the server change the size of its screen, and returns when its new picture is complete.
  ///
  /// - Throws: `.unsupportedInput` when the server cannot or will not; Xvnc can, as can others with
  ///   ExtendedDesktopSize.
  public func setSize(_ size: PixelSize, upTo limit: Duration = .seconds(5)) async throws(VNCError)
  {
    try check()
    guard let screen = facts.screen else {
      throw error(.unsupportedInput, "cannot be told another screen size; change it on the server")
    }
    let deadline = Self.deadline(in: limit)
    let answers = facts.sizeAnswers
    try send([.setDesktopSize(size, number: screen.number, flags: screen.flags)])
    while facts.sizeAnswers == answers || self.size != size || isAwaitingPicture {
      if facts.sizeAnswers > answers, facts.lastSizeStatus != 0 { throw refusal(of: size) }
      guard ContinuousClock.now < deadline else {
        throw error(.timedOut(.update), "did not change its screen to \(size) within \(limit)")
      }
      let seen = signal.generation
      try await pause(after: seen, until: deadline)
      try check()
    }
  }

  private func refusal(of size: PixelSize) -> VNCError {
    let reason =
      switch facts.lastSizeStatus {
      case 1: "it is not permitted there"
      case 2: "it has no room for that"
      case 3: "that is no size for it"
      default: "status \(facts.lastSizeStatus)"
      }
    return error(.unsupportedInput, "does not change its screen to \(size): \(reason)")
  }
}
