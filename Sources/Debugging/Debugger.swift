public import Recording
internal import Scenario
public import Story
internal import Durations
internal import Policy

/// Decides what a line of a person's means for the attempt that is held, and tells where that is.
///
/// A value: it does nothing by itself. Who has it gives the orders, looks at pictures and reads files.
public struct Debugger: Sendable {
  /// What is to be done about a line.
  public enum Reaction: Sendable {
    /// Words for the person.
    case say(String)
    /// An order for the attempt.
    case order(Order)
    /// Show the last picture.
    case screen
    /// Say what is seen on the last picture.
    case look
    /// Say where a text is on the last picture.
    case find(String)
    /// Read this as a step, and do it first.
    case type(String)
    /// Read this as a step, or let the person write one, and put it in the place of the one that is held.
    case edit(String?)
    /// End the case.
    case quit
  }

  /// Where the attempt is.
  public private(set) var view = DebugView()
  private var stops: Set<Int> = []
  private var onceStops: Set<Int> = []
  private var last = ""
  private let firstStops: [String]
  private let stopsAtStart: Bool
  private let stopsOnFailure: Bool

  /// A debugger.
  ///
  /// - Parameters:
  ///   - stopsAtStart: whether it holds before the first step.
  ///   - stopsOnFailure: whether it holds where a step is about to fail.
  ///   - lines: lines of the scenario to stop at, as `LINE` or `FILE:LINE`.
  public init(stopsAtStart: Bool, stopsOnFailure: Bool, lines: [String] = []) {
    self.stopsAtStart = stopsAtStart
    self.stopsOnFailure = stopsOnFailure
    firstStops = lines
  }

  /// What is ordered at the beginning of each attempt of a case.
  public mutating func firstOrders(for steps: [StepInfo]) -> [Order] {
    for line in firstStops {
      if let index = Self.index(of: line, in: steps) { stops.insert(index) }
    }
    if stopsAtStart, let first = steps.first { onceStops.insert(first.index) }
    return (stops.isEmpty && onceStops.isEmpty ? [] : [stopOrder])
      + (stopsOnFailure ? [.holdOnFailure(true)] : [])
  }

  private var stopOrder: Order { .holdBefore(steps: (stops.union(onceStops)).sorted()) }

  /// Takes in the next line of the journal; whether the attempt came to be held by it.
  public mutating func add(_ line: JournalLine) -> Bool {
    let wasHeld = view.isHeld
    view.add(line)
    return view.isHeld && (!wasHeld || line.type == "effect")
  }

  // MARK: - Commands

  /// What a line means; an empty one is the last again.
  public mutating func take(_ line: String) -> [Reaction] {
    let given = line.trimmed
    let text = given.isEmpty ? last : given
    guard !text.isEmpty else { return [] }
    last = text
    if let command = DebugCommand(text) { return obey(command) }
    if text.contains(":") || text.hasPrefix("-") { return [.type(text)] }
    return [.say("“\(text)” is no word of the debugger and no step; help lists them")]
  }

  private mutating func obey(_ command: DebugCommand) -> [Reaction] {
    let rest = command.rest
    switch command.word {
    case .next: return [.order(.goOn(until: .step))]
    case .step: return [.order(.goOn(until: .action))]
    case .continue: return [.order(.goOn(until: nil))]
    case .until: return stop(at: rest, once: true) + [.order(.goOn(until: nil))]
    case .break: return stop(at: rest, once: false)
    case .tbreak: return stop(at: rest, once: true)
    case .delete: return delete(rest)
    case .list: return [.say(list)]
    case .where: return [.say(place)]
    case .why: return [.say(why)]
    case .print: return [.say(rest.isEmpty ? overview : value(of: rest))]
    case .screen: return [.screen]
    case .look: return [.look]
    case .find: return rest.isEmpty ? [.say("find what? find TEXT")] : [.find(rest)]
    case .edit: return [.edit(rest.isEmpty ? nil : rest)]
    case .retry: return [.order(.retry)]
    case .skip: return [.order(.skip)]
    case .set: return set(rest)
    case .back: return back(rest)
    case .help: return [.say(DebugCommand.help)]
    case .quit: return [.quit]
    }
  }

