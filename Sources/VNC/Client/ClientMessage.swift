import Pixels

/// What we send: the client's messages of RFB 3.8 (RFC 6143, 7.5) and of its extensions.
enum ClientMessage {
  case setPixelFormat
  case setEncodings([Int32])
  case requestUpdate(PixelRect, incremental: Bool)
  case key(keysym: UInt32, down: Bool)
  /// Buttons from the eighth on go only to servers that have said that they know them.
  case pointer(x: Int, y: Int, buttons: UInt16)
  case cutText([UInt8])
  case extendedClipboard([UInt8])
  case fence(flags: UInt32, payload: [UInt8])
  case enableContinuousUpdates(PixelRect)
  /// A key by its place, and by its name for whom that is not enough.
  case scancode(UInt32, keysym: UInt32, down: Bool)

  /// The bytes on the wire.
  ///
  /// Coordinates lie on a screen, whose sides are below 65536.
  var bytes: [UInt8] {
    var wire = WireBytes()
    switch self {
    case .setPixelFormat:
      // 32 bits, depth 24, little-endian, true colour; red 16, green 8, blue 0: what X and QEMU use.
      wire.raw = [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
    case .setEncodings(let encodings):
      wire.raw = [2, 0]
      wire.append16(encodings.count)
      for encoding in encodings { wire.append32(UInt32(bitPattern: encoding)) }
    case .requestUpdate(let rect, let incremental):
      wire.raw = [3, incremental ? 1 : 0]
      for number in [rect.x, rect.y, rect.width, rect.height] { wire.append16(number) }
    case .key(let keysym, let down):
      wire.raw = [4, down ? 1 : 0, 0, 0]
      wire.append32(keysym)
    case .pointer(let x, let y, let buttons):
      // The highest bit says that a further byte has the eighth button and the ninth.
      let more = UInt8(buttons >> 7 & 3)
      wire.raw = [5, UInt8(buttons & 0x7F) | (more == 0 ? 0 : 0x80)]
      wire.append16(x)
      wire.append16(y)
      if more != 0 { wire.raw.append(more) }
    case .cutText(let latin1):
      wire.raw = [6, 0, 0, 0]
      wire.append32(UInt32(clamping: latin1.count))
      wire.raw += latin1
    case .extendedClipboard(let payload):
      // The extension marks itself by a negative length.
      wire.raw = [6, 0, 0, 0]
      wire.append32(UInt32(bitPattern: -Int32(clamping: payload.count)))
      wire.raw += payload
    case .fence(let flags, let payload):
      wire.raw = [248, 0, 0, 0]
      wire.append32(flags)
      wire.raw.append(UInt8(clamping: payload.count))
      wire.raw += payload
    case .enableContinuousUpdates(let rect):
      wire.raw = [150, 1]
      for number in [rect.x, rect.y, rect.width, rect.height] { wire.append16(number) }
    case .scancode(let code, let keysym, let down):
      wire.raw = [255, 0, 0, down ? 1 : 0]
      wire.append32(keysym)
      wire.append32(code)
    }
    return wire.raw
  }
}

extension ClientMessage {
  /// Whether it acts on what the screen shows.
  var isInput: Bool {
    switch self {
    case .key, .scancode, .pointer, .cutText, .extendedClipboard: true
    case .setPixelFormat, .setEncodings, .requestUpdate, .fence, .enableContinuousUpdates: false
    }
  }
}

/// Numbers in the order of the network.
struct WireBytes {
  var raw: [UInt8] = []

  mutating func append16(_ value: Int) {
    let bits = UInt16(clamping: value)
    raw += [UInt8(bits >> 8), UInt8(bits & 0xFF)]
  }

  mutating func append32(_ value: UInt32) {
    raw += [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
  }
}

/// The encodings by their numbers.
enum Encoding {
  static let raw: Int32 = 0
  static let copyRect: Int32 = 1
  static let hextile: Int32 = 5
  static let desktopSize: Int32 = -223
  static let cursor: Int32 = -239
  static let extendedKeys: Int32 = -258
  static let lockKeys: Int32 = -261
  /// The locks as VMware tells them, in four bytes.
  static let lockKeysOfVMware: Int32 = 0x574D_5668
  static let extendedDesktopSize: Int32 = -308
  static let fence: Int32 = -312
  static let continuousUpdates: Int32 = -313
  static let moreButtons: Int32 = -316
  static let extendedClipboard = Int32(bitPattern: 0xC0A1_E5CE)

  /// What we announce, the best first; nothing lossy ever.
  static let announced = [
    hextile, copyRect, raw, cursor, extendedDesktopSize, desktopSize, lockKeys, lockKeysOfVMware,
    extendedKeys,
    extendedClipboard, fence, continuousUpdates, moreButtons,
  ]
}
