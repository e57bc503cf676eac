public import Diagnostics
internal import Glibc

/// Brings the project file, a profile, `.env`, the environment and flags together; later wins.
public struct ConfigurationLoader: Sendable {
  /// The folder that the project file is looked for in, and above.
  public var directory: String
  /// The project file that `-c` names; nil means the nearest `qa-agent.yaml`.
  public var file: String?
  /// The profile that `-P` names; nil means `QA_AGENT_PROFILE`, or none.
  public var profile: String?
  /// The environment of the process.
  public var environment: [String: String]
  /// What flags say, by the key of the setting; the last wins.
  public var overrides: [Override]

  /// A value that a flag gives.
  public struct Override: Hashable, Sendable {
    /// The key of the setting.
    public var key: String
    /// The value as it was written.
    public var text: String
    /// The flag, for messages.
    public var flag: String

    /// A flag's value.
    public init(key: String, text: String, flag: String) {
      self.key = key
      self.text = text
      self.flag = flag
    }
  }

  /// A loader.
  public init(
    directory: String = ".", file: String? = nil, profile: String? = nil,
    environment: [String: String], overrides: [Override] = []
  ) {
    self.directory = directory
    self.file = file
    self.profile = profile
    self.environment = environment
    self.overrides = overrides
  }

  /// The configuration and everything that is wrong with it; with an error in it, nothing may be run.
  ///
  /// It reads files and blocks while it does.
  public func load() -> (configuration: Configuration, diagnostics: [Diagnostic]) {
    var assembly = ConfigurationAssembly()
    let path = file ?? Self.nearest(from: directory)
    let folder = path.map { Self.folder(of: $0) } ?? directory
    readDotEnv(in: folder, into: &assembly)
    assembly.environment.merge(environment) { $1 }

    assembly.setDockerVariables()
    if let path { readFile(path, into: &assembly) }
    assembly.setVariables(own: Set(environment.keys))
    for override in overrides {
      assembly.set(override.text, for: override.key, from: .flag(override.flag))
    }
    return assembly.finished(file: path)
  }

  private func readFile(_ path: String, into assembly: inout ConfigurationAssembly) {
    do {
      let file = ConfigurationFile(try SourceText.read(path, as: Self.shown(path)))
      assembly.diagnostics += file.errors
      let variable = assembly.environment["QA_AGENT_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
      assembly.set(file, named: Self.shown(path), profile: profile ?? variable)
    } catch {
      assembly.diagnostics.append(error)
    }
  }

  private func readDotEnv(in folder: String, into assembly: inout ConfigurationAssembly) {
    let path = Self.join(folder, ".env")
    do {
      let (values, errors) = DotEnv.variables(try SourceText.read(path, as: Self.shown(path)))
      assembly.environment = values
      assembly.dotEnv = Self.shown(path)
      assembly.diagnostics += errors
    } catch {
      if error.code != .noSuchPath { assembly.diagnostics.append(error) }
    }
  }

  /// The nearest project file in a folder or above it.
  private static func nearest(from directory: String) -> String? {
    guard var folder = realPath(directory) else { return nil }
    let start = folder
    while true {
      let path = join(folder, "qa-agent.yaml")
      if access(path, F_OK) == 0 {
        return folder == start ? join(directory, "qa-agent.yaml") : path
      }
      if folder == "/" { return nil }
      folder = self.folder(of: folder)
    }
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Without a leading `./`.
  private static func shown(_ path: String) -> String {
    path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }
}
