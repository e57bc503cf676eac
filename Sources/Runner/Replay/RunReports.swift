internal import FoundationEssentials
internal import Platform
internal import Recording
internal import Reports

/// Writes the reports of recorded runs again: each is a function of the recording alone.
public enum RunReports {
  /// What came of it.
  public struct Written: Sendable {
    /// The files, by what they are.
    public var reports: [(name: String, path: String)]
    /// What is worth knowing.
    public var warnings: [String]
    /// What could not be written.
    public var failures: [String]
    /// How many cases the reports tell of.
    public var cases: Int
  }

  /// Why nothing was written.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String
  }

  /// Writes the reports of some runs, several merged into one; blocks while it does.
  ///
  /// - Parameters:
  ///   - references: paths, `latest`, ids or parts of ids.
  ///   - output: the folder of all runs, where they are looked for.
  ///   - destination: the folder of the reports, which is made; nil writes them into the folder of the only run.
  ///   - junit: one more JUnit file.
  ///   - html: one more folder with the page and its pictures.
  /// - Throws: `RecordingError` and `Problem`.
  public static func write(
    _ references: [String], in output: String, to destination: String?, junit: String? = nil,
    html: String? = nil
  ) throws -> Written {
    let folders = try references.map { try RunFolder.find($0, in: output) }
    var warnings: [String] = []
    var reports: [RunReport] = []
    for folder in folders {
      let (lines, contents) = try JournalReader.read(folder)
      warnings += contents.warnings.map { "\(folder.id): \($0)" }
      var fold = RunFold()
      for line in lines { fold.add(line) }
      reports.append(fold.report)
    }
    guard let report = RunReport.merged(reports) else {
      throw Problem(description: "no run was named")
    }
    let target = try Self.target(destination, folders)
    let places = ReportWriter.Places(junit: junit, html: html)
    let written = ReportWriter.write(report, in: target, places: places)
    return Written(
      reports: written.reports, warnings: warnings, failures: written.failures,
      cases: report.cases.count)
  }

  /// Where the reports go, with all that they link to.
  private static func target(_ destination: String?, _ folders: [RunFolder]) throws -> RunFolder {
    guard let destination else {
      guard folders.count == 1, let only = folders.first else {
        throw Problem(description: "several runs need a folder for their reports: add -o DIR")
      }
      return only
    }
    let target = RunFolder(path: destination)
    let manager = FileManager.default
    let there = (try? manager.contentsOfDirectory(atPath: target.path)) ?? []
    guard there.isEmpty else {
      throw Problem(description: "\(target.path) is not empty; name a folder that is not there yet")
    }
    for folder in folders {
      for part in ["blobs", "logs"] {
        let from = "\(folder.recording)/\(part)"
        guard let names = try? manager.subpathsOfDirectory(atPath: from) else { continue }
        for name in names {
          try copy("\(from)/\(name)", to: "\(target.recording)/\(part)/\(name)", manager)
        }
      }
    }
    return target
  }

  private static func copy(_ from: String, to path: String, _ manager: FileManager) throws {
    var isFolder = false
    guard manager.fileExists(atPath: from, isDirectory: &isFolder), !isFolder,
      !manager.fileExists(atPath: path)
    else { return }
    do {
      try Files.makeFolder(of: path)
      try manager.copyItem(atPath: from, toPath: path)
    } catch {
      throw Problem(description: "\(from) could not be copied to \(path): \(error)")
    }
  }
}
