public import Hands

/// The words of one natural language: how a plain step is said, and the keywords of features.
///
/// All of it is data out of one file; docs/languages.md describes the format.
public struct Language: Hashable, Sendable {
  /// Its code as scenarios name it: `en`.
  public internal(set) var code = ""
  /// Its name in its own words.
  public internal(set) var name = ""
  /// The ways to say a step, in the order in which they are tried.
  public internal(set) var steps: [StepPattern] = []
  /// Words that stand before a name and mean nothing, in lower case.
  public internal(set) var articles: Set<String> = []
  /// What stands between two steps, in lower case.
  public internal(set) var joiners: [[String]] = []
  /// Words before a step that mean nothing, in lower case.
  public internal(set) var leads: [[String]] = []
  /// Words that say what kind of thing a target is, in lower case, with what they say; the
  /// longest first.
  public internal(set) var nouns: [Noun] = []
  /// Whether a noun stands before a name that has no quotes: `das Feld Name`; else behind it.
  public internal(set) var nounsStandBefore = false
  /// Words that a target without quotes never has, in lower case.
  public internal(set) var strangers: Set<String> = []
  /// Words that begin a step that is not in this language, in lower case: behind `and` they are no name.
  public internal(set) var verbs: Set<String> = []
  /// Words that stand for several, in lower case: `im` for `in dem`.
  public internal(set) var expansions: [String: [String]] = [:]
  /// Directions by the words for them, in lower case.
  public internal(set) var directions: [String: ScrollDirection] = [:]
  /// Numbers that are written out, in lower case.
  public internal(set) var numbers: [String: Int] = [:]
  /// Units of time in milliseconds, in lower case.
  public internal(set) var units: [String: Int] = [:]
  /// The English names of keys by those of this language, in lower case.
  public internal(set) var keys: [String: String] = [:]
  /// What parts a number from its fraction.
  public internal(set) var decimalMark: Character = "."
  /// The words that a `.feature` file is made of.
  public internal(set) var keywords: [Keyword: [String]] = [:]

  init() {}

  /// A noun that may be said with a target.
  public struct Noun: Hashable, Sendable {
    /// How it is said, in lower case.
    public let words: [String]
    /// What it says that a target is.
    public let kind: TargetKind
  }

  /// What a keyword of a `.feature` file begins.
  public enum Keyword: String, Hashable, Sendable, CaseIterable {
    case feature, rule, background, scenario, outline, examples
    case given, when, then, and, but

    /// Whether it begins a step; the others end with a colon.
    public var beginsStep: Bool {
      switch self {
      case .given, .when, .then, .and, .but: true
      case .feature, .rule, .background, .scenario, .outline, .examples: false
      }
    }
  }
}
