internal import Durations
internal import Pixels
internal import Recording
internal import Scenario
internal import Story

/// Something that happened, as `show` tells it: what it is, and what is known of it.
public struct ShownMoment: Hashable, Sendable {
  /// How long after the start of the attempt.
  public var at: Duration
  /// What happened, in a word such as `saw` or `action`.
  public var kind: String
  /// What is known of it.
  public var facts: [ShownFact]
}

/// Tells moments.
struct MomentTeller {
  let vouching: Vouching
  /// The folder of the kept pictures.
  let blobs: String

  func tell(_ moment: Moment) -> ShownMoment {
    let (kind, facts) = describe(moment.kind)
    return ShownMoment(at: moment.at, kind: kind, facts: facts.compactMap(\.self))
  }

  private func describe(_ kind: Moment.Kind) -> (String, [ShownFact?]) {
    switch kind {
    case .saw(let frame): ("saw", [picture(frame)])
    case .looked(let search): ("looked", facts(search))
    case .asked(let call): ("asked", facts(call))
    case .judged(let call):
      (
        "judged",
        [
          ShownFact("statement", own(call.statement)), ShownFact("votes", .number(call.votes)),
          ShownFact("replies", call.replies.map(\.text).joined(separator: "\n"), from: .model),
        ]
      )
    case .action(let action): ("action", facts(action))
    case .command(let command): ("command", facts(command))
    case .check(let check): ("check", facts(check))
    case .picture(let name, let frame):
      ("picture", [ShownFact("name", own(name)), picture(frame)])
    case .value(let name, let value):
      ("value", [ShownFact("name", own(name)), ShownFact("text", value, from: .mixed)])
    case .lane(let lane, let reason):
      (
        "lane", [ShownFact("lane", own: lane.rawValue), ShownFact("reason", reason, from: .mixed)]
      )
    case .said(let words): ("said", [ShownFact("text", words, from: .model)])
    case .remark(let words): ("remark", [ShownFact("text", words, from: .mixed)])
    case .warning(let words): ("warning", [ShownFact("text", words, from: .mixed)])
    case .fault(let fault): ("fault", ShownEnding(vouching: vouching).facts(fault))
    }
  }

  private func own(_ text: String) -> ShownFact.Value { .text(vouching.own(text)) }

  /// The picture by its path; nil where it was not kept.
  private func picture(_ frame: FrameReference?, _ name: String = "picture") -> ShownFact? {
    frame.flatMap { BlobStore.name(of: $0.blob) }
      .map { ShownFact(name, .picture("\(blobs)/\($0)")) }
  }

  private func facts(_ search: Search) -> [ShownFact?] {
    let (result, rest): (String, [ShownFact?]) =
      switch search.location {
      case .found(let hit):
        (
          "found",
          [ShownFact("boxes", .boxes([hit.box])), ShownFact("text", hit.text, from: .screen)]
        )
      case .missing(let closest, let reason, let nearest):
        (
          "missing",
          [
            ShownFact("boxes", .boxes((nearest ?? []).prefix(50).map(\.box))),
            ShownFact("message", reason ?? "", from: .mixed),
            ShownFact("closest", closest.joined(separator: "\n"), from: .screen),
          ]
        )
      case .ambiguous(let hits):
        (
          "ambiguous",
          [
            ShownFact("boxes", .boxes(hits.prefix(50).map(\.box))),
            ShownFact("closest", hits.map(\.text).joined(separator: "\n"), from: .screen),
          ]
        )
      case .unsupported(let reason):
        ("unsupported", [ShownFact("message", reason, from: .mixed)])
      }
    return [
      ShownFact("target", own(search.target)), ShownFact("result", own: result),
      ShownFact("looks", .number(search.looks)), picture(search.frame),
    ] + rest
  }

