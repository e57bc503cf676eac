internal import CYAML
internal import Diagnostics

/// One event of the parser, with its place.
struct YAMLEvent {
  enum Kind: Equatable {
    case documentStart, streamEnd
    case alias(String)
    case scalar(String, YAMLNode.Style)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    /// The start of the stream and the ends of documents.
    case other
  }

  /// A place; both count from 1.
  struct Mark: Equatable {
    var line: Int
    var column: Int
  }

  var kind: Kind
  var anchor: String?
  var tag: String?
  var start: Mark
  var end: Mark
}

/// Asks libyaml for one event after the other.
final class YAMLEventReader {
  private let source: SourceText
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private var isInitialized = false

  init(source: SourceText) {
    self.source = source
    bytes = .allocate(capacity: max(source.text.utf8.count, 1))
    _ = bytes.initialize(from: source.text.utf8)
    parser = .allocate(capacity: 1)
    isInitialized = yaml_parser_initialize(parser) == 1
    guard isInitialized else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, source.text.utf8.count)
  }

  deinit {
    if isInitialized { yaml_parser_delete(parser) }
    parser.deallocate()
    bytes.deallocate()
  }

  func next() throws(Diagnostic) -> YAMLEvent {
    guard isInitialized else {
      throw Diagnostic(file: source.file, message: "the YAML parser is out of memory")
    }
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    return Self.event(event)
  }

  private static func event(_ event: yaml_event_t) -> YAMLEvent {
    var anchor: UnsafeMutablePointer<UInt8>?
    var tag: UnsafeMutablePointer<UInt8>?
    let kind: YAMLEvent.Kind
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_ALIAS_EVENT: kind = .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      (anchor, tag) = (scalar.anchor, scalar.tag)
      kind = .scalar(
        text(scalar.value, length: scalar.length), style(scalar.style, isTagged: tag != nil))
    case YAML_SEQUENCE_START_EVENT:
      (anchor, tag) = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
      kind = .sequenceStart
    case YAML_MAPPING_START_EVENT:
      (anchor, tag) = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
      kind = .mappingStart
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .other
    }
    return YAMLEvent(
      kind: kind, anchor: text(anchor), tag: text(tag), start: mark(event.start_mark),
      end: mark(event.end_mark))
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?, length: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: pointer, count: length), as: UTF8.self)
  }

  private static func mark(_ mark: yaml_mark_t) -> YAMLEvent.Mark {
    YAMLEvent.Mark(line: mark.line + 1, column: mark.column + 1)
  }

  /// A scalar with a tag such as `!!str` is a text, whatever it looks like.
  private static func style(_ style: yaml_scalar_style_t, isTagged: Bool) -> YAMLNode.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: isTagged ? .singleQuoted : .plain
    }
  }
}

extension YAMLEventReader {
  /// The parser's complaint, in words that name the usual causes.
  private func problem() -> Diagnostic {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "the YAML cannot be read"
    if state.error == YAML_READER_ERROR { return readerProblem(problem, at: state.problem_offset) }
    let context = state.context.map { String(cString: $0) }
    var place = Self.mark(state.problem_mark)
    let line = source.line(place.line)
    // At the end of the text nothing is to be seen: what was left open is the better place.
    if context != nil, line?.isEmpty ?? true { place = Self.mark(state.context_mark) }
    if source.line(place.line)?.isEmpty ?? true { place = lastPlace() ?? place }
    let message =
      context.map { "\(problem), \($0) from line \(state.context_mark.line + 1)" } ?? problem
    return source.error(
      line: place.line, column: place.column, message, help: Self.help(line, at: place.column))
  }

  /// Behind the last character that is no line break.
  private func lastPlace() -> YAMLEvent.Mark? {
    let lines = source.lines
    return lines.lastIndex { !$0.isEmpty }.map {
      YAMLEvent.Mark(line: $0 + 1, column: lines[$0].unicodeScalars.count + 1)
    }
  }

  private func readerProblem(_ problem: String, at offset: Int) -> Diagnostic {
    let before = source.text.utf8.prefix(offset)
    let lines = SourceText(file: source.file, text: String(decoding: before, as: UTF8.self)).lines
    let column = (lines.last?.unicodeScalars.count ?? 0) + 1
    return source.error(line: lines.count, column: column, problem, help: "remove the character")
  }

  private static func help(_ line: String?, at column: Int) -> String? {
    guard let line else { return nil }
    let scalars = Array(line.unicodeScalars)
    let indent = scalars.prefix { $0 == " " || $0 == "\t" }
    if indent.contains("\t") { return "indent with spaces; YAML takes no tabs there" }
    guard scalars.indices.contains(column - 1) else { return nil }
    switch scalars[column - 1] {
    case "\t": return "use spaces; YAML takes no tabs here"
    case "@", "`", "%", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">":
      return "put the value in quotes"
    case ":": return "put a value that holds “: ” in quotes"
    default: return nil
    }
  }
}
