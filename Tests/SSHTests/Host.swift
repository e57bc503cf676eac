import Glibc
import Platform
import SSHServer
import Testing

@testable import SSH

extension SSHServer {
  /// The address, the key `user`, and a file that knows the server.
  var settings: SSHSettings {
    SSHSettings(
      address: SSHAddress(user: Self.user, host: "127.0.0.1", port: port),
      credential: .identity(path: file("user")), knownHosts: file("known_hosts"))
  }

  func open() async throws -> SSHSession { try await SSHSession.open(settings) }
}

/// The key of a line `type base64`.
func hostKey(_ text: String) throws -> HostKey {
  try #require(try KnownHosts.entry(Array("x \(text)".utf8)[...], number: 1)).key
}

/// The error of something that must fail.
func failure<Value: Sendable>(
  _ body: @Sendable () async throws -> Value, _ location: SourceLocation = #_sourceLocation
) async throws -> SSHError {
  do {
    _ = try await body()
  } catch let error as SSHError {
    return error
  }
  try #require(Bool(false), "it did not fail", sourceLocation: location)
  throw CancellationError()
}
