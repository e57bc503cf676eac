internal import Recording

/// Recorded runs by the names that people give them.
public enum RecordedRun {
  /// The ids of the cases of a run that did not pass, in order; blocks while it reads.
  ///
  /// - Parameters:
  ///   - reference: a folder, a run's id or a unique beginning of it, or `latest`.
  ///   - output: the folder of all runs.
  /// - Throws: an error that names what is wrong with the reference or the recording.
  public static func notPassed(_ reference: String, in output: String) throws -> [String] {
    try ReportWriter.notPassed(in: try RunFolder.find(reference, in: output).path)
  }
}

extension RunReplay {
  /// Replays all attempts of the run that a reference names; blocks while it reads.
  public static func decide(
    _ reference: String, in output: String
  ) throws -> (attempts: [Attempt], warnings: [String]) {
    try decide(try RunFolder.find(reference, in: output))
  }
}
