internal import Diagnostics
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// The value of `expect:` and the parts of `not`, `all` and `any`.
  func check(_ node: YAMLNode) -> Check? {
    if node.pairs == nil {
      noteScreen(node)
      let text = seenTemplate(node, "a check")
      return text.map { .text(Check.TextCheck(text: $0)) }
    }
    guard let kind = checkKind(node) else { return nil }
    let keys = Vocabulary.checks.first { $0.kind == kind }?.keys ?? []
    refuseCommonKeys(in: node, of: "expect", except: keys)
    guard let fields = Fields(self, node, "the check “\(kind)”", keys: keys + Vocabulary.common)
    else { return nil }
    return check(kind, fields)
  }

  /// Which check a mapping is.
  private func checkKind(_ node: YAMLNode) -> String? {
    let kinds = Vocabulary.checks.map(\.kind)
    let given = node.pairs?.map(\.name) ?? []
    // What a log never has, or a command never prints, is a part of that check.
    let parts =
      given.contains("file")
      ? ["text"] + Vocabulary.logParts
      : ["log", "ssh", "run"].contains(where: given.contains) ? Vocabulary.logParts : []
    let found = kinds.filter { given.contains($0) && !parts.contains($0) }
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      // A pattern alone says enough.
      if given.contains("matches") { return "text" }
      failKind(node, given: given, kinds: kinds)
    } else {
      let both = found.map { "“\($0)”" }.joined(separator: " and ")
      fail(node, "a check has \(both)", help: "write all: [{\(found[0]): …}, {\(found[1]): …}]")
    }
    return nil
  }

  private func failKind(_ node: YAMLNode, given: [String], kinds: [String]) {
    let all = "a check is one of: \(kinds.joined(separator: ", "))"
    guard let key = node.pairs?.first?.key, let word = key.text else {
      return fail(node, "an empty check", help: all)
    }
    fail(
      key, "unknown check “\(word)”", help: Suggestion.question(for: word, among: kinds) ?? all)
  }

  /// `timeout` and its like belong to the step, one level up.
  func refuseCommonKeys(in node: YAMLNode, of step: String, except keys: [String]) {
    for pair in node.pairs ?? [] {
      guard Vocabulary.common.contains(pair.name), !keys.contains(pair.name) else { continue }
      fail(
        pair.key, "“\(pair.name)” belongs to the step, not inside “\(step)”",
        help: "move it one level up, beside “\(step)”")
    }
  }

  private func check(_ kind: String, _ fields: Fields) -> Check? {
    if !Vocabulary.hostChecks.contains(kind) { noteScreen(fields.node) }
    return switch kind {
    case "text": textCheck(fields)
    case "absent":
      fields.seenTemplate("absent").map { .absent($0, region: fields.region("region")) }
    case "seen":
      fields.seenTemplate("seen").map {
        .seen($0, region: fields.region("region"), during: span(fields))
      }
    case "never":
      fields.seenTemplate("never").map {
        .never(
          $0, region: fields.region("region"), during: span(fields),
          watching: watch(fields, "for") ?? .seconds(1))
      }
    case "image": imageCheck(fields)
    case "unchanged": baseline(fields).map { .unchanged($0) }
    case "screen":
      fields.filledTemplate("screen").map {
        .screen($0, votes: fields.integer("votes", 1...15) ?? 1)
      }
    case "ssh": commandCheck(fields, "ssh", host: host(fields))
    case "run": commandCheck(fields, "run", place: .runner)
    case "file": fileCheck(fields)
    case "application": applicationCheck(fields)
    case "log": logCheck(fields)
    case "value": valueCheck(fields)
    case "not": fields.node("not").flatMap { check($0) }.map { .not($0) }
    case "all": checks(fields, "all").map { .all($0) }
    default: checks(fields, "any").map { .any($0) }
    }
  }

  private func textCheck(_ fields: Fields) -> Check {
    .text(
      Check.TextCheck(
        text: fields.seenTemplate("text"), matches: fields.seenPattern("matches"),
        region: fields.region("region"), count: fields.integer("count", 1...1_000),
        stays: watch(fields, "stays"), exact: fields.bool("exact")))
  }

  /// How long the screen is watched: at most a minute, which is longer than the pictures of a lively
  /// screen are kept.
  func watch(_ fields: Fields, _ key: String) -> Duration? {
    guard let duration = fields.duration(key), let node = fields.node(key) else { return nil }
    if duration > .seconds(60) { fail(node, "“\(key)” is at most 60s") }
    return duration
  }

  private func span(_ fields: Fields) -> Check.Span {
    guard let node = fields.node("during"), let text = literal(node, "“during”") else {
      return .step
    }
    if let span = Check.Span(rawValue: text) { return span }
    fail(node, "“during” is step or case, not “\(text)”")
    return .step
  }

  private func imageCheck(_ fields: Fields) -> Check? {
    fields.node("image").flatMap { picture($0) }.map {
      .image(path: $0, likeness(fields), region: fields.region("region"))
    }
  }

  private func baseline(_ fields: Fields) -> Check.Baseline? {
    guard let node = fields.node("unchanged"), let name = label(node, "a baseline") else {
      return nil
    }
    let ignored = fields.node("ignore").flatMap { list($0, "“ignore”") } ?? []
    return Check.Baseline(
      name: name, tolerance: fields.share("tolerance") ?? 0,
      ignore: ignored.compactMap { region($0) })
  }

  /// A name that also names a file.
  func label(_ node: YAMLNode, _ what: String) -> String? {
    guard let name = literal(node, "the name of \(what)") else { return nil }
    guard NameRule.isLabel(name) else {
      fail(
        node, "“\(name)” is no name for \(what)",
        help: "up to 100 characters, no slash, no control character, no dot at the start")
      return nil
    }
    return name
  }

  private func applicationCheck(_ fields: Fields) -> Check? {
    noteApplication(fields.node)
    let words = ["running", "ended"]
    guard let node = fields.node("application"), let text = literal(node, "“application”") else {
      return nil
    }
    switch text {
    case "ended": return .application(.ended(exit: fields.integer("exit", 0...255)))
    case "running":
      if let exit = fields.node("exit") {
        fail(exit, "“exit” has no meaning beside “running”", help: "write application: ended")
      }
      return .application(.running)
    default:
      fail(
        node, "“application” is running or ended, not “\(text)”",
        help: Suggestion.question(for: text, among: words))
      return nil
    }
  }

  /// The text stands beside `log`, or all of it inside.
  private func logCheck(_ fields: Fields) -> Check? {
    noteApplication(fields.node)
    guard let node = fields.node("log") else { return nil }
    var parts: Fields? = fields
    var log = Check.LogCheck()
    if node.pairs != nil {
      for key in Vocabulary.logParts {
        guard let extra = fields.node(key) else { continue }
        fail(extra, "“\(key)” belongs inside of “log”", help: "write log: { text: …, \(key): … }")
      }
      parts = Fields(self, node, "“log”", keys: ["text"] + Vocabulary.logParts)
      log.text = parts?.filledTemplate("text")
      if node.pairs?.isEmpty == true { fail(node, "“log” says nothing about the output") }
    } else {
      log.text = fields.filledTemplate("log")
    }
    log.matches = parts?.pattern("matches")
    log.never = parts?.filledTemplate("never")
    return .log(log)
  }

  func noteApplication(_ node: YAMLNode) {
    if needsApplication == nil { needsApplication = (node, source) }
  }

  private func valueCheck(_ fields: Fields) -> Check? {
    guard let value = fields.template("value"),
      let key = exactlyOne(of: Vocabulary.comparisons, in: fields),
      let node = fields.node(key), let comparison = comparison(key, node)
    else { return nil }
    if isReadOffScreen(value) {
      switch comparison {
      case .equals(let text), .notEquals(let text), .contains(let text):
        refuseUnreadable(text, at: node)
      case .matches(let pattern): refuseUnreadable(pattern: pattern, at: node)
      case .lessThan, .greaterThan: break
      }
    }
    return .value(value, comparison)
  }

  /// Whether a `read` step brought what is compared.
  private func isReadOffScreen(_ value: Template) -> Bool {
    value.segments.contains { segment in
      guard case .result(let path) = segment, path.hasSuffix(".value") else { return false }
      return results[String(path.dropLast(6))]?.main == "value"
    }
  }

  private func comparison(_ key: String, _ node: YAMLNode) -> Check.Comparison? {
    let what = "“\(key)”"
    return switch key {
    case "equals": template(node, what).map { .equals($0) }
    case "not_equals": template(node, what).map { .notEquals($0) }
    case "matches": pattern(node, what).map { .matches($0) }
    case "contains": template(node, what).map { .contains($0) }
    case "less_than": number(node, what).map { .lessThan($0) }
    default: number(node, what).map { .greaterThan($0) }
    }
  }

  private func checks(_ fields: Fields, _ key: String) -> [Check]? {
    guard let node = fields.node(key), let elements = list(node, "“\(key)”") else { return nil }
    if elements.isEmpty { fail(node, "“\(key)” has no checks") }
    return elements.compactMap { check($0) }
  }
}
