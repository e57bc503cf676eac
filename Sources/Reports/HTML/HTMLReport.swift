internal import Digests
internal import FoundationEssentials
internal import JSONCoding
public import Recording
internal import Story

/// Writes a run as one page that opens from `file://`: no server, no network, no framework.
///
/// Style, script and data are in the page, pictures are files beside it. Whatever came from a screen, a
/// model or a scenario is data that the script shows as text, and a content security policy that names
/// the one style and the one script by their hashes forbids everything else.
public enum HTMLReport {
  private static let style = Array(Page.allStyle.utf8)
  private static let script = Array(Page.allScript.utf8)

  /// The whole page as UTF-8.
  public static func document(_ report: RunReport, redactor: Redactor = .none) -> [UInt8] {
    let data = HTMLData(redactor: redactor)
    let parts: [(String, [UInt8])] = [
      ("policy", Array(policy.utf8)),
      ("title", Array(escaped(redactor.redact(title(report))).utf8)),
      ("style", style),
      ("headline", Array(escaped(redactor.redact(report.headline)).utf8)),
      ("summary", embedded(data.summary(report))),
      ("details", details(report, data)), ("script", script),
    ]
    return fill(Array(Page.frame.utf8), parts)
  }

  private static func title(_ report: RunReport) -> String {
    "\(report.headline) · \(report.info.id)"
  }

  /// One block of data for each case, numbered in the order of the summary.
  private static func details(_ report: RunReport, _ data: HTMLData) -> [UInt8] {
    var output: [UInt8] = []
    for (number, item) in (report.cases + report.neverBegun).enumerated() {
      output += "<script type=\"application/json\" id=\"case-\(number)\">".utf8
      output += embedded(data.detail(item))
      output += "</script>\n".utf8
    }
    return output
  }

  private static var policy: String {
    [
      "default-src 'none'", "script-src '\(source(script))'", "style-src '\(source(style))'",
      "img-src 'self' data:", "base-uri 'none'", "form-action 'none'",
    ].joined(separator: "; ")
  }

  /// A hash as a content security policy names it.
  private static func source(_ bytes: [UInt8]) -> String {
    "sha256-" + Data(SHA256(of: bytes).bytes).base64EncodedString()
  }

  /// JSON that cannot end the element it stands in: `<` and the line separators of JavaScript are escaped.
  static func embedded(_ value: JSON) -> [UInt8] {
    var output: [UInt8] = []
    for scalar in value.text.unicodeScalars {
      switch scalar {
      case "<": output += "\\u003c".utf8
      case ">": output += "\\u003e".utf8
      case "&": output += "\\u0026".utf8
      case "\u{2028}": output += "\\u2028".utf8
      case "\u{2029}": output += "\\u2029".utf8
      default: output += String(scalar).utf8
      }
    }
    return output
  }

  private static func escaped(_ text: String) -> String {
    text.replacingScalars(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
  }

  /// The template with each `{{name}}` replaced, once and in order; what is put in is not looked at again.
  private static func fill(_ template: [UInt8], _ parts: [(String, [UInt8])]) -> [UInt8] {
    var output: [UInt8] = []
    var rest = template[...]
    for (name, bytes) in parts {
      let mark = Array("{{\(name)}}".utf8)
      guard let start = rest.indices.first(where: { rest[$0...].starts(with: mark) }) else {
        preconditionFailure("the page has no \(name)")
      }
      output += rest[..<start]
      output += bytes
      rest = rest[(start + mark.count)...]
    }
    return output + rest
  }
}
