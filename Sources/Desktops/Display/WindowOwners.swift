import Platform

// Whose windows there are, as far as they tell.
extension DisplayKeeper {
  /// Whether the program of a window is stopped, as by SIGSTOP, and so answers nothing.
  ///
  /// Only programs with windows count: what a shell in a terminal has stopped answers nobody anyway.
  func hasStoppedOwner() -> Bool {
    var owners: [UInt32] = []
    act { (line) throws(XLine.Broken) in owners = try Self.owners(windows, &line) }
    return owners.contains(where: Self.isStopped)
  }

  /// The numbers of the processes that the windows name.
  ///
  /// - Parameter known: the windows that are known without a window manager.
  private static func owners(
    _ known: [UInt32], _ line: inout XLine
  ) throws(XLine.Broken) -> [UInt32] {
    guard let list = try line.ask(.atom("_NET_CLIENT_LIST"))?.word(8),
      let owner = try line.ask(.atom("_NET_WM_PID"))?.word(8)
    else { return [] }
    let managed = try line.ask(.property(list, of: line.root))?.words ?? []
    var owners: [UInt32] = []
    for window in (managed.isEmpty ? known : managed).prefix(mostWindows) {
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
