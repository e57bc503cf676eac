internal import Scenario
internal import Story

/// Who may do a step, in the order in which they are asked, and who is at it.
struct Lanes: Hashable, Sendable {
  /// Somebody who may do a step.
  enum Lane: Hashable, Sendable {
    /// The scenario says exactly what to do.
    case scenario
    /// The local engine reads an `act` line.
    case local
    /// The quicker model.
    case fast
    /// The model of the scenario.
    case model

    /// What the notes call it.
    var name: LaneName {
      switch self {
      case .scenario: .scenario
      case .local: .local
      case .fast, .model: .model
      }
    }
  }

  private let list: [Lane]
  private var cursor = 0

  /// The lanes of a step.
  ///
  /// - Parameters:
  ///   - hasModel: whether there is a model.
  ///   - isFastFirst: whether the quicker one is asked before it.
  init(of step: Step, hasModel: Bool, isFastFirst: Bool) {
    let isLine = if case .act = step.kind { true } else { false }
    let models: [Lane] = hasModel ? (isFastFirst ? [.fast, .model] : [.model]) : []
    list = [isLine ? .local : .scenario] + (step.lane == .local ? [] : models)
  }

  /// Who is at it.
  var current: Lane { list[cursor] }

  /// Goes on to the first model that may be asked.
  mutating func takeModel() {
    cursor = list.firstIndex { $0.name == .model } ?? cursor
  }

  /// Goes on to the next that there is.
  mutating func pass() { if cursor + 1 < list.count { cursor += 1 } }

  /// Begins with the first again.
  mutating func restart() { cursor = 0 }
}
