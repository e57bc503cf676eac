public import JSONCoding

/// One line of a session in the journal.
///
/// An attempt is one `started`, then for each turn one `event` or `order` (but for the first), its `note`s and one
/// `effect`; the effect `finish` is the last. Before an `event` stands an `application` when that is another
/// than before, and after the end the `output` of the application. `started`, `application`, `event`
/// and `order` are inputs, `note`s and `effect`s are decisions: replay feeds the first and compares the second.
public enum JournalEntry: Hashable, Sendable {
  /// An attempt began.
  case started(plan: SessionPlan)
  /// Something happened, so long after the attempt began.
  case event(SessionEvent, at: Duration)
  /// A person ordered something, so long after the attempt began.
  case order(Order, at: Duration)
  /// The application is in another state, heard of so long after the attempt began.
  case application(ApplicationState, at: Duration)
  /// The machine decided something worth knowing.
  case note(Note)
  /// The machine wants something done.
  case effect(Effect)
  /// What the application wrote.
  case output(ApplicationOutput)

  /// The `type` of the line in the journal.
  public var type: String {
    switch self {
    case .started: "attempt.started"
    case .event: "event"
    case .note: "note"
    case .effect: "effect"
    case .order: "order"
    case .application: "application"
    case .output: "output"
    }
  }

  /// The fields of the line in the journal, with the turn that it belongs to where that is known: how many events
  /// and orders the machine was told before what follows from them.
  public func fields(turn: Int?) throws -> JSONObject {
    let fields = try fields()
    guard let turn, belongsToTurn else { return fields }
    return JSONObject([("turn", .integer(turn))] + fields.pairs.map { ($0.key, $0.value) })
  }

  private var belongsToTurn: Bool {
    switch self {
    case .event, .order, .note, .effect: true
    case .started, .application, .output: false
    }
  }

  /// The fields of the line in the journal.
  public func fields() throws -> JSONObject {
    switch self {
    case .started(let plan): JSONObject([("plan", try JSON(encoding: plan))])
    case .event(let event, let at):
      JSONObject([("at", try JSON(encoding: at)), ("event", try JSON(encoding: event))])
    case .order(let order, let at):
      JSONObject([("at", try JSON(encoding: at)), ("order", try JSON(encoding: order))])
    case .application(let state, let at):
      JSONObject([("at", try JSON(encoding: at)), ("application", try JSON(encoding: state))])
    case .output(let output): JSONObject([("output", try JSON(encoding: output))])
    case .note(let note): JSONObject([("note", try JSON(encoding: note))])
    case .effect(let effect): JSONObject([("effect", try JSON(encoding: effect))])
    }
  }

  /// Reads a line back; nil when its type is none of a session's.
  public init?(type: String, fields: JSON) throws {
    switch type {
    case "attempt.started": self = .started(plan: try fields.decode("plan"))
    case "event": self = .event(try fields.decode("event"), at: try fields.decode("at"))
    case "order": self = .order(try fields.decode("order"), at: try fields.decode("at"))
    case "application":
      self = .application(try fields.decode("application"), at: try fields.decode("at"))
    case "output": self = .output(try fields.decode("output"))
    case "note": self = .note(try fields.decode("note"))
    case "effect": self = .effect(try fields.decode("effect"))
    default: return nil
    }
  }
}

extension JSON {
  /// The value of a key, decoded.
  public func decode<Value: Decodable>(
    _ key: String, as type: Value.Type = Value.self
  ) throws -> Value {
    guard let value = self[key] else {
      throw Fault(.recording, "the journal entry has no \"\(key)\"")
    }
    return try value.decoded(as: type)
  }
}
