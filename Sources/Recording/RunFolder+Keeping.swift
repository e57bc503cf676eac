internal import Glibc
internal import Platform

extension RunFolder {
  /// Whether it is never to be removed.
  public var isKept: Bool { Files.exists(mark) }

  /// The file that says so.
  private var mark: String { path + "/kept" }

  /// Protects the run from being removed, or no longer.
  public func keep(_ isWanted: Bool) throws(RecordingError) {
    guard isWanted != isKept else { return }
    do throws(FileError) {
      if isWanted { try Files.writeAtomically([], to: mark) } else { try Files.remove(mark) }
    } catch {
      throw RecordingError(.unwritable, "\(error)")
    }
  }

  /// How many bytes its files have; no link is followed.
  ///
  /// It blocks while it looks at each.
  public var size: Int { Self.size(of: path, depth: 0) }

  private static func size(of path: String, depth: Int) -> Int {
    guard depth < 16, let folder = opendir(path) else { return 0 }
    defer { closedir(folder) }
    var sum = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard name != ".", name != "..", lstat("\(path)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: sum += Int(status.st_size)
      case S_IFDIR: sum += size(of: "\(path)/\(name)", depth: depth + 1)
      default: break
      }
    }
    return sum
  }
}

// MARK: - Removing

extension RunFolder {
  /// Removes runs from a folder of runs, all or, where one of them must stay, none; blocks while it does.
  ///
  /// `latest` points to the last run that is left; without one it is gone.
  ///
  /// - Throws: `RecordingError` for a run that is kept, is being written, or does not lie in the folder itself.
  public static func remove(
    _ runs: [RunFolder], from output: String
  ) throws(RecordingError) {
    for run in runs { try run.checkRemoval(from: output) }
    var seen: Set<String> = []
    for run in runs where seen.insert(run.id).inserted { try run.remove(from: output) }
  }

  private func checkRemoval(from output: String) throws(RecordingError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw RecordingError(.missing, "\(path) is not there")
    }
    guard status.st_mode & S_IFMT == S_IFDIR, let place = Self.real(parent),
      place == Self.real(output), hasRecording
    else {
      throw RecordingError(.missing, "\(path) is no run in \(output); only those are removed")
    }
    if isKept {
      throw RecordingError(
        .busy, "\(id) is kept; qa-agent runs keep --release \(id) permits its removal")
    }
    if isBeingWritten {
      throw RecordingError(.busy, "\(id) is still running; stop it, or wait until it has ended")
    }
  }

  /// Takes the run away under its name in one step, so that nobody finds half of it.
  private func remove(from output: String) throws(RecordingError) {
    let journal = open(events, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    defer { if journal >= 0 { close(journal) } }
    // Whoever wants to go on with it must wait for the lock, and finds nothing then.
    guard journal < 0 || flock(journal, LOCK_EX | LOCK_NB) == 0 else {
      throw RecordingError(.busy, "\(id) is still running; stop it, or wait until it has ended")
    }
    let grave = "\(output)/\(Self.gravePrefix)\(id)-\(UInt32.random(in: 0...UInt32.max))"
    guard rename(path, grave) == 0 else { throw .system(.unwritable, "cannot remove \(path)") }
    try Self.mendLatest(in: output)
    guard Files.removeTree(grave) else {
      throw RecordingError(.unwritable, "not all of \(id) could be removed; \(grave) is left")
    }
  }

  private static let gravePrefix = ".removed-"

  /// Points `latest` to the last run where it points to none.
  private static func mendLatest(in output: String) throws(RecordingError) {
    let link = output + "/latest"
    var status = stat()
    guard lstat(link, &status) == 0, access(link, F_OK) != 0 else { return }
    if let last = all(in: output).last { return try last.makeLatest() }
    unlink(link)
  }

  private static func real(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }
}
