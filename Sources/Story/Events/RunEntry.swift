public import JSONCoding
public import Scenario

/// One line of the journal about the run as a whole or about a case, beside the lines of its attempts.
public enum RunEntry: Hashable, Sendable {
  /// The run began.
  case runStarted(RunInfo)
  /// What it is about to do; once, or in several parts.
  case runPlanned(RunPlan)
  /// It goes on after it was interrupted, in another process.
  case runResumed(RunResumption)
  /// Something about the run that a person should know.
  case runNoted(RunNote)
  /// A case is about to run; its attempts follow.
  case caseStarted(CaseInfo)
  /// A case has its verdict, over all attempts.
  case caseFinished(CaseEnding)
  /// The run ended; missing when it was killed.
  case runFinished(RunEnding)

  /// The `type` of the line in the journal.
  public var type: String {
    switch self {
    case .runStarted: "run.started"
    case .runPlanned: "run.planned"
    case .runResumed: "run.resumed"
    case .runNoted: "run.noted"
    case .caseStarted: "case.started"
    case .caseFinished: "case.finished"
    case .runFinished: "run.finished"
    }
  }

  /// The fields of the line in the journal.
  public func fields() throws -> JSONObject {
    switch self {
    case .runStarted(let info): JSONObject([("run", try JSON(encoding: info))])
    case .runPlanned(let plan): JSONObject([("planned", try JSON(encoding: plan))])
    case .runResumed(let resumed): JSONObject([("resumed", try JSON(encoding: resumed))])
    case .runNoted(let note): JSONObject([("note", try JSON(encoding: note))])
    case .caseStarted(let info): JSONObject([("case_info", try JSON(encoding: info))])
    case .caseFinished(let ending): JSONObject([("ending", try JSON(encoding: ending))])
    case .runFinished(let ending): JSONObject([("ending", try JSON(encoding: ending))])
    }
  }

  /// Reads a line back; nil when its type is none of these.
  public init?(type: String, fields: JSON) throws {
    switch type {
    case "run.started": self = .runStarted(try fields.decode("run"))
    case "run.planned": self = .runPlanned(try fields.decode("planned"))
    case "run.resumed": self = .runResumed(try fields.decode("resumed"))
    case "run.noted": self = .runNoted(try fields.decode("note"))
    case "case.started": self = .caseStarted(try fields.decode("case_info"))
    case "case.finished": self = .caseFinished(try fields.decode("ending"))
    case "run.finished": self = .runFinished(try fields.decode("ending"))
    default: return nil
    }
  }
}

/// What is known of a run when it begins.
public struct RunInfo: Hashable, Codable, Sendable {
  /// The folder's name: the time it began and four random digits.
  public var id: String
  /// The version of the program.
  public var version: String
  /// The command line, as the user typed it.
  public var commandLine: [String]
  /// When it began: `2026-11-20T12:00:00Z`.
  public var startedAt: String
  /// The machine's name.
  public var host: String
  /// How many cases were selected.
  public var selected: Int
  /// How many run at once.
  public var workers: Int
  /// The default model and its endpoint, or why there is none.
  public var model: String
  /// What tests found out about the models.
  public var findings: [ModelFinding]

  /// What is known.
  public init(
    id: String, version: String, commandLine: [String], startedAt: String, host: String,
    selected: Int, workers: Int, model: String, findings: [ModelFinding] = []
  ) {
    self.id = id
    self.version = version
    self.commandLine = commandLine
    self.startedAt = startedAt
    self.host = host
    self.selected = selected
    self.workers = workers
    self.model = model
    self.findings = findings
  }
}

/// That a run goes on after it was interrupted.
public struct RunResumption: Hashable, Codable, Sendable {
  /// The version of the program that goes on.
  public var version: String
  /// Its command line, as the user typed it.
  public var commandLine: [String]
  /// When it went on: `2026-11-20T12:00:00Z`.
  public var resumedAt: String
  /// The machine's name.
  public var host: String
  /// How many run at once.
  public var workers: Int
  /// The ids of the cases that are outstanding, in the order in which they are taken.
  public var outstanding: [String]
  /// What is other than it was planned, in words; empty where nothing is.
  public var changes: [String]

  /// That a run goes on.
  public init(
    version: String, commandLine: [String], resumedAt: String, host: String, workers: Int,
    outstanding: [String], changes: [String] = []
  ) {
    self.version = version
    self.commandLine = commandLine
    self.resumedAt = resumedAt
    self.host = host
    self.workers = workers
    self.outstanding = outstanding
    self.changes = changes
  }
}

/// Something about a run that a person should know.
public struct RunNote: Hashable, Codable, Sendable {
  /// What, in a sentence.
  public var text: String
  /// Whether it is not as it should be; otherwise it is something that takes a while.
  public var isWarning: Bool

  /// A note.
  public init(_ text: String, isWarning: Bool) {
    self.text = text
    self.isWarning = isWarning
  }
}

/// What the reports need to know of a case.
public struct CaseInfo: Hashable, Codable, Sendable {
  /// The stable id.
  public var id: String
  /// The name.
  public var name: String
  /// The scenario's description.
  public var description: String?
  /// Where it stands.
  public var location: SourceLocation
  /// Its tags.
  public var tags: [String]
  /// Its properties.
  public var properties: [Scenario.Property]

  /// What the reports need to know of `testCase`.
  public init(_ testCase: Case) {
    id = testCase.id
    name = testCase.name
    description = testCase.scenario.description
    location = testCase.scenario.location
    tags = testCase.scenario.tags
    properties = testCase.scenario.properties
  }
}

/// What a case came to over all of its attempts.
public struct CaseEnding: Hashable, Codable, Sendable {
  /// The verdict and why.
  public var ending: Ending
  /// How long all attempts took, target set-up included.
  public var duration: Duration
  /// How many attempts were made; 0 for a skipped case.
  public var attempts: Int
  /// Whether it passed without any check.
  public var isUnchecked: Bool
  /// Which worker ran it, from 1; nil when it never began, and in older recordings.
  public var worker: Int?
  /// The file of what the application wrote in the last attempt, relative to the folder of the run; nil where
  /// it wrote nothing.
  public var output: String?

  /// What a case came to.
  public init(
    ending: Ending, duration: Duration, attempts: Int, isUnchecked: Bool = false,
    worker: Int? = nil, output: String? = nil
  ) {
    self.ending = ending
    self.duration = duration
    self.attempts = attempts
    self.isUnchecked = isUnchecked
    self.worker = worker
    self.output = output
  }
}

/// How a run ended.
public struct RunEnding: Hashable, Codable, Sendable {
  /// How long it took.
  public var duration: Duration
  /// The exit code of the program.
  public var exitCode: Int
  /// The signal that stopped it, if one did.
  public var signal: String?
  /// What of the recording could not be written; empty when all of it was.
  public var recordingProblem: String
  /// Why cases that were still to come did not run; nil when none was, and in older recordings.
  public var stopped: String?

  /// How a run ended.
  public init(
    duration: Duration, exitCode: Int, signal: String? = nil, recordingProblem: String = "",
    stopped: String? = nil
  ) {
    self.duration = duration
    self.exitCode = exitCode
    self.signal = signal
    self.recordingProblem = recordingProblem
    self.stopped = stopped
  }
}
