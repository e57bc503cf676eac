internal import Digests
public import Recording
internal import Story

/// That a run goes on where another process left it.
public struct Resumption: Sendable {
  /// Its folder.
  public var folder: RunFolder
  /// Whether it goes on although something changed since.
  public var isAnyway: Bool

  /// A run that is to go on.
  public init(_ folder: RunFolder, isAnyway: Bool) {
    self.folder = folder
    self.isAnyway = isAnyway
  }

  /// What is other than it was planned, in words for the user; empty where all is as it was.
  ///
  /// - Parameters:
  ///   - past: what was planned.
  ///   - plan: what would be planned now, for the same cases.
  static func changes(since past: PastRun, in plan: RunPlan) -> [String] {
    let now = Dictionary(
      plan.files.map { ($0.file, $0.digest) }, uniquingKeysWith: { first, _ in first })
    let files = past.files.compactMap { file -> String? in
      guard let digest = now[file.file] else { return "\(file.file) is not there or not read now" }
      return digest == file.digest ? nil : "\(file.file) was changed"
    }
    let known = Dictionary(
      plan.cases.map { ($0.id, $0.digest) }, uniquingKeysWith: { first, _ in first })
    let cases = past.outstanding.compactMap { id -> String? in
      guard let digest = known[id] else { return "there is no case “\(id)” any more" }
      return digest == past.digest(of: id) ? nil : "the case “\(id)” would be run otherwise"
    }
    return files + cases
  }

  /// Why a run does not go on.
  static func refusal(_ changes: [String]) -> String {
    let more = changes.count > 10 ? ["and \(changes.count - 10) more"] : []
    return
      (["since the run began something changed, so that its results would be of different things:"]
      + (changes.prefix(10) + more).map { "  " + $0 }
      + ["run it again as a whole, or add --anyway to go on all the same"])
      .joined(separator: "\n")
  }
}
