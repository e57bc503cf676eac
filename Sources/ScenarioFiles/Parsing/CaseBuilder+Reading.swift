internal import Diagnostics
internal import PlainSteps
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// Settles which languages the screen is read in; `said` is what the scenario and its target say.
  ///
  /// What is nearer to the screen wins: the scenario's target, the scenario, the project's target, the project.
  func readLanguages(of scenario: YAMLNode?, ownTarget: YAMLNode?) {
    let inProject = workspace.defaults.target
    if let node = ownTarget?["ocr"] ?? scenario {
      languages = ocr(node)
    } else if let target = inProject, ownTarget == nil, let node = target.node["ocr"] {
      languages = within(target.source) { ocr(node) }
    } else if !workspace.defaults.ocr.isEmpty {
      languages = workspace.defaults.ocr
    } else if let usual = workspace.defaults.reading?.usual(languageCode) {
      languages = usual.languages
      if let remark = usual.remark { warn(remark) }
    }
  }

  /// Worth knowing, and no reason not to run: the text that could not be read is one.
  private func warn(_ remark: ReadingRules.Fault) {
    workspace.log.add(
      Diagnostic(
        severity: .warning, file: source.file, line: languagePlace?.line,
        column: languagePlace?.column, message: remark.message, suggestion: remark.help,
        sourceLine: languagePlace.flatMap { source.line($0.line) }))
  }

  /// A list of languages, or one text with several in it, as a variable may hold.
  private func ocr(_ node: YAMLNode) -> [String] {
    var names: [String] = []
    for entry in node.elements ?? [node] {
      guard let text = literal(entry, "“ocr”") else { continue }
      let found = Self.languages(in: text)
      if found.isEmpty {
        fail(entry, "“ocr” names no language", help: "write ocr: [eng, deu]")
      }
      for name in found where !names.contains(name) {
        names.append(name)
        guard let fault = workspace.defaults.reading?.faultOfLanguage(name) else { continue }
        fail(entry, at: name, fault.message, help: fault.help)
        hasLanguageFault = true
      }
    }
    if node.elements?.isEmpty == true {
      fail(node, "“ocr” names no language", help: "write ocr: [eng, deu], or remove it")
    }
    return names
  }

  /// The names in `eng, deu` or `eng+deu`.
  static func languages(in text: String) -> [String] {
    text.split { $0 == "," || $0 == "+" || $0.isWhitespace }.map(String.init)
  }
}

// MARK: - What is looked for

extension CaseBuilder {
  /// A text that is looked for on the screen: filled, and of letters that can be read.
  func seenTemplate(_ node: YAMLNode, _ what: String) -> Template? {
    guard let template = filledTemplate(node, what) else { return nil }
    refuseUnreadable(template, at: node)
    return template
  }

  /// Refuses letters that no chosen language has; those of secrets and results are told at the run.
  func refuseUnreadable(_ template: Template, at node: YAMLNode) {
    for case .literal(let text) in template.segments { refuseUnreadable(text, at: node) }
  }

  /// Refuses a text with letters that no chosen language has.
  func refuseUnreadable(_ text: String, at node: YAMLNode) {
    // Without its languages nothing can be said of a text; that has been told.
    guard !hasLanguageFault, !languages.isEmpty,
      let fault = workspace.defaults.reading?.faultOfText(text, languages)
    else { return }
    fail(node, fault.message, help: fault.help)
  }

  /// The same for the texts that an `act` line names, where the local engine does it.
  func refuseUnreadableTexts(of line: Template, at node: YAMLNode) {
    guard workspace.defaults.reading != nil else { return }
    // What stands for a secret or a result must not be taken for letters.
    let plain = line.segments.map { segment in
      if case .literal(let text) = segment { text } else { "x" }
    }.joined()
    let moves = PlainStepParser.moves(of: plain, language: language) ?? []
    for text in moves.flatMap(\.textsOnScreen) { refuseUnreadable(text, at: node) }
  }

  /// The same for a pattern: what is a letter of its own in it, not one of a class or of a choice.
  func refuseUnreadable(pattern: String, at node: YAMLNode) {
    var depth = 0
    var isEscaped = false
    var letters = ""
    for character in pattern {
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "[" {
        depth += 1
      } else if character == "]" {
        depth = max(depth - 1, 0)
      } else if depth == 0, !character.isASCII {
        letters.append(character)
      }
    }
    refuseUnreadable(letters, at: node)
  }
}

extension Fields {
  /// The value of a key that is looked for on the screen.
  func seenTemplate(_ key: String) -> Template? {
    node(key).flatMap { builder.seenTemplate($0, "“\(key)”") }
  }

  /// A pattern that what is read off the screen is held against.
  func seenPattern(_ key: String) -> String? {
    guard let node = node(key), let pattern = pattern(key) else { return nil }
    builder.refuseUnreadable(pattern: pattern, at: node)
    return pattern
  }
}
