internal import Glibc
internal import Platform

/// A client configuration of OpenSSH, read as `ssh` reads it: `ssh_config(5)`.
///
/// Of what it says, a host's address, its user and the ways to be let in count here. What is not understood and could
/// change these is an error, and never left out; other options are for other purposes and are passed over.
public struct SSHConfigFile: Sendable {
  /// What is wrong with a file, with its place.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// What is wrong, and what to do.
    public var message: String

    /// `~/.ssh/config:3: …`.
    public var description: String { "\(file):\(line): \(message)" }
  }

  /// A line that counts, in order, those of included files in their place.
  struct Line: Sendable {
    let keyword: String
    let arguments: [String]
    let file: String
    let number: Int
    /// The `Host` and `Match` lines that it stands under, by their places among all lines.
    let blocks: [Int]

    func fault(_ message: String) -> Fault { Fault(file: file, line: number, message: message) }
  }

  let lines: [Line]
  let home: String

  /// Reads a configuration with all that it includes; a file that is not there says nothing.
  ///
  /// It reads files and blocks while it does.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - home: the home of the user, where `~` is.
  public init(reading path: String, home: String) throws(Fault) {
    var reader = ConfigReader(home: home)
    try reader.read(path, depth: 0, under: [])
    lines = reader.lines
    self.home = home
  }
}

/// Reads the lines of a configuration and of what it includes.
private struct ConfigReader {
  let home: String
  var lines: [SSHConfigFile.Line] = []

  private static let mostDepth = 16
  private static let mostLines = 20_000
  private static let sizeLimit = 1 << 20

  init(home: String) { self.home = home }

  mutating func read(
    _ path: String, depth: Int, under outer: [Int]
  ) throws(SSHConfigFile.Fault) {
    guard Files.exists(path) else { return }
    let text: String
    do {
      text = String(decoding: try Files.read(path, limit: Self.sizeLimit), as: UTF8.self)
    } catch {
      throw SSHConfigFile.Fault(file: path, line: 1, message: "cannot be read: \(error)")
    }
    var block = outer
    // By code points: a carriage return before a line end is one character with it.
    let texts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, scalars) in texts.enumerated() {
      let raw = Substring(scalars)
      func fault(_ message: String) -> SSHConfigFile.Fault {
        SSHConfigFile.Fault(file: path, line: index + 1, message: message)
      }
      guard let (keyword, rest) = Self.keyword(raw) else { continue }
      guard let arguments = Self.arguments(rest) else {
        throw fault("a quote without its end")
      }
      let opensBlock = keyword == "host" || keyword == "match"
      let line = SSHConfigFile.Line(
        keyword: keyword, arguments: arguments, file: path, number: index + 1,
        blocks: opensBlock ? outer : block)
      guard lines.count < Self.mostLines else { throw fault("more lines than are read") }
      lines.append(line)
      if opensBlock { block = outer + [lines.count - 1] }
      if keyword == "include" {
        guard depth < Self.mostDepth else { throw fault("files include each other too deeply") }
        for argument in arguments {
          for file in files(argument) { try read(file, depth: depth + 1, under: block) }
        }
      }
    }
  }

  /// The files of an `Include`: relative to `~/.ssh`, in the order of their names.
  private func files(_ pattern: String) -> [String] {
    var path = pattern
    if path.hasPrefix("~/") { path = home + path.dropFirst(1) }
    if !path.hasPrefix("/") { path = "\(home)/.ssh/\(path)" }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(path, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  /// The keyword of a line in small letters, and what follows it; nil where nothing is said.
  private static func keyword(_ raw: Substring) -> (String, Substring)? {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\u{c}" }
    var line = raw.drop(while: blank)
    while let last = line.last, blank(last) { line.removeLast() }
    guard let first = line.first, first != "#" else { return nil }
    let keyword = line.prefix { !blank($0) && $0 != "=" }
    var rest = line.dropFirst(keyword.count).drop(while: blank)
    if rest.first == "=" { rest = rest.dropFirst().drop(while: blank) }
    return (keyword.filter { $0 != "\"" }.lowercased(), rest)
  }

  /// The words of a line, with quotes and comments as OpenSSH reads them; nil where a quote has no end.
  private static func arguments(_ text: Substring) -> [String]? {
    var words: [String] = []
    var rest = text
    while true {
      rest = rest.drop { $0 == " " || $0 == "\t" }
      guard let first = rest.first, first != "#" else { return words }
      var word = ""
      var quote: Character?
      while let sign = rest.first {
        rest.removeFirst()
        let isEscape = rest.first.map { $0 == "\"" || $0 == "'" || $0 == "\\" } ?? false
        if sign == "\\", isEscape || quote == nil && rest.first == " " {
          word.append(rest.removeFirst())
        } else if let open = quote {
          if sign == open { quote = nil } else { word.append(sign) }
        } else if sign == "\"" || sign == "'" {
          quote = sign
        } else if sign == " " || sign == "\t" {
          break
        } else {
          word.append(sign)
        }
      }
      guard quote == nil else { return nil }
      words.append(word)
    }
  }
}
