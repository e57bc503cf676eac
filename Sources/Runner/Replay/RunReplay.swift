internal import JSONCoding
internal import Recording
public import Session
internal import Story

/// Decides a recorded run again: every attempt in its journal, with no target and no model.
public enum RunReplay {
  /// What replaying one attempt came to.
  public struct Attempt: Sendable {
    /// The case.
    public var caseID: String
    /// The attempt, from 1.
    public var number: Int
    /// The number of the journal line of each entry, for naming a difference.
    public var lines: [Int]
    /// What came of it; nil with a `problem` when it could not be replayed.
    public var result: Replay.Result?
    /// Why it could not be replayed.
    public var problem: String?

    /// The journal line at which today's decisions leave the recorded ones.
    public var differingLine: Int? {
      guard let entry = result?.difference?.entry, lines.indices.contains(entry) else { return nil }
      return lines[entry]
    }
  }

  /// Replays all attempts of the run that a reference names, in the order in which they began; blocks while it
  /// reads.
  ///
  /// - Parameter reference: a path, `latest`, an id or a part of one.
  /// - Throws: `RecordingError` when there is no recording that this version can read.
  public static func decide(
    _ reference: String, in output: String
  ) throws -> (attempts: [Attempt], warnings: [String]) {
    try decide(try RunFolder.find(reference, in: output))
  }

  private static func decide(
    _ folder: RunFolder
  ) throws -> (attempts: [Attempt], warnings: [String]) {
    let (lines, contents) = try JournalReader.read(folder)
    var order: [Key] = []
    var entries: [Key: [JournalLine]] = [:]
    for line in lines {
      guard let id = line.caseID, let attempt = line.attempt else { continue }
      let key = Key(id: id, attempt: attempt)
      if entries[key] == nil { order.append(key) }
      entries[key, default: []].append(line)
    }
    return (order.map { replay($0, entries[$0] ?? []) }, contents.warnings)
  }

  private struct Key: Hashable {
    let id: String
    let attempt: Int
  }

  private static func replay(_ key: Key, _ lines: [JournalLine]) -> Attempt {
    var attempt = Attempt(caseID: key.id, number: key.attempt, lines: [])
    var entries: [JournalEntry] = []
    do {
      for line in lines {
        if let why = NotWhole(line) { throw why }
        guard let entry = try JournalEntry(type: line.type, fields: .object(line.fields)) else {
          continue
        }
        entries.append(entry)
        attempt.lines.append(line.sequence + 1)
      }
      attempt.result = try Replay.decide(entries)
    } catch let why as NotWhole {
      attempt.problem = "not replayable: \(why)"
    } catch {
      let line = (lines.dropFirst(entries.count).first?.sequence).map { $0 + 1 }
      attempt.problem = "\(line.map { "line \($0) of the journal: " } ?? "")\(error)"
    }
    return attempt
  }
}

/// A line that is not in the journal as it was: its attempt cannot be decided again.
private struct NotWhole: Error, CustomStringConvertible {
  let description: String

  /// What is wrong with a line; nil when nothing is.
  init?(_ line: JournalLine) {
    let was = line.fields["was"]?.string ?? "line"
    let number = line.sequence + 1
    switch line.type {
    case "altered":
      let altered = line.fields["line"]?.integer ?? number
      description =
        "line \(altered) of the journal (\(was)) had the value of a secret in other words than those from "
        + "outside, such as the scenario's own; its name stands there now"
    case "oversize": description = "line \(number) of the journal (\(was)) was too long to be kept"
    case "unwritable": description = "line \(number) of the journal (\(was)) could not be written"
    default: return nil
    }
  }
}
