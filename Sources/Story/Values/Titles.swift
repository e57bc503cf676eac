internal import Durations
internal import Hands
internal import JSONCoding
public import Scenario

extension PointerVerb {
  /// The verb in words.
  public var words: String {
    switch self {
    case .click: "click"
    case .doubleClick: "double-click"
    case .rightClick: "right-click"
    case .middleClick: "middle-click"
    case .hover: "hover over"
    }
  }
}

extension Target {
  /// The target with its kind and all that tells it apart from others, in words.
  public var words: String { (noun.map { "the \($0.rawValue) " } ?? "") + plainWords }

  /// The target with all that tells it apart from others, in words.
  public var plainWords: String {
    let places: [(String, Template?)] = [
      ("near", near), ("left of", leftOf), ("right of", rightOf), ("above", above),
      ("below", below),
    ]
    var words = description
    if let nth { words += " (number \(nth) in reading order)" }
    for (place, text) in places { if let text { words += " \(place) “\(text)”" } }
    if let region { words += " in \(region.words)" }
    return words
  }
}

extension Reading {
  /// The value with all that tells it apart from others, in words.
  public var words: String {
    let parts = [
      "\(what)", nth.map { "(number \($0) in reading order)" }, near.map { "near “\($0)”" },
      region.map { "in \($0.words)" }, matches.map { "matching /\($0)/" },
    ]
    return parts.compactMap(\.self).joined(separator: " ")
  }
}

extension Region {
  /// The part of the screen in words.
  public var words: String {
    switch self {
    case .pixels(let x, let y, let width, let height):
      "the part \(width)x\(height) at \(x),\(y) of the screen"
    case .named(let name): "the \(name.rawValue) part of the screen"
    }
  }
}

extension Step.Kind {
  /// The names of the secrets that the step itself types or hands to a lane.
  public var secrets: [String] {
    switch self {
    case .act(let goal): goal.secrets
    case .type(let typing): typing.text.secrets
    case .point, .drag, .scroll, .press, .wait, .expect, .ssh, .read, .tool, .screenshot, .group,
      .note:
      []
    }
  }
}

extension Typing {
  /// The typing in words.
  public var title: String {
    (clear && text.isEmpty ? "clear" : "\(isPasted == true ? "paste" : "type") “\(text)”")
      + (into.map { " into \($0.words)" } ?? "")
      + (isShown ? " and see it there" : "") + (enter ? " and press Return" : "")
  }
}

extension Wait {
  /// The wait in words.
  public var title: String {
    switch self {
    case .time(let duration): "wait \(duration.brief)"
    case .text(let text, _): "wait for “\(text)”"
    case .absent(let text, _): "wait until “\(text)” is gone"
    case .settled(let duration): "wait until the screen is quiet for \(duration.brief)"
    }
  }
}

extension Check {
  /// The check in words.
  public var title: String {
    switch self {
    case .text(let check): check.title
    case .absent(let text, _): "“\(text)” is not on the screen"
    case .seen(let text, _, let span): "“\(text)” was on the screen \(span.title)"
    case .never(let text, _, let span, _): "“\(text)” was never on the screen \(span.title)"
    case .image(let path, _, _): "the picture \(path) is on the screen"
    case .unchanged(let baseline): "the screen equals the baseline “\(baseline.name)”"
    case .screen(let statement, _): "the judge says: \(statement)"
    case .ssh(let check): check.title
    case .file(let check): check.title
    case .application(let check): check.title
    case .log(let check): check.title
    case .value(let value, let comparison): "\(value) \(comparison.title)"
    case .not(let check): "not: \(check.title)"
    case .all(let checks): "all of: " + checks.map(\.title).joined(separator: "; ")
    case .any(let checks): "any of: " + checks.map(\.title).joined(separator: "; ")
    }
  }
}

extension SSHCommand {
  /// The key of it in a scenario file.
  public var keyword: String { file != nil ? "file" : place == .runner ? "run" : "ssh" }

  /// What is done, in words.
  public var title: String { file == nil ? "run \(words)" : "\(run)" }

  /// What is run, and where, in words.
  public var words: String {
    "`\(run)`" + (place == .runner ? "" : " on \(host ?? "the host")")
      + (isBackground == true ? " in the background" : "")
  }
}

