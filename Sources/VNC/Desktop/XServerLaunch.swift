internal import Glibc
internal import Pixels
internal import Platform

/// How the X server of a private desktop is started.
struct XServerLaunch {
  /// The path of the RFB socket.
  let socket: String
  private let specification: ProcessSpecification
  private let announcement: DisplayAnnouncement
  private let complaints = BoundedLog(path: nil)

  /// Makes the cookie and the command line; throws when there is no Xvnc.
  init(_ desktop: DesktopSpecification, in folder: String) throws(DesktopError) {
    let path = desktop.environment["PATH"]
    guard
      let program = ["Xvnc", "Xtigervnc"].lazy.compactMap({ Executables.find($0, path: path) }).first
    else { throw .notInstalled }
    socket = folder + "/rfb"
    let authority = folder + "/Xauthority"
    try Self.writeCookie(authority)
    let announcement = DisplayAnnouncement()
    self.announcement = announcement
    var process = ProcessSpecification(
      program, Self.arguments(desktop.size, socket, authority), environment: desktop.environment,
      workingDirectory: folder)
    process.standardOutput = .sink { announcement.append($0) }
    process.standardError = .sink { [complaints] in complaints.append($0) }
    specification = process
  }

  /// 240 updates a second: a change is seen after 2.6 ms instead of the 8.7 ms of the default 60, and an
  /// idle screen costs the same. `CompareFB` leaves out rectangles whose pixels did not change.
  private static func arguments(
    _ size: PixelSize, _ socket: String, _ authority: String
  ) -> [String] {
    [
      "-displayfd", "1", "-auth", authority, "-nolisten", "tcp", "-geometry", size.description,
      "-depth", "24", "-dpi", "96", "-br", "-s", "0", "-noreset", "-desktop", "qa-agent",
      "-SecurityTypes", "None", "-rfbunixpath", socket, "-rfbunixmode", "0600", "-rfbport", "-1",
      "-AlwaysShared", "-FrameRate", "240", "-CompareFB", "1", "-IdleTimeout", "0",
    ]
  }

  /// An X authority file with one random cookie for any display: the wild family, no address, no number.
  private static func writeCookie(_ path: String) throws(DesktopError) {
    let name = Array("MIT-MAGIC-COOKIE-1".utf8)
    var bytes: [UInt8] = [0xFF, 0xFF, 0, 0, 0, 0, 0, UInt8(name.count)]
    bytes += name
    bytes += [0, 16]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<16 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
    do throws(FileError) {
      try Files.writeAtomically(bytes, to: path)
    } catch {
      throw .serverFailed("\(error)")
    }
    chmod(path, 0o600)
  }

  /// Starts the server and waits until it serves; returns its display.
  func start(
    limit: Duration
  ) async throws(DesktopError) -> (server: SupervisedProcess, display: String) {
    let server: SupervisedProcess
    do throws(ProcessError) {
      server = try await SupervisedProcess.start(specification)
    } catch {
      throw .serverFailed("\(error)")
    }
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while clock.now < deadline, !Task.isCancelled {
      if let number = announcement.number, access(socket, F_OK) == 0 { return (server, ":\(number)") }
      if let exit = server.exit { throw .serverFailed("it ended with \(exit): \(complaints.tail)") }
      // The server says its number once, early in its start; there is nothing else to wait on.
      try? await clock.sleep(for: .milliseconds(2))
    }
    await server.terminate(grace: .zero)
    throw .serverTimedOut(limit)
  }
}

/// The display number that the X server writes when it is ready.
private final class DisplayAnnouncement: Sendable {
  private let text = Locked<[UInt8]>([])

  func append(_ bytes: [UInt8]) {
    text.withLock { text in if text.count < 32 { text += bytes.prefix(32) } }
  }

  /// The number; nil until its line is whole.
  var number: Int? {
    let bytes = text.withLock { $0 }
    guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
    return Int(String(decoding: bytes[..<end], as: UTF8.self))
  }
}
