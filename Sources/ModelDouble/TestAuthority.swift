internal import Platform

/// An authority that issues certificates for tests, made by openssl's command in a folder that goes
/// with it.
public final class TestAuthority: Sendable {
  /// Why a certificate could not be made.
  public struct Failure: Error, CustomStringConvertible {
    /// What openssl said.
    public let description: String
  }

  private let folder: TemporaryFolder
  /// The file of the authority's own certificate.
  public var caFile: String { path("ca.pem") }

  /// A new authority.
  public init(_ name: String = "test authority") async throws {
    folder = try TemporaryFolder(prefix: "qa-tls")
    try await openssl(["req", "-x509", "-days", "2", "-subj", "/CN=\(name)"] + newKey("ca", "ca"))
  }

  /// Where a file of this name stands in the folder.
  public func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// A certificate for names such as `IP:127.0.0.1`; returns the paths of certificate and key.
  public func issue(
    _ name: String, for names: String, days: Int = 2, passphrase: String? = nil
  ) async throws -> (certificate: String, key: String) {
    let protection = passphrase.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"]
    let arguments = ["-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)"] + protection
    try await openssl(["req"] + arguments + newKey(name, "\(name)-request", protected: true))
    try await openssl([
      "x509", "-req", "-in", path("\(name)-request.pem"), "-CA", caFile, "-CAkey", path("ca.key"),
      "-CAcreateserial", "-copy_extensions", "copy", "-days", "\(days)", "-out",
      path("\(name).pem"),
    ])
    return (path("\(name).pem"), path("\(name).key"))
  }

  /// What a double shows that is to be known as these names.
  public func identity(_ names: String, days: Int = 2) async throws -> ModelDouble.Identity {
    let files = try await issue("server", for: names, days: days)
    return ModelDouble.Identity(
      certificate: String(
        decoding: try Files.read(files.certificate, limit: 1 << 16), as: UTF8.self),
      key: String(decoding: try Files.read(files.key, limit: 1 << 16), as: UTF8.self))
  }

  private func newKey(_ key: String, _ file: String, protected: Bool = false) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", path("\(key).key")]
      + ["-out", path("\(file).pem")] + (protected ? [] : ["-nodes"])
  }

  private func openssl(_ arguments: [String]) async throws {
    let output = try await runCommand(
      ProcessSpecification("openssl", arguments), timeout: .seconds(30))
    guard output.exit.isSuccess else { throw Failure(description: output.errorText) }
  }
}
