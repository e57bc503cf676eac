public import Scenario

/// Why a command probably failed, by what it printed or how it ended: one row of a table.
public struct CommandCause: Hashable, Codable, Sendable {
  /// The kind: `permission`, `disk full`.
  public var kind: String
  /// What decided it: a text of its output, or how it ended.
  public var decidedBy: String
  /// Why such a command fails.
  public var why: String
  /// What to try.
  public var help: String

  /// `probably disk full, by “No space left on device”: … Try: …`.
  public var words: String { "probably \(kind), by \(decidedBy): \(why); \(help)" }
}

extension CommandResult {
  /// Why the command probably failed; nil where nothing tells, or it did not fail.
  ///
  /// - Parameter command: what was run.
  public func cause(of command: SSHCommand) -> CommandCause? {
    guard status != command.exit else { return nil }
    for text in [stderr, stdout] {
      let said = String(text.suffix(Self.mostLookedAt))
      for row in CauseTable.rows {
        guard let found = row.texts.first(where: said.contains) else { continue }
        return row.cause(decidedBy: "“\(found)”")
      }
    }
    let program = command.program
    return CauseTable.rows.first { $0.means(ending, program) }?
      .cause(decidedBy: "how it ended: it \(ending.words)")
  }

  /// So many signs of the end of an output are looked at.
  private static let mostLookedAt = 8000
}

extension SSHCommand {
  /// The name of the first program, as far as it can be seen.
  fileprivate var program: String {
    let text = arguments?.first?.description ?? "\(run)"
    let word = text.split(whereSeparator: \.isWhitespace).first ?? ""
    return String(word.split(separator: "/").last ?? "")
  }
}

/// The table of causes.
private enum CauseTable {
  struct Row: Sendable {
    let kind: String
    let statuses: [String]
    let texts: [String]
    let why: String
    let help: String

    func cause(decidedBy decision: String) -> CommandCause {
      CommandCause(kind: kind, decidedBy: decision, why: why, help: help)
    }

    /// Whether an ending means this by itself.
    func means(_ ending: CommandResult.Ending, _ program: String) -> Bool {
      switch ending {
      case .exited(let status):
        statuses.contains("\(status)") || statuses.contains("\(program):\(status)")
      case .signalled(let signal): statuses.contains("signal:\(signal)")
      case .unknown, .timedOut, .tooMuchOutput, .started: false
      }
    }
  }

  static let rows: [Row] = String(decoding: PackageResources.causes_table, as: UTF8.self)
    .split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap(row)

  private static func row(_ line: Substring) -> Row? {
    let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    guard cells.count == 5 else { return nil }
    return Row(
      kind: cells[0],
      statuses: cells[1].split(separator: ",").map { $0.filter { $0 != " " } },
      texts: cells[2].split(separator: ";").map {
        $0.drop { $0 == " " }.description
      }.filter { !$0.isEmpty }, why: cells[3], help: cells[4])
  }
}
