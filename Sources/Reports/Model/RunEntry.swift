public import JSONCoding
public import Scenario
public import Session

/// One line of the run itself in the journal; the lines of an attempt are `JournalEntry`.
///
/// A run is one `started`, a `selected` for each case before any of them begins, a `finished` for each
/// case that came to a verdict, and one `ended`. What is missing at the end says that the run was cut off.
public enum RunEntry: Hashable, Sendable {
  /// The run began.
  case started(RunInfo)
  /// A case will be run; the line names the case.
  case selected(CaseInfo)
  /// A case came to its final verdict; the line names the case.
  case finished(Ending)
  /// The run ended.
  case ended(RunEnding)
  /// Something is not as it should be, and does not change a verdict.
  case warning(String)

  /// The `type` of the line in the journal.
  public var type: String {
    switch self {
    case .started: "run.started"
    case .selected: "case.selected"
    case .finished: "case.finished"
    case .ended: "run.ended"
    case .warning: "run.warning"
    }
  }

  /// The fields of the line in the journal.
  public func fields() throws -> JSONObject {
    switch self {
    case .started(let info): JSONObject([("run", try JSON(encoding: info))])
    case .selected(let info): JSONObject([("info", try JSON(encoding: info))])
    case .finished(let ending): JSONObject([("ending", try JSON(encoding: ending))])
    case .ended(let ending): JSONObject([("ending", try JSON(encoding: ending))])
    case .warning(let text): JSONObject([("text", .string(text))])
    }
  }

  /// Reads a line back; nil when its type is none of a run's.
  public init?(type: String, fields: JSON) throws {
    switch type {
    case "run.started": self = .started(try fields.decode("run"))
    case "case.selected": self = .selected(try fields.decode("info"))
    case "case.finished": self = .finished(try fields.decode("ending"))
    case "run.ended": self = .ended(try fields.decode("ending"))
    case "run.warning": self = .warning(fields["text"]?.string ?? "")
    default: return nil
    }
  }
}

/// What is known of a run when it begins.
public struct RunInfo: Hashable, Codable, Sendable {
  /// The name of its folder.
  public var id: String
  /// The version of qa-agent.
  public var version: String
  /// When it began: `2026-11-20T12:00:00Z`.
  public var startedAt: String
  /// The machine it ran on.
  public var host: String
  /// The command line as it was given.
  public var command: String
  /// The command that runs its failures again; it works only when something failed.
  public var rerunCommand: String
  /// The model and where it is served; empty when none is used.
  public var model: String
  /// What was driven, when it is the same for all cases.
  public var target: String
  /// The commit under test, when it is known.
  public var commit: String
  /// How many cases run at once.
  public var workers: Int
  /// Which part of the cases this run has.
  public var shard: Shard?

  /// What is known of a run when it begins.
  public init(
    id: String, version: String = "", startedAt: String, host: String = "", command: String = "",
    rerunCommand: String = "", model: String = "", target: String = "", commit: String = "",
    workers: Int = 1, shard: Shard? = nil
  ) {
    self.id = id
    self.version = version
    self.startedAt = startedAt
    self.host = host
    self.command = command
    self.rerunCommand = rerunCommand
    self.model = model
    self.target = target
    self.commit = commit
    self.workers = workers
    self.shard = shard
  }

  /// One of several parts, counted from 1.
  public struct Shard: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Which.
    public var index: Int
    /// Of how many.
    public var total: Int

    /// A part.
    public init(index: Int, total: Int) {
      self.index = index
      self.total = total
    }

    /// `2of4`, as in `junit-2of4.xml`.
    public var description: String { "\(index)of\(total)" }
  }
}

/// What the reports need to know of a case.
public struct CaseInfo: Hashable, Codable, Sendable {
  /// Unique in a run and the same from run to run.
  public var id: String
  /// The name people read, with the matrix values.
  public var name: String
  /// The scenario file as the user would write it.
  public var file: String
  /// Where in the file it starts, from 1.
  public var line: Int
  /// Free text.
  public var description: String
  /// Its tags.
  public var tags: [String]
  /// Its properties, in order.
  public var properties: [Scenario.Property]
  /// Its values of the matrix, in order.
  public var matrix: [Case.MatrixValue]

  /// What the reports need to know.
  public init(
    id: String, name: String, file: String, line: Int = 1, description: String = "",
    tags: [String] = [], properties: [Scenario.Property] = [], matrix: [Case.MatrixValue] = []
  ) {
    self.id = id
    self.name = name
    self.file = file
    self.line = line
    self.description = description
    self.tags = tags
    self.properties = properties
    self.matrix = matrix
  }

  /// What the reports need to know of a case that is to be run.
  public init(_ testCase: Case) {
    let scenario = testCase.scenario
    self.init(
      id: testCase.id, name: testCase.name, file: scenario.location.file,
      line: scenario.location.line, description: scenario.description ?? "", tags: scenario.tags,
      properties: scenario.properties, matrix: testCase.matrix)
  }
}

/// How a run ended.
public struct RunEnding: Hashable, Codable, Sendable {
  /// The exit code.
  public var exitCode: Int
  /// Why it stopped before all cases were run; empty when it did not.
  public var interruption: String

  /// An ending.
  public init(exitCode: Int, interruption: String = "") {
    self.exitCode = exitCode
    self.interruption = interruption
  }
}
