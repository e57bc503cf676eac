import Pixels

/// The rectangles of an update: pixels, and what servers send in their guise.
extension MessageParser {
  /// How many times over one update may paint the screen.
  private static let repaintLimit = 8

  mutating func nextRect() -> Event? {
    guard rectsLeft > 0 else {
      state = .message
      return .updateFinished
    }
    rectsLeft -= 1
    state = .rectHeader
    return nil
  }

  mutating func beginRect(
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
    case Encoding.lockKeys: state = .locks(1)
    case Encoding.lockKeysOfVMware: state = .locks(4)
    case Encoding.extendedKeys:
      // Its size is that of the screen and means nothing.
      takesScancodes = true
      return nextRect()
    case Encoding.moreButtons:
      takesMoreButtons = true
      return nextRect()
    case Encoding.raw, Encoding.copyRect, Encoding.hextile:
      return try beginPixels(rect, encoding, canvas.size)
    default:
      throw Violation(message: "it used encoding \(encoding), which was not offered to it")
    }
    return nil
  }

  /// Scroll Lock, Num Lock and Caps Lock, from the lowest bit on; 255 in one byte is that nobody knows.
  mutating func locks(_ count: Int, _ input: inout Input) -> Event? {
    guard input.has(count) else { return nil }
    let bits = count == 1 ? input.byte().map(UInt32.init) ?? 255 : input.number32()
    isCapsOn = bits > 7 ? nil : bits & 4 != 0
    isNumOn = bits > 7 ? nil : bits & 2 != 0
    return nextRect()
  }

  private mutating func beginCursor(_ rect: PixelRect) throws(Violation) -> Event? {
    guard rect.width * rect.height <= 1 << 20 else {
      throw Violation(message: "it sent a pointer picture of \(rect.width)x\(rect.height) pixels")
    }
    // Its pixels and a mask of one bit for each (RFC 6143, 7.8.1).
    let payload = rect.width * rect.height * 4 + (rect.width + 7) / 8 * rect.height
    state = .skip(payload, thenRect: true)
    return nil
  }

  /// ExtendedDesktopSize: x says why it was sent, y how a client's wish went.
  mutating func screens(
    _ rect: PixelRect, _ input: inout Input, _ current: PixelSize
  ) throws(Violation) -> Event? {
    guard let count = input.peek(0).map(Int.init), input.has(4) else { return nil }
    input.drop(4)
    state = .skip(count * 16, thenRect: true)
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

  mutating func raw(
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

  mutating func copyRect(
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
}
