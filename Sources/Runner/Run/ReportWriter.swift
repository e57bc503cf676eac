internal import FoundationEssentials
internal import JSONCoding
internal import Platform
internal import Recording
internal import Reports

/// Writes the reports of a recorded run: each is a function of the recording alone.
public enum ReportWriter {
  /// What came of writing.
  public struct Written: Sendable {
    /// The files, by what they are.
    public var reports: [(name: String, path: String)] = []
    /// What could not be written.
    public var failures: [String] = []
    /// The command that runs again what did not pass; nil when there is nothing to run again.
    public var rerun: String?
  }

  /// Where reports go.
  public struct Places: Sendable {
    /// One more JUnit file.
    public var junit: String?
    /// One more folder with the page and its pictures.
    public var html: String?
    /// The part of several that the run is: `2of4`.
    public var shard: String?

    /// Only the run's own folder.
    public init(junit: String? = nil, html: String? = nil, shard: String? = nil) {
      self.junit = junit
      self.html = html
      self.shard = shard
    }
  }

  /// Writes all reports of a run; blocks while it reads and writes.
  ///
  /// - Parameters:
  ///   - path: the run's folder.
  ///   - places: where else reports go.
  ///   - secrets: values by name that no report may hold.
  public static func write(
    _ path: String, places: Places = Places(), secrets: [String: String] = [:]
  ) -> Written {
    let folder = RunFolder(path: path)
    let report: RunReport
    do {
      report = try RunFold.report(folder)
    } catch {
      return Written(
        failures: ["the recording cannot be read, so no report is written: \(error)"])
    }
    var job = Job(folder: folder, report: report, redactor: Redactor(secrets: secrets))
    job.writeAll(places)
    return Written(reports: job.written, failures: job.failures, rerun: report.rerunCommand)
  }

  private struct Job {
    let folder: RunFolder
    let report: RunReport
    let redactor: Redactor
    var written: [(name: String, path: String)] = []
    var failures: [String] = []

    mutating func writeAll(_ places: Places) {
      let page = HTMLReport.document(report, redactor: redactor)
      write("HTML", page, folder.path + "/index.html")
      let options = JUnitOptions(shard: places.shard)
      let junit = JUnitWriter(options: options, redactor: redactor) { [folder] path in
        Files.exists(folder.path + "/" + path)
      }.document(report)
      write("JUnit", junit, folder.path + "/" + options.fileName)
      let results = ResultsJSON.document(report, redactor: redactor).prettyText + "\n"
      write("JSON", Array(results.utf8), folder.path + "/results.json")
      if let path = places.junit { write("JUnit", junit, path) }
      if let path = places.html { copyPage(page, to: path) }
    }

    private mutating func write(_ name: String, _ bytes: [UInt8], _ path: String) {
      do throws(FileError) {
        try Files.makeFolder(of: path)
        try Files.writeAtomically(bytes, to: path)
        written.append((name, path))
      } catch {
        failures.append("the \(name) report could not be written: \(error)")
      }
    }

    /// The page again, with the pictures beside it, so that the folder can be taken away.
    private mutating func copyPage(_ page: [UInt8], to path: String) {
      write("HTML", page, path + "/index.html")
      let (source, copy) = (folder.blobs.path, path + "/recording/blobs")
      guard Files.exists(source), !Files.exists(copy) else { return }
      do {
        try Files.makeFolder(of: copy)
        try FileManager.default.copyItem(atPath: source, toPath: copy)
      } catch {
        failures.append("the pictures could not be copied to \(path): \(error)")
      }
    }
  }
}
