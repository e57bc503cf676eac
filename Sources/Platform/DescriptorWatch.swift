internal import CSystem
internal import Glibc

/// Several descriptors behind one that can be polled, such as by a `ThreadExecutor.Source`.
///
/// A descriptor that is closed leaves the watch by itself.
public final class DescriptorWatch: Sendable {
  /// A descriptor for which something can be done.
  public struct Ready: Hashable, Sendable {
    /// Which one.
    public let descriptor: CInt
    /// Whether both of its ends are closed, or it has failed.
    public let isHungUp: Bool
  }

  /// Readable while one of the watched descriptors is ready.
  public let descriptor: CInt

  /// Watches nothing yet.
  public init() {
    descriptor = qa_watch()
    precondition(descriptor >= 0, "cannot make a watch: errno \(errno)")
  }

  deinit { close(descriptor) }

  /// Watches a descriptor for bytes to read, for room to write, or with neither for hang-ups only.
  public func set(_ descriptor: CInt, reads: Bool, writes: Bool) {
    let code = qa_watch_set(self.descriptor, descriptor, reads ? 1 : 0, writes ? 1 : 0)
    precondition(code == 0, "cannot watch descriptor \(descriptor): errno \(code)")
  }

  /// Watches a descriptor no longer.
  public func remove(_ descriptor: CInt) { qa_watch_remove(self.descriptor, descriptor) }

  /// What is ready now; at most 64 of them.
  public func ready() -> [Ready] {
    var list = [qa_ready](repeating: qa_ready(), count: 64)
    let count = qa_watch_ready(descriptor, &list, CInt(list.count))
    return list.prefix(Int(count)).map { Ready(descriptor: $0.fd, isHungUp: $0.is_hung_up != 0) }
  }
}
