internal import Digests
internal import Durations
internal import Glibc
public import JSONCoding
internal import Platform

/// The writer of one run's recording: lines and blobs, in the order in which they are handed over.
///
/// Any number of sessions may write at once. Everything happens on a thread of the journal's own; a call
/// returns when the bytes are with the operating system, so what is in the journal is what happened even
/// after `kill -9`. A write that fails never throws: it is reported once, the recording is marked
/// incomplete and the run goes on.
public actor Journal {
  /// The version of the format that this program writes.
  public static let format = (name: "qa-agent", major: 1, minor: 1)
  /// The longest line, in bytes without its line break.
  public static let lineLimit = 4 << 20

  private let executor = ThreadExecutor(name: "journal")
  private let folder: RunFolder?
  private let redactor: Redactor
  private let elapsed: @Sendable () -> Duration
  private let observe: @Sendable (JournalLine) -> Void
  private var file: JournalFile?
  private var next = 0
  /// Where the clock of an earlier process stopped, when this one goes on.
  private var start = Duration.zero
  private var hasLost = false
  /// What was lost first, until a line says so.
  private var loss: String?
  private var isClosed = false
  private var audit = AuditLog()
  private var auditFile: JournalFile?

  /// Whether everything that was handed over was also kept.
  public private(set) var isComplete = true

  /// The thread of the journal.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private init(
    folder: RunFolder?, redactor: Redactor, elapsed: @escaping @Sendable () -> Duration,
    observe: @escaping @Sendable (JournalLine) -> Void
  ) {
    self.folder = folder
    self.redactor = redactor
    self.elapsed = elapsed
    self.observe = observe
  }

  /// Starts the journal of a new run, or continues the one that is there.
  ///
  /// - Parameters:
  ///   - folder: where; nil keeps nothing, and lines only reach `observe`.
  ///   - redactor: what every line and every text blob passes through.
  ///   - header: more fields for the first line.
  ///   - elapsed: how long the run has been going.
  ///   - observe: gets each line, redacted, in order, on the journal's thread; also when the disk fails.
  public static func open(
    in folder: RunFolder?, redactor: Redactor = .none, header: JSONObject = JSONObject(),
    elapsed: @escaping @Sendable () -> Duration,
    observe: @escaping @Sendable (JournalLine) -> Void = { _ in }
  ) async throws -> Journal {
    let journal = Journal(
      folder: folder, redactor: redactor, elapsed: elapsed, observe: observe)
    try await journal.begin(header)
    return journal
  }

  private func begin(_ header: JSONObject) throws {
    guard let folder else { return writeHeader(header) }
    if access(folder.events, F_OK) == 0 {
      file = try JournalFile(continuing: folder.events)
      let contents = try JournalReader.read(folder.events) { observe($0) }
      file?.truncate(to: contents.validLength)
      next = contents.nextSequence
      start = contents.lastTime
      if contents.header == nil { writeHeader(header) }
      audit = try AuditLog(of: folder) ?? AuditLog()
    } else {
      file = try JournalFile(creating: folder.events)
      writeHeader(header)
    }
  }

  private func writeHeader(_ header: JSONObject) {
    var fields = JSONObject([
      ("format", .string(Self.format.name)), ("major", .integer(Self.format.major)),
      ("minor", .integer(Self.format.minor)),
    ])
    for (key, value) in header.pairs where fields[key] == nil { fields[key] = value }
    append("journal", fields: fields)
  }

  /// What became of a line.
  public struct Written: Hashable, Sendable {
    /// Its number.
    public var sequence: Int
    /// Whether it stands there as it was given: not where the value of a secret was taken out of it.
    public var isWhole: Bool
  }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - type: what it is.
  ///   - id: the case it belongs to.
  ///   - attempt: the attempt it belongs to, from 1.
  ///   - fields: everything else; strings pass through the redactor.
  ///   - isDurable: waits until the line is on the disk: for the ends of steps, attempts and runs.
  @discardableResult
  public func append(
    _ type: String, case id: String? = nil, attempt: Int? = nil, fields: JSONObject = JSONObject(),
    isDurable: Bool = false
  ) -> Written {
    let told = redactor.redact(fields)
    let isWhole = redactor.isEmpty || told == fields
    var line = JournalLine(
      sequence: next, time: start + elapsed(), caseID: id.map(redactor.redact), attempt: attempt,
      type: type, fields: told)
    var bytes = line.json.bytes
    if bytes.count > Self.lineLimit {
      lose("a line of \(bytes.count) bytes is too long to be kept; at most \(Self.lineLimit) are")
      line = JournalLine(
        sequence: next, time: line.time, caseID: line.caseID, attempt: attempt, type: "oversize",
        fields: JSONObject([("was", .string(type)), ("bytes", .integer(bytes.count))]))
      bytes = line.json.bytes
    }
    next += 1
    bytes.append(0x0A)
    keep(bytes, isDurable: isDurable)
    observe(line)
    tellLoss()
    return Written(sequence: line.sequence, isWhole: isWhole)
  }

  /// Keeps some bytes and returns their digest; empty when nothing is kept.
  ///
  /// Await it before the line that names the digest is written.
  public func store(_ bytes: [UInt8], as kind: BlobStore.Kind) -> String {
    guard let folder, !isClosed else { return "" }
    do {
      return try folder.blobs.write(told(bytes, as: kind), as: kind)
    } catch {
      lose(error.message)
      tellLoss()
      return ""
    }
  }

  /// The digest that `store` keeps some bytes under, whether or not it does.
  public nonisolated func digest(of bytes: [UInt8], as kind: BlobStore.Kind) -> String {
    SHA256(of: told(bytes, as: kind)).description
  }

  private nonisolated func told(_ bytes: [UInt8], as kind: BlobStore.Kind) -> [UInt8] {
    kind.isText ? redactor.redact(bytes) : bytes
  }

  /// Writes a record of a command on a host; it is on the disk when this returns.
  ///
  /// - Parameter fields: strings pass through the redactor.
  public func audit(case id: String, attempt: Int, _ fields: JSONObject) {
    guard let folder, !isClosed else { return }
    var record = JSONObject([
      ("ms", .integer((start + elapsed()).milliseconds)), ("case", .string(id)),
      ("attempt", .integer(attempt)),
    ])
    for (key, value) in fields.pairs { record[key] = value }
    do throws(RecordingError) {
      if auditFile == nil {
        auditFile =
          Files.exists(folder.audit)
          ? try JournalFile(continuing: folder.audit) : try JournalFile(creating: folder.audit)
        // What a crash left of a record is cut off.
        if audit.length > 0 { auditFile?.truncate(to: audit.length) }
      }
    } catch {
      lose(error.message)
      return tellLoss()
    }
    let bytes = audit.next(redactor.redact(record)) + [0x0A]
    var number = auditFile?.append(bytes) ?? 0
    if number == 0 { number = auditFile?.sync() ?? 0 }
    guard number != 0 else { return }
    lose("cannot write \(folder.audit): \(String(cString: strerror(number)))")
    tellLoss()
  }

  /// Says in the journal how the log of commands ends, where there is one.
  public func sealAudit() {
    guard let seal = audit.seal else { return }
    append(
      "audited",
      fields: JSONObject([
        ("records", .integer(seal.records)), ("digest", .string(seal.digest)),
      ]))
  }

  /// Brings all lines to the disk.
  public func sync() {
    check(file?.sync() ?? 0)
    tellLoss()
  }

  /// Brings all lines to the disk and closes the file; later lines reach only `observe`, and later bytes are
  /// not kept: a call that was left behind may still come back with some.
  public func close() {
    sync()
    file = nil
    auditFile = nil
    isClosed = true
  }

  private func keep(_ bytes: [UInt8], isDurable: Bool) {
    guard file != nil else { return }
    check(file?.append(bytes) ?? 0)
    if isDurable { check(file?.sync() ?? 0) }
  }

  /// Ends the recording when a call failed with `number`: a journal with a hole is worth less than one
  /// that stops.
  private func check(_ number: CInt) {
    guard number != 0, let folder else { return }
    file = nil
    lose("cannot write \(folder.events): \(String(cString: strerror(number)))")
  }

  private func lose(_ message: String) {
    isComplete = false
    guard !hasLost else { return }
    hasLost = true
    loss = "the recording is incomplete: " + message
  }

  /// Says once that the recording is not whole: on the disk where that goes on, and in any case to whoever observes.
  private func tellLoss() {
    guard let why = loss else { return }
    loss = nil
    append("incomplete", fields: JSONObject([("why", .string(why))]))
  }
}

