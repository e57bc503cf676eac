import Pixels

/// Reads what a server sends, byte by byte if it comes so, and paints updates on a canvas.
///
/// A value without I/O: it takes what is there and says how much of it is used up. Nothing of what it
/// reads is believed: a rectangle outside of the screen, an encoding that was not announced and a
/// message that does not exist end the connection. What it keeps between calls does not grow.
struct MessageParser: Sendable {
  /// Something the owner must act upon.
  enum Event: Hashable, Sendable {
    /// An update message is complete; the next one may be asked for.
    case updateFinished
    /// The screen has another size, and the canvas must be replaced before going on.
    case resized(PixelSize)
    /// The server speaks the extended clipboard and these of its actions.
    case clipboardCapabilities(UInt32)
    /// Somebody on the server wants to paste what we announced.
    case clipboardRequested
    /// A fence: a question to be given back, or the answer to one of ours.
    case fence(flags: UInt32, payload: [UInt8])
    /// The server can send updates without being asked, or has stopped to.
    case continuousUpdatesEnded
    /// The clipboard of the server has become another, with or without a text.
    case clipboardNotified(hasText: Bool)
    /// The text that we asked for, as `ExtendedClipboard.text(in:)` understands it.
    case clipboardProvided([UInt8])
    /// The clipboard of a server without the extension, in Latin-1.
    case cutText([UInt8])
  }

  /// Why the connection must end.
  struct Violation: Error, Hashable {
    var isTooLarge = false
    let message: String
  }

  /// The longest side of a screen.
  static let sideLimit = 8192
  /// The most pixels on a screen.
  static let areaLimit = 64 << 20
  /// Where a screen's own clipboard gets too long to be skipped.
  private static let cutTextLimit = 16 << 20
  /// Up to where it is kept.
  private static let keptTextLimit = 1 << 20

  enum State: Hashable, Sendable {
    case message
    case updateHeader
    case rectHeader
    case raw(PixelRect, line: Int)
    case copyRect(PixelRect)
    case hextile(PixelRect, tile: Int)
    case colourMapHeader
    case cutTextHeader
    case clipboardFlags(length: Int)
    case fence
    case screens(PixelRect)
    case clipboardText(Int, isExtended: Bool)
    case skip(Int, thenRect: Bool)
    /// The locks, in so many bytes.
    case locks(Int)
  }

  /// Whether the server takes keys by their place on the keyboard (QEMU).
  var takesScancodes = false
  /// Whether the server takes the buttons that go back and forward.
  var takesMoreButtons = false
  /// Whether Caps Lock is on, as the server says; nil where it does not say so.
  var isCapsOn: Bool?
  /// Whether Num Lock is on, likewise.
  var isNumOn: Bool?
  var state = State.message
  private var clipboardText: [UInt8] = []
  var rectsLeft = 0
  var paintedArea = 0
  var tile = [UInt32](repeating: 0, count: 256)
  var background: UInt32 = 0
  var foreground: UInt32 = 0

  /// Whether the server has begun a message that it has not finished.
  var isMidMessage: Bool { state != .message }

  /// The size a server announced, if we accept it.
  static func checkedSize(width: Int, height: Int) throws(Violation) -> PixelSize {
    guard width > 0, height > 0 else {
      throw Violation(message: "it announced a screen of \(width)x\(height) pixels")
    }
    guard width <= sideLimit, height <= sideLimit, width * height <= areaLimit,
      let size = PixelSize(width: width, height: height)
    else {
      throw Violation(
        isTooLarge: true,
        message: "its screen of \(width)x\(height) pixels is larger than the limit of "
          + "\(sideLimit) a side and \(areaLimit >> 20) megapixels; make it smaller")
    }
    return size
  }

  /// Uses up as many bytes as it can, but stops behind the first event.
  mutating func parse(
    _ bytes: UnsafeRawBufferPointer, into canvas: inout Canvas
  ) throws(Violation) -> (used: Int, event: Event?) {
    var used = 0
    while true {
      var input = Input(bytes: UnsafeRawBufferPointer(rebasing: bytes[used...]))
      let before = state
      let event = try step(&input, &canvas)
      used += input.used
      if let event { return (used, event) }
      if input.used == 0, state == before { return (used, nil) }
    }
  }

