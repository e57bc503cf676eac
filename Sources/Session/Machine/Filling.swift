internal import Scenario
internal import Story

/// The results of earlier steps, which fill the `{{ … }}` of later ones.
struct Results: Hashable, Sendable {
  /// A result that a step refers to and that is not there.
  struct Missing: Error, Hashable {
    let path: String
  }

  private var values: [String: String] = [:]
  /// The secrets that a result may name: its value was one of theirs.
  private let secrets: [String]

  /// No results yet.
  init(secrets: [String] = []) { self.secrets = secrets }

  /// The result of a path; `name.json.a[0].b` is looked up in what `name` printed.
  subscript(path: String) -> String? {
    get { values[path] ?? JSONPath(path).flatMap { $0.text(in: values["\($0.name).stdout"]) } }
    set { values[path] = newValue }
  }

  /// The template with results filled in; secrets stay names.
  func fill(_ template: Template) throws(Missing) -> Template {
    var segments: [Template.Segment] = []
    for segment in template.segments {
      guard case .result(let path) = segment else {
        segments.append(segment)
        continue
      }
      guard let value = self[path] else { throw Missing(path: path) }
      segments += Template(naming: secrets, in: value).segments
    }
    return Template(segments)
  }

  /// The template as one line for a lane to read; secrets stay names.
  ///
  /// A result comes off a screen: in it, angle quotes name a secret only where its value stood.
  func line(_ template: Template) throws(Missing) -> String {
    var line = ""
    for segment in template.segments {
      guard case .result(let path) = segment else {
        line += Template([segment]).description
        continue
      }
      guard let value = self[path] else { throw Missing(path: path) }
      for segment in Template(naming: secrets, in: value).segments {
        guard case .literal(let text) = segment else {
          line += Template([segment]).description
          continue
        }
        line += String(text.map { $0 == "‹" ? "<" : $0 == "›" ? ">" : $0 })
      }
    }
    return line
  }

  func fill(_ template: Template?) throws(Missing) -> Template? {
    guard let template else { return nil }
    return try fill(template) as Template
  }

  func fill(_ target: Target) throws(Missing) -> Target {
    var filled = target
    switch target.kind {
    case .text(let text): filled.kind = .text(try fill(text))
    case .describe(let words): filled.kind = .describe(try fill(words))
    case .image, .at: break
    }
    filled.near = try fill(target.near)
    filled.leftOf = try fill(target.leftOf)
    filled.rightOf = try fill(target.rightOf)
    filled.above = try fill(target.above)
    filled.below = try fill(target.below)
    return filled
  }

  func fill(_ target: Target?) throws(Missing) -> Target? {
    guard let target else { return nil }
    return try fill(target) as Target
  }

  func fill(_ typing: Typing) throws(Missing) -> Typing {
    Typing(
      text: try fill(typing.text), into: try fill(typing.into), clear: typing.clear,
      enter: typing.enter, isShown: typing.isShown, isPasted: typing.isPasted)
  }

  func fill(_ wait: Wait) throws(Missing) -> Wait {
    switch wait {
    case .text(let text, let region): .text(try fill(text), region: region)
    case .absent(let text, let region): .absent(try fill(text), region: region)
    case .time, .settled: wait
    }
  }

  func fill(_ move: Move) throws(Missing) -> Move {
    switch move {
    case .point(let verb, let target, let manner): .point(verb, try fill(target), manner)
    case .drag(let from, let to, let manner):
      .drag(from: try fill(from), to: try fill(to), manner: try fill(manner))
    case .scroll(let direction, let notches, let at, let manner):
      .scroll(direction, notches: notches, at: try fill(at), manner: manner)
    case .type(let typing): .type(try fill(typing))
    case .press: move
    case .wait(let wait): .wait(try fill(wait))
    case .toggle(let target, let isOn): .toggle(try fill(target), isOn: isOn)
    case .select(let option, let list): .select(option: try fill(option), from: try fill(list))
    }
  }

