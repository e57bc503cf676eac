import Glibc
import Testing

/// What the X server says is held, by asking it directly.
///
/// libX11 is opened by its name, because nothing else here speaks X.
struct ClientHeld: Equatable, CustomStringConvertible {
  /// The keycodes of the keys that are down.
  let keys: [Int]
  /// The state of modifiers, locks and buttons.
  let mask: UInt32

  var description: String { "keys \(keys), mask 0x\(String(mask, radix: 16))" }
}

/// A connection to an X display that can be asked again and again.
final class ClientHeldReader {
  private typealias Open = @convention(c) (UnsafePointer<CChar>?) -> OpaquePointer?
  private typealias Close = @convention(c) (OpaquePointer) -> CInt
  private typealias Root = @convention(c) (OpaquePointer) -> CUnsignedLong
  private typealias Keymap = @convention(c) (OpaquePointer, UnsafeMutablePointer<CChar>) -> CInt
  private typealias Pointer =
    @convention(c) (
      OpaquePointer, CUnsignedLong, UnsafeMutablePointer<CUnsignedLong>,
      UnsafeMutablePointer<CUnsignedLong>, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>,
      UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CUnsignedInt>
    ) -> CInt

  private let display: OpaquePointer
  private let library: UnsafeMutableRawPointer

  init(display number: Int) throws {
    library = try #require(dlopen("libX11.so.6", RTLD_NOW))
    let open = unsafeBitCast(try #require(dlsym(library, "XOpenDisplay")), to: Open.self)
    display = try #require(open(":\(number)"))
  }

  func held() throws -> ClientHeld {
    let keymap = unsafeBitCast(try #require(dlsym(library, "XQueryKeymap")), to: Keymap.self)
    let root = unsafeBitCast(try #require(dlsym(library, "XDefaultRootWindow")), to: Root.self)
    let query = unsafeBitCast(try #require(dlsym(library, "XQueryPointer")), to: Pointer.self)
    var bits = [CChar](repeating: 0, count: 32)
    _ = keymap(display, &bits)
    var windows: (CUnsignedLong, CUnsignedLong) = (0, 0)
    var places: (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
    var mask: CUnsignedInt = 0
    _ = query(
      display, root(display), &windows.0, &windows.1, &places.0, &places.1, &places.2, &places.3,
      &mask)
    let keys = (0..<256).filter { UInt8(bitPattern: bits[$0 / 8]) >> UInt8($0 % 8) & 1 == 1 }
    return ClientHeld(keys: keys, mask: mask)
  }

  deinit {
    guard let symbol = dlsym(library, "XCloseDisplay") else { return }
    _ = unsafeBitCast(symbol, to: Close.self)(display)
  }
}
