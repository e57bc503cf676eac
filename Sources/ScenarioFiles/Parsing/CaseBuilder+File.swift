internal import Diagnostics
internal import Scenario
internal import YAML

// Files in the case's own folder, and in the project.
extension CaseBuilder {
  /// A step that does something with a file.
  func fileDeed(_ node: YAMLNode) -> SSHCommand? {
    guard
      let fields = fields(node, "file", Vocabulary.file, "{write: notes.txt, text: hello}"),
      let key = exactlyOne(of: ["write", "append", "copy"], in: fields)
    else { return nil }
    for other in key == "copy" ? ["text"] : ["to"] {
      guard let extra = fields.node(other) else { continue }
      fail(extra, "“\(other)” has no meaning beside “\(key)”", help: "remove it")
    }
    return deed(key, fields).map { SSHCommand(run: $0.words, place: .runner, file: $0) }
  }

  private func deed(_ key: String, _ fields: Fields) -> FileDeed? {
    guard let node = fields.node(key) else { return nil }
    guard key == "copy" else {
      let path = casePath(node)
      guard fields.required("text") != nil, let path, let text = fields.template("text") else {
        return nil
      }
      return key == "write" ? .write(path: path, text: text) : .append(path: path, text: text)
    }
    guard let source = projectFile(node, "a file") else { return nil }
    guard let target = fields.node("to") else {
      let name = source.split(separator: "/").last.map(String.init) ?? source
      return .copy(source: source, path: Template(name))
    }
    return casePath(target).map { .copy(source: source, path: $0) }
  }

  /// A check of a file.
  func fileCheck(_ fields: Fields) -> Check? {
    guard let path = fields.node("file").flatMap({ casePath($0) }) else { return nil }
    var check = Check.FileCheck(
      path: path, isInProject: fields.node("in").flatMap { isInProject($0) },
      exists: fields.bool("exists"), text: fields.filledTemplate("text"),
      equals: fields.template("equals"), matches: fields.pattern("matches"),
      never: fields.filledTemplate("never"))
    check.sha256 = fields.node("sha256").flatMap { digest($0) }
    if check.exists == false {
      for key in ["text", "equals", "matches", "never", "sha256"] {
        guard let extra = fields.node(key) else { continue }
        fail(extra, "a file that is not there has no “\(key)”", help: "remove it")
      }
    }
    return .file(check)
  }

  private func isInProject(_ node: YAMLNode) -> Bool? {
    guard let text = literal(node, "“in”") else { return nil }
    if ["case", "project"].contains(text) { return text == "project" ? true : nil }
    fail(node, "“in” must be case or project, not “\(text)”")
    return nil
  }

  private func digest(_ node: YAMLNode) -> String? {
    guard let text = literal(node, "“sha256”") else { return nil }
    if text.count == 64, text.allSatisfy(\.isHexDigit) { return text.lowercased() }
    fail(
      node, "“sha256” must be 64 hexadecimal digits", help: "sha256sum FILE prints them")
    return nil
  }

  /// A path below a folder; what can be told of it before the case runs is told.
  private func casePath(_ node: YAMLNode) -> Template? {
    guard let path = filledTemplate(node, "the path") else { return nil }
    if let name = path.secrets.first {
      fail(node, "the secret “\(name)” would show in a path", help: "write the path out")
    }
    guard let text = path.literal else { return path }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let leadsOut = text.hasPrefix("/") || text.hasPrefix("~") || parts.contains("..")
    if leadsOut || parts.contains("") || parts.contains(".") {
      fail(
        node, "“\(text)” is no path below a folder",
        help: "write it as seen from the case's own folder, such as out/notes.txt, without ..")
    }
    return path
  }
}
