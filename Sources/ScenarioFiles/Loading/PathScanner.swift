internal import Diagnostics

/// One file to load.
struct ScenarioFile: Hashable {
  /// Its absolute path, without links.
  var path: String
  /// Its path as the user would write it.
  var shown: String
  /// The folder that its id starts from.
  var root: String
  /// The lines that were asked for.
  var lines: [Int]
  /// Whether it was named itself, not only a folder around it.
  var isNamed: Bool

  var isFeature: Bool { path.hasSuffix(".feature") }

  /// The path under the root, without its extension.
  var id: String {
    let path = FileSystem.path(path, relativeTo: root)
    return path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
  }
}

/// Turns what the user named into files.
struct PathScanner {
  private let workspace: Workspace
  private var files: [ScenarioFile] = []
  private var places: [String: Int] = [:]

  init(workspace: Workspace) { self.workspace = workspace }

  /// The files of all paths, each once.
  mutating func files(of paths: [String]) -> [ScenarioFile] {
    for path in paths { add(path) }
    return files
  }

  private mutating func add(_ argument: String) {
    let (path, line) = Self.split(argument)
    guard let real = FileSystem.realPath(path), let kind = FileSystem.kind(of: real) else {
      return workspace.log.add(
        Diagnostic(
          code: .noSuchPath, file: path, message: "no such file or folder",
          suggestion: Self.suggestion(for: path)))
    }
    switch kind {
    case .file: addFile(real, shown: path, line: line)
    case .folder: addFolder(real, shown: path)
    case .other: workspace.log.add(Diagnostic(file: path, message: "not a file and not a folder"))
    }
  }

  /// `file:12` names a line, unless there is a file of just that name.
  private static func split(_ argument: String) -> (path: String, line: Int?) {
    guard FileSystem.kind(of: argument) == nil, let colon = argument.lastIndex(of: ":"),
      let line = Int(argument[argument.index(after: colon)...]), line > 0
    else { return (argument, nil) }
    return (String(argument[..<colon]), line)
  }

  /// A name in the same folder that is nearly the one that is missing.
  private static func suggestion(for path: String) -> String? {
    let folder = FileSystem.folder(of: path)
    let names = FileSystem.names(in: folder) ?? []
    return Suggestion.closest(to: FileSystem.name(of: path), among: names).map {
      "did you mean “\(folder == "." ? $0 : FileSystem.join(folder, $0))”?"
    }
  }

  private mutating func addFile(_ path: String, shown: String, line: Int?) {
    guard Self.isScenario(path) else {
      return workspace.log.add(
        Diagnostic(
          file: shown, message: "not a scenario file",
          suggestion: "a scenario is a .yaml, .yml or .feature file"))
    }
    let root = Self.root(of: path, in: workspace) ?? FileSystem.parent(of: path)
    append(
      ScenarioFile(
        path: path, shown: shown, root: root, lines: line.map { [$0] } ?? [], isNamed: true))
  }

  private mutating func append(_ file: ScenarioFile) {
    if let place = places[file.path] {
      files[place].lines += file.lines
      files[place].isNamed = files[place].isNamed || file.isNamed
    } else {
      places[file.path] = files.count
      files.append(file)
    }
  }

  /// The nearest folder named `scenarios` above a path, inside its project.
  private static func root(of path: String, in workspace: Workspace) -> String? {
    let project = workspace.project(of: FileSystem.parent(of: path)).root
    var place = FileSystem.parent(of: path)
    while FileSystem.isPath(place, in: project) {
      if FileSystem.name(of: place) == "scenarios" { return place }
      if place == "/" { break }
      place = FileSystem.parent(of: place)
    }
    return nil
  }

  static func isScenario(_ path: String) -> Bool {
    [".yaml", ".yml", ".feature"].contains { path.hasSuffix($0) }
      && FileSystem.name(of: path) != "qa-agent.yaml"
  }
}

extension PathScanner {
  private mutating func addFolder(_ folder: String, shown: String) {
    var found: [(path: String, shown: String)] = []
    collect(folder, shown: shown, depth: 0, into: &found)
    guard found.count <= ScenarioBounds.mostFiles else {
      return workspace.log.add(
        Diagnostic(file: shown, message: "more than \(ScenarioBounds.mostFiles) scenario files"))
    }
    if found.isEmpty {
      workspace.log.add(
        Diagnostic(
          code: .nothingFound, file: shown, message: "no scenarios in this folder",
          suggestion: "a scenario is a .yaml, .yml or .feature file"))
    }
    for (path, shown) in found {
      append(
        ScenarioFile(
          path: path, shown: shown, root: idRoot(of: path, given: folder), lines: [], isNamed: false
        ))
    }
  }

  /// Ids must not depend on how much of the suite is named: `scenarios` decides where it is above.
  private func idRoot(of path: String, given: String) -> String {
    if let root = Self.root(of: FileSystem.join(given, "-"), in: workspace) { return root }
    let below = FileSystem.join(given, "scenarios")
    return FileSystem.isPath(path, in: below) ? below : given
  }

  private func collect(
    _ folder: String, shown: String, depth: Int, into found: inout [(path: String, shown: String)]
  ) {
    guard let names = FileSystem.names(in: folder) else {
      return workspace.log.add(Diagnostic(file: shown, message: "the folder cannot be read"))
    }
    for name in names where !name.hasPrefix(".") && found.count <= ScenarioBounds.mostFiles {
      let path = FileSystem.join(folder, name)
      let shown = shown == "." ? name : FileSystem.join(shown, name)
      switch FileSystem.kind(of: path) {
      case .file where Self.isScenario(name):
        found.append((FileSystem.realPath(path) ?? path, shown))
      // A link to a folder may lead back up; what is behind it is not part of this one.
      case .folder where depth < 32 && !FileSystem.isLink(path):
        collect(path, shown: shown, depth: depth + 1, into: &found)
      case .file, .folder, .other, nil: continue
      }
    }
  }
}
