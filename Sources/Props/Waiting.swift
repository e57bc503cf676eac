internal import Platform

/// Asks again and again, for half a minute at most, until something is so; whether it came to be.
public func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return try await condition()
}

/// Whether a process runs; one that only waits to be reaped does not.
public func isRunning(_ pid: Int32) -> Bool {
  guard let bytes = try? Files.read("/proc/\(pid)/stat", limit: 4096),
    let end = bytes.lastIndex(of: UInt8(ascii: ")")), end + 2 < bytes.count
  else { return false }
  return bytes[end + 2] != UInt8(ascii: "Z")
}