  private mutating func stop(at text: String, once: Bool) -> [Reaction] {
    guard let index = Self.index(of: text, in: view.entries.map(\.info)) else {
      return [.say("there is no step on line “\(text)”; list shows them")]
    }
    if once { onceStops.insert(index) } else { stops.insert(index) }
    let title = view.entries.first { $0.info.index == index }?.info.title ?? ""
    return [.say("stops before \(title)"), .order(stopOrder)]
  }

  private mutating func delete(_ text: String) -> [Reaction] {
    guard !text.isEmpty else {
      stops = []
      onceStops = []
      return [.say("no stops"), .order(stopOrder)]
    }
    guard let index = Self.index(of: text, in: view.entries.map(\.info)),
      stops.remove(index) != nil || onceStops.remove(index) != nil
    else { return [.say("there is no stop on line “\(text)”")] }
    return [.say("forgotten"), .order(stopOrder)]
  }

  /// Forgets the stop that was just come to, if it was meant once.
  public mutating func arrive() -> [Order] {
    guard !view.hasBegun, let current = view.current,
      onceStops.remove(current.info.index) != nil
    else { return [] }
    return [stopOrder]
  }

  private func set(_ rest: String) -> [Reaction] {
    let parts = rest.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return [.say("set what? set NAME VALUE")] }
    return [.order(.setResult(name: String(parts[0]), value: String(parts[1])))]
  }

  private func back(_ rest: String) -> [Reaction] {
    guard let number = Int(rest), view.entries.indices.contains(number - 1) else {
      return [.say("back to which step? back N; list shows them")]
    }
    return [
      .say("the target stays as it is now"),
      .order(.rewind(to: view.entries[number - 1].info.index)),
    ]
  }

  /// The step on a line, or the first behind it in that file.
  public static func index(of text: String, in steps: [StepInfo]) -> Int? {
    let parts = text.split(separator: ":")
    guard let line = parts.last.flatMap({ Int($0) }) else { return nil }
    let file = parts.count > 1 ? parts.dropLast().joined(separator: ":") : nil
    let here = steps.filter { info in
      guard let file else { return info.location.file == steps.first?.location.file }
      return info.location.file == file || info.location.file.hasSuffix("/\(file)")
    }
    return
      (here.first { $0.location.line == line }
      ?? here.filter { $0.location.line > line }.min { $0.location.line < $1.location.line })?.index
  }

  // MARK: - Words

  /// What is told when it is held.
  public var arrival: String {
    guard let current = view.current else { return "held behind the last step" }
    let what = "\(number(of: view.place)) \(current.info.title)"
    guard view.hasBegun else { return "before \(what)" }
    if case .remark(let text)? = view.notes.last, text.hasPrefix("held, ") {
      return "in \(what)\n\(text)"
    }
    return "in \(what)" + (view.wanted.map { ", before: \($0.words)" } ?? "")
  }

  private func number(of place: Int) -> String { "step \(place + 1) of \(view.entries.count):" }

  private var list: String {
    let around = max(0, view.place - 5)..<min(view.entries.count, view.place + 8)
    return around.map { place in
      let entry = view.entries[place]
      let mark = place == view.place ? "→" : " "
      let stop =
        stops.contains(entry.info.index) ? "●" : onceStops.contains(entry.info.index) ? "○" : " "
      let ending = entry.ending.map { "  \($0.verdict.rawValue)" } ?? ""
      let line = "\(entry.info.location.file):\(entry.info.location.line)"
      return "\(mark)\(stop) \(place + 1)  \(line)  \(entry.info.title)\(ending)"
    }.joined(separator: "\n")
  }

  private var place: String {
    guard let testCase = view.testCase else { return "no case has begun" }
    var lines = ["\(testCase.name), attempt \(view.attempt), after \(view.time.brief)", arrival]
    if let current = view.current {
      lines.append(
        "\(current.info.location.file):\(current.info.location.line), \(current.info.phase.rawValue)"
      )
      if !current.info.groups.isEmpty {
        lines.append("in " + current.info.groups.joined(separator: " › "))
      }
    }
    return lines.joined(separator: "\n")
  }

  private var why: String {
    let lines = view.notes.map(\.words)
    return lines.isEmpty ? "nothing was done for this step yet" : lines.joined(separator: "\n")
  }

  private var overview: String {
    var lines = ["actions \(view.actions), model calls \(view.modelCalls), \(view.time.brief)"]
    lines += view.values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
    if !view.prompt.isEmpty { lines.append("the model was told: \(view.prompt.words)") }
    if let reply = view.reply {
      let calls = reply.calls.map { "\($0.name)(\($0.arguments))" }.joined(separator: ", ")
      lines.append("it answered: \(reply.text) \(calls)")
    }
    return lines.joined(separator: "\n")
  }

  private func value(of name: String) -> String {
    guard let value = view.values[name] else {
      let known = view.values.keys.sorted().joined(separator: ", ")
      return "there is no value named “\(name)”" + (known.isEmpty ? "" : "; there are: \(known)")
    }
    return "\(name) = \(value)"
  }
}

