import CVNCClient
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
  /// How many times over one update may paint the screen.
  private static let repaintLimit = 8

  private enum State: Hashable, Sendable {
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
    case pointerShape(PixelRect)
    case screens(PixelRect)
    case lockKeys
    case clipboardText(Int, isExtended: Bool)
    case skip(Int, thenRect: Bool)
  }

  /// What the server has said about itself so far.
  private(set) var facts = ServerFacts()
  private var state = State.message
  private var clipboardText: [UInt8] = []
  private var rectsLeft = 0
  private var paintedArea = 0
  private var tile = [UInt32](repeating: 0, count: 256)
  private var background: UInt32 = 0
  private var foreground: UInt32 = 0

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
    case .pointerShape(let rect): return pointerShape(rect, &input)
    case .screens(let rect): return try screens(rect, &input, canvas.size)
    case .lockKeys: return lockKeys(&input)
    case .clipboardText(let count, let isExtended): return text(count, isExtended, &input)
    case .skip(let count, let thenRect): return skip(count, thenRect, &input)
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

  // MARK: - Rectangles

  private mutating func nextRect() -> Event? {
    guard rectsLeft > 0 else {
      state = .message
      return .updateFinished
    }
    rectsLeft -= 1
    state = .rectHeader
    return nil
  }

  private mutating func beginRect(
    _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Event? {
    guard input.has(12) else { return nil }
    let rect = PixelRect(
      x: input.number16(), y: input.number16(), width: input.number16(), height: input.number16())
    let encoding = Int32(bitPattern: input.number32())
    switch encoding {
    case Encoding.desktopSize:
      let size = try Self.checkedSize(width: rect.width, height: rect.height)
      let finished = nextRect()
      // An update that holds nothing else is over, and the refresh that follows will ask again.
      return size == canvas.size ? finished : .resized(size)
    case Encoding.cursor: return try beginCursor(rect)
    case Encoding.extendedDesktopSize: state = .screens(rect)
    case Encoding.lockKeys: state = .lockKeys
    case Encoding.extendedKeys:
      // Its size is that of the screen and means nothing.
      facts.takesScancodes = true
      return nextRect()
    case Encoding.raw, Encoding.copyRect, Encoding.hextile:
      return try beginPixels(rect, encoding, canvas.size)
    default:
      throw Violation(message: "it used encoding \(encoding), which was not offered to it")
    }
    return nil
  }

  private mutating func beginCursor(_ rect: PixelRect) throws(Violation) -> Event? {
    guard rect.width * rect.height <= 1 << 20 else {
      throw Violation(message: "it sent a pointer picture of \(rect.width)x\(rect.height) pixels")
    }
    let payload = cursorPayload(rect)
    if payload == 0 || payload > PointerShape.payloadLimit { facts.pointerShape = nil }
    state =
      payload > PointerShape.payloadLimit
      ? .skip(payload, thenRect: true) : .pointerShape(rect)
    return nil
  }

  private func cursorPayload(_ rect: PixelRect) -> Int {
    rect.width * rect.height * 4 + (rect.width + 7) / 8 * rect.height
  }

  private mutating func pointerShape(_ rect: PixelRect, _ input: inout Input) -> Event? {
    let length = cursorPayload(rect)
    guard input.has(length) else { return nil }
    facts.pointerShape = PointerShape(rect: rect, payload: input.take(length))
    return nextRect()
  }

  private mutating func lockKeys(_ input: inout Input) -> Event? {
    guard let bits = input.byte() else { return nil }
    facts.lockKeys = LockKeys(rawValue: bits & 7)
    return nextRect()
  }

  /// ExtendedDesktopSize: x says why it was sent, y how a wish of ours went.
  private mutating func screens(
    _ rect: PixelRect, _ input: inout Input, _ current: PixelSize
  ) throws(Violation) -> Event? {
    guard let count = input.peek(0).map(Int.init), input.has(4 + min(count, 1) * 16) else {
      return nil
    }
    input.drop(4)
    if count > 0 {
      // Whatever its number is: some servers call their only screen 0.
      let number = input.number32()
      input.drop(8)
      facts.screen = ServerFacts.Screen(number: number, flags: input.number32())
    }
    state = .skip(max(count - 1, 0) * 16, thenRect: true)
    if rect.x == 1 {
      facts.sizeAnswers += 1
      facts.lastSizeStatus = rect.y
    }
    guard rect.x != 1 || rect.y == 0 else { return nil }
    let size = try Self.checkedSize(width: rect.width, height: rect.height)
    return size == current ? nil : .resized(size)
  }

  private mutating func beginPixels(
    _ rect: PixelRect, _ encoding: Int32, _ screen: PixelSize
  ) throws(Violation) -> Event? {
    guard rect.maxX <= screen.width, rect.maxY <= screen.height else {
      throw Violation(message: "it painted at \(rect), which is outside of its \(screen) screen")
    }
    paintedArea += rect.area
    guard paintedArea <= screen.area * Self.repaintLimit else {
      throw Violation(message: "one update painted its screen \(Self.repaintLimit) times over")
    }
    switch encoding {
    case Encoding.copyRect: state = .copyRect(rect)
    case _ where rect.isEmpty: return nextRect()
    case Encoding.raw: state = .raw(rect, line: 0)
    default:
      background = 0
      foreground = 0
      state = .hextile(rect, tile: 0)
    }
    return nil
  }

  private mutating func raw(
    _ rect: PixelRect, _ line: Int, _ input: inout Input, _ canvas: inout Canvas
  ) -> Event? {
    let rowBytes = rect.width * 4
    let lines = min(rect.height - line, input.count / rowBytes)
    guard lines > 0 else { return nil }
    let part = PixelRect(x: rect.x, y: rect.y + line, width: rect.width, height: lines)
    canvas.put(part, from: input.take(lines * rowBytes))
    guard line + lines == rect.height else {
      state = .raw(rect, line: line + lines)
      return nil
    }
    canvas.painted(rect)
    return nextRect()
  }

  private mutating func copyRect(
    _ rect: PixelRect, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Event? {
    guard input.has(4) else { return nil }
    let source = PixelRect(
      x: input.number16(), y: input.number16(), width: rect.width, height: rect.height)
    guard source.maxX <= canvas.size.width, source.maxY <= canvas.size.height else {
      throw Violation(
        message: "it copied from \(source), which is outside of its \(canvas.size) screen")
    }
    canvas.copy(fromX: source.x, y: source.y, to: rect)
    canvas.painted(rect)
    return nextRect()
  }

  // MARK: - Hextile (RFC 6143, 7.7.4)

  private mutating func hextile(
    _ rect: PixelRect, _ first: Int, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Event? {
    let columns = (rect.width + 15) / 16
    let count = columns * ((rect.height + 15) / 16)
    var index = first
    while index < count {
      let x = rect.x + index % columns * 16
      let y = rect.y + index / columns * 16
      let place = PixelRect(
        x: x, y: y, width: min(16, rect.maxX - x), height: min(16, rect.maxY - y))
      guard try paintTile(place, &input, &canvas) else { break }
      index += 1
    }
    guard index == count else {
      state = .hextile(rect, tile: index)
      return nil
    }
    canvas.painted(rect)
    return nextRect()
  }

  /// Paints one tile; false when it is not all there yet.
  private mutating func paintTile(
    _ place: PixelRect, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Bool {
    guard let kind = input.peek(0).map(TileKind.init) else { return false }
    if kind.isRaw {
      guard input.has(1 + place.area * 4) else { return false }
      input.drop(1)
      canvas.put(place, from: input.take(place.area * 4))
      return true
    }
    let head = 1 + (kind.hasBackground ? 4 : 0) + (kind.hasForeground ? 4 : 0)
    var pieces = 0
    if kind.hasPieces {
      guard let count = input.peek(head) else { return false }
      pieces = Int(count)
    }
    let body = kind.hasPieces ? 1 + pieces * (kind.isColoured ? 6 : 2) : 0
    guard input.has(head + body) else { return false }
    input.drop(1)
    if kind.hasBackground { background = input.pixel() }
    if kind.hasForeground { foreground = input.pixel() }
    fillTile(PixelRect(x: 0, y: 0, width: place.width, height: place.height), background)
    if kind.hasPieces { input.drop(1) }
    for _ in 0..<pieces { try paintPiece(isColoured: kind.isColoured, in: place, &input) }
    canvas.put(place, tile: tile)
    return true
  }

  private mutating func paintPiece(
    isColoured: Bool, in place: PixelRect, _ input: inout Input
  ) throws(Violation) {
    let colour = isColoured ? input.pixel() : foreground
    let corner = input.byte() ?? 0
    let sides = input.byte() ?? 0
    let piece = PixelRect(
      x: Int(corner >> 4), y: Int(corner & 15), width: Int(sides >> 4) + 1,
      height: Int(sides & 15) + 1)
    guard piece.maxX <= place.width, piece.maxY <= place.height else {
      throw Violation(message: "it painted outside of a tile")
    }
    fillTile(piece, colour)
  }

  private mutating func fillTile(_ rect: PixelRect, _ colour: UInt32) {
    tile.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      qa_vncclient_fill(
        base, 16, CInt(rect.x), CInt(rect.y), CInt(rect.width), CInt(rect.height), colour)
    }
  }
}
