/// Words that no command understands; nothing was done.
struct UsageError: Error, Equatable {
  /// What is wrong, with the word that was given.
  let message: String
  /// The command whose help says more: `["models", "pull"]`; empty for the whole program.
  var path: [String] = []

  /// The two lines for the person.
  var text: String {
    let name = (["qa-agent"] + path).joined(separator: " ")
    return "\(name): \(message)\nWhat can be said: \(name) --help\n"
  }
}
