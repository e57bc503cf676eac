internal import Recording

extension RunReplay {
  /// Replays all attempts of the run that a reference names; blocks while it reads.
  public static func decide(
    _ reference: String, in output: String
  ) throws -> (attempts: [Attempt], warnings: [String]) {
    try decide(try RunFolder.find(reference, in: output))
  }
}
