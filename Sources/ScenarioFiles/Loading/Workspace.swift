internal import Diagnostics
internal import YAML

/// What all files of one load share: settings, errors, and the files read so far.
final class Workspace {
  /// Where a path in a scenario leads.
  enum Found: Hashable {
    case found(String)
    case outside
    case missing
  }

  let environment: [String: String]
  /// The values of `-D`.
  let definitions: [String: String]
  let defaults: ScenarioDefaults
  let log = DiagnosticLog()
  /// The real paths of the files that an include named.
  var included: Set<String> = []
  /// The real paths of the other files that scenarios name: pictures, certificates.
  var named: Set<String> = []

  private let currentFolder = FileSystem.realPath(".") ?? "/"
  private var trees: [String: YAMLFragment?] = [:]
  private var projects: [String: Project] = [:]

  init(environment: [String: String], definitions: [String: String], defaults: ScenarioDefaults) {
    self.environment = environment
    self.definitions = definitions
    self.defaults = defaults
  }

  /// The sources of the files read so far.
  var sources: [SourceText] { trees.values.compactMap { $0?.source } }

  /// A YAML file's tree; nil after an error, which is reported once.
  func tree(_ path: String, shown: String) -> YAMLFragment? {
    if let known = trees[path] {
      if known == nil { log.meetAgain() }
      return known
    }
    let tree = read(path, shown: shown)
    trees[path] = .some(tree)
    return tree
  }

  private func read(_ path: String, shown: String) -> YAMLFragment? {
    do {
      let source = try SourceText.read(path, as: shown)
      if let root = try YAMLParser.parse(source) { return YAMLFragment(node: root, source: source) }
      log.add(
        Diagnostic(file: shown, message: "the file is empty", suggestion: "write name: and steps:"))
    } catch {
      log.add(error)
    }
    return nil
  }

  /// A path as the user would write it: from the working directory when it is inside.
  func shown(_ path: String) -> String { FileSystem.path(path, relativeTo: currentFolder) }

  /// The project that a folder belongs to: the nearest folder above with a configuration or a repository.
  func project(of folder: String) -> Project {
    if let known = projects[folder] { return known }
    var place = folder
    var found: String?
    while found == nil {
      let marks = ["qa-agent.yaml", ".git"]
      if marks.contains(where: { FileSystem.kind(of: FileSystem.join(place, $0)) != nil }) {
        found = place
      }
      if place == "/" { break }
      place = FileSystem.parent(of: place)
    }
    let project = Project(root: found ?? folder)
    projects[folder] = project
    return project
  }

  /// A file that a scenario names: from the folder of the file that names it, then from the root.
  func find(_ text: String, from file: String, in project: Project) -> Found {
    if text.hasPrefix("/") || text.hasPrefix("~") { return .outside }
    var result = Found.missing
    for folder in [FileSystem.parent(of: file), project.root] {
      guard let path = FileSystem.realPath(FileSystem.join(folder, text)) else { continue }
      if FileSystem.isPath(path, in: project.root), FileSystem.kind(of: path) == .file {
        return .found(path)
      }
      if !FileSystem.isPath(path, in: project.root) { result = .outside }
    }
    return result
  }
}

/// The folder that a scenario's paths start from.
struct Project: Hashable {
  /// Its absolute path, without links.
  let root: String

  /// A path under the root, as it is written in a scenario.
  func relative(_ path: String) -> String { FileSystem.path(path, relativeTo: root) }
}
