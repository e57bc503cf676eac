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

  /// Why it cannot be read, where that is known from its name already.
  var problem: String?

  var isFeature: Bool { path.lowercased().hasSuffix(".feature") }

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
    case .file:
      let folder = FileSystem.realPath(FileSystem.folder(of: path)) ?? "/"
      if let problem = problem(ofLink: path, to: real, in: folder) {
        return workspace.log.add(Diagnostic(file: path, message: problem))
      }
      addFile(real, shown: path, line: line)
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
    [".yaml", ".yml", ".feature"].contains { path.lowercased().hasSuffix($0) }
      && FileSystem.name(of: path) != "qa-agent.yaml"
  }
}

extension PathScanner {
  private mutating func addFolder(_ folder: String, shown: String) {
    var found: [Found] = []
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
    for file in found {
      append(
        ScenarioFile(
          path: file.path, shown: file.shown, root: idRoot(of: file.path, given: folder), lines: [],
          isNamed: false, problem: file.problem))
    }
  }

  /// A file of a folder.
  private struct Found {
    let path: String
    let shown: String
    var problem: String?
  }

  /// Ids must not depend on how much of the suite is named: `scenarios` decides where it is above.
  private func idRoot(of path: String, given: String) -> String {
    if let root = Self.root(of: FileSystem.join(given, "-"), in: workspace) { return root }
    let below = FileSystem.join(given, "scenarios")
    return FileSystem.isPath(path, in: below) ? below : given
  }

  private func collect(
    _ folder: String, shown: String, depth: Int, into found: inout [Found]
  ) {
    guard let entries = FileSystem.entries(of: folder) else {
      return workspace.log.add(Diagnostic(file: shown, message: "the folder cannot be read"))
    }
    for entry in entries
    where !entry.name.hasPrefix(".") && found.count <= ScenarioBounds.mostFiles {
      let path = FileSystem.join(folder, entry.name)
      let shown = shown == "." ? entry.name : FileSystem.join(shown, entry.name)
      // A link to a folder may lead back up; what is behind it is not part of this one.
      if entry.isText, depth < 32, FileSystem.kind(of: path) == .folder, !FileSystem.isLink(path) {
        collect(path, shown: shown, depth: depth + 1, into: &found)
      } else if let file = self.file(entry, path, shown: shown, in: folder) {
        found.append(file)
      }
    }
  }

  /// What an entry of a folder is that may be a scenario; nil when it is none.
  ///
  /// What looks like one and cannot be read is told, never left out.
  private func file(
    _ entry: FileSystem.Entry, _ path: String, shown: String, in folder: String
  ) -> Found? {
    let isScenario = Self.isScenario(entry.name)
    guard entry.isText else {
      // What such a folder holds is not known.
      guard isScenario || entry.isFolder else { return nil }
      return Found(
        path: path, shown: shown,
        problem: "its name is no UTF-8, so it cannot be opened; rename it")
    }
    guard isScenario else { return nil }
    switch FileSystem.kind(of: path) {
    case .file:
      let real = FileSystem.realPath(path) ?? path
      let problem = problem(ofLink: path, to: real, in: folder)
      return Found(path: problem == nil ? real : path, shown: shown, problem: problem)
    case nil where FileSystem.isLink(path):
      return Found(path: path, shown: shown, problem: "it is a link that leads nowhere")
    case .other: return Found(path: path, shown: shown, problem: "it is no regular file")
    // A folder with the name of a scenario, behind a link or too deep; or it is gone by now.
    case .folder, nil: return nil
    }
  }

  /// Why a link may not be followed; nil when it may, and for what is no link.
  private func problem(ofLink path: String, to real: String, in folder: String) -> String? {
    guard FileSystem.isLink(path),
      !FileSystem.isPath(real, in: workspace.project(of: folder).root)
    else { return nil }
    return "it is a link that leads out of the project; copy the file"
  }
}
