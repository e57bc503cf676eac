internal import Hands
public import Perception
public import Pixels

/// What is measured on the labelled screens.
public enum CorpusTask: String, CaseIterable, Sendable {
  case word = "words read to the letter"
  case target = "targets by their text"
  case qualified = "targets by text and a key"
  case ambiguous = "ambiguous targets refused"
  case absent = "absent targets not found"
  case field = "fields by label"
  case toggle = "toggles by label, with state"
  case noToggle = "labels without a toggle"
}

/// How often each task was done right, and what went wrong.
public struct CorpusScore: Sendable {
  /// Right ones and all.
  public struct Count: Sendable {
    /// Those that were done right.
    public var right = 0
    /// All of them.
    public var all = 0

    /// The share of right ones; 1 when there was nothing to do.
    public var share: Double { all == 0 ? 1 : Double(right) / Double(all) }
  }

  /// By task.
  public private(set) var counts: [CorpusTask: Count] = [:]
  /// By task and by what the screens show.
  public private(set) var byKind: [String: [CorpusTask: Count]] = [:]
  /// One line for everything that went wrong.
  public private(set) var faults: [(task: CorpusTask, text: String)] = []
  /// Clicks that would have gone to a wrong place.
  public private(set) var wrongClicks = 0
  /// Those of them that chose one of several equal targets.
  public private(set) var ambiguousClicks = 0

  /// A score of nothing.
  public init() {}

  /// How often a task was done right.
  public subscript(task: CorpusTask) -> Count { counts[task] ?? Count() }

  /// Adds another score.
  public mutating func add(_ other: CorpusScore) {
    for (task, count) in other.counts { add(count, task, to: &counts) }
    for (kind, tasks) in other.byKind {
      for (task, count) in tasks { add(count, task, to: &byKind[kind, default: [:]]) }
    }
    faults += other.faults
    wrongClicks += other.wrongClicks
    ambiguousClicks += other.ambiguousClicks
  }

  private func add(_ count: Count, _ task: CorpusTask, to counts: inout [CorpusTask: Count]) {
    counts[task, default: Count()].right += count.right
    counts[task, default: Count()].all += count.all
  }

  /// Does every task of a screen with what was read on it.
  public init(_ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame) {
    words(screen, text)
    for goal in screen.goals { self.goal(goal, screen, text, frame) }
    for wanted in screen.ambiguous { ambiguous(wanted, screen, text, frame) }
    for wanted in screen.absent { absent(wanted, screen, text, frame) }
    for field in screen.fields { self.field(field, screen, text, frame) }
    for toggle in screen.toggles { self.toggle(toggle, screen, text, frame) }
    noToggles(screen, text, frame)
  }

  private mutating func note(
    _ isRight: Bool, _ task: CorpusTask, _ screen: LabelledScreen, _ fault: () -> String
  ) {
    let count = Count(right: isRight ? 1 : 0, all: 1)
    add(count, task, to: &counts)
    add(count, task, to: &byKind[screen.kind, default: [:]])
    if !isRight { faults.append((task, "\(screen.name): \(fault())")) }
  }

  // MARK: - Tasks

  private mutating func words(_ screen: LabelledScreen, _ text: ScreenText) {
    for word in screen.words {
      let there = text.words.filter { word.box.contains(x: $0.box.center.x, y: $0.box.center.y) }
      note(there.contains { $0.text == word.text }, .word, screen) {
        let read = there.map { "“\($0.text)” (\(Int($0.confidence * 100)) %)" }
        return "“\(word.text)” was read as \(read.joined(separator: " ")) at \(word.box)"
      }
    }
  }

  private mutating func goal(
    _ goal: LabelledScreen.Goal, _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let location = Locator.locate(goal.query, in: text, on: frame)
    var isRight = false
    if case .found(let hit) = location {
      isRight = goal.box.contains(hit.box)
      if !isRight { wrongClicks += 1 }
    }
    note(isRight, goal.isQualified ? .qualified : .target, screen) {
      "\(goal.query.shortDescription) at \(goal.box): \(location.shortDescription)"
    }
  }

