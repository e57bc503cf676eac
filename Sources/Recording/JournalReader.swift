internal import Digests
internal import Glibc
internal import JSONCoding

/// Reads a journal, however it ended and whoever wrote it.
///
/// What it does not know it hands on. A newer minor version is read, a newer major one refused; what a
/// crash left of the last line is dropped with a warning; a number out of order is an error with its line.
public enum JournalReader {
  /// The biggest journal that is read whole, in bytes.
  static let sizeLimit = 2 << 30

  /// What a journal holds beside its lines.
  public struct Contents: Sendable {
    /// The first line; nil when the journal is empty.
    public fileprivate(set) var header: JournalLine?
    /// The number that the next line would have.
    public fileprivate(set) var nextSequence = 0
    /// The time of the last line.
    public fileprivate(set) var lastTime = Duration.zero
    /// How many bytes of the file are whole lines.
    public fileprivate(set) var validLength = 0
    /// What was odd, for the user.
    public fileprivate(set) var warnings: [String] = []
    /// The digests of blobs that lines name.
    public fileprivate(set) var blobs: Set<String> = []
  }

  /// Hands each line, the header first, to `body`; blocks.
  ///
  /// Lines before a damaged one have been handed over when the error is thrown.
  @discardableResult
  public static func read(
    _ path: String, each body: (JournalLine) throws -> Void
  ) throws -> Contents {
    let file = try Descriptor(
      path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, failure: .unreadable, "cannot read \(path)")
    guard let size = file.regularSize else {
      throw RecordingError(.malformed, "\(path) is not a regular file")
    }
    guard size <= sizeLimit else {
      throw RecordingError(.tooLarge, "\(path) has \(size) bytes; at most \(sizeLimit) are read")
    }
    var scanner = LineScanner(path: path)
    while let part = file.read(upTo: 1 << 18), !part.isEmpty { try scanner.feed(part, to: body) }
    return try scanner.finish()
  }

  /// Reads all lines but the header of a run's recording, and looks for the blobs they name; blocks.
  public static func read(_ folder: RunFolder) throws -> (lines: [JournalLine], contents: Contents)
  {
    var lines: [JournalLine] = []
    var contents = try read(folder.events) { if $0.sequence > 0 { lines.append($0) } }
    let missing = contents.blobs.filter { !folder.blobs.containsAny($0) }.sorted()
    if let first = missing.first {
      contents.warnings.append(
        "\(missing.count) of \(contents.blobs.count) kept files are missing from the recording, "
          + "such as \(first)")
    }
    return (lines, contents)
  }
}

/// Takes a journal apart, line by line.
private struct LineScanner {
  let path: String
  private var pending: [UInt8] = []
  private var number = 0
  private var contents = JournalReader.Contents()
  /// A line that is none, which is forgiven when nothing follows.
  private var damage: RecordingError?

  init(path: String) { self.path = path }

  mutating func feed(_ part: [UInt8], to body: (JournalLine) throws -> Void) throws {
    var start = part.startIndex
    while let end = part[start...].firstIndex(of: 0x0A) {
      pending += part[start..<end]
      start = end + 1
      try take(to: body)
    }
    pending += part[start...]
    guard pending.count <= Journal.lineLimit else { throw tooLong() }
  }

  mutating func finish() throws -> JournalReader.Contents {
    if damage != nil || !pending.isEmpty {
      contents.warnings.append("the last line of \(path) is cut off and was dropped")
    }
    if contents.header == nil { contents.warnings.append("\(path) holds no whole line") }
    return contents
  }

  private mutating func take(to body: (JournalLine) throws -> Void) throws {
    number += 1
    if let damage { throw damage }
    guard pending.count <= Journal.lineLimit else { throw tooLong() }
    let line: JournalLine
    do {
      line = try JournalLine(json: try JSON(parsing: pending, maximumDepth: 160))
    } catch {
      damage = malformed((error as? LineError)?.message ?? "\(error)")
      return
    }
    if number == 1 { try checkHeader(line) }
    guard line.sequence == contents.nextSequence else {
      throw malformed("its seq is \(line.sequence) where \(contents.nextSequence) is due")
    }
    contents.nextSequence += 1
    contents.lastTime = max(contents.lastTime, line.time)
    contents.validLength += pending.count + 1
    collectBlobs(.object(line.fields))
    pending.removeAll(keepingCapacity: true)
    try body(line)
  }

  private mutating func checkHeader(_ line: JournalLine) throws {
    guard line.type == "journal", line.fields["format"]?.string == Journal.format.name,
      let major = line.fields["major"]?.integer, let minor = line.fields["minor"]?.integer
    else { throw malformed("it is no header of a qa-agent journal") }
    guard major <= Journal.format.major else {
      throw RecordingError(
        .tooNew,
        "\(path) was written in format \(major).\(minor), and this qa-agent reads up to "
          + "\(Journal.format.major).x; use a newer qa-agent")
    }
    if major == Journal.format.major, minor > Journal.format.minor {
      contents.warnings.append(
        "\(path) was written in the newer format \(major).\(minor); what is new in it is not shown")
    }
    contents.header = line
  }

  private mutating func collectBlobs(_ value: JSON) {
    switch value {
    case .array(let values): for value in values { collectBlobs(value) }
    case .object(let object):
      for (key, value) in object.pairs {
        if key == "blob", let digest = value.string, SHA256.isDigest(digest) {
          contents.blobs.insert(digest)
        } else {
          collectBlobs(value)
        }
      }
    case .null, .bool, .integer, .number, .string: break
    }
  }

  private func malformed(_ message: String) -> RecordingError {
    RecordingError(.malformed, "\(path), line \(number): \(message)")
  }

  private func tooLong() -> RecordingError {
    RecordingError(
      .tooLarge, "\(path), line \(max(number, 1)): it is longer than \(Journal.lineLimit) bytes")
  }
}
