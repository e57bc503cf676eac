internal import Story

/// Why something ended as it did, taken apart into what is vouched for and what is not.
struct ShownEnding {
  let vouching: Vouching

  /// The facts of an ending; none of a plain pass.
  ///
  /// - Parameter isOurs: whether words alone are this program's own, because nothing of a screen or a model had a part in it.
  func facts(_ ending: Ending, isOurs: Bool) -> [ShownFact] {
    facts(ending.cause, isOurs: isOurs || ending.verdict == .interrupted)
  }

  private func facts(_ cause: Cause, isOurs: Bool) -> [ShownFact] {
    switch cause {
    case .step(let place, let cause):
      [ShownFact("step", .number(place.index + 1))] + facts(cause, isOurs: isOurs)
    case .check(let check): facts(check)
    case .missing(let missing): facts(missing)
    case .fault(let fault): facts(fault)
    case .application(let words):
      [
        ShownFact("reason", own: "the application under test ended"),
        ShownFact("message", words, from: .application),
      ].compactMap(\.self)
    case .limit(let words), .person(let words): [ShownFact("reason", .text(vouching.own(words)))]
    case .stopped: [ShownFact("reason", own: cause.words)]
    case .told(""): []
    case .told(let words):
      isOurs
        ? [ShownFact("reason", .text(vouching.own(words)))]
        : [ShownFact("message", words, from: .mixed)].compactMap(\.self)
    }
  }

  private func facts(_ check: CheckCause) -> [ShownFact] {
    let name = check.doubt != nil ? "cannot tell" : check.isWait ? "waited in vain" : "expected"
    let seen = [check.doubt ?? check.measured, check.unread].compactMap(\.self)
    return [
      ShownFact(name, .text(vouching.own(check.expected))),
      ShownFact("measured", seen.joined(separator: "; "), from: .mixed),
    ].compactMap(\.self)
  }

  private func facts(_ missing: MissingCause) -> [ShownFact] {
    [
      ShownFact("missing", .text(vouching.own(missing.target))),
      ShownFact("message", missing.reason ?? "", from: .mixed),
      ShownFact("closest", missing.closest.joined(separator: "\n"), from: .screen),
      ShownFact("no model", missing.noModel ?? "", from: .mixed),
    ].compactMap(\.self)
  }

  /// The message of a fault may quote a server; those of scenarios and recordings are about files.
  func facts(_ fault: Fault) -> [ShownFact] {
    let message: ShownFact? =
      switch fault.domain {
      case .scenario, .recording: ShownFact("message", .text(vouching.own(fault.message)))
      case .screen, .model, .perception, .host, .harness:
        ShownFact("message", fault.message, from: .mixed)
      }
    return [
      ShownFact("fault", own: fault.domain.rawValue), message,
      ShownFact("detail", fault.detail ?? "", from: .mixed),
    ].compactMap(\.self)
  }
}
