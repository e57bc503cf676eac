internal import ModelRunner
internal import Pixels
internal import Story

/// What tests found out about a model.
struct ModelFindings: Hashable, Codable, Sendable {
  /// The findings, in the order of the questions.
  var findings: [ModelFinding]
  /// What its coordinates are counted in, when its answers told.
  var unit: ModelSpace.Unit?
  /// Which coordinate it writes first.
  var order: ModelSpace.Order?
  /// Its context in tokens, when the server says.
  var context: Int?

  init(_ found: [ProbeFinding]) {
    findings = found.map(ModelFinding.init)
    let space = found.first { $0.kind == .coordinates }?.space
    unit = space?.unit
    order = space?.order
    context = found.first { $0.kind == .context }?.context
  }

  /// The family as the model really behaves.
  func applied(to family: ModelFamily) -> ModelFamily {
    var family = family
    if let unit, let order {
      family.unit = unit
      family.order = order
    }
    if family.dialect == .native, outcome(.tools) == "fails", outcome(.schema) == "holds" {
      family.dialect = .schema
    }
    return family
  }

  /// Why the model cannot be used at all; nil when it can.
  var blindness: String? {
    findings.first { $0.probe == ProbeKind.vision.rawValue && $0.outcome == "fails" }?.message
  }

  /// Whether this may be believed later: a model that was not reached, or was started without its
  /// projector, is asked again.
  var isWorthKeeping: Bool { outcome(.vision) == "holds" }

  private func outcome(_ kind: ProbeKind) -> String? {
    findings.first { $0.probe == kind.rawValue }?.outcome
  }
}

extension ModelFinding {
  /// A finding in the words of the reports.
  init(_ finding: ProbeFinding) {
    self.init(
      probe: finding.kind.rawValue, outcome: finding.outcome.rawValue, message: finding.message)
  }
}
