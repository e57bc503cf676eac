internal import Glibc
internal import JSONCoding
public import Recording
internal import Session

/// Writes the reports of a run into its folder, and copies of them where a user wants them too.
///
/// Each file is whole or not there, and one that cannot be written does not keep the others from being
/// written. Blocks.
public enum ReportWriter {
  /// What was written, with a word for each, and what could not be.
  public typealias Result = (reports: [(name: String, path: String)], failures: [String])

  /// Writes the reports of the recording in a folder.
  ///
  /// - Parameters:
  ///   - folder: the run.
  ///   - junitPath: a file that gets the JUnit XML too.
  ///   - htmlPath: a folder that gets the page and its pictures too.
  ///   - shardLabel: the part of several that this run is: `2of4`.
  ///   - hasLocations: whether JUnit cases carry `file`, `line` and properties.
  ///   - secrets: values that must not be written, by name.
  public static func write(
    _ folder: RunFolder, junitPath: String? = nil, htmlPath: String? = nil,
    shardLabel: String? = nil, hasLocations: Bool = false, secrets: [String: String] = [:]
  ) -> Result {
    do {
      let report = try RunFold.report(folder)
      return write(
        report, to: folder, junitPath: junitPath, htmlPath: htmlPath, shardLabel: shardLabel,
        hasLocations: hasLocations, secrets: secrets)
    } catch {
      return ([], ["there are no reports: \(error)"])
    }
  }

  /// Writes the reports of a run that was folded while it went on: also when its journal is on no disk.
  public static func write(
    _ report: RunReport, to folder: RunFolder, junitPath: String? = nil, htmlPath: String? = nil,
    shardLabel: String? = nil, hasLocations: Bool = false, secrets: [String: String] = [:]
  ) -> Result {
    let redactor = Redactor(secrets: secrets)
    let options = JUnitOptions(
      shard: shardLabel, hasLocations: hasLocations, attachmentRoot: fromWorkingFolder(folder.path))
    let junit = JUnitWriter(options: options, redactor: redactor) { path in
      access("\(folder.path)/\(path)", R_OK) == 0
    }.document(report)
    var result: Result = ([], [])
    func write(_ name: String, _ bytes: [UInt8], _ path: String) {
      do {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
          try AtomicFile.makeFolder(String(path[..<slash]))
        }
        try AtomicFile.write(bytes, to: path)
        result.reports.append((name, path))
      } catch {
        result.failures.append("the \(name) report is not written: \(error.message)")
      }
    }
    write("HTML", HTMLReport.document(report, redactor: redactor), folder.path + "/index.html")
    write("JUnit", junit, "\(folder.path)/\(options.fileName)")
    let results = ResultsJSON.document(report, redactor: redactor).prettyText + "\n"
    write("JSON", Array(results.utf8), folder.path + "/results.json")
    if let junitPath { write("JUnit", junit, junitPath) }
    if let htmlPath { copyPage(report, folder, to: htmlPath, redactor, &result) }
    return result
  }

  /// A page with pictures of its own, so that its folder can be moved and published alone.
  private static func copyPage(
    _ report: RunReport, _ folder: RunFolder, to path: String, _ redactor: Redactor,
    _ result: inout Result
  ) {
    var copy = report
    let store = BlobStore(path: path + "/blobs")
    do {
      for index in copy.cases.indices {
        copy.cases[index].blobFolder = "blobs"
        for digest in copy.cases[index].pictures {
          // The page says of a missing or changed picture that it is not there.
          guard let bytes = try? folder.blobs.read(digest) else { continue }
          _ = try store.write(bytes, as: .png)
        }
      }
      try AtomicFile.makeFolder(path)
      try AtomicFile.write(
        HTMLReport.document(copy, redactor: redactor), to: path + "/index.html")
      result.reports.append(("HTML", path + "/index.html"))
    } catch {
      result.failures.append("the HTML report is not written: \(error)")
    }
  }

  /// A path as seen from the working folder, from which readers of JUnit files resolve attachments.
  private static func fromWorkingFolder(_ path: String) -> String {
    guard path.hasPrefix("/"), let buffer = getcwd(nil, 0) else { return path }
    defer { free(buffer) }
    let folder = String(cString: buffer) + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}

extension CaseReport {
  /// The digests of every picture that a report shows.
  var pictures: Set<String> {
    var digests: Set<String> = []
    for moment in attempts.flatMap(\.allMoments) {
      var frames = [moment.frame]
      if case .action(let action) = moment.kind { frames.append(action.before) }
      digests.formUnion(frames.compactMap { $0?.blob }.filter(SHA256.isDigest))
    }
    return digests
  }
}