/// The file of a journal or of its audit log, held by one writer.
private struct JournalFile: ~Copyable {
  private let descriptor: Descriptor
  private var length = 0

  init(creating path: String) throws(RecordingError) {
    try self.init(path, flags: O_CREAT | O_EXCL)
  }

  init(continuing path: String) throws(RecordingError) { try self.init(path, flags: O_NOFOLLOW) }

  private init(_ path: String, flags: CInt) throws(RecordingError) {
    let descriptor = try Descriptor(
      path, O_WRONLY | O_APPEND | flags, failure: .unwritable, "cannot write \(path)")
    guard Self.lock(descriptor.number) else {
      throw RecordingError(.busy, "another qa-agent is writing \(path); wait until it has ended")
    }
    self.descriptor = descriptor
  }

  /// Takes the lock; who only looks whether there is a writer holds it for a moment.
  private static func lock(_ number: CInt) -> Bool {
    for _ in 0..<50 {
      if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(2000)
    }
    return false
  }

  /// Cuts off what a crash left of a line.
  mutating func truncate(to length: Int) {
    self.length = length
    ftruncate(descriptor.number, off_t(length))
  }

  /// Appends a line; after a failure the file ends with the line before.
  mutating func append(_ bytes: [UInt8]) -> CInt {
    let number = descriptor.write(bytes)
    if number == 0 { length += bytes.count } else { truncate(to: length) }
    return number
  }

  borrowing func sync() -> CInt { fsync(descriptor.number) == 0 ? 0 : errno }
}
