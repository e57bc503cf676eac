internal import Diagnostics
internal import Recording

/// What the words `RUN[/CASE[/STEP]]` name.
///
/// Paths of runs and ids of cases have slashes too, so that it is asked what is there: the longest path that is a
/// run, the longest id that fits.
struct ShowPlace {
  /// The run.
  let run: RunFolder
  /// What stands behind it; empty for the run itself.
  let rest: String

  /// Finds the run that words begin with.
  init(_ words: String, in output: String) throws(CommandError) {
    let parts = words.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for count in stride(from: parts.count, to: 0, by: -1) {
      let path = parts.prefix(count).joined(separator: "/")
      guard path.contains("/"), let run = try? RunFolder.find(path, in: output) else { continue }
      self.init(run, parts.dropFirst(count))
      return
    }
    do {
      self.init(try RunFolder.find(parts[0], in: output), parts.dropFirst())
    } catch {
      throw CommandError(message: TerminalText.neutral(Self.message(error, parts[0], output)))
    }
  }

  private init(_ run: RunFolder, _ parts: ArraySlice<String>) {
    self.run = run
    rest = parts.drop(while: \.isEmpty).joined(separator: "/")
  }

  private static func message(_ error: RecordingError, _ name: String, _ output: String) -> String {
    guard error.code == .missing else { return "\(error)" }
    let runs = RunFolder.all(in: output).reversed().map(\.id)
    return runs.isEmpty ? "\(error)" : "\(error); there are " + list(runs, nearest: name)
  }

  /// Some names, the nearest to a word first.
  static func list(_ names: [String], nearest word: String) -> String {
    let sorted = Suggestion.nearestFirst(to: word, among: names)
    let more = sorted.count > most ? " and \(sorted.count - most) more" : ""
    return sorted.prefix(most).joined(separator: ", ") + more
  }

  private static let most = 10

  /// The case that the rest names, and the step in it.
  ///
  /// - Parameter ids: those of the cases of the run.
  func find(among ids: [String]) throws(CommandError) -> (id: String, step: StepWord?) {
    let fitting = ids.filter { rest == $0 || rest.hasPrefix($0 + "/") }
      .max { $0.utf8.count < $1.utf8.count }
    guard let id = fitting else { throw missing(ids) }
    let word = rest.dropFirst(id.count).drop { $0 == "/" }
    guard !word.isEmpty else { return (id, nil) }
    guard let step = StepWord(word) else {
      throw CommandError(
        message: TerminalText.neutral(
          "there is no case “\(rest)” in \(run.id), and “\(word)” is no step of its case “\(id)”, which"
            + " is named by its number, or by its line as in :12; it has"
            + " \(Self.list(ids, nearest: rest))"))
    }
    return (id, step)
  }

  private func missing(_ ids: [String]) -> CommandError {
    let what = "there is no case “\(rest)” in \(run.id)"
    let known = ids.isEmpty ? "; it has no cases" : "; it has \(Self.list(ids, nearest: rest))"
    return CommandError(message: TerminalText.neutral(what + known))
  }
}

/// How a step is named: `3`, or `:12` for its line.
struct StepWord: Equatable {
  /// Its number from 1, or the line.
  let number: Int
  /// Whether only the line is meant.
  let isLine: Bool

  init?(_ word: Substring) {
    isLine = word.hasPrefix(":")
    let digits = isLine ? word.dropFirst() : word
    guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }),
      let number = Int(digits)
    else { return nil }
    self.number = number
  }
}
