public import JSONCoding
internal import Pixels
internal import Scenario
public import Story

/// Takes the values of secrets out of what an attempt is told, once, before the machine and the journal: both
/// see the same, and everything after them is told from that.
///
/// A value becomes its name, `‹NAME›`. Where the screen shows such a name itself, it is written with other
/// brackets, so that nothing from outside can name a secret.
public struct Concealer: Sendable {
  private let names: [String]
  private let hide: @Sendable (JSON) -> JSON

  /// One that hides nothing, because there are no secrets.
  public static let none = Concealer(names: []) { $0 }

  /// A concealer.
  ///
  /// - Parameters:
  ///   - names: the names of all secrets.
  ///   - hide: puts names in the places of values, in all strings.
  public init(names: [String], hide: @escaping @Sendable (JSON) -> JSON) {
    self.names = names
    self.hide = hide
  }

  /// The event without the values of secrets.
  public func conceal(_ event: SessionEvent) -> SessionEvent {
    guard !names.isEmpty, event.comesFromOutside else { return event }
    // What is read here may be typed later, where a name stands for its value.
    if case .ran(var result) = event {
      result.stdout = withoutNames(result.stdout)
      result.stderr = withoutNames(result.stderr)
      return concealed(.ran(result: result))
    }
    guard case .readValues(let values, let found) = event else { return concealed(event) }
    return concealed(
      .readValues(
        values: values.map(withoutNames),
        found: found?.map { value in
          var value = value
          value.text = withoutNames(value.text)
          return value
        }))
  }

  /// The state without the values of secrets.
  func conceal(_ state: ApplicationState) -> ApplicationState {
    names.isEmpty ? state : concealed(state)
  }

  /// The order without the values of secrets.
  func conceal(_ order: Order) -> Order {
    guard !names.isEmpty else { return order }
    guard case .setResult(let name, let value) = order else { return concealed(order) }
    return concealed(.setResult(name: name, value: withoutNames(value)))
  }

  /// A value that cannot be read back without secrets stays as it is: the journal says then that its line is
  /// not whole.
  private func concealed<Value: Codable & Equatable>(_ value: Value) -> Value {
    guard let json = try? JSON(encoding: value) else { return value }
    let hidden = hide(json)
    guard hidden != json else { return value }
    return (try? hidden.decoded(as: Value.self)) ?? value
  }

  private func withoutNames(_ text: String) -> String {
    guard text.contains("‹") else { return text }
    return names.reduce(text) { $0.replacing("‹\($1)›", with: "<\($1)>") }
  }
}

extension SessionEvent {
  /// Whether it has words that come from the screen, a program or a model.
  ///
  /// Moves come from the scenario itself.
  fileprivate var comesFromOutside: Bool {
    switch self {
    case .prepared, .located, .toggleFound, .replied, .authorised, .ran, .examined, .pastRead,
      .judged, .readValues, .fieldSeen, .fieldRead, .failed:
      true
    case .observed, .interpreted, .compared, .acted, .settled, .pictureKept, .changed, .elapsed,
      .recovered, .limitReached, .interrupted:
      false
    }
  }
}
