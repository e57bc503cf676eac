internal import Durations
import CVNCServer
import Glibc
import Pixels
import Platform

/// Serves the demo application on a thread of its own.
///
/// It only carries: input to the application, and what the application draws to the clients.
actor DemoServer {
  private let executor = ThreadExecutor(name: "demo")
  private let metrics: TextMetrics
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var app: SignInApp
  private var keyboard = DemoKeyboard()
  private var canvas: DemoCanvas
  private var shown: Drawing
  private var server: ServerHandle?

  /// The thread that serves.
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ options: DemoOptions, typefaces: [TextStyle: Typeface]) {
    metrics = TextMetrics(typefaces)
    start = clock.now
    app = SignInApp(options)
    canvas = DemoCanvas(size: options.size, typefaces: typefaces)
    shown = SignInView.drawing(app, metrics)
  }

  /// Starts to listen on a unix socket.
  func listen(path: String) throws(DemoError) {
    guard let server = ServerHandle(size: shown.size, name: "Example Shop") else {
      throw Self.failure("make a server", ENOMEM)
    }
    canvas.draw(shown, in: shown.size.bounds)
    copy(shown.size.bounds, to: server)
    let code = qa_vncserver_listen(server.pointer, path)
    guard code == 0 else { throw Self.failure("listen on \(path)", code) }
    serve(server)
  }

  /// Drops all clients and stops listening; later calls do nothing.
  func close() {
    executor.serve(nil)
    server = nil
  }

  /// How many clients are connected.
  var clientCount: Int { server.map { Int(qa_vncserver_clients($0.pointer)) } ?? 0 }

  /// What is on the screen.
  var frame: Frame? { canvas.frame }

  /// Every line of text on the screen.
  var text: [String] { shown.text }

  // MARK: - Serving

  private func serve(_ server: ServerHandle) {
    self.server = server
    let descriptor = qa_vncserver_descriptor(server.pointer)
    executor.serve(
      .init(descriptor: descriptor, isPending: { false }) { [weak self] in
        self?.assumeIsolated { $0.takeTurn() } ?? false
      })
    setTime(server)
  }

  private func takeTurn() -> Bool {
    guard let server else { return false }
    qa_vncserver_serve(server.pointer)
    var event = qa_vncserver_event()
    while qa_vncserver_next(server.pointer, &event) != 0 {
      guard let input = input(event) else { continue }
      for effect in app.handle(input, at: clock.now - start, metrics) { perform(effect, server) }
    }
    redraw(server)
    qa_vncserver_flush(server.pointer)
    setTime(server)
    return true
  }

  private func input(_ event: qa_vncserver_event) -> DemoInput? {
    switch Int(event.kind) {
    case QA_VNCSERVER_KEY:
      return keyboard.handle(keysym: event.keysym, isDown: event.is_down != 0).map { .key($0) }
    case QA_VNCSERVER_POINTER:
      return .pointer(x: Int(event.x), y: Int(event.y), isPressed: event.buttons & 1 != 0)
    case QA_VNCSERVER_TEXT:
      let bytes = UnsafeBufferPointer(start: event.text, count: event.text_length)
      return .clipboard(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    case QA_VNCSERVER_LEFT:
      keyboard.releaseAll()
      return nil
    default: return .tick
    }
  }

  private func perform(_ effect: DemoEffect, _ server: ServerHandle) {
    switch effect {
    case .disconnect: qa_vncserver_drop(server.pointer)
    case .copied(let text):
      // The protocol's text is Latin-1.
      let bytes = text.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
      qa_vncserver_offer_text(server.pointer, bytes, bytes.count)
    }
  }

  private func redraw(_ server: ServerHandle) {
    let drawing = SignInView.drawing(app, metrics)
    let damage = drawing.damage(since: shown)
    guard !damage.isEmpty else { return }
    if drawing.size != shown.size {
      let size = drawing.size
      guard qa_vncserver_resize(server.pointer, CInt(size.width), CInt(size.height)) == 0 else {
        return
      }
    }
    canvas.draw(drawing, in: damage)
    shown = drawing
    copy(damage, to: server)
  }

  private func copy(_ area: PixelRect, to server: ServerHandle) {
    let width = canvas.size.width
    let target = qa_vncserver_pixels(server.pointer)
    canvas.pixels.withUnsafeBufferPointer { pixels in
      guard let source = pixels.baseAddress else { return }
      for y in area.y..<area.maxY {
        let offset = y * width + area.x
        (target + offset).update(from: source + offset, count: area.width)
      }
    }
    qa_vncserver_changed(
      server.pointer, CInt(area.x), CInt(area.y), CInt(area.width), CInt(area.height))
  }

  private func setTime(_ server: ServerHandle) {
    guard let next = app.nextChange else { return qa_vncserver_set_time(server.pointer, -1) }
    // Rounded up: a millisecond early would be a turn for nothing.
    let milliseconds = Int64(max(next - (clock.now - start), .zero).milliseconds) + 1
    qa_vncserver_set_time(server.pointer, milliseconds)
  }

  private static func failure(_ step: String, _ code: CInt) -> DemoError {
    .cannotServe(step: step, reason: "\(SystemError(code: code))")
  }
}

/// The library's server; it ends with this object.
private final class ServerHandle {
  let pointer: OpaquePointer

  init?(size: PixelSize, name: String) {
    guard let made = qa_vncserver_create(CInt(size.width), CInt(size.height), name) else {
      return nil
    }
    pointer = made
  }

  deinit { qa_vncserver_destroy(pointer) }
}
