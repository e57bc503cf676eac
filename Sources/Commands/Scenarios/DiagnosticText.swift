internal import Diagnostics

/// How diagnostics look to a person.
struct DiagnosticText {
  /// How the lines look.
  let style: Style

  /// One paragraph for each.
  func lines(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { paragraph($0) + "\n" }.joined()
  }

  /// `2 errors and 1 warning`; nil when there is neither.
  static func count(_ diagnostics: [Diagnostic]) -> String? {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let parts =
      (errors > 0 ? [plural(errors, "error")] : [])
      + (warnings > 0 ? [plural(warnings, "warning")] : [])
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  /// `1 case`, `2 cases`.
  static func plural(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  private func paragraph(_ diagnostic: Diagnostic) -> String {
    let lines = diagnostic.rendered.split(separator: "\n", omittingEmptySubsequences: false)
    let head = String(lines[0])
    let colored = diagnostic.severity == .error ? style.red(head) : style.yellow(head)
    return ([colored] + lines.dropFirst().map { "  " + $0 }).joined(separator: "\n")
  }
}