extension [Message] {
  fileprivate var words: String {
    flatMap(\.parts).compactMap { if case .text(let text) = $0 { text } else { nil } }
      .joined(separator: " ")
  }
}

extension Effect {
  /// What is about to be done, in words.
  var words: String {
    switch self {
    case .act(let action): action.title
    case .run(let command): "run `\(command.run)`"
    case .locate(let target, _): "look for \(target)"
    case .observe: "look at the screen"
    case .examine, .readPast: "read the check"
    case .think: "ask the model"
    case .judge(let statement, _, _, _): "ask the judge: \(statement)"
    case .read(let what, _, _): "read \(what)"
    case .pause(let time): "wait \(time.brief)"
    case .awaitChange: "wait for a change"
    case .settle: "wait for quiet"
    case .compare: "compare the place"
    case .readField, .seeField: "read the field"
    case .keepPicture(let name): "keep the picture “\(name)”"
    case .authorise(let action): "ask for permission: \(action.title)"
    case .permit(let command, _): "ask for permission: `\(command.run)`"
    case .interpret(let line, _): "read “\(line)”"
    case .prepare: "start the target"
    case .recover: "connect again"
    case .hold: "hold"
    case .finish: "end"
    }
  }
}

extension Note {
  /// The note in a line.
  var words: String {
    switch self {
    case .stepStarted(let info): "began: \(info.title)"
    case .stepFinished(_, let ending, _): "ended: \(ending.verdict.rawValue) \(ending.reason)"
    case .laneTaken(let lane, let reason):
      "lane: \(lane.rawValue)" + (reason.isEmpty ? "" : ", because \(reason)")
    case .proposed(let proposal):
      "wants: \(proposal.action.title)"
        + (proposal.target.map { " on “\($0.text)” at \($0.box)" } ?? "")
        + (proposal.thought.isEmpty ? "" : " (\(proposal.thought))")
    case .rejected(let reason): "refused: \(reason)"
    case .ruled(let ruling): "\(ruling.decision.rawValue): `\(ruling.command)`: \(ruling.reason)"
    case .checked(let evidence):
      "check: \(evidence.expected): " + (evidence.holds ? "holds" : "does not hold")
        + "; \(evidence.measured)" + (evidence.doubt.map { " (\($0))" } ?? "")
    case .said(let text): "the model said: \(text)"
    case .valueRead(let name, let value): "\(name) = \(value)"
    case .remark(let text): text
    case .warning(let text): "warning: \(text)"
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
