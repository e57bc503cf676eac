/// The words of the plain-step language in one natural language: data, not code.
///
/// All phrases are in lower case, longest first where one begins with another.
struct PlainPhrases: Sendable {
  /// What a verb does.
  enum Verb: Sendable {
    case click, doubleClick, rightClick, hover, type, typeIn, enter, clear, press, scroll, drag
    case waitFor, wait, select, check, uncheck, open
  }

  /// Verbs and the words that say them.
  let verbs: [(phrase: [String], verb: Verb)]
  /// Words that stand before a noun and mean nothing here.
  let articles: Set<String>
  /// Words after a target that say what kind of thing it is, and their English name.
  let nouns: [(phrase: [String], name: String)]
  /// Between a text and its field.
  let into: [[String]]
  /// Between an option and its list.
  let from: [[String]]
  /// Between the two targets of a drag.
  let onto: [[String]]
  /// Between two steps.
  let joiners: Set<String>
  /// Words before a verb that mean nothing here.
  let leads: [[String]]
  /// Words that an unquoted target never has: they place it among others, or they are part of a
  /// sentence that says something else.
  let strangers: Set<String>
  /// What may follow the text that is waited for.
  let appearing: [[String]]
  /// What may stand before the number of notches.
  let by: Set<String>
  /// What may follow a key.
  let keys: Set<String>
  /// Directions of the wheel.
  let directions: [String: PlainDirection]
  /// Words after the number of notches.
  let notches: Set<String>
  /// Units of time in milliseconds.
  let units: [String: Int]
  /// Numbers that are written out.
  let numbers: [String: Int]

  /// English.
  static let english = PlainPhrases(
    verbs: [
      (["double", "click", "on"], .doubleClick), (["double", "click"], .doubleClick),
      (["double-click", "on"], .doubleClick), (["double-click"], .doubleClick),
      (["right", "click", "on"], .rightClick), (["right", "click"], .rightClick),
      (["right-click", "on"], .rightClick), (["right-click"], .rightClick),
      (["left", "click", "on"], .click), (["left-click", "on"], .click), (["left-click"], .click),
      (["click", "on"], .click), (["click"], .click), (["tap", "on"], .click), (["tap"], .click),
      (["hover", "over"], .hover), (["hover"], .hover),
      (["type", "in"], .typeIn), (["type"], .type), (["enter"], .enter), (["clear"], .clear),
      (["press"], .press), (["hit"], .press), (["scroll"], .scroll), (["drag"], .drag),
      (["wait", "for"], .waitFor), (["wait"], .wait), (["select"], .select), (["choose"], .select),
      (["uncheck"], .uncheck), (["untick"], .uncheck), (["check"], .check), (["tick"], .check),
      (["open"], .open),
    ],
    articles: ["the", "a", "an"],
    nouns: [
      (["text", "field"], "field"), (["input", "field"], "field"), (["text", "box"], "field"),
      (["drop-down", "list"], "list"), (["dropdown", "list"], "list"), (["menu", "item"], "item"),
      (["check", "box"], "checkbox"), (["radio", "button"], "radio button"), (["button"], "button"),
      (["link"], "link"), (["field"], "field"), (["input"], "field"), (["box"], "field"),
      (["textbox"], "field"), (["tab"], "tab"), (["menu"], "menu"), (["checkbox"], "checkbox"),
      (["option"], "option"), (["list"], "list"), (["dropdown"], "list"), (["drop-down"], "list"),
      (["icon"], "icon"), (["item"], "item"), (["label"], "label"), (["entry"], "field"),
      (["switch"], "checkbox"), (["row"], "row"), (["file"], "file"), (["folder"], "folder"),
    ],
    into: [["into"], ["in"]],
    from: [["from"], ["in"]],
    onto: [["to"], ["onto"], ["into"]],
    joiners: ["and", "then"],
    leads: [["please"], ["i"], ["we"], ["the", "user"]],
    strangers: [
      // Which one of several.
      "next", "beside", "near", "nearest", "below", "above", "under", "over", "left", "right",
      "first", "second", "third", "last", "that", "which", "whose", "where", "with", "without",
      "every", "each", "all", "any", "it", "them", "between", "behind", "corner", "inside",
      "within",
      "from", "on", "at",
      // When, how often, or another step.
      "until", "if", "unless", "when", "while", "after", "before", "except", "twice", "once",
      "times", "again", "then", "or", "not",
      // A sentence: `open orders are shown` opens nothing.
      "is", "are", "was", "were", "be", "been", "has", "have", "should", "must", "can", "will",
      "does", "do", "appear", "appears", "shown", "shows", "visible", "displayed", "contains",
      "something", "anything", "whether",
    ],
    appearing: [["to", "appear"], ["to", "be", "shown"], ["to", "be", "visible"]],
    by: ["by"],
    keys: ["key"],
    directions: ["up": .up, "down": .down, "left": .left, "right": .right],
    notches: ["times", "time", "notches", "notch", "clicks", "lines"],
    units: [
      "ms": 1, "millisecond": 1, "milliseconds": 1, "s": 1000, "sec": 1000, "second": 1000,
      "seconds": 1000, "m": 60_000, "min": 60_000, "minute": 60_000, "minutes": 60_000,
    ],
    numbers: [
      "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
      "nine": 9, "ten": 10, "once": 1, "twice": 2,
    ])
}
