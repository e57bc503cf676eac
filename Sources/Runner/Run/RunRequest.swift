public import Scenario
public import Story

/// Everything that a run needs to know, put together from flags, configuration and scenarios.
public struct RunRequest: Sendable {
  /// The cases, selected and in order.
  public var cases: [Case]
  /// How many run at once.
  public var workers: Int
  /// Unchecked passes fail, missing requirements are errors.
  public var isStrict: Bool
  /// A flaky case counts as a failure.
  public var failsOnFlaky: Bool
  /// A run that tries nothing is a success.
  public var passesWithNoTests = false
  /// Stops after so many cases that did not pass.
  public var maximumFailures: Int?
  /// How long a check, or the search for a target, is given where a step says nothing.
  public var patience: Duration
  /// The limit of the whole run.
  public var globalTimeout: Duration?
  /// The most model calls of each attempt, over the scenarios' own.
  public var maximumModelCalls: Int?
  /// The values of secrets, by name.
  public var secrets: [String: String]
  /// Where runs are written.
  public var output: String
  /// The command line, for the report.
  public var commandLine: [String]
  /// Which recordings are kept.
  public var record: RecordPolicy
  /// Where the JUnit file goes besides the run's folder.
  public var junitPath: String?
  /// Where the HTML report goes besides the run's folder.
  public var htmlPath: String?
  /// The part of several that this run is, for file names: `2of4`.
  public var shardLabel: String?
  /// The run that goes on; nil for a new one.
  public var resumption: Resumption?
  /// What was read for the cases, by the path that the user would write: the journal has a digest of each.
  public var files: [(path: String, bytes: [UInt8])]

  /// A request with nothing but its cases; everything else has the built-in default.
  public init(cases: [Case], output: String) {
    self.cases = cases
    self.output = output
    workers = 1
    patience = .seconds(10)
    isStrict = false
    failsOnFlaky = false
    secrets = [:]
    commandLine = []
    record = .on
    files = []
  }
}

/// Which recordings are kept.
public enum RecordPolicy: String, Hashable, Sendable, CaseIterable {
  /// All of them.
  case on
  /// Those of cases that did not pass.
  case retainOnFailure = "retain-on-failure"
  /// The journal without pictures.
  case off
}

/// What a run came to.
public struct RunSummary: Sendable {
  /// How many cases ended with each verdict.
  public var counts: [Verdict: Int]
  /// How many passed without a check.
  public var unchecked: Int
  /// How many were still to come when the run ended.
  public var notRun: Int
  /// How long it took.
  public var duration: Duration
  /// The run's folder.
  var folder: String
  /// The reports that were written, by what they are.
  public var reports: [(name: String, path: String)]
  /// The command that runs again what did not pass; nil when there is nothing to run again.
  public var rerun: String?
  /// The exit code of the program.
  public var exitCode: Int
  /// What of the recording or the reports could not be written.
  var problems: [String]
}
