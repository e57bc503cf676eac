internal import Diagnostics

/// Collects what is wrong, each thing once and of one file only so many.
final class DiagnosticLog {
  private(set) var all: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var errorCounts: [String: Int] = [:]
  /// How many errors were met, those that were known already counted again.
  ///
  /// Two scenarios with one broken include meet the same error: it is shown once, and neither may run.
  private(set) var errorsMet = 0
  /// The errors that were met, those that were known already again; at most `mostMet`.
  private(set) var met: [Diagnostic] = []
  private static let mostMet = 10_000

  /// Whether no more errors of a file are taken; the error that was about to come is counted.
  func isFull(_ file: String) -> Bool {
    guard errorCounts[file, default: 0] > ScenarioBounds.mostErrors else { return false }
    errorsMet += 1
    return true
  }

  /// Takes a diagnostic, unless it is known already.
  func add(_ diagnostic: Diagnostic) {
    guard diagnostic.severity == .error else {
      if seen.insert(diagnostic).inserted { all.append(diagnostic) }
      return
    }
    errorsMet += 1
    if met.count < Self.mostMet { met.append(diagnostic) }
    let count = errorCounts[diagnostic.file, default: 0]
    guard count <= ScenarioBounds.mostErrors, seen.insert(diagnostic).inserted else { return }
    errorCounts[diagnostic.file] = count + 1
    if count < ScenarioBounds.mostErrors {
      all.append(diagnostic)
    } else {
      all.append(
        Diagnostic(file: diagnostic.file, message: "too many errors; the rest is not shown"))
    }
  }

  /// Counts an error that has been shown before.
  func meetAgain() { errorsMet += 1 }
}
