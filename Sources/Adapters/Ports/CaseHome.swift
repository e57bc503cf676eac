internal import Desktops
internal import Platform
internal import Story

/// What the programs of one attempt share: a folder of their own, and the environment.
///
/// The folder is the home of the application on a private desktop, and where commands of the case run. It is made
/// when it is first needed, and goes with the attempt.
final class CaseHome: Sendable {
  /// The folder of the project.
  let project: String
  private let inherited: [String: String]
  private let made = Locked<TemporaryFolder?>(nil)
  private let desktop = Locked<[String: String]?>(nil)

  /// A home in an environment that programs are found by.
  init(project: String, environment: [String: String]) {
    self.project = project
    inherited = ProgramEnvironment.inherited(from: environment)
  }

  /// The path of the folder.
  func folder() throws(Fault) -> String { try base() + "/home" }

  private func base() throws(Fault) -> String {
    do throws(FileError) {
      return try made.withLock { (made) throws(FileError) in
        if let made { return made.path }
        TemporaryFolder.removeAbandoned(prefix: Self.prefix)
        let folder = try TemporaryFolder(prefix: Self.prefix)
        for name in ["home", "tmp"] { try Files.makeFolder("\(folder.path)/\(name)") }
        made = folder
        return folder.path
      }
    } catch {
      throw Fault(.harness, "the case has no folder of its own: \(error)")
    }
  }

  /// Learns the variables of the application on the desktop.
  func learn(_ variables: [String: String]) { desktop.withLock { $0 = variables } }

  /// The variables of a command.
  func environment() throws(Fault) -> [String: String] {
    let base = try base()
    var variables =
      desktop.withLock { $0 }
      ?? inherited.merging(["LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMPDIR": base + "/tmp"]) {
        $1
      }
    variables["HOME"] = variables["HOME"] ?? base + "/home"
    variables["QA_AGENT_PROJECT"] = project
    return variables
  }

  /// Removes the folder.
  func remove() { made.withLock { $0 }?.remove() }

  private static let prefix = "qa-agent-case"
}
