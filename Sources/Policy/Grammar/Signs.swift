/// What single characters are to shells and to people who read a command.
package enum Signs {
  /// Characters that every shell takes as they are, wherever they stand in a word.
  static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "/", ":", "=", ",", "@", "%", "+", "-": true
    default: false
    }
  }

  /// Characters that a program's name is made of.
  static func isOfProgram(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "/", "+", "-": true
    default: false
    }
  }

  /// Words that shells read as their own grammar at the place of a program.
  static let reserved: Set<String> = [
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in",
    "select", "function", "time", "coproc", "foreach", "repeat", "nocorrect", "noglob", "end",
  ]

  /// Why a character may be nowhere in a command; nil where it may be in a text.
  package static func fault(of scalar: Unicode.Scalar) -> String? {
    if scalar == " " || scalar == "\t" { return nil }
    switch scalar.properties.generalCategory {
    case .control: return "a control character"
    case .format, .lineSeparator, .paragraphSeparator: return "an invisible character"
    case .spaceSeparator: return "a blank that is no space"
    case .privateUse, .surrogate, .unassigned: return "a character without a meaning"
    default: return scalar.properties.isDefaultIgnorableCodePoint ? "an invisible character" : nil
    }
  }

  /// The character, or its number where it could not be seen.
  static func shown(_ scalar: Unicode.Scalar) -> String {
    guard fault(of: scalar) != nil || scalar == "\t" else { return String(Character(scalar)) }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A text with what could not be seen as numbers.
  static func shown(_ text: String) -> String { text.unicodeScalars.map { shown($0) }.joined() }

  /// What an unquoted character is to a shell, and what to do instead.
  static func refusal(of scalar: Unicode.Scalar) -> (reason: String, help: String?) {
    let quote = "put it into single quotes where it is meant as it stands"
    switch scalar {
    case "$": return ("a variable, a substitution or arithmetic", quote)
    case "`": return ("a substitution", quote)
    case "\\": return ("a backslash means other things in other places", quote)
    case "*", "?", "[", "]": return ("the shell would put names of files in its place", quote)
    case "{", "}": return ("a group, or words that the shell multiplies", quote)
    case "(", ")": return ("a subshell or a function", quote)
    case "~": return ("the shell would put a folder in its place", "write the whole path")
    case "#": return ("a comment hides what follows", quote)
    case "!": return ("a negation or the shell's history", quote)
    case "^": return ("another sign of the history or of a pipe in some shells", quote)
    case "&": return ("it would go on in the background", "join programs with && or ;")
    default:
      return scalar.isASCII
        ? ("not a character of a bare word", quote)
        : ("a character that looks like others or reads differently elsewhere", quote)
    }
  }
}