extension Check.SSHCheck {
  /// The check in words.
  public var title: String {
    var parts =
      exit == 0 && (stdout ?? never) != nil || exit == 0 && matches != nil
      ? [] : ["exits with \(exit)"]
    if let stdout { parts.append("prints “\(stdout)”") }
    if let matches { parts.append("prints what matches /\(matches)/") }
    if let never { parts.append("does not print “\(never)”") }
    return "`\(command)`\(host.map { " on \($0)" } ?? "") " + parts.joined(separator: ", ")
  }
}

extension Check.FileCheck {
  /// The check in words.
  public var title: String {
    var parts: [String] = []
    if let text { parts.append("has “\(text)”") }
    if let equals { parts.append("holds “\(equals)”") }
    if let matches { parts.append("has what matches /\(matches)/") }
    if let never { parts.append("does not have “\(never)”") }
    if let sha256 { parts.append("has the SHA-256 \(sha256.prefix(8))…") }
    if parts.isEmpty { parts = [exists == false ? "is not there" : "is there"] }
    return "the file \(path) " + (isInProject == true ? "of the project " : "")
      + parts.joined(separator: " and ")
  }
}

extension Check.TextCheck {
  /// The check in words.
  public var title: String {
    let subject = text.map { "“\($0)”" } ?? "text"
    let pattern = matches.map { " matching /\($0)/" } ?? ""
    let times = count.map { " \($0) times" } ?? ""
    let stay = stays.map { " and stays for \($0.brief)" } ?? ""
    return subject + pattern + " is on the screen" + times + stay
  }
}

extension Check.ApplicationCheck {
  /// The check in words.
  public var title: String {
    switch self {
    case .running: "the application runs"
    case .ended(let exit): "the application has ended" + (exit.map { " with status \($0)" } ?? "")
    }
  }
}

extension Check.LogCheck {
  /// The check in words.
  public var title: String {
    let parts =
      (text.map { ["has “\($0)”"] } ?? []) + (matches.map { ["has a line matching /\($0)/"] } ?? [])
      + (never.map { ["does not have “\($0)”"] } ?? [])
    return "the output of the application " + parts.joined(separator: " and ")
  }
}

extension Check.Span {
  /// The span in words.
  public var title: String {
    switch self {
    case .step: "since the last step"
    case .case: "since the beginning"
    }
  }
}

extension Check.Comparison {
  /// The comparison in words.
  public var title: String {
    switch self {
    case .equals(let other): "equals “\(other)”"
    case .notEquals(let other): "does not equal “\(other)”"
    case .matches(let pattern): "matches /\(pattern)/"
    case .contains(let part): "contains “\(part)”"
    case .lessThan(let number): "is less than \(number)"
    case .greaterThan(let number): "is greater than \(number)"
    }
  }
}

extension Step.Kind {
  /// The key of this kind in a scenario file.
  public var keyword: String {
    switch self {
    case .act: "act"
    case .point(let verb, _, _): verb.rawValue
    case .drag: "drag"
    case .scroll: "scroll"
    case .type: "type"
    case .press(_, .down): "hold"
    case .press(_, .up): "release"
    case .press: "press"
    case .wait: "wait"
    case .expect: "expect"
    case .ssh(let command): command.keyword
    case .read: "read"
    case .tool: "tool"
    case .screenshot: "screenshot"
    case .group: "group"
    case .note: "note"
    }
  }
}

extension Step {
  /// What a person calls this step: its name, or what it does.
  public var title: String {
    if let name { return name }
    return switch kind {
    case .act(let goal): goal.description
    case .point(let verb, let target, let manner): Move.point(verb, target, manner).title
    case .drag(let from, let to, let manner):
      Move.drag(from: from, to: to, manner: manner).title
    case .scroll(let direction, let notches, let at, let manner):
      Move.scroll(direction, notches: notches, at: at, manner: manner).title
    case .type(let typing): typing.title
    case .press(let chords, let manner): Move.press(chords, manner).title
    case .wait(let wait): wait.title
    case .expect(let check): "expect " + check.title
    case .ssh(let command): command.title
    case .read(let reading): "read \(reading.words)"
    case .tool(let call): "call \(call.name) of \(call.server)"
    case .screenshot(let name): "keep the picture “\(name)”"
    case .group(let name, _): name
    case .note(let text): text.description
    }
  }
}
