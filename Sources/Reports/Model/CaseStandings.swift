internal import JSONCoding
public import Recording
internal import Story

/// How far each case of a run has come: a pure function of the lines of its journal.
///
/// A case is *outstanding* until it has its verdict.
public struct CaseStandings: Hashable, Sendable {
  /// How far one case has come.
  public enum Standing: Hashable, Sendable {
    /// No attempt of it began.
    case waiting
    /// This attempt began last, and the case has no verdict.
    case inFlight(attempt: Int)
    /// It has its verdict; that is never taken back.
    case finished

    /// Whether there is no verdict yet.
    public var isOutstanding: Bool { self != .finished }
  }

  /// The ids of all cases that were planned or began: as planned, then as they began.
  public private(set) var ids: [String] = []
  private var standings: [String: Standing] = [:]
  /// What is known of the planned cases.
  private(set) var planned: [String: PlannedCase] = [:]

  /// Nothing is known yet.
  public init() {}

  /// How far a case has come; nil when nothing is known of it.
  public subscript(id: String) -> Standing? { standings[id] }

  /// The ids of the cases without a verdict, in order.
  public var outstanding: [String] { ids.filter { standings[$0]?.isOutstanding == true } }

  /// Takes the next line; one that cannot be read says nothing.
  public mutating func add(_ line: JournalLine) {
    switch line.type {
    case "run.planned":
      let entry = try? RunEntry(type: line.type, fields: .object(line.fields))
      if case .runPlanned(let plan)? = entry { add(plan) }
    case "case.started": move(line.caseID, to: .waiting)
    case "attempt.started": move(line.caseID, to: .inFlight(attempt: line.attempt ?? 1))
    case "case.finished": move(line.caseID, to: .finished)
    default: break
    }
  }

  private mutating func add(_ plan: RunPlan) {
    for testCase in plan.cases {
      planned[testCase.id] = testCase
      move(testCase.id, to: .waiting)
    }
  }

  private mutating func move(_ id: String?, to standing: Standing) {
    guard let id else { return }
    guard let now = standings[id] else {
      ids.append(id)
      standings[id] = standing
      return
    }
    switch (now, standing) {
    case (.finished, _), (_, .waiting): break
    default: standings[id] = standing
    }
  }
}