  private mutating func step(
    _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Event? {
    switch state {
    case .message: return try beginMessage(&input)
    case .updateHeader: return beginUpdate(&input)
    case .rectHeader: return try beginRect(&input, &canvas)
    case .raw(let rect, let line): return raw(rect, line, &input, &canvas)
    case .copyRect(let rect): return try copyRect(rect, &input, &canvas)
    case .hextile(let rect, let tile): return try hextile(rect, tile, &input, &canvas)
    case .colourMapHeader: beginColourMap(&input)
    case .cutTextHeader: try beginCutText(&input)
    case .clipboardFlags(let length): return clipboard(length, &input)
    case .fence: return try fence(&input)
    case .screens(let rect): return try screens(rect, &input, canvas.size)
    case .clipboardText(let count, let isExtended): return text(count, isExtended, &input)
    case .skip(let count, let thenRect): return skip(count, thenRect, &input)
    case .locks(let count): return locks(count, &input)
    }
    return nil
  }

  // MARK: - Messages

  private mutating func beginMessage(_ input: inout Input) throws(Violation) -> Event? {
    guard let type = input.byte() else { return nil }
    switch type {
    case 0: state = .updateHeader
    case 1: state = .colourMapHeader
    case 2: break  // a bell
    case 3: state = .cutTextHeader
    case 150: return .continuousUpdatesEnded
    case 248: state = .fence
    default: throw Violation(message: "it sent a message of the unknown type \(type)")
    }
    return nil
  }

  private mutating func fence(_ input: inout Input) throws(Violation) -> Event? {
    guard let length = input.peek(7).map(Int.init) else { return nil }
    guard length <= Fence.payloadLimit else {
      throw Violation(message: "it sent a fence of \(length) bytes")
    }
    guard input.has(8 + length) else { return nil }
    input.drop(3)
    let flags = input.number32()
    input.drop(1)
    state = .message
    return .fence(flags: flags, payload: Array(input.take(length)))
  }

  private mutating func beginUpdate(_ input: inout Input) -> Event? {
    guard input.has(3) else { return nil }
    input.drop(1)
    rectsLeft = input.number16()
    paintedArea = 0
    return nextRect()
  }

  private mutating func beginColourMap(_ input: inout Input) {
    guard input.has(5) else { return }
    input.drop(3)
    state = .skip(input.number16() * 6, thenRect: false)
  }

  private mutating func beginCutText(_ input: inout Input) throws(Violation) {
    guard input.has(7) else { return }
    input.drop(3)
    let length = Int(Int32(bitPattern: input.number32()))
    guard abs(length) <= Self.cutTextLimit else {
      throw Violation(message: "it sent a clipboard of \(abs(length)) bytes")
    }
    // A negative length marks the extended clipboard, whose payload begins with four bytes of flags.
    state = length <= -4 ? .clipboardFlags(length: -length) : textState(abs(length))
  }

  private mutating func textState(_ length: Int, isExtended: Bool = false) -> State {
    clipboardText = []
    return length <= Self.keptTextLimit
      ? .clipboardText(length, isExtended: isExtended) : .skip(length, thenRect: false)
  }

  private mutating func text(_ count: Int, _ isExtended: Bool, _ input: inout Input) -> Event? {
    let piece = input.take(min(count, input.count))
    clipboardText += piece
    guard piece.count == count else {
      state = .clipboardText(count - piece.count, isExtended: isExtended)
      return nil
    }
    state = .message
    defer { clipboardText = [] }
    return isExtended ? .clipboardProvided(clipboardText) : .cutText(clipboardText)
  }

  private mutating func clipboard(_ length: Int, _ input: inout Input) -> Event? {
    guard input.has(4) else { return nil }
    let flags = input.number32()
    state = .skip(length - 4, thenRect: false)
    if flags & ExtendedClipboard.capabilities != 0 { return .clipboardCapabilities(flags) }
    if flags & ExtendedClipboard.request != 0 { return .clipboardRequested }
    let hasText = flags & ExtendedClipboard.text != 0
    if flags & ExtendedClipboard.notify != 0 { return .clipboardNotified(hasText: hasText) }
    if flags & ExtendedClipboard.provide != 0, hasText {
      state = textState(length - 4, isExtended: true)
    }
    return nil
  }

  private mutating func skip(_ count: Int, _ thenRect: Bool, _ input: inout Input) -> Event? {
    let available = min(count, input.count)
    input.drop(available)
    guard available == count else {
      state = .skip(count - available, thenRect: thenRect)
      return nil
    }
    if thenRect { return nextRect() }
    state = .message
    return nil
  }
}
