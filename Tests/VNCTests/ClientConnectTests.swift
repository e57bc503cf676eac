import Pixels
import Testing
import VNC

/// One Xvnc after the other, so that they do not take the time from each other.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ClientDesktopTests {}

extension ClientDesktopTests {
  @Test func `connects to a real server and has its whole picture`() async throws {
    let desktop = try ClientDesktop(width: 640, height: 480)
    let connection = try await desktop.connect()
    let size = await connection.size
    #expect(size == PixelSize(width: 640, height: 480))
    #expect(await connection.sequence == 1)
    #expect(await connection.desktopName.isEmpty == false)
    let frame = try await connection.frame()
    #expect(frame.size == size)
    await connection.close()
  }
}
