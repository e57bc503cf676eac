public import Pattern
public import Scenario

/// Which cases run: first by name and tags, then those that failed last, then a shard, then repeats.
public struct Selection: Sendable {
  /// Runs only cases whose id, name or tags match.
  let grep: Pattern?
  /// Leaves out cases whose id, name or tags match.
  let grepInvert: Pattern?
  /// Runs only cases with these tags.
  let tags: TagExpression?
  /// Runs only cases with these ids; nil means all.
  let ids: Set<String>?
  /// Runs one part of several.
  let shard: Shard?
  /// Runs each case so many times.
  let repeats: Int

  /// A selection; without anything it takes all cases once.
  public init(
    grep: Pattern? = nil, grepInvert: Pattern? = nil, tags: TagExpression? = nil,
    ids: Set<String>? = nil, shard: Shard? = nil, repeats: Int = 1
  ) {
    self.grep = grep
    self.grepInvert = grepInvert
    self.tags = tags
    self.ids = ids
    self.shard = shard
    self.repeats = max(1, repeats)
  }

  /// One part of several, counted from 1: `2/4`.
  public struct Shard: Hashable, Sendable {
    /// Which part, from 1.
    public let index: Int
    /// How many parts.
    public let count: Int

    /// A part; nil unless `1 <= index <= count`.
    public init?(index: Int, count: Int) {
      guard count >= 1, (1...count).contains(index) else { return nil }
      self.index = index
      self.count = count
    }

    /// Reads `2/4`; nil when it is no part of several.
    public init?(parsing text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count <= 10_000
      else { return nil }
      self.init(index: index, count: count)
    }
  }

  /// The selected cases, in their order; a repeat gets `#2`, `#3` … behind its id.
  public func apply(to cases: [Case]) throws(PatternError) -> [Case] {
    var selected: [Case] = []
    for testCase in cases where try takes(testCase) { selected.append(testCase) }
    if let shard {
      selected = selected.enumerated().compactMap { index, testCase in
        index % shard.count == shard.index - 1 ? testCase : nil
      }
    }
    return selected.flatMap(repeated)
  }

  private func takes(_ testCase: Case) throws(PatternError) -> Bool {
    if let tags, testCase.unreadable == nil, !tags.matches(testCase.scenario.tags) { return false }
    if let ids, !ids.contains(testCase.id) { return false }
    if let grep, !(try Self.matches(grep, testCase)) { return false }
    if let grepInvert, try Self.matches(grepInvert, testCase) { return false }
    return true
  }

  private static func matches(_ pattern: Pattern, _ testCase: Case) throws(PatternError) -> Bool {
    let tags = testCase.scenario.tags.map { "@" + $0 }
    let text = ([testCase.id, testCase.name] + tags).joined(separator: "\n")
    return try pattern.firstMatch(in: text) != nil
  }

  private func repeated(_ testCase: Case) -> [Case] {
    (1...repeats).map { number in
      guard number > 1 else { return testCase }
      var again = testCase
      again.id += "#\(number)"
      again.name += " #\(number)"
      return again
    }
  }
}
