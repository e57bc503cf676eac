/// Reads a command line by a grammar that all shells read alike; whatever is not in it is refused.
struct CommandReader {
  private let scalars: [Unicode.Scalar]
  private var place = 0

  init(_ text: String) throws(CommandRefusal) {
    scalars = Array(text.unicodeScalars)
    guard text.utf8.count <= ParsedCommand.largestSize else {
      throw CommandRefusal(
        column: 1, text: Signs.shown(String(text.prefix(20))) + "…",
        reason: "\(text.utf8.count) bytes are more than \(ParsedCommand.largestSize)",
        help: "put the work into a program on the host")
    }
    for (index, scalar) in scalars.enumerated() where scalar != "\n" {
      guard let fault = Signs.fault(of: scalar) else { continue }
      throw CommandRefusal(
        column: index + 1, text: Signs.shown(scalar), reason: fault, help: "leave it out")
    }
  }

  mutating func segments() throws(CommandRefusal) -> [ParsedCommand.Segment] {
    var segments: [ParsedCommand.Segment] = []
    var joint: ParsedCommand.Joint?
    skipLines()
    repeat {
      guard segments.count < ParsedCommand.mostSegments else {
        throw refusal("more than \(ParsedCommand.mostSegments) programs", help: "run fewer at once")
      }
      segments.append(try segment(joint))
      joint = try nextJoint()
    } while joint != nil
    return segments
  }

  /// What is said of a list of words that no shell reads before we have quoted them.
  static func check(_ words: [String]) throws(CommandRefusal) {
    guard let program = words.first else {
      throw CommandRefusal(column: 1, text: "", reason: "no program is named")
    }
    let size = words.reduce(0) { $0 + $1.utf8.count + 1 }
    guard size <= ParsedCommand.largestSize, words.count <= ParsedCommand.mostWords else {
      throw CommandRefusal(
        column: 1, text: Signs.shown(String(program.prefix(20))),
        reason: "\(words.count) words of \(size) bytes are more than \(ParsedCommand.mostWords) or"
          + " \(ParsedCommand.largestSize)", help: "put the work into a program on the host")
    }
    for word in words {
      for (index, scalar) in word.unicodeScalars.enumerated() {
        guard let fault = Signs.fault(of: scalar) else { continue }
        throw CommandRefusal(
          column: index + 1, text: Signs.shown(scalar), reason: fault, help: "leave it out")
      }
    }
    try checkProgram(program, column: 1)
  }

  private static func checkProgram(_ name: String, column: Int) throws(CommandRefusal) {
    func failure(_ reason: String, _ help: String? = nil) -> CommandRefusal {
      CommandRefusal(column: column, text: Signs.shown(name), reason: reason, help: help)
    }
    guard let first = name.unicodeScalars.first else { throw failure("no program is named") }
    if name.contains("=") {
      throw failure("an assignment", "set variables with the “env” of a step")
    }
    guard name.unicodeScalars.allSatisfy(Signs.isOfProgram), first != "-", first != "+" else {
      throw failure(
        "no name of a program", "a name has letters, digits and _ . / + - of ASCII only")
    }
    if Signs.reserved.contains(name) { throw failure("a word of the shell's own grammar") }
    if name == "." { throw failure("it reads a script into the shell") }
    if name.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) {
      throw failure("a folder, no program")
    }
  }
}

// MARK: - Segments

extension CommandReader {
  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }
  private func peek(_ offset: Int) -> Unicode.Scalar? {
    place + offset < scalars.count ? scalars[place + offset] : nil
  }

  private func refusal(_ reason: String, length: Int = 1, help: String? = nil) -> CommandRefusal {
    let shown = scalars[min(place, scalars.count)..<min(place + length, scalars.count)]
    return CommandRefusal(
      column: place + 1, text: shown.map { Signs.shown($0) }.joined(), reason: reason, help: help)
  }

  private mutating func skipBlanks() {
    while next == " " || next == "\t" { place += 1 }
  }

  private mutating func skipLines() {
    while next == " " || next == "\t" || next == "\n" { place += 1 }
  }

  private mutating func nextJoint() throws(CommandRefusal) -> ParsedCommand.Joint? {
    guard let sign = next else { return nil }
    let follower = peek(1)
    switch (sign, follower) {
    case ("\n", _):
      skipLines()
      return next == nil ? nil : .then
    case ("&", "&"): return try take(.and, 2)
    case ("|", "|"): return try take(.or, 2)
    case ("|", "&"): throw refusal("a pipe that not every shell knows", length: 2, help: "2>&1 |")
    case ("|", _): return try take(.pipe, 1)
    case (";", ";"): throw refusal("a sign of “case”", length: 2)
    case (";", _): return try take(.then, 1)
    default:
      let (reason, help) = Signs.refusal(of: sign)
      throw refusal(reason, help: help)
    }
  }

  private mutating func take(
    _ joint: ParsedCommand.Joint, _ length: Int
  ) throws(CommandRefusal) -> ParsedCommand.Joint {
    place += length
    skipBlanks()
    guard next != nil, next != "\n" else {
      throw refusal("nothing follows “\(joint.rawValue)”", help: "leave it out")
    }
    return joint
  }

  private mutating func segment(
    _ joint: ParsedCommand.Joint?
  ) throws(CommandRefusal) -> ParsedCommand.Segment {
    var segment = ParsedCommand.Segment(words: [], joint: joint)
    while true {
      skipBlanks()
      let start = place
      guard let sign = next, sign != "\n", sign != "|", sign != ";", sign != "&" else { break }
      if let redirection = try redirection() {
        guard !segment.words.isEmpty else {
          place = start
          throw refusal("a redirection before the program", help: "write it after its arguments")
        }
        segment.redirections.append(redirection)
        continue
      }
      guard segment.words.count < ParsedCommand.mostWords else {
        throw refusal("more than \(ParsedCommand.mostWords) words")
      }
      let word = try word()
      if segment.words.isEmpty { try checkProgram(word, from: start) }
      segment.words.append(word)
    }
    guard !segment.words.isEmpty else { throw refusal("a program is missing here") }
    return segment
  }

  private func checkProgram(_ name: String, from start: Int) throws(CommandRefusal) {
    let written = String(String.UnicodeScalarView(scalars[start..<place]))
    try Self.checkProgram(name, column: start + 1)
    guard written == name else {
      throw CommandRefusal(
        column: start + 1, text: written, reason: "quotes in the name of a program",
        help: "write \(name)")
    }
  }
}

