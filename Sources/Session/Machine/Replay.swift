public import Story

/// Feeds what was recorded to today's machine, with no target and no model, and compares each decision.
public struct Replay: Sendable {
  /// The first decision that is not the recorded one.
  public struct Difference: Hashable, Sendable {
    /// How many inputs were fed before it; the recorded entry is this far into the attempt.
    public var turn: Int
    /// The position of the entry in the list of entries that was replayed.
    public var entry: Int
    /// What was recorded; nil when nothing was.
    public var recorded: JournalEntry?
    /// What the machine decides today; nil when it decides nothing more.
    public var decided: JournalEntry?
  }

  /// What replaying one attempt came to.
  public struct Result: Hashable, Sendable {
    /// How many decisions were compared and equal.
    public var decisions: Int
    /// The first difference, if there is one.
    public var difference: Difference?
    /// Whether the recording ends before the attempt did.
    public var isCutShort: Bool
  }

  /// Replays one attempt from its journal entries, in order.
  public static func decide(_ entries: [JournalEntry]) throws(Fault) -> Result {
    guard case .started(let plan)? = entries.first else {
      throw Fault(.recording, "the recording of the attempt has no beginning")
    }
    var machine = SessionMachine(plan: plan)
    var decisions = expand(machine.start())
    var compared = 0
    var turn = 0
    for (index, entry) in entries.enumerated().dropFirst() {
      switch entry {
      case .started: throw Fault(.recording, "the attempt begins twice in the recording")
      case .event(let event, let at):
        if let left = decisions.first {
          return Self.undecided(left, compared, turn, index)
        }
        turn += 1
        decisions = expand(machine.handle(event, at: at))
      case .order(let order, let at):
        if let left = decisions.first {
          return Self.undecided(left, compared, turn, index)
        }
        turn += 1
        decisions = expand(machine.take(order, at: at))
      case .application(let state, let at): machine.learn(state, at: at)
      case .output: continue
      case .note, .effect:
        guard decisions.first == entry else {
          return Result(
            decisions: compared,
            difference: Difference(
              turn: turn, entry: index, recorded: entry, decided: decisions.first),
            isCutShort: false)
        }
        decisions.removeFirst()
        compared += 1
      }
    }
    let isFinished = entries.contains { if case .effect(.finish) = $0 { true } else { false } }
    return Result(decisions: compared, difference: nil, isCutShort: !isFinished)
  }

  /// The recording says nothing of a decision that is made today.
  private static func undecided(
    _ decision: JournalEntry, _ compared: Int, _ turn: Int, _ index: Int
  ) -> Result {
    Result(
      decisions: compared,
      difference: Difference(turn: turn, entry: index, recorded: nil, decided: decision),
      isCutShort: false)
  }

  private static func expand(_ turn: SessionMachine.Turn) -> [JournalEntry] {
    turn.notes.map(JournalEntry.note) + [.effect(turn.effect)]
  }
}
