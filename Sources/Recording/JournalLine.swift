internal import Durations
public import JSONCoding

/// One line of a journal: the envelope that this room knows, and fields that it only carries.
public struct JournalLine: Hashable, Sendable {
  /// Its number, without gaps; the header has 0.
  public let sequence: Int
  /// How long after the run began, in milliseconds.
  public let time: Duration
  /// The case it belongs to; nil for the run itself.
  public let caseID: String?
  /// The attempt it belongs to.
  public let attempt: Int?
  /// What it is; readers keep and ignore what they do not know.
  public let type: String
  /// Everything else.
  public let fields: JSONObject

  /// The keys of the envelope; a field cannot have one of them.
  static let envelope: Set<String> = ["seq", "t", "case", "attempt", "type"]

  /// A line; its time is cut to milliseconds, and fields named as a key of the envelope are left out.
  public init(
    sequence: Int, time: Duration, caseID: String? = nil, attempt: Int? = nil, type: String,
    fields: JSONObject = JSONObject()
  ) {
    self.sequence = sequence
    self.time = .milliseconds(min(max(.zero, time), .seconds(1_000_000_000)).milliseconds)
    self.caseID = caseID
    self.attempt = attempt
    self.type = type
    self.fields = JSONObject(
      fields.pairs.filter { !Self.envelope.contains($0.key) }.map { ($0.key, $0.value) })
  }

  /// The line as JSON, in the order of the format.
  public var json: JSON {
    var object = JSONObject([("seq", .integer(sequence))])
    object["t"] = .number(Double(time.milliseconds) / 1000)
    object["case"] = caseID.map { .string($0) }
    object["attempt"] = attempt.map { .integer($0) }
    object["type"] = .string(type)
    return .object(
      JSONObject(object.pairs.map { ($0.key, $0.value) } + fields.pairs.map { ($0.key, $0.value) }))
  }

  /// A line from JSON; the message says what is wrong with it.
  init(json: JSON) throws(LineError) {
    guard let object = json.object else { throw LineError("it is no JSON object") }
    guard let sequence = json["seq"]?.integer else { throw LineError("it has no number “seq”") }
    guard let type = json["type"]?.string else { throw LineError("it has no text “type”") }
    let seconds = json["t"]?.double ?? 0
    guard (0...1e9).contains(seconds) else { throw LineError("its “t” is no time of a run") }
    self.init(
      sequence: sequence, time: .milliseconds(Int((seconds * 1000).rounded())),
      caseID: json["case"]?.string, attempt: json["attempt"]?.integer, type: type, fields: object)
  }
}

/// Why a line is none of a journal.
struct LineError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
