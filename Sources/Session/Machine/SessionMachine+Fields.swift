internal import Pixels
internal import Scenario
internal import Story

// What is proved of the field that a text goes into: that it is there, that it is empty when it was cleared, that
// what was typed arrives.
extension SessionMachine {
  /// So long a field may take to be empty before another way to empty it is tried.
  static let clearPatience: Duration = .milliseconds(300)

  /// Whether the step has clicked a field to type into it, and sees after that field itself.
  var provesField: Bool {
    plan.provesTyping && work?.talk == nil && work?.field.into != nil && work?.field.focus != nil
  }

  // MARK: - Before

  /// Looks at the field before the first stroke that changes it; nil where that is not to be done.
  mutating func seeField(before stroke: Stroke, _ search: Search) -> Next? {
    guard stroke.goesIntoField, provesField, work?.field.into?.isSeen == false,
      let point = work?.field.focus
    else { return nil }
    state = .seeingField(search)
    return .want(.seeField(at: point))
  }

  mutating func fieldSeen(_ sight: FieldSight) -> Next {
    guard case .seeingField(let search) = state, let stroke = work?.strokes.first,
      let into = work?.field.into
    else { return unexpected("a sight of a field") }
    if sight.change == .gone { return fieldLost(into, search) }
    work?.field.into?.isSeen = true
    if sight.isTouched { work?.field.into?.isTouched = true }
    switch into.parts {
    case .unasked:
      guard sight.isField, sight.hasInk, typedDate != nil else { break }
      // The keys go to the first part of a date, which is then seen to be picked out.
      work?.field.into?.parts = .asked(wasPicked: sight.isSegmented)
      work?.field.into?.isSeen = false
      let keys = Stroke.chords(DateText.keysToStart)
      work?.strokes.insert(keys, at: 0)
      return propose(keys, search)
    case .asked(let wasPicked):
      if let wait = awaitParts(sight, search) { return wait }
      return partsSeen(sight.isSegmented, wasPicked, search)
    case .whole, .byPart: break
    }
    return propose(stroke, search)
  }

  /// The field is not where it was clicked: it is looked for again, for it may have moved when the click came.
  private mutating func fieldLost(_ into: IntoField, _ search: Search) -> Next {
    guard seenAt < search.deadline else {
      return endStep(
        Ending(
          .failed,
          "\(into.target) is gone, or something else covers it, since it was clicked; nothing was typed"
        ))
    }
    var search = search
    search.found = []
    if case .at = into.target.kind {
      state = .waiting(.search(search))
      return awaitField(until: search.deadline)
    }
    search.isForLostField = true
    state = .locating(search)
    return .want(.locate(target: into.target, role: .field))
  }

  /// Goes on in the field where it is now, if it is the same one.
  mutating func lostFieldLocated(_ location: Location, _ search: Search) -> Next {
    guard let stroke = work?.strokes.first, let screen else { return unexpected("a location") }
    var search = search
    search.isForLostField = false
    if case .found(let hit) = location, let point = screen.center(of: hit.box),
      let old = work?.field.into?.box, abs(hit.box.height - old.height) <= 8,
      abs(hit.box.width - old.width) <= old.width / 4, hit.box != old
    {
      work?.field.focus = point
      work?.field.into?.isSeen = true
      return propose(stroke, search)
    }
    state = .waiting(.search(search))
    return awaitField(until: search.deadline)
  }

  /// Waits for a change: what is said of a field at a deadline is said of a picture that was taken then, for reading
  /// one may take longer than that.
  private func awaitField(until deadline: Duration) -> Next {
    .want(.awaitChange(upTo: max(.zero, min(deadline - now, Self.pollLimit))))
  }

  // MARK: - Dates

  /// The date or time that this step types into its field.
  private var typedDate: DateText? {
    for case .type(let text, _, _, _) in work?.strokes ?? [] { return DateText(text) }
    return nil
  }

  /// So long a field may take to show that a part of it is picked out, or a text cursor that moved.
  private static let partsPatience: Duration = .seconds(1)

