internal import Imaging
internal import Pixels
internal import Platform
internal import Scenario
internal import Story

/// The stored pictures of a case: needles to look for, and baselines to compare with.
struct PictureShelf: Sendable {
  /// What a search came to.
  struct Found {
    /// Where it is, best first; empty when it is nowhere.
    var places: [TemplateSearch.Place]
    /// What is most like it, in words.
    var closest: [String] = []
  }

  private let root: String
  private let baselines: String
  private let updates: Bool
  private let needles = Locked<[String: Needle]>([:])
  private let places = Locked<[String: PixelRect]>([:])

  /// The shelf of a case.
  ///
  /// - Parameter updates: whether baselines are written and not compared.
  init(for testCase: Case, updates: Bool) {
    root = testCase.scenario.root
    baselines = Self.folder(of: testCase)
    self.updates = updates
  }

  /// Beside the scenario: `baselines/CASE`, by the whole id, so that no two cases share one.
  private static func folder(of testCase: Case) -> String {
    let file = testCase.scenario.location.file
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(
      String.init)
    return (folder + ["baselines", LogName.safe(testCase.id)]).joined(separator: "/")
  }

  // MARK: - Looking for a picture

  /// Looks for a picture everywhere.
  ///
  /// - Parameter near: where it was last: if it is there, the rest is not looked at, so that a second one
  ///   elsewhere goes unseen.
  func search(
    _ path: String, _ likeness: Likeness, in frame: Frame, region: PixelRect?,
    near: PixelRect? = nil
  ) throws(Fault) -> Found {
    let needle = try needle(path)
    let search = TemplateSearch(needle, rule: Self.rule(likeness))
    switch search.search(frame, in: region, near: near) {
    case .found(let place): return Found(places: [place])
    case .ambiguous(let places): return Found(places: places)
    case .absent(let best):
      let words = best.map { "the best place, \($0.rect), is like it by \(Self.percent($0.score))" }
      return Found(places: [], closest: words.map { [$0] } ?? [])
    }
  }

  /// Whether a picture is on a frame, however often; where it was last is looked at first.
  func examine(
    _ path: String, _ likeness: Likeness, in frame: Frame, region: PixelRect?
  ) throws(Fault) -> LeafReading {
    let found = try search(
      path, likeness, in: frame, region: region, near: places.withLock { $0[path] })
    places.withLock { $0[path] = found.places.first?.rect }
    guard let first = found.places.first else {
      let closest = found.closest.first.map { "; \($0)" } ?? ""
      return LeafReading(holds: false, measured: "\(path) is not there\(closest)")
    }
    return LeafReading(
      holds: first.score >= likeness.similarity,
      measured: "\(path) at \(first.rect), like it by \(Self.percent(first.score))",
      region: first.rect)
  }

  private static func rule(_ likeness: Likeness) -> TemplateSearch.Rule {
    TemplateSearch.Rule(
      threshold: likeness.similarity, isColor: !likeness.anyColor,
      scales: likeness.anySize ? TemplateSearch.Rule.manyScales : [1])
  }

  private func needle(_ path: String) throws(Fault) -> Needle {
    if let known = needles.withLock({ $0[path] }) { return known }
    do {
      let full = path.hasPrefix("/") ? path : root + "/" + path
      let needle = try Needle(png: try Files.read(full, limit: PNG.defaultLimit))
      needles.withLock { $0[path] = needle }
      return needle
    } catch {
      throw Fault(.scenario, "the picture \(path) cannot be looked for: \(error)")
    }
  }

  // MARK: - Baselines

  /// Whether a frame equals a baseline; writes it when that is asked for.
  func examine(
    _ baseline: Check.Baseline, ignoring ignored: [PixelRect], in frame: Frame
  ) throws(Fault) -> LeafReading {
    let path = path(of: baseline)
    guard !updates else {
      try write(frame, to: path)
      return LeafReading(holds: true, measured: "written to \(path), not compared")
    }
    guard Files.exists(path) else {
      throw Fault(
        .scenario,
        "there is no baseline “\(baseline.name)” at \(path): look at the screen, then run with"
          + " --update-baselines to write it")
    }
    let comparison = FrameComparison(
      try stored(path), frame, rule: Self.rule(ignoring: ignored))
    let share = Self.percent(comparison.changedShare)
    if comparison.sizesDiffer {
      return LeafReading(holds: false, measured: "the screen is \(frame.size), the baseline is not")
    }
    guard comparison.comparedPixels > 0 else {
      throw Fault(
        .scenario, "“ignore” of the baseline “\(baseline.name)” leaves nothing to compare")
    }
    let count = comparison.regions.count
    let places = count == 1 ? "one place" : "\(count) places"
    return LeafReading(
      holds: comparison.changedShare <= baseline.tolerance,
      measured: comparison.isEqual
        ? "no pixel differs"
        : "\(share) of the pixels differ, in \(places) (allowed: \(Self.percent(baseline.tolerance)))",
      region: comparison.regions.first)
  }

  /// What differs, painted over the frame.
  func difference(
    _ baseline: Check.Baseline, ignoring ignored: [PixelRect], in frame: Frame
  ) -> Frame? {
    guard let stored = try? stored(path(of: baseline)) else { return nil }
    return FrameComparison.picture(stored, frame, rule: Self.rule(ignoring: ignored))
  }

  /// Smoothed edges differ from one font renderer to the next and mean nothing.
  private static func rule(ignoring ignored: [PixelRect]) -> ComparisonRule {
    ComparisonRule(tolerance: 2, forgivesSmoothing: true, ignoring: ignored)
  }

  private func path(of baseline: Check.Baseline) -> String {
    let folder = baselines.hasPrefix("/") ? baselines : root + "/" + baselines
    return "\(folder)/\(baseline.name).png"
  }

  private func stored(_ path: String) throws(Fault) -> Frame {
    do {
      return try PNG.decode(try Files.read(path, limit: PNG.defaultLimit))
    } catch {
      throw Fault(.scenario, "the baseline \(path) cannot be read: \(error)")
    }
  }

  private func write(_ frame: Frame, to path: String) throws(Fault) {
    do {
      try Files.makeFolder(of: path)
      try Files.writeAtomically(try PNG.encode(frame), to: path)
    } catch {
      throw Fault(.scenario, "the baseline \(path) cannot be written: \(error)")
    }
  }

  private static func percent(_ share: Double) -> String {
    let hundredths = Int((min(max(share, 0), 1) * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
