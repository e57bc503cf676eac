import Pixels
import Platform
public import VNC

/// A screen of our own, served over real RFB from inside this process.
///
/// It listens on a unix socket in a folder that only this user may enter.
/// `sign-in` is a shop to sign in to: user name `alice`, password `wonderland`.
public final class DemoScreen: Sendable {
  /// The screens there are.
  public static let names = ["sign-in"]

  /// Where to see and to use the screen.
  public let endpoint: VNCEndpoint
  private let server: DemoServer
  private let folder: TemporaryFolder

  private init(endpoint: VNCEndpoint, server: DemoServer, folder: TemporaryFolder) {
    self.endpoint = endpoint
    self.server = server
    self.folder = folder
  }

  /// Starts a screen; when this returns it can be connected to.
  public static func start(
    name: String, options: DemoOptions = DemoOptions()
  ) async throws(DemoError) -> DemoScreen {
    try check(name)
    guard let typefaces = Typeface.all else { throw .noFonts }
    let server = DemoServer(options, typefaces: typefaces)
    let folder = try privateFolder()
    let path = "\(folder.path)/rfb"
    try await server.listen(path: path)
    return DemoScreen(
      endpoint: VNCEndpoint(address: .unix(path: path)), server: server, folder: folder)
  }

  /// Starts the screen that a scenario names.
  public static func start(_ address: DemoAddress) async throws(DemoError) -> DemoScreen {
    try await start(name: address.name, options: address.options)
  }

  /// Drops all connections and ends the screen; later calls do nothing.
  public func stop() async {
    await server.close()
    folder.remove()
  }

  /// What is on the screen, as it was drawn.
  func frame() async -> Frame? { await server.frame }

  /// Every line of text on the screen.
  func text() async -> [String] { await server.text }

  /// How many clients are connected.
  func clientCount() async -> Int { await server.clientCount }

  static func check(_ name: String) throws(DemoError) {
    guard names.contains(name) else { throw .unknownName(name, names: names) }
  }

  private static func privateFolder() throws(DemoError) -> TemporaryFolder {
    TemporaryFolder.removeAbandoned(prefix: "qa-agent-demo")
    do throws(FileError) {
      return try TemporaryFolder(prefix: "qa-agent-demo")
    } catch {
      throw .cannotServe(step: "make a folder", reason: "\(error)")
    }
  }
}
