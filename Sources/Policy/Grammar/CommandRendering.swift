extension ParsedCommand {
  /// The line that sh, dash, bash, BusyBox and zsh read as exactly these words.
  ///
  /// Reading it again gives the same.
  public var line: String {
    segments.map { segment in
      let joint = segment.joint.map { $0 == .then ? "; " : " \($0.rawValue) " } ?? ""
      return joint + segment.line
    }.joined()
  }
}

extension ParsedCommand.Segment {
  /// The segment alone, as it is sent.
  public var line: String {
    (words.map(Self.quoted) + redirections.map(Self.text)).joined(separator: " ")
  }

  /// A word as shells read it as it is: bare where nothing can change it, else in single quotes.
  static func quoted(_ word: String) -> String {
    let isBare =
      !word.isEmpty && !word.hasPrefix("=") && word.unicodeScalars.allSatisfy(Signs.isSafe)
    if isBare { return word }
    return word.split(separator: "'", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "'\($0)'" }
      .joined(separator: "\"'\"")
      .emptyQuoted
  }

  private static func text(_ redirection: ParsedCommand.Redirection) -> String {
    switch redirection {
    case .input(let file): "<" + quoted(file)
    case .output(let file): ">" + quoted(file)
    case .append(let file): ">>" + quoted(file)
    case .noErrors: "2>/dev/null"
    case .errorsToOutput: "2>&1"
    }
  }
}

extension String {
  /// Two quotes where nothing is.
  fileprivate var emptyQuoted: String { isEmpty ? "''" : self }
}
