public import JSONCoding

/// Replaces the values of secrets by `‹NAME›`; one stands in front of every writer.
///
/// A value is found plain, escaped for JSON (once and twice), for XML and for URLs, and in base64
/// wherever it starts in what was encoded. Where values overlap, everything they cover is replaced.
public struct Redactor: Sendable, CustomStringConvertible, CustomReflectable {
  /// A value shorter than this many bytes is replaced only where it stands alone.
  static let shortest = 4
  /// A value shorter than this many bytes is left alone in the keys of JSON objects.
  static let shortestInKeys = 8

  /// What could not be promised, for the user; values are never in it.
  public let warnings: [String]

  /// The names of the secrets, in order.
  public let names: [String]
  private let forms: [Form]
  /// For each first byte the forms that start with it.
  private let index: [[Int]]

  /// A redactor that replaces nothing.
  public static let none = Redactor(secrets: [:])

  /// A redactor of secrets by name.
  public init(secrets: [String: String]) {
    var warnings: [String] = []
    var forms: [Form] = []
    let sorted = secrets.sorted { $0.key < $1.key }
    for (number, secret) in sorted.enumerated() {
      let length = secret.value.utf8.count
      if length == 0 {
        warnings.append("the secret ‹\(secret.key)› is empty, so there is nothing to hide")
      } else if length < Self.shortest {
        warnings.append(
          "the secret ‹\(secret.key)› has only \(length) bytes and is hidden only where it stands "
            + "alone; use a longer one")
      }
      forms += Form.all(of: secret.value, secret: number)
    }
    // The longest first, so that the first that fits at a place is the one to name.
    forms.sort { ($0.bytes.count, $1.secret) > ($1.bytes.count, $0.secret) }
    var index = [[Int]](repeating: [], count: 256)
    for (number, form) in forms.enumerated() { index[Int(form.bytes[0])].append(number) }
    self.warnings = warnings
    self.forms = forms
    self.index = index
    names = sorted.map(\.key)
  }

  /// Whether there is nothing to replace.
  public var isEmpty: Bool { forms.isEmpty }

  /// `Redactor(2 secrets)`: never a value.
  public var description: String { "Redactor(\(names.count) secrets)" }
  /// The names alone: never a value.
  public var customMirror: Mirror { Mirror(self, children: ["names": names]) }

  /// The text without secrets.
  public func redact(_ text: String) -> String {
    guard !isEmpty else { return text }
    guard let redacted = replaced(Array(text.utf8), shortest: 0) else { return text }
    return String(decoding: redacted, as: UTF8.self)
  }

  /// UTF-8 text without secrets.
  public func redact(_ bytes: [UInt8]) -> [UInt8] {
    isEmpty ? bytes : replaced(bytes, shortest: 0) ?? bytes
  }

  /// The value without secrets in its strings and keys; numbers stay as they are.
  public func redact(_ value: JSON) -> JSON {
    guard !isEmpty else { return value }
    return switch value {
    case .null, .bool, .integer, .number: value
    case .string(let text): .string(redact(text))
    case .array(let values): .array(values.map(redact))
    case .object(let object): .object(redact(object))
    }
  }

  /// The object without secrets in its strings and keys.
  public func redact(_ object: JSONObject) -> JSONObject {
    guard !isEmpty else { return object }
    return JSONObject(object.pairs.map { (redactKey($0.key), redact($0.value)) })
  }

  /// Keys are the vocabulary of whoever wrote them: a short secret that is also a common word must not
  /// make a journal unreadable.
  private func redactKey(_ key: String) -> String {
    replaced(Array(key.utf8), shortest: Self.shortestInKeys).map {
      String(decoding: $0, as: UTF8.self)
    } ?? key
  }

  /// The bytes with every secret replaced; nil when there is none.
  private func replaced(_ bytes: [UInt8], shortest: Int) -> [UInt8]? {
    let spans = spans(in: bytes, shortest: shortest)
    guard !spans.isEmpty else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var position = 0
    for span in spans {
      output += bytes[position..<span.range.lowerBound]
      output += "‹\(names[forms[span.form].secret])›".utf8
      position = span.range.upperBound
    }
    output += bytes[position...]
    return output
  }

  /// What to replace, in order and without overlaps; each is named after its longest form.
  private func spans(in bytes: [UInt8], shortest: Int) -> [(range: Range<Int>, form: Int)] {
    var spans: [(range: Range<Int>, form: Int)] = []
    for position in bytes.indices {
      let candidates = index[Int(bytes[position])]
      guard !candidates.isEmpty else { continue }
      for number in candidates where forms[number].bytes.count >= shortest {
        guard let range = forms[number].range(in: bytes, at: position),
          !isPlaceholder(range, in: bytes)
        else { continue }
        if let last = spans.last, last.range.upperBound > range.lowerBound {
          let isLonger = forms[number].bytes.count > forms[last.form].bytes.count
          spans[spans.count - 1] = (
            min(
              last.range.lowerBound, range.lowerBound)..<max(
                last.range.upperBound, range.upperBound),
            isLonger ? number : last.form
          )
        } else {
          spans.append((range, number))
        }
        break
      }
    }
    return spans
  }

  /// Whether the bytes are the name inside a `‹NAME›` that an earlier redaction wrote.
  private func isPlaceholder(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
    bytes[..<range.lowerBound].suffix(3).elementsEqual("‹".utf8)
      && bytes[range.upperBound...].starts(with: "›".utf8)
      && names.contains(String(decoding: bytes[range], as: UTF8.self))
  }
}