  private func facts(_ call: ModelCall) -> [ShownFact?] {
    let told = call.messages.flatMap(\.parts).compactMap { part in
      if case .text(let words) = part { words } else { nil }
    }
    return [
      ShownFact("role", own: call.role), ShownFact("answered", .flag(call.reply != nil)),
      // What a model is told has what stands on the screen and what commands wrote.
      ShownFact("told", told.joined(separator: "\n"), from: .mixed),
    ] + (call.reply.map(facts) ?? [])
  }

  private func facts(_ reply: ModelReply) -> [ShownFact?] {
    let calls = reply.calls.map { "\($0.name) \($0.arguments)" }
    return [
      ShownFact("prompt tokens", .number(reply.promptTokens)),
      ShownFact("completion tokens", .number(reply.completionTokens)),
      ShownFact("model", reply.model, from: .model),
      ShownFact("reasoning", reply.reasoning, from: .model),
      ShownFact("reply", reply.text, from: .model),
      ShownFact("calls", calls.joined(separator: "\n"), from: .model),
    ]
  }

  private func facts(_ report: ActionReport) -> [ShownFact?] {
    var facts: [ShownFact?] = words(of: report)
    facts.append(report.lane.map { ShownFact("lane", own: $0.rawValue) })
    switch report.status {
    case .done: facts.append(ShownFact("status", own: "done"))
    case .started: facts.append(ShownFact("status", own: "started"))
    case .proposed: facts.append(ShownFact("status", own: "proposed"))
    case .refused(let reason):
      facts += [
        ShownFact("status", own: "refused"), ShownFact("reason", reason, from: .mixed),
      ]
    }
    facts.append(report.settling.map { ShownFact("settled", own: $0.title) })
    facts.append(report.target.map { ShownFact("boxes", .boxes([$0.box])) })
    facts += [picture(report.before, "before"), picture(report.after, "after")]
    facts.append(report.target.flatMap { ShownFact("target", $0.text, from: .screen) })
    facts.append(
      ShownFact("thought", report.thought, from: report.lane == .model ? .model : .mixed))
    return facts
  }

  /// What was done: the text that a model types is the model's.
  private func words(of report: ActionReport) -> [ShownFact?] {
    guard report.lane == .model, case .type(let text, _, _, _) = report.action else {
      return [ShownFact("title", own(report.action.title))]
    }
    return [
      ShownFact("title", own: "type \(text.description.count) characters"),
      ShownFact("text", text.description, from: .model),
    ]
  }

  private func facts(_ report: CommandReport) -> [ShownFact?] {
    let command = report.command.run.description
    let isModels = report.ruling != nil
    return [
      isModels ? nil : ShownFact("command", own(command)),
      isModels ? nil : report.command.host.map { ShownFact("host", own($0)) },
      ShownFact("begun", .flag(report.isBegun)),
      report.result.flatMap(\.status).map { ShownFact("exit", .number($0)) },
      isModels ? ShownFact("command", command, from: .model) : nil,
      isModels ? ShownFact("host", report.command.host ?? "", from: .model) : nil,
      ShownFact("thought", report.ruling?.thought ?? "", from: .model),
      ShownFact("ruling", report.ruling?.reason ?? "", from: .mixed),
      // The name of a signal is the host's.
      ShownFact("result", report.words, from: isModels ? .mixed : .host),
      ShownFact("stdout", report.result?.stdout ?? "", from: .host),
      ShownFact("stderr", report.result?.stderr ?? "", from: .host),
    ]
  }

  private func facts(_ check: CheckReport) -> [ShownFact?] {
    let evidence = check.evidence
    return [
      ShownFact("expected", own(evidence.expected)), ShownFact("holds", .flag(evidence.holds)),
      ShownFact("in doubt", .flag(evidence.doubt != nil)),
      ShownFact("looks", .number(check.looks)),
      ShownFact("boxes", .boxes(Array(evidence.regions.prefix(50)))), picture(evidence.frame),
      ShownFact("measured", evidence.measured, from: .mixed),
      ShownFact("doubt", evidence.doubt ?? "", from: .mixed),
    ]
  }
}
