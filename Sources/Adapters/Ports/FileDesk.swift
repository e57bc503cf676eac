internal import Digests
internal import Pattern
internal import Platform
internal import Scenario
internal import Story

/// Files of a case, in its own folder and in the project.
struct FileDesk {
  /// The folder of the case.
  let folder: ConfinedFolder
  /// The folder of the project.
  let project: ConfinedFolder
  /// The values of secrets.
  let secrets: SecretValues

  /// Does something with a file; the absolute path of it.
  func perform(_ deed: FileDeed) throws(Fault) -> String {
    let path = try secrets.fill(deed.path)
    guard ConfinedFolder.isPath(path) else { throw Self.leadsOut(path) }
    do throws(FileError) {
      switch deed {
      case .write(_, let text): return try folder.write(try bytes(of: text), to: path)
      case .append(_, let text):
        return try folder.write(try bytes(of: text), to: path, append: true)
      case .copy(let source, _): return try folder.write(try bytes(ofSource: source), to: path)
      }
    } catch {
      throw Fault(.scenario, error.description, wasNotDone: true)
    }
  }

  /// Whether a file is what a check wants.
  func examine(_ check: Check.FileCheck) throws(Fault) -> LeafReading {
    let path = try secrets.fill(check.path)
    switch (check.isInProject == true ? project : folder).find(path) {
    case .outside: throw Self.leadsOut(path)
    case .missing:
      return LeafReading(holds: check.exists == false, measured: "there is no file \(path)")
    case .other:
      return LeafReading(holds: false, measured: "\(path) is no regular file")
    case .file(let real):
      guard check.exists != false else {
        return LeafReading(holds: false, measured: "the file \(path) is there")
      }
      return try FileContent(path, real, secrets).reading(of: check)
    }
  }

  private static func leadsOut(_ path: String) -> Fault {
    Fault(
      .scenario, "“\(path)” is no path below the folder, or a link leads out of it",
      wasNotDone: true)
  }
}

// What a step writes.
extension FileDesk {
  private func bytes(of text: Template) throws(FileError) -> [UInt8] {
    do throws(Fault) {
      return Array(try secrets.fill(text).utf8)
    } catch {
      throw .failed(operation: "fill in", path: "\(text)", SystemError(code: 22))
    }
  }

  private func bytes(ofSource source: String) throws(FileError) -> [UInt8] {
    guard case .file(let path) = project.find(source) else {
      throw .failed(operation: "find", path: source, SystemError(code: 2))
    }
    return try Files.read(path, limit: Self.mostCopied)
  }

  private static let mostCopied = 256 << 20
}

/// What a file holds, as checks ask for it.
private struct FileContent {
  private let name: String
  private let path: String
  private let secrets: SecretValues

  init(_ name: String, _ path: String, _ secrets: SecretValues) {
    self.name = name
    self.path = path
    self.secrets = secrets
  }

  /// Larger ones are no texts, and cannot be asked for theirs.
  private static let mostText = 8 << 20
  private static let mostDigested = 256 << 20

  func reading(of check: Check.FileCheck) throws(Fault) -> LeafReading {
    let wantsText =
      check.text != nil || check.equals != nil || check.matches != nil
      || check.never != nil
    guard wantsText || check.sha256 != nil else {
      return LeafReading(holds: true, measured: "the file \(name) is there")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path, limit: wantsText ? Self.mostText : Self.mostDigested)
    } catch {
      return doubt(error.description)
    }
    if let digest = check.sha256 {
      let found = SHA256(of: bytes).description
      guard found == digest else { return no("the SHA-256 of \(name) is \(found)") }
    }
    return wantsText ? try text(of: bytes, check) : yes("the SHA-256 of \(name) is that")
  }

  private func text(of bytes: [UInt8], _ check: Check.FileCheck) throws(Fault) -> LeafReading {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes) else { return doubt("\(name) is no UTF-8 text") }
    if let never = check.never, let line = line(of: text, with: try secrets.fill(never)) {
      return no("“\(never)” is in \(name): “\(line)”")
    }
    if let wanted = check.equals, value(text) != (try secrets.fill(wanted)) {
      return no("\(name) holds “\(clipped(text))”")
    }
    if let wanted = check.text, line(of: text, with: try secrets.fill(wanted)) == nil {
      return no("“\(wanted)” is not in \(name), which holds “\(clipped(text))”")
    }
    if let source = check.matches, !(try matches(source, text)) {
      return no("nothing in \(name) matches /\(source)/: it holds “\(clipped(text))”")
    }
    return yes("\(name) holds “\(clipped(text))”")
  }

  private func matches(_ source: String, _ text: String) throws(Fault) -> Bool {
    do throws(PatternError) {
      return try Pattern(source).firstMatch(in: text) != nil
    } catch {
      throw Fault(.scenario, "the pattern /\(source)/ cannot be used on \(name): \(error)")
    }
  }

  /// The line in which a text begins; nil where it is nowhere.
  private func line(of text: String, with part: String) -> String? {
    guard let start = text.firstRange(of: part)?.lowerBound else { return nil }
    let before = text[..<start].split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let rest = text[start...].prefix { !$0.isNewline }
    return clipped(String(before + rest))
  }

  private func value(_ text: String) -> String {
    text.last?.isNewline == true ? String(text.dropLast()) : text
  }

  private func clipped(_ text: String) -> String {
    let value = value(text)
    return value.count > 300 ? "\(value.prefix(300))…" : value
  }

  private func yes(_ measured: String) -> LeafReading {
    LeafReading(holds: true, measured: measured)
  }

  private func no(_ measured: String) -> LeafReading {
    LeafReading(holds: false, measured: measured)
  }

  private func doubt(_ reason: String) -> LeafReading {
    LeafReading(holds: false, doubt: reason, measured: reason)
  }
}