// MARK: - Words and redirections

extension CommandReader {
  private mutating func word() throws(CommandRefusal) -> String {
    var text = String.UnicodeScalarView()
    let start = place
    var hasNothing = false
    reading: while let sign = next {
      switch sign {
      case " ", "\t", "\n", "|", ";", "&", "<", ">": break reading
      case "'", "\"":
        let piece = try quoted(by: sign)
        hasNothing = hasNothing || piece.isEmpty
        text += piece
      default:
        guard Signs.isSafe(sign), !(place == start && sign == "=") else {
          let (reason, help) = Signs.refusal(of: sign)
          throw refusal(reason, help: help)
        }
        text.append(sign)
        place += 1
      }
    }
    if hasNothing, place - start > 2 {
      let length = place - start
      place = start
      throw refusal(
        "quotes with nothing in them within a word", length: length, help: "leave them out")
    }
    return String(text)
  }

  private mutating func quoted(
    by mark: Unicode.Scalar
  ) throws(CommandRefusal) -> String.UnicodeScalarView {
    var text = String.UnicodeScalarView()
    let start = place
    place += 1
    while let sign = next {
      if sign == mark {
        place += 1
        return text
      }
      if sign == "\n" { throw refusal("a line end within quotes") }
      if mark == "\"", !sign.isASCII || "$`\\!".unicodeScalars.contains(sign) {
        throw refusal(
          "a shell may change it within double quotes", help: "use single quotes around it")
      }
      text.append(sign)
      place += 1
    }
    place = start
    throw refusal("a quote without its end")
  }

  /// A redirection that begins here; nil where a word does.
  private mutating func redirection() throws(CommandRefusal) -> ParsedCommand.Redirection? {
    var length = 0
    while let digit = peek(length), ("0"..."9").contains(digit) { length += 1 }
    guard let sign = peek(length), sign == "<" || sign == ">" else { return nil }
    if length > 0 { return try errors(length, sign) }
    let isAppending = sign == ">" && peek(1) == ">"
    let signs = isAppending ? 2 : 1
    if let follower = peek(signs), "<>&|(".unicodeScalars.contains(follower) {
      throw refusal(
        "only <file, >file, >>file, 2>&1 and 2>/dev/null are known", length: signs + 1)
    }
    place += signs
    let file = try target()
    return sign == "<" ? .input(file) : isAppending ? .append(file) : .output(file)
  }

  private mutating func errors(
    _ length: Int, _ sign: Unicode.Scalar
  ) throws(CommandRefusal) -> ParsedCommand.Redirection {
    let unknown = refusal(
      "of redirections with a number only 2>&1 and 2>/dev/null are known", length: length + 1)
    guard length == 1, next == "2", sign == ">" else { throw unknown }
    if peek(2) == "&" {
      let follower = peek(4)
      guard peek(3) == "1", follower.map({ " \t\n|;&".unicodeScalars.contains($0) }) ?? true else {
        throw unknown
      }
      place += 4
      return .errorsToOutput
    }
    guard let follower = peek(2), !"<>|".unicodeScalars.contains(follower) else { throw unknown }
    place += 2
    guard try target() == "/dev/null" else { throw unknown }
    return .noErrors
  }

  private mutating func target() throws(CommandRefusal) -> String {
    skipBlanks()
    guard let sign = next, !"\n|;&<>".unicodeScalars.contains(sign) else {
      throw refusal("a redirection without its file")
    }
    let file = try word()
    guard !file.isEmpty else { throw refusal("a redirection without its file") }
    return file
  }
}