  /// Waits where the field shows nothing of the keys yet, for what it takes a date by is not known then; nil where it
  /// does.
  private mutating func awaitParts(_ sight: FieldSight, _ search: Search) -> Next? {
    guard plan.rules > .third, sight.isField, !sight.isSegmented, !sight.isTouched else {
      return nil
    }
    let limit = work?.field.into?.partsLimit ?? now + Self.partsPatience
    work?.field.into?.partsLimit = limit
    guard seenAt < limit else { return nil }
    work?.field.into?.isSeen = false
    var search = search
    search.found = []
    state = .waiting(.search(search))
    return awaitField(until: limit)
  }

  /// Types a date part by part where a part of it is picked out; as it stands everywhere else.
  private mutating func partsSeen(
    _ isPicked: Bool, _ wasPicked: Bool, _ search: Search
  ) -> Next {
    guard let strokes = work?.strokes, let stroke = strokes.first, let date = typedDate else {
      return unexpected("a date")
    }
    guard isPicked else {
      work?.field.into?.parts = .whole
      guard stroke != .clear else { return propose(stroke, search) }
      let end = Stroke.chords([KeyChord(keys: ["end"])])
      work?.strokes.insert(end, at: 0)
      return propose(end, search)
    }
    work?.field.into?.parts = .byPart(date)
    work?.field.into?.isEmptied = true
    // A field in which the click picks a part out waits for more digits of a year, and all wait for more letters of
    // a month.
    let isInRuns = wasPicked || plan.rules > .seventh && date.namesMonth
    let runs = isInRuns ? date.runs : [date.runs.joined()]
    let typing = runs.map { Stroke.type(Template($0), clear: false, enter: false) }
    let next = Stroke.chords([KeyChord(keys: ["right"])])
    work?.strokes = Array(typing.map { [$0] }.joined(separator: [next]))
    for rest in strokes {
      switch rest {
      case .clear, .type: continue
      case .show: work?.strokes.append(.show(Template(date.whole)))
      default: work?.strokes.append(rest)
      }
    }
    return propose(work?.strokes.first ?? stroke, search)
  }

  /// A date that surely shows other digits is not entered; newer rules ask more of every value.
  func wrongDate(_ reading: FieldReading, _ typed: TypedText) -> Ending? {
    guard plan.rules <= .seventh, case .differs(let shown?) = reading, let into = work?.field.into
    else { return nil }
    if case .byPart(let date) = into.parts {
      guard date.contradicts(shown) else { return nil }
      return Ending(.failed, "the field shows “\(shown)” after “\(date.whole)” was typed into it")
    }
    guard plan.rules > .third, let date = DateText(typed.text), date.isDenied(by: shown) else {
      return nil
    }
    return Ending(.failed, "the field shows “\(shown)” after “\(typed.text)” was typed into it")
  }

  // MARK: - Values

  /// Whether what a field shows is the value that was typed, in another form.
  func isEquivalent(_ shown: String, to typed: TypedText) -> Bool {
    FieldValue(typed.text)?.agreement(with: shown) == .same
  }

  /// What comes of a step whose text the field turned into another one; nil where nothing does.
  ///
  /// Of a date, a time or a number it must be told what the field shows: another one looks as good. Any other text
  /// is let pass where it may be there.
  func unproved(_ reading: FieldReading, _ typed: TypedText) -> Ending? {
    guard plan.rules > .seventh, provesField, !typed.isRequired,
      let name = work?.field.into?.target.description
    else { return nil }
    let value = FieldValue(typed.text)
    switch reading {
    case .matches, .unknown(_, nil), .differs(nil): return nil
    case .differs(let shown?):
      if let value {
        if value.agreement(with: shown) == .same { return nil }
      } else if shown.hasSameLetters(as: typed.text.description) {
        return nil
      }
      let what = shown.isEmpty ? "nothing" : "“\(shown)”"
      return Ending(.failed, "\(name) shows \(what) after “\(typed.text)” was typed into it")
    case .unknown(let reason, let shown?):
      guard let value, value.agreement(with: shown) != .same else { return nil }
      return Ending(
        .error,
        "it cannot be told whether \(name) shows “\(typed.text)”, which was typed into it: \(reason); "
          + "it was read as “\(shown)”")
    }
  }