  private mutating func ambiguous(
    _ wanted: String, _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let location = Locator.locate(TargetQuery(text: wanted), in: text, on: frame)
    if case .found = location {
      wrongClicks += 1
      ambiguousClicks += 1
    }
    var isRefused = false
    if case .ambiguous = location { isRefused = true }
    note(isRefused, .ambiguous, screen) { "“\(wanted)”: \(location.shortDescription)" }
  }

  private mutating func absent(
    _ wanted: String, _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let location = Locator.locate(TargetQuery(text: wanted), in: text, on: frame)
    var isMissing = false
    if case .missing = location { isMissing = true } else { wrongClicks += 1 }
    note(isMissing, .absent, screen) { "“\(wanted)”: \(location.shortDescription)" }
  }

  private mutating func field(
    _ field: LabelledScreen.Place, _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let query = TargetQuery(text: field.text, kind: .field)
    let location = Locator.locate(query, in: text, on: frame)
    guard case .found(let found) = location else {
      return note(false, .field, screen) { "“\(field.text)”: \(location.shortDescription)" }
    }
    let isRight = field.box.contains(found.box)
    if !isRight { wrongClicks += 1 }
    note(isRight, .field, screen) { "“\(field.text)” at \(field.box): \(found.box)" }
  }

  private mutating func toggle(
    _ toggle: LabelledScreen.Switch, _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let query = TargetQuery(text: toggle.label, kind: .checkbox)
    let location = Locator.label(query, in: text, on: frame)
    guard case .found(let label) = location else {
      return note(false, .toggle, screen) { "“\(toggle.label)”: \(location.shortDescription)" }
    }
    let found = ToggleFinder.toggle(for: label.box, in: frame)
    let isThere = found.map { toggle.box.insetBy(-2).contains($0.box) } ?? false
    if found != nil, !isThere { wrongClicks += 1 }
    note(isThere && found?.isOn == toggle.isOn, .toggle, screen) {
      let state = found?.isOn.map { $0 ? "on" : "off" } ?? "unknown"
      return "“\(toggle.label)” at \(toggle.box), \(toggle.isOn ? "on" : "off"): "
        + (found.map { "\($0.box), \(state)" } ?? "none")
    }
  }

  /// Texts that have no toggle must not be given one.
  private mutating func noToggles(
    _ screen: LabelledScreen, _ text: ScreenText, _ frame: Frame
  ) {
    let labels = Set(screen.toggles.map(\.label))
    let others = screen.goals.filter { !$0.isQualified && !labels.contains($0.query.text) }
    for goal in others.prefix(3) {
      guard case .found(let hit) = Locator.locate(goal.query, in: text, on: frame),
        goal.box.contains(hit.box)
      else { continue }
      let found = ToggleFinder.toggle(for: hit.box, in: frame)
      note(found == nil, .noToggle, screen) {
        "“\(goal.query.text)” at \(hit.box): \(found?.box.description ?? "")"
      }
    }
  }
}

extension PixelRect {
  /// Whether the middle of another box is inside this one.
  fileprivate func contains(_ other: PixelRect) -> Bool {
    contains(x: other.center.x, y: other.center.y)
  }
}

extension TargetQuery {
  fileprivate var shortDescription: String {
    let keys =
      [nth.map { "nth \($0)" }, rightOf.map { "right of “\($0)”" }]
      + [below.map { "below “\($0)”" }, near.map { "near “\($0)”" }]
    return "“\(text)” " + keys.compactMap(\.self).joined(separator: " ")
  }
}

extension Location {
  fileprivate var shortDescription: String {
    switch self {
    case .found(let hit): "found “\(hit.text)” at \(hit.box)"
    case .missing(let closest): "missing, closest \(closest)"
    case .anchorMissing(let text, let closest): "no anchor “\(text)”, closest \(closest)"
    case .unfit(let unfit, let hits): "unfit: \(unfit), \(hits.map { "“\($0.text)” \($0.box)" })"
    case .ambiguous(let hits): "ambiguous: \(hits.map { "“\($0.text)” \($0.box)" })"
    }
  }
}
