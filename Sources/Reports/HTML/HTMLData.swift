internal import Durations
internal import Hands
internal import JSONCoding
internal import Pixels
internal import Recording
internal import Scenario
internal import Story

/// What the page is told: a summary of the run, and apart from it the details of each case, which the page
/// reads only when the case is opened.
struct HTMLData {
  /// The most bytes of one text; all of it is in the recording.
  private static let longestText = 20_000

  let redactor: Redactor

  func summary(_ report: RunReport) -> JSON {
    let info = report.info
    return redactor.redact(
      [
        "id": .string(info.id), "version": .string(info.version),
        "verdict": .string(report.verdict.key), "headline": .string(report.headline),
        "counts": .string(report.countWords), "ms": ms(report.duration),
        "facts": facts(report), "rerun": report.rerunCommand.map { .string($0) } ?? .null,
        "notRun": .integer(report.notRun),
        "warnings": .array(report.warnings.map(text)),
        "cases": .array((report.cases + report.neverBegun).map(entry)),
      ])
  }

  private func facts(_ report: RunReport) -> JSON {
    let info = report.info
    let usage = report.usage
    var facts: [(String, String)] = [
      ("Started", info.startedAt.replacing("T", with: " ").replacing("Z", with: " UTC")),
      ("Took", report.duration.elapsed), ("Machine", info.host), ("Model", info.model),
    ]
    if !info.findings.isEmpty { facts.append(("Model tests", words(of: info.findings))) }
    if info.workers > 1 { facts.append(("Workers", "\(info.workers)")) }
    if usage.calls > 0 {
      let tokens = usage.promptTokens.clampedSum(usage.completionTokens)
      let share = usage.promptTokens > 0 ? usage.cachedTokens * 100 / usage.promptTokens : 0
      facts.append(("Model calls", "\(usage.calls) · \(usage.duration.elapsed)"))
      facts.append(("Tokens", "\(tokens)" + (share > 0 ? " · \(share) % from cache" : "")))
    }
    return .array(facts.filter { !$0.1.isEmpty }.map { [.string($0.0), .string($0.1)] })
  }

  /// `6 of 7 hold; speed: 2.1 tokens a second: …`.
  private func words(of findings: [ModelFinding]) -> String {
    let holding = findings.count { $0.outcome == "holds" }
    let others = findings.filter { $0.outcome != "holds" }.map { "\($0.probe): \($0.message)" }
    return (["\(holding) of \(findings.count) hold"] + others).joined(separator: "; ")
  }

  private func entry(_ item: CaseReport) -> JSON {
    [
      "id": .string(item.id), "name": text(item.name), "verdict": .string(item.verdict.key),
      "reason": text(item.ending.reason), "ms": ms(item.duration),
      "file": text(item.location.map { "\($0.file):\($0.line)" } ?? ""),
      "tags": .array(item.tags.map(text)), "attempts": .integer(item.attempts.count),
      "unchecked": .bool(item.isUnchecked), "warnings": .array(item.warnings.map(text)),
    ]
  }

  func detail(_ item: CaseReport) -> JSON {
    var blobs = BlobTable()
    let attempts = item.attempts.map { attempt($0, &blobs) }
    return redactor.redact(
      [
        "description": text(item.description), "command": .string(item.command),
        "properties": .array(item.properties.map { [text($0.name), text($0.value)] }),
        "attempts": .array(attempts), "folder": .string(item.blobFolder),
        "blobs": .array(blobs.names.map { .string($0) }),
      ])
  }

  private func attempt(_ attempt: AttemptReport, _ blobs: inout BlobTable) -> JSON {
    [
      "n": .integer(attempt.number), "verdict": .string(attempt.ending.verdict.key),
      "reason": text(attempt.ending.reason), "ms": ms(attempt.duration),
      "target": text(attempt.target), "type": .string(attempt.failureType),
      "decided": attempt.decidingStep.map { .integer($0.info.index + 1) } ?? .null,
      "steps": .array(attempt.steps.map { step($0, &blobs) }),
      "moments": .array(attempt.moments.map { moment($0, &blobs) }),
      "output": attempt.output.map(output) ?? .null,
    ]
  }

  private func output(_ output: ApplicationOutput) -> JSON {
    [
      "file": text(output.file ?? ""), "end": text(output.end?.words ?? ""),
      "text": text(output.lines.joined(separator: "\n")),
    ]
  }