  // MARK: - Clearing

  /// Begins to count the time in which a field may come to be empty.
  mutating func beginWatch() {
    if work?.field.clearing != nil { work?.field.clearing?.deadline = now + Self.clearPatience }
  }

  /// Whether what follows waits only for what an action does to its field, not for the screen to rest.
  func isSeenAtOnce(_ action: Action) -> Bool {
    guard provesField, let strokes = work?.strokes, let stroke = strokes.first else { return false }
    switch (stroke, action) {
    case (.clear, .press): return strokes.count > 1
    case (.type(let text, _, _, _), .type):
      return strokes.dropFirst().first == Stroke.enter && text.isOneLine
    default: return false
    }
  }

  /// Reads the field that was emptied on the picture that was just taken.
  mutating func readCleared() -> Next {
    guard let point = work?.field.focus else { return cleared(nil) }
    state = .readingBack
    return .want(.readField(at: point, text: Template(""), isWhole: true))
  }

  mutating func clearedRead(_ reading: FieldReading, _ sight: FieldSight?) -> Next {
    guard var clearing = work?.field.clearing, let sight else {
      return unexpected("a reading of a field")
    }
    if sight.change == .changed { clearing.hasChanged = true }
    if sight.isTouched { work?.field.into?.isTouched = true }
    if case .differs(let shown) = reading { clearing.signs = shown?.count }
    clearing.isTall = reading.isUnknown
    work?.field.clearing = clearing
    if reading == .matches || sight.isField && !sight.hasInk {
      work?.field.into?.isEmptied = true
      return cleared(.remark(text: "the field is empty"))
    }
    if clearing.hasChanged, sight.isPale { return cleared(.remark(text: Self.hintIsLeft)) }
    if seenAt < clearing.deadline {
      state = .waiting(.field)
      return awaitField(until: clearing.deadline)
    }
    guard sight.isField, clearing.hasOther, let stroke = work?.strokes.first else {
      return notCleared(reading, sight)
    }
    work?.field.clearing?.tries += 1
    return propose(stroke, Search(deadline: now))
  }

  private static let hintIsLeft = "the field is empty but for a hint"

  /// All ways to empty the field were tried, and something is in it.
  private mutating func notCleared(_ reading: FieldReading, _ sight: FieldSight) -> Next {
    guard let clearing = work?.field.clearing, let into = work?.field.into else {
      return unexpected("a field that is not empty")
    }
    let typesMore = work?.strokes.contains(where: \.isType) == true
    // A hint that was there before: whether the field takes a text, typing shows.
    if sight.isPale, typesMore || into.isTouched {
      return cleared(.remark(text: Self.hintIsLeft))
    }
    switch reading {
    case .matches: return cleared(nil)
    case .differs(let shown):
      let left = shown.flatMap { $0.isEmpty ? nil : "still shows “\($0)”" } ?? "is not empty"
      // Signs that belong to the field, such as a unit or a mask: what was typed is read back.
      if typesMore, clearing.hasChanged || plan.rules > .third && shown?.isMask == true {
        work?.field.into?.left = shown
        return cleared(.warning(text: "the field \(left) after it was cleared"))
      }
      if seenAt < clearing.limit { return awaitEmptiness(clearing) }
      return endStep(
        Ending(
          .failed, "\(into.target) \(left) after it was cleared, also line by line and sign by sign"
        ))
    case .unknown(let reason, _):
      if typesMore || !sight.isField && clearing.hasChanged {
        return cleared(.warning(text: "it cannot be told whether the field is empty: \(reason)"))
      }
      if seenAt < clearing.limit { return awaitEmptiness(clearing) }
      return endStep(
        Ending(.error, "it cannot be told whether \(into.target) is empty: \(reason)"))
    }
  }

  private mutating func awaitEmptiness(_ clearing: Clearing) -> Next {
    state = .waiting(.field)
    return awaitField(until: clearing.limit)
  }

  private mutating func cleared(_ note: Note?) -> Next {
    if let note { self.note(note) }
    work?.field.clearing = nil
    return strokeDone()
  }

