internal import Pattern
internal import Platform
internal import Scenario
internal import Story

/// What an application wrote, as checks ask for it.
///
/// It is searched as it was written; what is shown of it has secrets as names.
struct LogSearch {
  private let bytes: [UInt8]
  private let isWhole: Bool
  private let secrets: [String: String]
  private let redact: @Sendable (String) -> String

  /// - Parameters:
  ///   - bytes: the output; line ends with carriage returns are plain ones.
  ///   - isWhole: whether nothing before it was forgotten.
  ///   - secrets: the values of secrets, by name.
  ///   - redact: what each line passes through before anybody sees it.
  init(
    _ bytes: [UInt8], isWhole: Bool, secrets: [String: String],
    redact: @escaping @Sendable (String) -> String
  ) {
    self.bytes = bytes.filter { $0 != 13 }
    self.isWhole = isWhole
    self.secrets = secrets
    self.redact = redact
  }

  /// What a check says of it: what must not be there decides first.
  func reading(of check: Check.LogCheck) throws(Fault) -> LeafReading {
    if let never = check.never, let line = try line(with: never) {
      return LeafReading(holds: false, measured: "“\(never)” is in the output: “\(line)”")
    }
    var seen: [String] = []
    if let text = check.text {
      guard let line = try line(with: text) else { return missing("“\(text)”") }
      seen.append("“\(line)”")
    }
    if let pattern = check.matches {
      guard let line = try line(matching: pattern) else { return missing("/\(pattern)/") }
      if !seen.contains("“\(line)”") { seen.append("“\(line)”") }
    }
    if let never = check.never {
      if !isWhole { return forgotten("whether “\(never)” was in it cannot be told") }
      seen.append("“\(never)” is not in the output")
    }
    return LeafReading(holds: true, measured: seen.joined(separator: "; "))
  }

  private func missing(_ what: String) -> LeafReading {
    if !isWhole { return forgotten("whether \(what) was in it cannot be told") }
    let last = lines.last { !$0.isEmpty }.map { "; its last line: “\(shown($0))”" }
    return LeafReading(
      holds: false,
      measured: "\(what) is not in the output" + (last ?? "; nothing was written"))
  }

  private func forgotten(_ doubt: String) -> LeafReading {
    let reason = "the older part of the output was forgotten, so \(doubt)"
    return LeafReading(holds: false, doubt: reason, measured: reason)
  }

  // MARK: - Searching

  private var lines: [ArraySlice<UInt8>] {
    bytes.split(separator: 10, omittingEmptySubsequences: false)
  }

  private func line(with text: Template) throws(Fault) -> String? {
    let words = Array(try SecretValues(secrets).fill(text).utf8)
    guard let place = Self.first(words, in: bytes) else { return nil }
    let start = bytes[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: 10) ?? bytes.endIndex
    return shown(bytes[start..<end])
  }

  private func line(matching source: String) throws(Fault) -> String? {
    do throws(PatternError) {
      let pattern = try Pattern(source)
      for line in lines
      where try pattern.firstMatch(in: String(decoding: line, as: UTF8.self)) != nil {
        return shown(line)
      }
      return nil
    } catch {
      throw Fault(.scenario, "the pattern /\(source)/ cannot be used on the output: \(error)")
    }
  }

  /// Where a text that is not empty first stands.
  private static func first(_ words: [UInt8], in bytes: [UInt8]) -> Int? {
    guard let head = words.first, words.count <= bytes.count else { return nil }
    var start = 0
    while start <= bytes.count - words.count,
      let place = bytes[start...(bytes.count - words.count)].firstIndex(of: head)
    {
      if bytes[place..<(place + words.count)].elementsEqual(words) { return place }
      start = place + 1
    }
    return nil
  }

  private func shown(_ line: ArraySlice<UInt8>) -> String {
    let text = printable(redact(String(decoding: line, as: UTF8.self)).utf8)
    return text.count > 200 ? "\(text.prefix(200))…" : text
  }
}
