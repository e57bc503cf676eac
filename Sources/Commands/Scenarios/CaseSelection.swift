internal import Diagnostics
internal import FoundationEssentials
internal import Pattern
internal import Platform
internal import Recording
internal import Reports
internal import Runner
internal import Scenario
internal import ScenarioFiles

extension SelectionSettings {
  /// The cases that are meant, in the order select, last-failed, shard.
  ///
  /// - Parameters:
  ///   - loaded: what the paths hold.
  ///   - output: where the runs are, for `--last-failed` and `--rerun`.
  func apply(to loaded: LoadedScenarios, output: String) throws(CommandError) -> [Case] {
    let cases = LineSelection(loaded.requestedLines).apply(to: loaded.cases)
    var ids: Set<String>?
    if let testList { ids = try TestList.ids(in: testList, among: cases) }
    if let run = lastFailed == true ? Self.lastRun(in: output) : rerun {
      let failed = try Self.failed(in: run, output: output, among: cases)
      ids = ids.map { $0.intersection(failed) } ?? failed
    }
    let selection = Selection(
      grep: try grep.map { text throws(CommandError) in try Self.pattern(text, "--grep") },
      grepInvert: try grepInvert.map { text throws(CommandError) in
        try Self.pattern(text, "--grep-invert")
      },
      tags: try tag.map { text throws(CommandError) in try Self.tags(text) }, ids: ids,
      shard: shard, repeats: repeatEach ?? 1)
    do { return try selection.apply(to: cases) } catch {
      throw CommandError(message: "\(error)")
    }
  }

  private static func pattern(_ text: String, _ flag: String) throws(CommandError) -> Pattern {
    do { return try Pattern(text) } catch { throw CommandError(message: "\(flag): \(error)") }
  }

  private static func tags(_ text: String) throws(CommandError) -> TagExpression {
    do { return try TagExpression(parsing: text) } catch {
      throw CommandError(message: "--tag: \(error)")
    }
  }

  /// The last run that had cases: one in which nothing was selected says nothing of what failed before.
  private static func lastRun(in output: String) -> String {
    let latest = (try? RunFolder.find("latest", in: output)).map { [$0] } ?? []
    let last = (latest + RunFolder.all(in: output).reversed()).first { folder in
      // A recording that cannot be read is told of when it is read again.
      guard let report = try? RunFold.report(folder) else { return true }
      return !report.cases.isEmpty || report.notRun > 0
    }
    return last?.id ?? "latest"
  }

  /// What failed in a run, and what it never came to.
  private static func failed(
    in run: String, output: String, among cases: [Case]
  ) throws(CommandError) -> Set<String> {
    let report: RunReport
    do { report = try RunFold.report(try RunFolder.find(run, in: output)) } catch {
      throw CommandError(message: "\(error)")
    }
    var ids = Set((report.failures + report.neverBegun).map(\.id))
    if report.isPlanUnknown {
      // All that left no trace may have been still to come.
      ids.formUnion(Set(cases.map(\.id)).subtracting(report.cases.map(\.id)))
    }
    // What could not be read had the id of its file, which is mended by now and has cases of its own.
    let known = Set(cases.map(\.id))
    for id in ids where !known.contains(id) {
      ids.formUnion(known.filter { $0.hasPrefix(id + "/") || $0.hasPrefix(id + "[") })
    }
    return ids
  }
}

/// What `file:line` means: the case at or before the line.
struct LineSelection {
  private let lines: [String: [Int]]

  /// The lines that were asked for, by file.
  init(_ lines: [String: [Int]]) { self.lines = lines }

  /// The cases that remain; those of files without a line all do.
  func apply(to cases: [Case]) -> [Case] {
    guard !lines.isEmpty else { return cases }
    let starts = Dictionary(grouping: cases.map(\.scenario.location), by: \.file)
      .mapValues { Set($0.map(\.line)) }
    return cases.filter { testCase in
      let location = testCase.scenario.location
      guard let wanted = lines[location.file], let starts = starts[location.file] else {
        return true
      }
      return wanted.contains { line in
        (starts.filter { $0 <= line }.max() ?? starts.min()) == location.line
      }
    }
  }
}

/// A file with one case a line, as `list` prints them.
enum TestList {
  /// The ids in a file; a line that names no case is an error, because it would silently not run.
  static func ids(in path: String, among cases: [Case]) throws(CommandError) -> Set<String> {
    let bytes: [UInt8]
    do { bytes = try Files.read(path, limit: 16 << 20) } catch {
      throw CommandError(message: "--test-list: \(error)")
    }
    let known = Set(cases.map(\.id))
    var ids: Set<String> = []
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      guard let id = id(in: line) else { continue }
      guard known.contains(id) else {
        let guess = Suggestion.question(for: id, among: known).map { "; \($0)" } ?? ""
        throw CommandError(
          message:
            "\(TerminalText.neutral(path)):\(index + 1): no case “\(TerminalText.neutral(id))”\(guess)"
        )
      }
      ids.insert(id)
    }
    return ids
  }

  /// What stands before `›` or `>`; nil for an empty line or a comment.
  private static func id(in line: Substring) -> String? {
    let id = line.prefix { $0 != "›" && $0 != ">" }.drop(while: \.isWhitespace)
    guard let last = id.lastIndex(where: { !$0.isWhitespace }), !id.hasPrefix("#") else {
      return nil
    }
    return String(id[...last])
  }
}
