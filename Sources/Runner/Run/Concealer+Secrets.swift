internal import Recording
internal import Session

extension Concealer {
  /// A concealer of secrets by name, in all the forms that the recording would take out too.
  static func hiding(_ secrets: [String: String]) -> Concealer {
    let secrets = secrets.filter { !$0.value.isEmpty }
    guard !secrets.isEmpty else { return .none }
    let redactor = Redactor(secrets: secrets)
    return Concealer(names: secrets.keys.sorted()) { redactor.redact($0) }
  }
}
