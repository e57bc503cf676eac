import Pixels

/// What became of an action when the connection was lost.
public enum ActionFate: String, Hashable, Sendable {
  /// The server has taken all of it; it must not be repeated.
  case done
  /// Nothing of it ever left; it may be repeated.
  case notDone = "not done"
  /// Some of it may have happened; it must not be repeated before somebody has looked.
  case unknown
}

/// What is known of the last action on a connection: how much of it was sent, and what came back.
///
/// A value. Only that nothing was sent makes an action `notDone`, so that a repetition never acts twice.
public struct ActionRecord: Hashable, Sendable {
  /// How many bytes of its keys, moves and texts were handed to the system, which may have sent them.
  var bytesSent = 0
  /// Whether all of it was sent.
  public internal(set) var isComplete = false
  /// Whether the server has answered a question that was sent behind it; servers take one message after
  /// the other.
  var isAcknowledged = false
  /// Whether pixels changed after its last byte, other than those that keep changing.
  public internal(set) var hasEffect = false

  /// A record of an action of which nothing was sent yet.
  public init() {}

  /// What became of it, as far as that is known.
  public var fate: ActionFate {
    guard bytesSent > 0 else { return isComplete ? .done : .notDone }
    guard isComplete else { return .unknown }
    return isAcknowledged || hasEffect ? .done : .unknown
  }

  /// Whether what changed after a moment is more than what keeps changing, as a caret or a clock.
  static func isEffect(_ entries: [DamageLog.Entry], after moment: Duration) -> Bool {
    let policy = SettlePolicy(quiet: .zero, firstChange: .zero, limit: .zero)
    var machine = SettleMachine(policy: policy, actedAt: moment)
    for entry in entries where entry.time <= moment {
      machine.remember(entry.rects, at: entry.time)
    }
    for entry in entries where entry.time > moment { machine.changed(entry.rects, at: entry.time) }
    guard case .quiet = machine.outcome(at: entries.last?.time ?? moment) else { return false }
    return true
  }
}

/// The action on a connection, while it lasts and after it.
struct ActionTrace {
  var record = ActionRecord()
  var isOpen = false
  /// When its last byte was sent.
  var lastSentAt: Duration?
  /// The question that was sent behind it.
  var question: UInt32?
}

extension VNCConnection {
  /// Begins an action of several gestures, of which `lastAction` tells as of one.
  ///
  /// A gesture outside of `beginAction` and `endAction` is an action of its own.
  public func beginAction() {
    action = ActionTrace(isOpen: true)
  }

  /// Ends the action: all of it has been sent.
  public func endAction() throws(VNCError) {
    guard action.isOpen else { return }
    action.isOpen = false
    action.record.isComplete = true
    // Any update might be meant by another answer, so that only a fence proves something.
    if knowsFences, action.record.bytesSent > 0 { action.question = try ask() }
  }

  /// What is known of the last action, also when the connection is gone.
  public var lastAction: ActionRecord {
    var record = action.record
    if let question = action.question { record.isAcknowledged = liveness.lastAnswered >= question }
    if let moment = action.lastSentAt {
      let entries = log.entries(since: moment - .seconds(10))
      record.hasEffect = ActionRecord.isEffect(entries, after: moment)
    }
    return record
  }

  /// A new connection to the same server in place of this one, which is closed.
  ///
  /// Tries again while the server is away, with pauses up to two seconds; not when it refuses us for a
  /// reason that stays. Modifiers are let go of, the picture is new, and its number goes on. What was under way is not done
  /// again: `lastAction` tells what became of it.
  public func reconnect(upTo limit: Duration = .seconds(30)) async throws(VNCError) -> VNCConnection
  {
    await close()
    var options = options
    options.spentKeysyms = spentKeysyms
    // Equal numbers mean equal pixels, also to those who knew the old connection.
    options.sequence = sequence
    let deadline = Self.deadline(in: limit)
    var delay = Duration.milliseconds(100)
    while true {
      do throws(VNCError) {
        return try await VNCConnection.connect(to: endpoint, options: options)
      } catch {
        guard error.mayPass, ContinuousClock.now + delay < deadline else { throw error }
      }
      do {
        try await Task.sleep(for: delay)
      } catch {
        throw self.error(.cancelled, "was not reached again: the task was cancelled")
      }
      delay = min(delay * 2, .seconds(2))
    }
  }
}

extension VNCError {
  /// Whether the same may succeed a little later.
  var mayPass: Bool {
    switch code {
    case .refused, .unreachable, .timedOut, .closed: true
    case .authenticationFailed, .passwordRequired, .unsupportedSecurity, .untrusted,
      .protocolViolation, .tooLarge, .cancelled, .unsupportedInput, .busy:
      false
    }
  }
}
