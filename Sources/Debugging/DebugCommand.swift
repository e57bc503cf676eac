/// A word of the debugger with what follows it.
public struct DebugCommand: Hashable, Sendable {
  /// What can be asked.
  public enum Word: String, Hashable, Sendable, CaseIterable {
    case next, step, `continue`, until, `break`, tbreak, delete, list, `where`, why, print, screen
    case look, find, edit, retry, skip, set, back, help, quit

    /// The short form.
    var short: String? {
      switch self {
      case .next: "n"
      case .step: "s"
      case .continue: "c"
      case .until: "u"
      case .break: "b"
      case .tbreak: "tb"
      case .delete: "d"
      case .list: "l"
      case .where: "w"
      case .why: "y"
      case .print: "p"
      case .screen: "sc"
      case .look: "lk"
      case .find: "f"
      case .edit: "e"
      case .retry: "r"
      case .skip: "sk"
      case .set, .back: nil
      case .help: "h"
      case .quit: "q"
      }
    }

    /// What follows it.
    var arguments: String {
      switch self {
      case .until, .break, .tbreak: "LINE"
      case .delete: "[LINE]"
      case .print: "[NAME]"
      case .find: "TEXT"
      case .edit: "[STEP]"
      case .set: "NAME VALUE"
      case .back: "N"
      default: ""
      }
    }

    /// What it does.
    var summary: String {
      switch self {
      case .next: "do the step, and hold before the next"
      case .step: "go on to the next action on the target"
      case .continue: "go on to the next stop, or to the end"
      case .until: "go on to the step on a line"
      case .break: "stop before the step on a line, each time"
      case .tbreak: "stop before the step on a line, once"
      case .delete: "forget a stop, or all"
      case .list: "the steps around this one"
      case .where: "which case, which step, what is next"
      case .why: "what was looked for, tried, refused and seen in this step"
      case .print: "a value by its name; without one all values, what was spent, prompt and reply"
      case .screen: "the last picture: here, and the path of the file"
      case .look: "what is seen on it, and where"
      case .find: "each place of a text on it"
      case .edit: "put another step in place of this one and try it; without one in $EDITOR"
      case .retry: "do the step again from its beginning"
      case .skip: "leave the step out"
      case .set: "give a result another value"
      case .back: "go back to step N; the target stays as it is"
      case .help: "this list"
      case .quit: "end the case; its teardown runs"
      }
    }
  }

  /// The word.
  public var word: Word
  /// The rest of the line.
  public var rest: String

  /// Reads a line; nil where it begins with no word of the debugger.
  public init?(_ line: String) {
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = parts.first.map(String.init),
      let word = Word.allCases.first(where: { $0.rawValue == first || $0.short == first })
    else { return nil }
    self.word = word
    rest = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
  }

  /// All words with what they do.
  public static var help: String {
    let rows = Word.allCases.map { word in
      (
        [word.rawValue, word.short.map { "(\($0))" }, word.arguments].compactMap { $0 }
          .filter { !$0.isEmpty }.joined(separator: " "), word.summary
      )
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, summary in
      "  " + name + String(repeating: " ", count: width - name.count + 2) + summary
    }.joined(separator: "\n")
      + "\n  Any step of a scenario does it at once: click: Sign in\n  Enter does the last again."
  }
}
