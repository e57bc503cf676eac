internal import Recording

/// Text that may stand in an XML 1.0 document: redacted, without what XML forbids, escaped.
struct XMLText: Sendable {
  let redactor: Redactor

  /// Text between tags; secrets go before anything is escaped.
  func text(_ text: String) -> String { escaped(text, Self.inText) }

  /// An attribute with a space before it.
  func attribute(_ name: String, _ value: String) -> String {
    " \(name)=\"\(escaped(value, Self.inAttribute))\""
  }

  /// `>` too: `]]>` must not stand in text.
  private static let inText: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;",
  ]
  private static let inAttribute = inText.merging(
    ["\"": "&quot;", "\n": "&#10;", "\t": "&#9;"]) { first, _ in first }

  private func escaped(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
    Self.clean(redactor.redact(text)).replacingScalars(replacements)
  }

  /// The characters that XML 1.0 allows and that say something: no terminal sequences, no other controls.
  static func clean(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    while let scalar = pending ?? scalars.next() {
      pending = nil
      if scalar == "\u{1B}" {
        pending = skipSequence(&scalars)
      } else if isAllowed(scalar) {
        output.append(scalar)
      }
    }
    return String(output)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: true
    case 0..<0x20, 0x7F...0x9F, 0xFFFE, 0xFFFF: false
    default: true
    }
  }

  /// Skips what follows an escape character (ECMA-48) and returns the first character behind it.
  private static func skipSequence(
    _ scalars: inout String.UnicodeScalarView.Iterator
  ) -> Unicode.Scalar? {
    guard let first = scalars.next() else { return nil }
    switch first {
    case "[":
      // Parameters and intermediates, then one final character.
      while let scalar = scalars.next() {
        if (0x40...0x7E).contains(scalar.value) { return nil }
        if !(0x20...0x3F).contains(scalar.value) { return scalar }
      }
      return nil
    case "]", "P", "X", "^", "_":
      // A string up to BEL or ESC \.
      while let scalar = scalars.next() {
        if scalar == "\u{07}" { return nil }
        if scalar == "\u{1B}" {
          let next = scalars.next()
          return next == "\\" ? nil : next
        }
        if scalar == "\n" { return scalar }
      }
      return nil
    default: return (0x20...0x7E).contains(first.value) ? nil : first
    }
  }
}
