internal import Scenario
internal import Story

// Checkboxes and switches: pressed only where their state is known, and seen to be in the other one then.
extension SessionMachine {
  /// A checkbox: what is to be done depends on the state it has.
  mutating func toggleFound(_ hit: Hit, _ isOn: Bool?, _ reason: String?) -> Next {
    guard case .locating(var search) = state,
      case .toggle(let target, let wanted)? = work?.strokes.first
    else { return unexpected("a toggle") }
    if search.pressedToggle != nil { return pressedToggleFound(isOn, wanted, target, search) }
    guard let isOn else {
      return passOn(
        reason ?? "it cannot be told whether \(target) is checked", otherwise: .error)
    }
    if let look = lookSinceEnd(for: .search(search.again)) { return look }
    if isOn == wanted, let stopWords {
      if now < search.deadline { return awaitToggle(search) }
      return endStep(
        Ending(.error, "it cannot be told whether \(target) is checked: \(stopWords)"))
    }
    if isOn == wanted {
      note(.remark(text: "\(target) is \(wanted ? "checked" : "not checked") already"))
      return strokeDone()
    }
    search.found.append(hit)
    return advance(search)
  }

  // MARK: - After the press

  /// Looks at a toggle that was just pressed; nil where none was, or it is not known by what it says.
  mutating func lookAtToggle(after settling: Settling?) -> Next? {
    guard plan.rules > .eighth, work?.talk == nil,
      case .toggle(let target, _)? = work?.strokes.first,
      target.isSeen
    else { return nil }
    var search = Search(deadline: now + patience)
    search.pressedToggle = settling == .noEffect ? .withoutEffect : .withEffect
    return look(for: .search(search))
  }

  private mutating func pressedToggleFound(
    _ isOn: Bool?, _ wanted: Bool, _ target: Target, _ search: Search
  ) -> Next {
    guard let isOn else {
      return pressedToggleUnclear("it cannot be told whether \(target) is checked", search)
    }
    if isOn == wanted { return strokeDone() }
    if now < search.deadline { return awaitToggle(search) }
    return endStep(
      Ending(
        .failed,
        "\(target) was pressed, and is \(wanted ? "still not" : "still") checked: "
          + (stopWords ?? "it may be disabled or covered, or the application may hang")))
  }

  /// What is pressed may take itself away, as an entry of a list that is done.
  mutating func pressedToggleLocated(_ location: Location, _ search: Search) -> Next {
    switch location {
    case .missing where search.pressedToggle == .withEffect:
      note(.remark(text: "what was pressed is not there any more"))
      return strokeDone()
    case .missing: return pressedToggleUnclear("what was pressed is not found any more", search)
    case .ambiguous:
      return pressedToggleUnclear("what was pressed is there several times now", search)
    case .unsupported(let reason): return pressedToggleUnclear(reason, search)
    case .found: return unexpected("a checkbox without its state")
    }
  }

  /// That something changed is all that is known where the state cannot be told.
  private mutating func pressedToggleUnclear(_ reason: String, _ search: Search) -> Next {
    if now < search.deadline { return awaitToggle(search) }
    guard search.pressedToggle == .withEffect else {
      return endStep(
        Ending(.error, "\(reason), and nothing on the screen changed when it was pressed"))
    }
    note(.warning(text: "\(reason) since it was pressed"))
    return strokeDone()
  }

  private mutating func awaitToggle(_ search: Search) -> Next {
    state = .waiting(.search(search.again))
    return .want(.awaitChange(upTo: min(search.deadline - now, Self.pollLimit)))
  }
}
