internal import Hands
internal import Pixels
internal import Scenario
internal import Story

/// What is known of the field that the hands of a step are in.
struct FieldRun: Hashable, Sendable {
  /// What is looked for in it after an action.
  enum Proof: Hashable, Sendable {
    /// Nothing.
    case none
    /// That it is empty.
    case emptiness(Clearing)
    /// That it shows a text.
    case text(TypedText)
  }

  /// Where the last click was, which is where a text goes.
  var focus: ScreenPoint?
  /// The field that was clicked to type into it; nil without one, and where a text goes wherever the focus is.
  var into: IntoField?
  var proof = Proof.none

  /// How far emptying it has come.
  var clearing: Clearing? {
    get { if case .emptiness(let clearing) = proof { clearing } else { nil } }
    set {
      if let newValue { proof = .emptiness(newValue) } else if clearing != nil { proof = .none }
    }
  }

  /// The text that it is to show.
  var typed: TypedText? {
    get { if case .text(let typed) = proof { typed } else { nil } }
    set { if let newValue { proof = .text(newValue) } else if typed != nil { proof = .none } }
  }

  /// The text that the field is to show where a date was typed part by part.
  var wholeText: Template? {
    if case .byPart(let date)? = into?.parts { Template(date.whole) } else { nil }
  }

  /// Whether it was seen to be empty before anything was typed.
  var isEmptied: Bool { into?.isEmptied == true }
}

/// The field that a step types into.
struct IntoField: Hashable, Sendable {
  /// How dates are typed into it.
  enum Parts: Hashable, Sendable {
    /// It was not asked whether it takes dates part by part.
    case unasked
    /// It is being asked; whether a part was picked out before.
    case asked(wasPicked: Bool)
    /// It takes a text as a whole.
    case whole
    /// It takes dates part by part.
    case byPart(DateText)
  }

  let target: Target
  /// Where it was; nil when a model clicked it.
  let box: PixelRect?
  /// Whether it was seen to be there after it was clicked.
  var isSeen = false
  /// Whether the click showed on it: a text cursor, or a frame.
  var isTouched = false
  /// Whether it was seen to be empty.
  var isEmptied = false
  var parts = Parts.unasked
  /// Until when it may come to show what it takes dates by; nil before it was looked for.
  var partsLimit: Duration?
  /// What was left in it when it was cleared; nil where nothing was, or that is not known.
  var left: String?
}

/// Emptying a field: in one way, then in others.
struct Clearing: Hashable, Sendable {
  /// How often it was tried.
  var tries = 0
  /// Until when the field may come to be empty after this try.
  var deadline: Duration = .zero
  /// Until when it may come to be empty after the last.
  var limit: Duration
  /// Whether any try changed anything in the field.
  var hasChanged = false
  /// How many signs are left in it; nil where they are hidden.
  var signs: Int?
  /// Whether the field has several lines, or is none.
  var isTall = false

  /// The keys of this try: all that is selected, the line that is selected, and one sign after the other.
  var chords: [KeyChord] {
    switch (tries, isTall) {
    case (0, _): Self.chords("ctrl+a", "backspace")
    case (1, true): Self.chords("ctrl+home", "ctrl+shift+end", "backspace")
    case (1, false): Self.chords("home", "shift+end", "backspace")
    default:
      Self.chords("end")
        + Array(
          repeating: KeyChord(keys: ["backspace"]), count: min((signs ?? 56) + 8, Self.mostSigns))
    }
  }

  /// Whether there is another way to try after this one.
  var hasOther: Bool { tries < (isTall ? 1 : 2) }

  /// So many signs are deleted one by one.
  private static let mostSigns = 200

  private static func chords(_ names: String...) -> [KeyChord] {
    names.map { KeyChord(keys: $0.split(separator: "+").map(String.init)) }
  }
}

/// A text that was typed into a field.
struct TypedText: Hashable, Sendable {
  let text: Template
  /// Where the field was clicked.
  let point: ScreenPoint
  /// Whether the field was emptied before.
  let isWhole: Bool
  /// Until when the field may come to show it.
  var deadline: Duration
  /// Whether the step is not done without that.
  var isRequired = false
  /// Until when anything of it may come to be seen.
  var arrivalDeadline: Duration
}
