internal import Digests
internal import FoundationEssentials
internal import JSONCoding
internal import Platform
internal import Recording
internal import VNC

/// How texts are typed on a target, as calibration found it, with when and how.
struct KeptTyping: Hashable, Sendable {
  /// When, in UTC.
  var date: UTCTime
  /// How the field was read: `clipboard` or `screen`.
  var reader: String
  /// The layout that was recognised; nil where none had to be.
  var layout: String?
  /// What was found.
  var profile: TypingProfile
}

/// The typing profiles that were kept: one small file for each target, by its address.
///
/// It is state and no cache: deleting it loses what somebody made on purpose.
struct TypingShelf: Sendable {
  /// What there is for a target.
  enum Finding: Sendable {
    case nothing
    case kept(KeptTyping)
    /// There is a file that cannot be used, and why.
    case damaged(path: String, reason: String)
  }

  /// The folder; nil keeps nothing.
  let folder: String?

  /// The user's own: `$XDG_STATE_HOME/qa-agent/typing`, or the same below `~/.local/state`.
  static func ofUser(_ environment: [String: String]) -> TypingShelf {
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
    return TypingShelf(folder: (state ?? home).map { $0 + "/qa-agent/typing" })
  }

  /// What is kept for a target.
  func finding(for target: String) -> Finding {
    guard let path = path(for: target), Files.exists(path) else { return .nothing }
    do {
      let entry = try JSON(parsing: try Files.read(path, limit: 1 << 20)).decoded(as: Entry.self)
      guard entry.version == Self.version, entry.target == target else {
        return .damaged(path: path, reason: "it is of another version or target")
      }
      guard let profile = TypingProfile(text: entry.profile), let date = UTCTime(entry.date) else {
        return .damaged(path: path, reason: "its profile cannot be read")
      }
      return .kept(
        KeptTyping(date: date, reader: entry.reader, layout: entry.layout, profile: profile))
    } catch let error as FileError {
      return .damaged(path: path, reason: "\(error)")
    } catch {
      return .damaged(path: path, reason: "it is not what calibration writes")
    }
  }

  /// Keeps what was found; returns the file.
  @discardableResult
  func keep(_ typing: KeptTyping, for target: String) throws(FileError) -> String? {
    guard let path = path(for: target) else { return nil }
    let entry: JSON = [
      "version": .integer(Self.version), "target": .string(target),
      "date": .string(typing.date.description), "reader": .string(typing.reader),
      "layout": typing.layout.map { .string($0) } ?? .null, "profile": .string(typing.profile.text),
    ]
    try Files.makeFolder(of: path)
    try Files.writeAtomically(Array((entry.prettyText + "\n").utf8), to: path)
    return path
  }

  /// What a foreign server was sent of signs that its keyboard may lack.
  func spentSigns(of target: String, at address: VNCEndpoint.Address?) -> SpentSigns {
    SpentSigns(
      path: path(for: target).map { $0 + ".signs" },
      server: address.map(SpentSigns.server) ?? "")
  }

  /// Deletes what is kept; returns the file, nil when there was none.
  func forget(_ target: String) throws(FileError) -> String? {
    if let signs = path(for: target).map({ $0 + ".signs" }), Files.exists(signs) {
      try Files.remove(signs)
    }
    guard let path = path(for: target), Files.exists(path) else { return nil }
    try Files.remove(path)
    return path
  }

  /// What a person is told of a file that cannot be used.
  static func words(ofDamaged path: String, _ reason: String) -> String {
    "the typing profile \(path) is not used: \(reason); calibrate again, or delete it"
  }

  private struct Entry: Decodable {
    let version: Int
    let target: String
    let date: String
    let reader: String
    let layout: String?
    let profile: String
  }

  private static let version = 1

  /// The file: the address in words, and what tells it from another that reads the same.
  private func path(for target: String) -> String? {
    let plain = target.split(separator: "//").last.map(String.init) ?? target
    let name = LogName.safe(plain).prefix(60)
    let mark = SHA256(of: Array(target.utf8)).description.prefix(8)
    return folder.map { "\($0)/\(name)-\(mark).json" }
  }
}

extension KeptTyping {
  /// What a report says of a target that is typed on by this.
  var words: String { "typing as calibrated on \(date)" }
}
