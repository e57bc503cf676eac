import Platform

// Whose windows there are, as far as they tell.
extension DisplayKeeper {
  /// Whether the program of a window is stopped, as by SIGSTOP, and so answers nothing.
  ///
  /// Only programs with windows count: what a shell in a terminal has stopped answers nobody anyway.
  func hasStoppedOwner() -> Bool {
    var owners: [UInt32] = []
    act { (line) throws(XLine.Broken) in owners = try self.owners(&line) }
    return owners.contains(where: Self.isStopped)
  }

  /// The numbers of the processes that the windows name.
  private func owners(_ line: inout XLine) throws(XLine.Broken) -> [UInt32] {
    guard let owner = try atom("_NET_WM_PID", &line) else { return [] }
    let managed = try managed(&line)
    var owners: [UInt32] = []
    for window in (managed.isEmpty ? windows : managed).prefix(Self.mostWindows) {
      owners += try line.ask(.property(owner, of: window))?.words.prefix(1) ?? []
    }
    return owners
  }

  private static let mostWindows = 16

  /// Whether all of a process is stopped by a signal.
  private static func isStopped(_ process: UInt32) -> Bool {
    guard process > 1, let bytes = try? Files.read("/proc/\(process)/stat", limit: 4096) else {
      return false
    }
    // The name of a program may have brackets and blanks in it.
    let rest = bytes.lastIndex(of: UInt8(ascii: ")")).map { bytes[$0...].dropFirst(2) }
    return rest?.first == UInt8(ascii: "T")
  }
}
