/// Messages to an X server, in the byte order of this machine (X11 protocol, version 11).
enum XRequest {
  case selectChildren(of: UInt32)
  case attributes(of: UInt32)
  case parent(of: UInt32)
  case childAt(x: Int, y: Int, root: UInt32)
  case property(UInt32, of: UInt32)
  case atom(String)
  case setFocus(UInt32)
  case focus
  case tellToTakeFocus(UInt32, protocols: UInt32, takeFocus: UInt32)
  /// The keysyms of successive keys, `columns` for each.
  case setKeys(first: UInt8, columns: Int, keysyms: [UInt32])
  case keys(first: UInt8, count: Int)

  /// Whether the server answers it.
  var isQuestion: Bool {
    switch self {
    case .attributes, .parent, .childAt, .property, .atom, .focus, .keys: true
    case .selectChildren, .setFocus, .tellToTakeFocus, .setKeys: false
    }
  }

  /// The bytes on the wire.
  var bytes: [UInt8] {
    switch self {
    case .selectChildren(let window):
      // CWEventMask: SubstructureNotify, which unlike a redirection does not make us a window manager.
      Self.message(2, 0, [window, 0x800, 0x80000])
    case .attributes(let window): Self.message(3, 0, [window])
    case .parent(let window): Self.message(15, 0, [window])
    case .childAt(let x, let y, let root):
      Self.message(40, 0, [root, root, UInt32(x & 0xFFFF) | UInt32(y & 0xFFFF) << 16])
    case .property(let name, let window): Self.message(20, 0, [window, name, 0, 0, 64])
    case .atom(let name):
      Self.message(16, 0, [UInt32(name.utf8.count)], Array(name.utf8))
    case .setFocus(let window):
      // When the window goes, the keyboard goes where the pointer is, until another has the focus.
      Self.message(42, 1, [window, 0])
    case .focus: Self.message(43, 0, [])
    case .tellToTakeFocus(let window, let protocols, let takeFocus):
      // A ClientMessage of 32 bits a piece, inside of SendEvent.
      Self.message(25, 0, [window, 0, 33 | 32 << 8, window, protocols, takeFocus, 0, 0, 0, 0])
    case .setKeys(let first, let columns, let keysyms):
      Self.message(
        100, UInt8(clamping: keysyms.count / max(columns, 1)),
        [UInt32(first) | UInt32(columns & 0xFF) << 8] + keysyms)
    case .keys(let first, let count):
      Self.message(101, 0, [UInt32(first) | UInt32(count & 0xFF) << 8])
    }
  }

  private static func message(
    _ code: UInt8, _ detail: UInt8, _ words: [UInt32], _ text: [UInt8] = []
  ) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
    let length = UInt16(clamping: 1 + words.count + (text.count + padding.count) / 4)
    var bytes = [code, detail, UInt8(length & 0xFF), UInt8(length >> 8)]
    for word in words { bytes += [0, 8, 16, 24].map { UInt8(word >> $0 & 0xFF) } }
    return bytes + text + padding
  }

  /// The first words of a client that shows a cookie.
  static func greeting(cookie: [UInt8]) -> [UInt8] {
    let name = Array("MIT-MAGIC-COOKIE-1".utf8)
    return [0x6C, 0, 11, 0, 0, 0, UInt8(name.count), 0, UInt8(cookie.count), 0, 0, 0] + name
      + [0, 0] + cookie
  }
}

/// A message from an X server: an answer, an event or an error, each of at least 32 bytes.
struct XMessage {
  let bytes: [UInt8]

  var isError: Bool { bytes[0] == 0 }
  var isAnswer: Bool { bytes[0] == 1 }
  /// What an event tells, without the mark of one that another client sent.
  var event: UInt8 { bytes[0] & 0x7F }
  /// Small numbers that an answer has beside its words.
  func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

  /// The request that an answer or an error belongs to.
  var sequence: UInt16 { UInt16(byte(2)) | UInt16(byte(3)) << 8 }

  func word(_ place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(byte(place + $1)) << UInt32(8 * $1) }
  }

  /// The words behind the first 32 bytes.
  var words: [UInt32] { stride(from: 32, to: bytes.count - 3, by: 4).map(word) }

  /// How many bytes a message that begins like this has in all; nil while that is not known.
  static func length(of start: [UInt8]) -> Int? {
    guard start.count >= 32 else { return nil }
    // Answers and generic events say how much follows.
    guard start[0] == 1 || start[0] & 0x7F == 35 else { return 32 }
    let more = (0..<4).reduce(0) { $0 | Int(start[4 + $1]) << (8 * $1) }
    return 32 + more * 4
  }
}
