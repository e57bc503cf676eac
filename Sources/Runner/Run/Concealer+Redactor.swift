internal import Recording
internal import Driving

extension Concealer {
  /// A concealer of what a redactor would take out of the recording too, in all its forms.
  init(_ redactor: Redactor) {
    self = redactor.isEmpty ? .none : Concealer(names: redactor.names) { redactor.redact($0) }
  }
}
