internal import Digests
public import JSONCoding
internal import Platform

/// The log of commands on hosts: one record before and one after each, every record with the digest of the one before
/// it, so that none can be changed, left out or put in without a trace.
///
/// The journal of the run names the number of records and the last digest, so that no end can be cut off either.
public struct AuditLog: Hashable, Sendable {
  /// What is wrong with a log.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line of the log, from 1; nil where it is about the whole.
    public var line: Int?
    /// What is wrong.
    public var message: String

    /// `line 3: …`.
    public var description: String { (line.map { "line \($0): " } ?? "") + message }
  }

  /// The digest before the first record.
  static let first = String(repeating: "0", count: 64)
  private static let sizeLimit = 256 << 20

  /// The records, in order.
  public private(set) var records: [JSON] = []
  /// The digest of the last record.
  public private(set) var digest = AuditLog.first
  /// The length of the file up to the end of the last whole record, in bytes.
  private(set) var length = 0

  /// A log without records.
  init() {}

  /// Reads the log of a run and proves its chain; nil where the run has none.
  ///
  /// It does not look at what the journal says of its end.
  public init?(of folder: RunFolder) throws(Fault) {
    guard Files.exists(folder.audit) else { return nil }
    let bytes: [UInt8]
    do {
      bytes = try Files.read(folder.audit, limit: Self.sizeLimit)
    } catch {
      throw Fault(message: "\(folder.audit) cannot be read: \(error)")
    }
    // What a crash left of a record is none.
    let whole = bytes.lastIndex(of: 0x0A).map { bytes[..<$0] } ?? []
    length = whole.isEmpty ? 0 : whole.count + 1
    for (index, line) in whole.split(separator: 0x0A).enumerated() {
      try take(Array(line), number: index + 1)
    }
  }

  private mutating func take(_ line: [UInt8], number: Int) throws(Fault) {
    guard let record = try? JSON(parsing: line), record.object != nil else {
      throw Fault(line: number, message: "it is no record")
    }
    guard record["record"]?.integer == number else {
      throw Fault(line: number, message: "a record is missing before it, or was put in")
    }
    guard record["before"]?.string == digest else {
      throw Fault(line: number, message: "the record before it is not the one that was written")
    }
    records.append(record)
    digest = SHA256(of: line).description
  }

  /// Makes the bytes of the next record, without a line end.
  mutating func next(_ fields: JSONObject) -> [UInt8] {
    var object = JSONObject([
      ("record", .integer(records.count + 1)), ("before", .string(digest)),
    ])
    for (key, value) in fields.pairs where object[key] == nil { object[key] = value }
    let record = JSON.object(object)
    let bytes = record.bytes
    records.append(record)
    digest = SHA256(of: bytes).description
    return bytes
  }

  /// What the end of the run's journal must say of it; nil without records.
  public var seal: (records: Int, digest: String)? {
    records.isEmpty ? nil : (records.count, digest)
  }

  /// Holds the log of a run against its journal.
  ///
  /// - Parameters:
  ///   - lines: the journal of the run.
  /// - Returns: the log; nil where there is none and the journal speaks of none.
  /// - Throws: what is wrong with it.
  public static func verified(
    of folder: RunFolder, against lines: [JournalLine]
  ) throws(Fault) -> AuditLog? {
    let log = try AuditLog(of: folder)
    guard let sealed = lines.last(where: { $0.type == "audited" }) else {
      if let log, lines.contains(where: { $0.type == "run.finished" }) {
        throw Fault(message: "the journal does not speak of its \(log.records.count) records")
      }
      return log
    }
    guard let log else { throw Fault(message: "the log is gone: \(folder.audit)") }
    guard let count = sealed.fields["records"]?.integer, count <= log.records.count else {
      throw Fault(message: "its end was cut off: the journal speaks of more records")
    }
    guard count == log.records.count, sealed.fields["digest"]?.string == log.digest else {
      throw Fault(message: "its end is not the one that the journal speaks of")
    }
    return log
  }
}

extension RunFolder {
  /// The log of commands on hosts.
  public var audit: String { recording + "/audit.jsonl" }
}
