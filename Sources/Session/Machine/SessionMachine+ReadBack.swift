internal import Hands
internal import Pixels
internal import Scenario
internal import Story

// What was typed is looked for in the field that it was typed into.
extension SessionMachine {
  /// So long a field may take to show a text, before it is said that it does not.
  static let readBackPatience: Duration = .milliseconds(500)

  /// Keeps track of the field that has the focus, and of the text that went there.
  mutating func followFocus(_ action: Action) {
    work?.field.typed = nil
    switch action {
    case .click(let point, .left, _, let modifiers, _):
      work?.field.focus = modifiers.isEmpty ? point : nil
    case .type(let typed, let clear, let enter, _):
      let text = work?.field.wholeText ?? typed
      // Return sends a form away, and a tab leaves the field: what is there then is another thing.
      guard !enter, text.isOneLine else {
        work?.field.focus = nil
        return
      }
      guard plan.readsBack, !text.isEmpty, let point = work?.field.focus else { return }
      let deadline = now + Self.readBackPatience
      if work?.strokes.dropFirst().contains(where: \.isType) == true { return }
      let isEmptied = work?.field.isEmptied == true || hasLeftValue
      let arrivalDeadline = now + patience
      work?.field.typed = TypedText(
        text: text, point: point, isWhole: clear || isEmptied, deadline: deadline,
        arrivalDeadline: arrivalDeadline)
    case .press(let chords, _):
      if !chords.allSatisfy(\.staysInField) { work?.field.focus = nil }
    case .move, .scroll: break
    case .click, .drag: work?.field.focus = nil
    }
  }

  /// Goes on after an action of the hands: the field is read first, if something was typed into one, and a toggle that
  /// was pressed is looked at.
  mutating func afterStroke(_ settling: Settling? = nil) -> Next {
    if isGone {
      work?.field.clearing = nil
      return strokeDone()
    }
    if let look = lookAtToggle(after: settling) { return look }
    if work?.field.clearing != nil { return look(for: .field) }
    guard work?.field.typed != nil else { return strokeDone() }
    if case .show? = work?.strokes.dropFirst().first { return strokeDone() }
    return look(for: .field)
  }

  /// The step is not done before the field shows the text.
  mutating func beginShow(_ text: Template) -> Next {
    if isGone { return endStep(Ending(.error, "the field cannot be read: \(endWords)")) }
    guard work?.field.typed?.text == text else {
      let reason = "a text of one line that is typed into a field can be read there, and no other"
      return endStep(Ending(.error, "it cannot be told what the field shows: \(reason)"))
    }
    let deadline = now + patience
    work?.field.typed?.isRequired = true
    work?.field.typed?.deadline = deadline
    return look(for: .field)
  }

  /// Reads the field on the picture that was just taken.
  mutating func readBack() -> Next {
    if work?.field.clearing != nil { return readCleared() }
    guard let typed = work?.field.typed else { return unexpected("a field") }
    state = .readingBack
    return .want(.readField(at: typed.point, text: typed.text, isWhole: typed.isWhole))
  }

  mutating func fieldRead(_ reading: FieldReading, _ sight: FieldSight?) -> Next {
    guard case .readingBack = state else { return unexpected("a reading of a field") }
    if work?.field.clearing != nil { return clearedRead(reading, sight) }
    guard let typed = work?.field.typed else { return unexpected("a reading of a field") }
    if work?.talk != nil { return tellModel(reading, sight) }
    if let sight, !hasArrived(typed, sight) { return notArrived(typed, sight) }
    let isSure = typed.isRequired || hasLeftValue
    let unproved = unproved(reading, typed)
    let deadline = unproved == nil ? typed.deadline : max(typed.deadline, typed.arrivalDeadline)
    if now < deadline, isSure ? reading != .matches : reading.isDifference || unproved != nil {
      state = .waiting(.field)
      return .want(.awaitChange(upTo: min(deadline - now, Self.pollLimit)))
    }
    work?.field.typed = nil
    if unproved == nil { note(reading, typed) }
    if let wrong = wrongDate(reading, typed) ?? uncleared(reading, typed) ?? unproved {
      return endStep(wrong)
    }
    if typed.isRequired, reading != .matches { return endStep(ending(of: reading)) }
    return strokeDone()
  }

  /// Says what was read, where that does not end the step.
  private mutating func note(_ reading: FieldReading, _ typed: TypedText) {
    switch reading {
    case .matches: note(.remark(text: reading.title))
    case .differs(let shown):
      if typed.isRequired { return }
      if let shown, plan.rules > .seventh, isEquivalent(shown, to: typed) {
        note(.remark(text: "the field shows “\(shown)”, which is the same value"))
      } else {
        note(.warning(text: reading.title))
      }
    case .unknown: break
    }
  }

  /// A field that was read and does not show the text fails the step; one that cannot be read says nothing.
  private func ending(of reading: FieldReading) -> Ending {
    switch reading {
    case .matches: .passed
    case .unknown(_, .some) where plan.rules > .seventh: Ending(.error, reading.title)
    case .differs, .unknown(_, .some): Ending(.failed, reading.title)
    case .unknown(_, nil): Ending(.error, reading.title)
    }
  }

  /// Tells the model with the next picture; it is its business to put right what is wrong.
  private mutating func tellModel(_ reading: FieldReading, _ sight: FieldSight?) -> Next {
    let typed = work?.field.typed
    work?.field.typed = nil
    if plan.provesTyping, sight?.change == .same {
      work?.talk?.opening += " Nothing on the screen changed when that was typed."
    }
    switch reading {
    case .differs(let shown?)
    where plan.rules > .seventh && typed.map { isEquivalent(shown, to: $0) } == true:
      break
    case .matches, .differs:
      note(.remark(text: reading.title))
      work?.talk?.opening += " Read off the screen: \(reading.title.clipped(200))."
    case .unknown: break
    }
    return goOnWithModel()
  }
}

extension FieldReading {
  fileprivate var isDifference: Bool { if case .differs = self { true } else { false } }
}

extension Template {
  /// Whether its text stays in a field of one line; what a secret holds is not known here.
  var isOneLine: Bool {
    segments.allSatisfy { segment in
      guard case .literal(let text) = segment else { return true }
      return text.unicodeScalars.allSatisfy { $0.value >= 0x20 }
    }
  }
}

extension KeyChord {
  /// Whether the focus is where it was afterwards: keys that edit a line.
  fileprivate var staysInField: Bool {
    switch keys {
    case ["ctrl", "a"], ["backspace"], ["delete"], ["home"], ["end"], ["ctrl", "backspace"],
      ["left"], ["right"], ["ctrl", "left"], ["ctrl", "right"], ["shift", "end"], ["ctrl", "home"],
      ["ctrl", "shift", "end"]:
      true
    default: false
    }
  }
}
