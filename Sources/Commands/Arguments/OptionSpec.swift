/// Where a flag stands in help, in this order.
enum OptionCategory: String, CaseIterable, Sendable {
  case main = "Options"
  case selection = "Which cases"
  case execution = "How they run"
  case outcome = "What counts as a failure"
  case target = "Target and model"
  case output = "Output and reports"
  case general = "General"
}

/// What help, completion and suggestions know of a flag.
struct OptionDescription: Equatable, Sendable {
  /// The name after `--`.
  let long: String
  /// The letter after `-`.
  let short: Character?
  /// Other names that people may have in their fingers; not shown.
  var aliases: [String] = []
  /// The value's name; nil for a switch.
  var valueName: String?
  /// Every value that is accepted, if they can be listed.
  var choices: [String] = []
  /// What a shell offers for the value.
  var completion = ValueCompletion.none
  /// Where it stands in help.
  let category: OptionCategory
  /// One line, without a full stop.
  let help: String
  /// Whether this version does what the flag says; if not, it is not shown and giving it is an error.
  var isBuilt = true
}

/// One row of a command's table of flags, which feeds parser, help, completion and suggestions.
struct OptionSpec<Options>: Sendable {
  /// What the flag looks like.
  var description: OptionDescription
  /// Puts the value (empty for a switch) into the options; a flag given twice is put there twice.
  let update: @Sendable (inout Options, String) throws(ValueError) -> Void

  /// A switch.
  static func flag(
    _ long: String, _ short: Character? = nil, aliases: [String] = [], in category: OptionCategory,
    _ help: String, set: @escaping @Sendable (inout Options) -> Void
  ) -> Self {
    .init(
      description: .init(
        long: long, short: short, aliases: aliases, category: category, help: help),
      update: { options, _ in set(&options) })
  }

  /// A flag with a value.
  static func value<Value>(
    _ long: String, _ short: Character? = nil, aliases: [String] = [], as kind: ValueKind<Value>,
    in category: OptionCategory, _ help: String,
    set: @escaping @Sendable (inout Options, Value) -> Void
  ) -> Self {
    .init(
      description: .init(
        long: long, short: short, aliases: aliases, valueName: kind.name, choices: kind.choices,
        completion: kind.completion, category: category, help: help),
      update: { options, text throws(ValueError) in set(&options, try kind.parse(text)) })
  }

  /// The same flag, while this version does not yet do what it says.
  var planned: Self {
    var row = self
    row.description.isBuilt = false
    return row
  }
}

/// What help and completion know of a word that is no flag.
struct PositionalDescription: Equatable, Sendable {
  /// How often it may stand there.
  enum Count: Sendable {
    case optional, one, any, oneOrMore
  }

  /// Its name: `PATH`.
  let name: String
  /// How often it may stand there; more than one only in the last row.
  let count: Count
  /// One line, without a full stop.
  let help: String
  /// Every word that is accepted, if they can be listed.
  var choices: [String] = []
  /// What a shell offers.
  var completion = ValueCompletion.none

  /// The name as usage shows it.
  var usage: String {
    switch count {
    case .optional: "[\(name)]"
    case .one: name
    case .any: "[\(name)…]"
    case .oneOrMore: "\(name)…"
    }
  }

  /// Whether one must be there.
  var isRequired: Bool { count == .one || count == .oneOrMore }

  /// Whether more than one may be there.
  var isRepeated: Bool { count == .any || count == .oneOrMore }
}

/// One row of a command's table of words that are no flags.
struct PositionalSpec<Options>: Sendable {
  /// What the word looks like.
  let description: PositionalDescription
  /// Puts the word into the options.
  let update: @Sendable (inout Options, String) throws(ValueError) -> Void

  /// A row.
  static func word<Value>(
    _ kind: ValueKind<Value>, _ count: PositionalDescription.Count, _ help: String,
    set: @escaping @Sendable (inout Options, Value) -> Void
  ) -> Self {
    .init(
      description: .init(
        name: kind.name, count: count, help: help, choices: kind.choices,
        completion: kind.completion),
      update: { options, text throws(ValueError) in set(&options, try kind.parse(text)) })
  }
}

/// What a person may say after a command: a value with everything nil or empty, and the tables that fill it.
///
/// A flag that was not given leaves nil behind, so that it can never override a configuration.
protocol CommandOptions: Equatable, Sendable {
  /// Nothing said.
  init()
  /// The flags.
  static var flags: [OptionSpec<Self>] { get }
  /// The other words, in order.
  static var words: [PositionalSpec<Self>] { get }
  /// Refuses what cannot stand together.
  func validate() throws(ValueError)
}

extension CommandOptions {
  static var flags: [OptionSpec<Self>] { [] }
  static var words: [PositionalSpec<Self>] { [] }
  func validate() throws(ValueError) {}
}