  private func step(_ step: StepReport, _ blobs: inout BlobTable) -> JSON {
    let info = step.info
    return [
      "n": .integer(info.index + 1), "phase": .string(info.phase.rawValue),
      "groups": .array(info.groups.map(text)), "title": text(info.title),
      "keyword": text(info.keyword), "file": text("\(info.location.file):\(info.location.line)"),
      "verdict": .string(step.ending.verdict.key), "reason": text(step.ending.reason),
      "lane": step.lane.map { .string($0.rawValue) } ?? .null, "at": ms(step.start),
      "ms": ms(step.duration), "moments": .array(step.moments.map { moment($0, &blobs) }),
    ]
  }

  // MARK: - Moments

  private func moment(_ moment: Moment, _ blobs: inout BlobTable) -> JSON {
    let (kind, fields) = describe(moment.kind, &blobs)
    var object = JSONObject([("kind", .string(kind)), ("at", ms(moment.at))])
    for (key, value) in fields { object[key] = value }
    return .object(object)
  }

  private func describe(
    _ kind: Moment.Kind, _ blobs: inout BlobTable
  ) -> (String, [(String, JSON)]) {
    switch kind {
    case .saw(let frame): ("saw", [("frame", blobs.json(frame))])
    case .looked(let search):
      ("looked", describe(search) + [("frame", blobs.json(search.frame))])
    case .asked(let call): ("asked", describe(call))
    case .judged(let call):
      (
        "judged",
        [
          ("text", text(call.statement)), ("votes", .integer(call.votes)),
          ("replies", .array(call.replies.map(reply))),
        ]
      )
    case .action(let action): ("action", describe(action, &blobs))
    case .command(let command): ("command", describe(command))
    case .check(let check): ("check", describe(check, &blobs))
    case .picture(let name, let frame):
      ("picture", [("text", text(name)), ("frame", blobs.json(frame))])
    case .value(let name, let value): ("value", [("name", text(name)), ("text", text(value))])
    case .lane(let lane, let reason):
      ("lane", [("lane", .string(lane.rawValue)), ("text", text(reason))])
    case .said(let words): ("said", [("text", text(words))])
    case .remark(let words): ("remark", [("text", text(words))])
    case .warning(let words): ("warning", [("text", text(words))])
    case .fault(let fault):
      ("fault", [("domain", .string(fault.domain.rawValue)), ("text", text(fault.message))])
    }
  }

  private func describe(_ report: CommandReport) -> [(String, JSON)] {
    [
      ("text", text(report.command.run.description)),
      ("host", text(report.command.place?.rawValue ?? report.command.host ?? "")),
      ("result", text(report.words)), ("thought", text(report.ruling?.thought ?? "")),
      ("cause", text(report.result?.cause(of: report.command)?.words ?? "")),
      ("ruling", text(report.isBegun ? report.ruling?.reason ?? "" : "")),
      ("stdout", text(report.result?.stdout ?? "")),
      ("stderr", text(report.result?.stderr ?? "")),
      ("ms", report.result.map { ms($0.time) } ?? .null),
    ]
  }

