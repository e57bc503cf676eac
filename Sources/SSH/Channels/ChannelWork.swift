/// What a session does on one channel, a little whenever something may have happened.
protocol ChannelWork: AnyObject {
  /// The channel, which the session closes when the work is done.
  var channel: Channel { get }
  /// Whether there is nothing left to do but to close the channel.
  var isDone: Bool { get }
  /// Whether something from the server would be taken in now.
  var wantsInput: Bool { get }
  /// The local descriptor that matters to it, and what it waits for there.
  var local: (descriptor: CInt, reads: Bool, writes: Bool)? { get }

  /// Does what can be done without waiting; whether that was anything.
  func pump(_ library: Library) throws(Library.Failure) -> Bool
  /// The local descriptor's other end is closed.
  func localHungUp()
  /// The session is over.
  func end(_ error: SSHError)
}
