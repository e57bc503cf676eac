import Platform
import Testing

/// Programs of the machine that some tests need.
enum Tools {
  static let xmllint = Executables.find("xmllint")
  static let chromium = Executables.find("chromium")
  /// Jenkins' schema, which is not part of the project.
  static let jenkinsSchema = ProcessEnvironment.current["QA_JUNIT_XSD"]

  static func run(_ program: String?, _ arguments: [String]) async throws -> CommandOutput {
    let path = try #require(program)
    return try await runCommand(
      ProcessSpecification(path, arguments), outputLimit: 64 << 20,
      timeout: .seconds(50))
  }
}
