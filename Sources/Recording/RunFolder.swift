internal import Glibc
internal import Platform

/// What one run leaves behind: `reports/2026-11-20T12-00-00Z-4f2a/`.
public struct RunFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// The folder of a run that is there, or that `create` makes.
  public init(path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The last part of the path: the run's id.
  public var id: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// The folder of the recording.
  public var recording: String { path + "/recording" }
  /// The journal.
  public var events: String { recording + "/events.jsonl" }
  /// The kept bytes.
  public var blobs: BlobStore { BlobStore(path: recording + "/blobs") }

  /// Makes the folder of a new run inside `output`, with its recording folder, and points `latest` at it.
  ///
  /// - Parameters:
  ///   - output: the folder of all runs; made when it is not there.
  ///   - time: when the run starts.
  ///   - random: tells runs of the same second apart; its last 16 bits are used.
  public static func create(
    in output: String, time: UTCTime, random: UInt16
  ) throws(RecordingError) -> RunFolder {
    try makeOutput(output)
    for turn in UInt16.min...UInt16.max {
      let folder = RunFolder(path: "\(output)/\(name(time: time, random: random &+ turn))")
      if mkdir(folder.path, 0o755) == 0 {
        try makeFolder(folder.recording)
        try makeFolder(folder.blobs.path)
        return folder
      }
      guard errno == EEXIST else {
        throw .system(.unwritable, "cannot write to the folder \(output)")
      }
    }
    throw RecordingError(.unwritable, "\(output) already holds every run name of \(time)")
  }

  private static func makeOutput(_ output: String) throws(RecordingError) {
    do {
      try makeFolder(output)
    } catch {
      throw RecordingError(error.code, error.message + "; choose another folder with --output")
    }
  }

  /// Makes a folder and those above it; one that is there is fine.
  static func makeFolder(_ path: String) throws(RecordingError) {
    do throws(FileError) {
      try Files.makeFolder(path)
    } catch {
      throw RecordingError(.unwritable, "\(error)")
    }
  }

  /// `2026-11-20T12-00-00Z-4f2a`.
  static func name(time: UTCTime, random: UInt16) -> String {
    let digits = String(random, radix: 16)
    return time.fileName + "-" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Points the symbolic link `latest` beside this folder at it, in one step.
  public func makeLatest() throws(RecordingError) {
    let output = parent
    let link = output + "/latest"
    let temporary = "\(link).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
    guard symlink(id, temporary) == 0 else {
      throw .system(.unwritable, "cannot make the link \(link)")
    }
    guard rename(temporary, link) == 0 else {
      let number = errno
      unlink(temporary)
      throw .system(.unwritable, "cannot point the link \(link) at \(id)", number)
    }
  }

  /// The folder that holds this one.
  var parent: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension RunFolder {
  /// The runs in a folder of runs, oldest first; empty when there is no such folder.
  public static func all(in output: String) -> [RunFolder] {
    guard let folder = opendir(output) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard !name.hasPrefix("."), name != "latest" else { continue }
      if RunFolder(path: "\(output)/\(name)").hasRecording { names.append(name) }
    }
    return names.sorted().map { RunFolder(path: "\(output)/\($0)") }
  }

  /// The run that a user means: a path, `latest`, an id, or the start or end of one that only one run has.
  public static func find(_ reference: String, in output: String) throws(RecordingError)
    -> RunFolder
  {
    if reference.contains("/") {
      let folder = RunFolder(path: reference)
      guard folder.hasRecording else {
        throw RecordingError(.missing, "\(reference) holds no recording")
      }
      return folder
    }
    let named = RunFolder(path: "\(output)/\(reference)")
    if !reference.isEmpty, !reference.hasPrefix("."), named.hasRecording { return named.resolved }
    let runs = all(in: output)
    let matches = runs.filter { $0.id.hasPrefix(reference) || $0.id.hasSuffix(reference) }
    guard let match = matches.first, !reference.isEmpty else {
      throw RecordingError(.missing, "there is no run “\(reference)” in \(output)")
    }
    guard matches.count == 1 else {
      throw RecordingError(
        .ambiguous,
        "“\(reference)” fits \(matches.count) runs in \(output): "
          + matches.suffix(5).map(\.id).joined(separator: ", "))
    }
    return match
  }

  /// Whether a program is writing its journal now: one that is alive holds a lock on it.
  public var isBeingWritten: Bool {
    let number = open(events, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { return false }
    defer { close(number) }
    return flock(number, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Whether there is a journal in it.
  var hasRecording: Bool { access(events, R_OK) == 0 }

  /// The folder that this one is a link to, if it is one beside it.
  private var resolved: RunFolder {
    var buffer = [CChar](repeating: 0, count: 256)
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return self }
    let name = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.contains("/") ? self : RunFolder(path: "\(parent)/\(name)")
  }
}