  private func describe(_ search: Search) -> [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("target", text(search.target)), ("looks", .integer(search.looks)),
    ]
    switch search.location {
    case .found(let hit):
      fields += [("result", "found"), ("text", text(hit.text)), ("box", hit.box.json)]
    case .missing(let closest, let reason, let nearest):
      fields += [
        ("result", "missing"), ("closest", .array(closest.prefix(10).map(text))),
        ("boxes", .array((nearest ?? []).prefix(50).map(\.box.json))),
      ]
      if let reason { fields.append(("text", text(reason))) }
    case .ambiguous(let hits):
      fields += [
        ("result", "ambiguous"), ("closest", .array(hits.prefix(10).map { text($0.text) })),
        ("boxes", .array(hits.prefix(50).map(\.box.json))),
      ]
    case .unsupported(let reason): fields += [("result", "unsupported"), ("text", text(reason))]
    }
    return fields
  }

  private func describe(_ call: ModelCall) -> [(String, JSON)] {
    [
      ("role", text(call.role)), ("messages", .array(call.messages.map(message))),
      ("reply", call.reply.map(reply) ?? .null),
    ]
  }

  private func message(_ message: Message) -> JSON {
    let parts = message.parts.map { part in
      switch part {
      case .text(let words): words
      case .coordinates(let size): "[how coordinates on \(size) are counted]"
      case .image(let frame): "[picture \(frame.size)]"
      case .detail(_, let region): "[part \(region), enlarged]"
      }
    }
    return [
      "role": .string(message.role.rawValue),
      "text": text(
        (parts + message.calls.map { "\($0.name) \($0.arguments)" }).joined(separator: "\n")),
    ]
  }

  private func reply(_ reply: ModelReply) -> JSON {
    [
      "model": text(reply.model), "text": text(reply.text), "thought": text(reply.reasoning),
      "calls": .array(reply.calls.map { text("\($0.name) \($0.arguments)") }),
      "complete": .bool(reply.isComplete), "ms": ms(reply.duration),
      "prompt": .integer(reply.promptTokens), "cached": .integer(reply.cachedTokens),
      "completion": .integer(reply.completionTokens), "sent": sent(reply.sent),
    ]
  }

  /// What was sent, in a line, and the file that has all of it; null in older recordings.
  private func sent(_ sent: SentRequest?) -> JSON {
    guard let sent else { return .null }
    var words: [String] = []
    if let temperature = sent.temperature { words.append("temperature \(temperature)") }
    if let seed = sent.seed { words.append("seed \(seed)") }
    words.append("at most \(sent.maximumTokens) tokens")
    if sent.picturesLeftOut > 0 { words.append("\(sent.picturesLeftOut) pictures left out") }
    if sent.messagesLeftOut > 0 { words.append("\(sent.messagesLeftOut) messages left out") }
    let file = BlobStore.name(of: sent.blob, kind: .json).map { "recording/blobs/\($0)" }
    return [
      "text": text(words.joined(separator: ", ")), "file": file.map { .string($0) } ?? .null,
      "model": text(sent.modelDigest ?? ""),
    ]
  }

  private func describe(
    _ action: ActionReport, _ blobs: inout BlobTable
  ) -> [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("title", text(action.action.title)), ("thought", text(action.thought)),
      ("before", blobs.json(action.before)), ("after", blobs.json(action.after)),
      ("mark", mark(action)),
    ]
    if let lane = action.lane { fields.append(("lane", .string(lane.rawValue))) }
    if let target = action.target { fields.append(("target", text(target.text))) }
    if let settling = action.settling { fields.append(("settling", text(settling.title))) }
    switch action.status {
    case .done: fields.append(("status", "done"))
    case .started: fields.append(("status", "started"))
    case .proposed: fields.append(("status", "proposed"))
    case .refused(let reason): fields += [("status", "refused"), ("reason", text(reason))]
    }
    return fields
  }

  /// What is drawn on the picture that an action was decided on.
  private func mark(_ action: ActionReport) -> JSON {
    var object = JSONObject()
    object["points"] = .array(action.action.points.map { [.integer($0.x), .integer($0.y)] })
    if let box = action.target?.box { object["box"] = box.json }
    switch action.action {
    case .click(_, _, let count, _, _): object["clicks"] = .integer(count)
    case .scroll(_, let direction, _, _): object["scroll"] = .string(direction.rawValue)
    case .move, .drag, .press, .type: break
    }
    return .object(object)
  }

  private func describe(_ check: CheckReport, _ blobs: inout BlobTable) -> [(String, JSON)] {
    let evidence = check.evidence
    return describe(check.read, of: evidence) + [
      ("expected", text(evidence.expected)), ("measured", text(evidence.measured)),
      ("holds", .bool(evidence.holds)), ("looks", .integer(check.looks)),
      ("regions", .array(evidence.regions.prefix(50).map(\.json))),
      ("frame", blobs.json(evidence.frame)),
    ]
  }

  /// How much was read, and the places that were not; they are drawn at once where they may matter.
  private func describe(_ read: ReadAccount?, of evidence: Evidence) -> [(String, JSON)] {
    guard let read else { return [] }
    let places = read.places.map { place -> JSON in
      let box = place.box
      return [
        .integer(box.x), .integer(box.y), .integer(box.width), .integer(box.height),
        text(place.words),
      ]
    }
    return [
      ("read", text(read.words)), ("unread", .array(places)),
      ("unreadCount", .integer(read.count)),
      ("showsUnread", .bool(evidence.doubt != nil || evidence.isForAbsence == true)),
    ]
  }

  private func text(_ words: String) -> JSON {
    // A secret must go before a text is cut: half of it would not be found any more.
    .string(XMLText.clean(redactor.redact(words)).cutInTheMiddle(to: Self.longestText))
  }

  private func ms(_ duration: Duration) -> JSON { .integer(max(0, duration.milliseconds)) }
}

/// The pictures of a case: each is named once, and referred to by a short number.
private struct BlobTable {
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  /// Number, width and height; null when the picture was not kept.
  mutating func json(_ frame: FrameReference?) -> JSON {
    guard let frame, let name = BlobStore.name(of: frame.blob) else { return .null }
    let number = numbers[name] ?? names.count
    if number == names.count {
      names.append(name)
      numbers[name] = number
    }
    return [.integer(number), .integer(frame.size.width), .integer(frame.size.height)]
  }
}
