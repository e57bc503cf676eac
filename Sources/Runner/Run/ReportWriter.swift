internal import FoundationEssentials
internal import JSONCoding
internal import Platform
internal import Recording
internal import Reports

/// Writes the reports of a run: each is a function of its recording alone.
enum ReportWriter {
  /// What came of writing.
  struct Written: Sendable {
    /// The files, by what they are.
    var reports: [(name: String, path: String)] = []
    /// What could not be written.
    var failures: [String] = []
    /// The command that runs again what did not pass; nil when there is nothing to run again.
    var rerun: String?
  }

  /// Where reports go.
  struct Places: Sendable {
    /// One more JUnit file.
    var junit: String?
    /// One more folder with the page and its pictures.
    var html: String?
    /// The part of several that the run is: `2of4`.
    var shard: String?
    /// Whether the pictures of cases that simply passed are taken out of the recording.
    var keepsOnlyTrouble: Bool

    /// Only the run's own folder.
    init(
      junit: String? = nil, html: String? = nil, shard: String? = nil,
      keepsOnlyTrouble: Bool = false
    ) {
      self.junit = junit
      self.html = html
      self.shard = shard
      self.keepsOnlyTrouble = keepsOnlyTrouble
    }
  }

  /// Writes all reports of a run; blocks while it writes.
  ///
  /// - Parameters:
  ///   - report: what its journal comes to.
  ///   - folder: the run's folder.
  ///   - places: where else reports go.
  ///   - redactor: what every report passes through.
  static func write(
    _ report: RunReport, in folder: RunFolder, places: Places = Places(),
    redactor: Redactor = .none
  ) -> Written {
    if places.keepsOnlyTrouble {
      remove(report.picturesOfPasses, .png, from: folder)
      remove(report.requestsOfPasses, .json, from: folder)
    }
    var job = Job(folder: folder, report: report, redactor: redactor)
    job.writeAll(places)
    return Written(reports: job.written, failures: job.failures, rerun: report.rerunCommand)
  }

  /// Takes kept bytes out of a recording; the page says of each picture that it is not there.
  private static func remove(
    _ digests: Set<String>, _ kind: BlobStore.Kind, from folder: RunFolder
  ) {
    for name in digests.compactMap({ BlobStore.name(of: $0, kind: kind) }) {
      try? FileManager.default.removeItem(atPath: "\(folder.blobs.path)/\(name)")
    }
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
      let options = JUnitOptions(
        shard: places.shard, attachmentRoot: fromWorkingFolder(folder.path))
      let junit = JUnitWriter(options: options, redactor: redactor) { [folder] path in
        Files.exists(folder.path + "/" + path)
      }.document(report)
      write("JUnit", junit, folder.path + "/" + options.fileName)
      let results = ResultsJSON.document(report, redactor: redactor).prettyText + "\n"
      write("JSON", Array(results.utf8), folder.path + "/results.json")
      if let path = places.junit { write("JUnit", junit, path) }
      if let path = places.html { copyPage(page, to: path) }
    }

    /// A path as seen from the working folder, from which readers of JUnit files resolve attachments.
    private func fromWorkingFolder(_ path: String) -> String {
      let here = FileManager.default.currentDirectoryPath + "/"
      return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
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
      copy(report.pictures, .png, to: path)
      copy(report.requests, .json, to: path)
    }

    private mutating func copy(_ digests: Set<String>, _ kind: BlobStore.Kind, to path: String) {
      let copies = BlobStore(path: path + "/recording/blobs")
      for digest in digests where !copies.contains(digest, as: kind) {
        do {
          try Files.makeFolder(copies.path)
          _ = try copies.write(try folder.blobs.read(digest, as: kind), as: kind)
        } catch {
          let what = kind == .png ? "a picture" : "a request to a model"
          failures.append("\(what) could not be copied to \(path): \(error)")
          return
        }
      }
    }
  }
}
