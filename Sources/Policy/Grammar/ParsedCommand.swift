/// A command line that was understood completely: what runs, with which words, and how its parts are joined.
///
/// What runs on a host is `line`, which is written from this, never the text that it was read from.
public struct ParsedCommand: Hashable, Sendable {
  /// The largest text that is read, in bytes.
  public static let largestSize = 4096
  /// The most programs of one command line.
  public static let mostSegments = 16
  /// The most words of one program, its name included.
  public static let mostWords = 256

  /// How a program is joined to the one before it.
  public enum Joint: String, Hashable, Sendable {
    /// It reads what that writes.
    case pipe = "|"
    /// It runs where that succeeded.
    case and = "&&"
    /// It runs where that failed.
    case or = "||"
    /// It runs after that.
    case then = ";"
  }

  /// Where a program reads from or writes to.
  public enum Redirection: Hashable, Sendable {
    /// Reads a file: `<file`.
    case input(String)
    /// Writes a file: `>file`.
    case output(String)
    /// Writes to the end of a file: `>>file`.
    case append(String)
    /// Drops what it writes to its standard error: `2>/dev/null`.
    case noErrors
    /// Writes its errors where its output goes: `2>&1`.
    case errorsToOutput

    /// The file that is written; nil where none is, `/dev/null` included.
    public var written: String? {
      switch self {
      case .output(let path), .append(let path): path == "/dev/null" ? nil : path
      case .input, .noErrors, .errorsToOutput: nil
      }
    }
  }

  /// One program with its words.
  public struct Segment: Hashable, Sendable {
    /// The program and its arguments, as the program gets them; never empty.
    public var words: [String]
    /// Where it reads from and writes to, in order.
    public var redirections: [Redirection]
    /// How it is joined to the one before; nil for the first.
    public var joint: Joint?

    /// A program.
    public init(words: [String], redirections: [Redirection] = [], joint: Joint? = nil) {
      self.words = words
      self.redirections = redirections
      self.joint = joint
    }
  }

  /// The programs, in order; never empty.
  public let segments: [Segment]

  init(segments: [Segment]) { self.segments = segments }

  /// Reads a text by the strict grammar.
  ///
  /// - Throws: the first thing that is not in the grammar, with its place.
  public init(text: String) throws(CommandRefusal) {
    var reader = try CommandReader(text)
    segments = try reader.segments()
  }

  /// A program and its arguments, each just as it is.
  ///
  /// - Throws: what of it no command may hold; the column counts in the word that the refusal shows.
  public init(words: [String]) throws(CommandRefusal) {
    try CommandReader.check(words)
    segments = [Segment(words: words)]
  }
}

/// Why a text is not understood as a command, and therefore not run.
public struct CommandRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it stands, from 1, in code points.
  public var column: Int
  /// What stands there; invisible characters by their number.
  public var text: String
  /// What is wrong with it.
  public var reason: String
  /// What to do.
  public var help: String?

  init(column: Int, text: String, reason: String, help: String? = nil) {
    self.column = column
    self.text = text
    self.reason = reason
    self.help = help
  }

  /// `column 4: “$”: …`.
  public var description: String {
    "column \(column): “\(text)”: \(reason)" + (help.map { "; \($0)" } ?? "")
  }
}
