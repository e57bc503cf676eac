internal import Durations
internal import JSONCoding
internal import Policy
internal import Scenario
internal import Story

/// Says what the log of commands on hosts gets of an attempt: a record before and one after each command.
struct Auditor {
  /// Whose command it is.
  private enum Asker: String { case scenario, model }

  private var asker = Asker.scenario
  private var running: SSHCommand?
  private var asked: [(leaf: Int, check: Check.SSHCheck)] = []

  /// The records of what happened, or is about to.
  mutating func records(of entry: JournalEntry) -> [JSONObject] {
    switch entry {
    case .note(.stepStarted):
      asker = .scenario
      return []
    case .note(.ruled(let ruling)):
      asker = .model
      return [Self.record(of: ruling)]
    case .effect(.run(let command)):
      guard command.file == nil else { return [] }
      running = command
      return [record("begun", command)]
    case .effect(.examine(let leaves, _)):
      asked = leaves.enumerated().compactMap { index, leaf in
        if case .ssh(let check) = leaf { (index, check) } else { nil }
      }
      return asked.map { record("begun", $0.check.run, isCheck: true) }
    case .event(let event, _): return ended(by: event)
    case .started, .order, .application, .output, .note, .effect: return []
    }
  }

  private mutating func ended(by event: SessionEvent) -> [JSONObject] {
    defer {
      running = nil
      asked = []
    }
    if let running {
      var fields = record("ended", running)
      if case .ran(let result) = event {
        fields["how"] = .string(result.ending.words)
        fields["ms_taken"] = .integer(result.time.milliseconds)
        fields["bytes"] = .integer(
          result.stdout.utf8.count + result.stderr.utf8.count + result.dropped)
      } else {
        fields["how"] = "it is not known whether it was done"
      }
      return [fields]
    }
    let readings: [LeafReading] = if case .examined(let readings) = event { readings } else { [] }
    return asked.map { leaf, check in
      var fields = record("ended", check.run, isCheck: true)
      let reading = readings.indices.contains(leaf) ? readings[leaf] : nil
      fields["how"] = .string(reading?.doubt ?? reading?.measured ?? "it is not known")
      return fields
    }
  }

  private func record(_ kind: String, _ command: SSHCommand, isCheck: Bool = false) -> JSONObject {
    var fields = JSONObject([
      ("kind", .string(kind)), ("for", .string(isCheck ? "check" : asker.rawValue)),
      ("command", .string("\(command.run)")),
    ])
    if let host = command.host { fields["host"] = .string(host) }
    if let place = command.place { fields["place"] = .string(place.rawValue) }
    return fields
  }

  private static func record(of ruling: CommandRuling) -> JSONObject {
    var fields = JSONObject([
      ("kind", "ruled"), ("for", .string(Asker.model.rawValue)),
      ("command", .string(ruling.command)), ("decision", .string(ruling.decision.rawValue)),
      ("reason", .string(ruling.reason)),
    ])
    if let host = ruling.host { fields["host"] = .string(host) }
    if let rule = ruling.rule { fields["rule"] = .string(rule) }
    return fields
  }
}