  /// Whether a value was left when the field was cleared: signs that belong to a field do not begin with a digit.
  var hasLeftValue: Bool {
    guard plan.rules > .third, let left = work?.field.into?.left else { return false }
    return left.first { $0.isLetter || $0.isNumber }?.isNumber == true
  }

  /// A field whose value was left, and that does not show the text in its place, was not cleared.
  func uncleared(_ reading: FieldReading, _ typed: TypedText) -> Ending? {
    guard hasLeftValue, let into = work?.field.into, let left = into.left else { return nil }
    switch reading {
    case .matches, .differs(nil), .unknown(_, nil): return nil
    case .differs(let shown?), .unknown(_, let shown?):
      let digits = shown.filter(\.isNumber)
      guard digits != typed.text.description.filter(\.isNumber) else { return nil }
      return Ending(
        .failed,
        "\(into.target) still showed “\(left)” after it was cleared, and shows “\(shown)” after "
          + "“\(typed.text)” was typed")
    }
  }

  // MARK: - After

  /// Whether anything in the field, or on the screen where there is none, shows that a text came.
  func hasArrived(_ typed: TypedText, _ sight: FieldSight) -> Bool {
    guard provesField, typed.text.isVisible else { return true }
    switch sight.change {
    case .changed, .gone: return true
    // A terminal shows nothing of a password.
    case .same, .elsewhere: return !sight.isField && !typed.text.secrets.isEmpty
    }
  }

  mutating func notArrived(_ typed: TypedText, _ sight: FieldSight) -> Next {
    if seenAt < typed.arrivalDeadline {
      state = .waiting(.field)
      return awaitField(until: typed.arrivalDeadline)
    }
    let name = work?.field.into?.target.description ?? "the field"
    let what = sight.isField ? "in \(name)" : "on the screen"
    let other = sight.change == .elsewhere ? ", while something else on the screen did" : ""
    return endStep(
      Ending(
        .failed,
        "nothing changed \(what) when “\(typed.text)” was typed\(other): "
          + "it may be disabled, be covered, have lost the focus, or take no such text"))
  }

  /// What is said of a text or of keys that go wherever the focus is, and change nothing; nil where nothing is.
  func warning(after action: Action, _ settling: Settling) -> String? {
    guard plan.provesTyping, work?.talk == nil, work?.field.into == nil, settling == .noEffect
    else { return nil }
    switch action {
    case .type(let text, _, _, _):
      guard text.isVisible, text.secrets.isEmpty else { return nil }
      return "nothing on the screen changed when “\(text)” was typed"
    case .press(let chords, let manner):
      guard manner != .up, plan.rules > .fifth, chords.contains(where: \.isSeen) else { return nil }
      let keys = chords.map(\.description).joined(separator: ", ")
      return "nothing on the screen changed when \(keys) was pressed"
    case .click, .move, .drag, .scroll: return nil
    }
  }
}

extension KeyChord {
  /// Whether something is to be seen of it: not of a modifier or a lock alone, nor of a copy.
  fileprivate var isSeen: Bool {
    let silent = Self.modifiers + ["capslock", "numlock", "scrolllock", "print", "pause"]
    return !keys.allSatisfy(silent.contains) && keys != ["ctrl", "c"] && keys != ["ctrl", "insert"]
  }
}

extension Stroke {
  /// Whether it types a text.
  var isType: Bool { if case .type = self { true } else { false } }
}

extension String {
  /// Whether it has the letters and digits of another text, in whichever case and with whichever signs between them.
  fileprivate func hasSameLetters(as other: String) -> Bool {
    func letters(_ text: String) -> String {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return letters(self) == letters(other)
  }

  /// Whether it is signs alone, as the mask of a field is: `(___) ___-____`.
  fileprivate var isMask: Bool { !isEmpty && !contains { $0.isLetter || $0.isNumber } }
}

extension FieldReading {
  fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

extension Template {
  /// Whether any of it can be seen; what a secret holds is not known here, and taken to be seen.
  fileprivate var isVisible: Bool {
    segments.contains { segment in
      guard case .literal(let text) = segment else { return true }
      return text.contains { !$0.isWhitespace }
    }
  }
}