  private func fill(_ manner: Manner?) throws(Missing) -> Manner? {
    guard var manner, let places = manner.via else { return manner }
    var via: [Target] = []
    for place in places { via.append(try fill(place)) }
    manner.via = via
    return manner
  }

  func fill(_ check: Check) throws(Missing) -> Check {
    switch check {
    case .text(var text):
      text.text = try fill(text.text)
      return .text(text)
    case .absent(let text, let region): return .absent(try fill(text), region: region)
    case .seen(let text, let region, let span):
      return .seen(try fill(text), region: region, during: span)
    case .never(let text, let region, let span, let time):
      return .never(try fill(text), region: region, during: span, watching: time)
    case .screen(let statement, let votes): return .screen(try fill(statement), votes: votes)
    case .ssh(let ssh): return .ssh(try fill(ssh))
    case .file(var file):
      file.path = try fill(file.path)
      file.text = try fill(file.text)
      file.equals = try fill(file.equals)
      file.never = try fill(file.never)
      return .file(file)
    case .log(var log):
      log.text = try fill(log.text)
      log.never = try fill(log.never)
      return .log(log)
    case .value(let value, let comparison):
      return .value(try fill(value), try fill(comparison))
    case .not(let inner): return .not(try fill(inner))
    case .all(let checks): return .all(try fill(checks))
    case .any(let checks): return .any(try fill(checks))
    case .image, .unchanged, .application: return check
    }
  }

  private func fill(_ check: Check.SSHCheck) throws(Missing) -> Check.SSHCheck {
    var filled = check
    filled.command = try fill(check.command)
    filled.stdout = try fill(check.stdout)
    filled.never = try fill(check.never)
    filled.arguments = try fill(check.arguments)
    filled.input = try fill(check.input)
    filled.environment = try fill(check.environment)
    return filled
  }

  func fill(_ command: SSHCommand) throws(Missing) -> SSHCommand {
    var filled = command
    filled.run = try fill(command.run)
    filled.arguments = try fill(command.arguments)
    filled.input = try fill(command.input)
    filled.environment = try fill(command.environment)
    if let deed = command.file { filled.file = try fill(deed) }
    return filled
  }

  private func fill(_ deed: FileDeed) throws(Missing) -> FileDeed {
    switch deed {
    case .write(let path, let text): .write(path: try fill(path), text: try fill(text))
    case .append(let path, let text): .append(path: try fill(path), text: try fill(text))
    case .copy(let source, let path): .copy(source: source, path: try fill(path))
    }
  }

  private func fill(_ texts: [Template]?) throws(Missing) -> [Template]? {
    guard let texts else { return nil }
    var filled: [Template] = []
    for text in texts { filled.append(try fill(text)) }
    return filled
  }

  private func fill(_ texts: [String: Template]?) throws(Missing) -> [String: Template]? {
    guard let texts else { return nil }
    var filled: [String: Template] = [:]
    for (name, text) in texts { filled[name] = try fill(text) }
    return filled
  }

  private func fill(_ checks: [Check]) throws(Missing) -> [Check] {
    var filled: [Check] = []
    for check in checks { filled.append(try fill(check)) }
    return filled
  }

  private func fill(_ comparison: Check.Comparison) throws(Missing) -> Check.Comparison {
    switch comparison {
    case .equals(let other): .equals(try fill(other))
    case .notEquals(let other): .notEquals(try fill(other))
    case .contains(let part): .contains(try fill(part))
    case .matches, .lessThan, .greaterThan: comparison
    }
  }
}

extension Move {
  /// The move with those `‹NAME›` of its text as secrets that may be, and no others.
  func naming(only secrets: [String]) -> Move {
    guard case .type(var typing) = self else { return self }
    typing.text = Template(naming: secrets, in: typing.text.description)
    return .type(typing)
  }
}
