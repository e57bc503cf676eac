/// What a `.feature` file says, before its steps are read.
struct Gherkin: Hashable {
  var name = ""
  /// The code of the language of its keywords and its steps; nil is English.
  var language: String?
  var description: [String] = []
  var tags: [String] = []
  var background: [Line] = []
  var scenarios: [Outline] = []
  /// The comments `# qa-agent: …`, each from its first character after the colon.
  var headers: [Text] = []

  /// A piece of a line with its place, both from 1.
  struct Text: Hashable {
    var text: String
    var line: Int
    var column: Int
  }

  /// One step.
  struct Line: Hashable {
    /// Whether it says what must be true, not what to do.
    var isOutcome: Bool
    var text: Text
    /// The whole line, trimmed.
    var source: String
    /// The rows of its table or the lines of its text.
    var argument: [String] = []
    /// Whether they are rows.
    var isTable = false
  }

  /// A scenario, or an outline with its examples.
  struct Outline: Hashable {
    var name: Text
    var tags: [String]
    var rule: String?
    var description: [String] = []
    var isTemplate: Bool
    /// The steps of the background of its rule, then its own.
    var steps: [Line]
    var examples: [Examples] = []
    /// Whether it has steps of its own; backgrounds alone are none.
    var hasSteps = false
    /// The lines it stands on, from its tags on.
    var lines: ClosedRange<Int>
  }

  /// A table of values for an outline.
  struct Examples: Hashable {
    var tags: [String]
    var columns: [String] = []
    var rows: [Row] = []
    var line: Int
  }

  /// One row of examples.
  struct Row: Hashable {
    var cells: [String]
    var line: Int
  }
}
