internal import Glibc

/// A value behind a lock, for small state shared between threads.
///
/// A pthread mutex rather than `Synchronization.Mutex`: faster here, and the thread sanitizer knows it.
/// Decide inside `withLock`, act outside: never call out, resume or wait while holding it.
public final class Locked<Value>: @unchecked Sendable {
  // @unchecked because `value` is only touched while `mutex` is held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  /// Puts a value behind a lock.
  public init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value while holding the lock.
  public func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
