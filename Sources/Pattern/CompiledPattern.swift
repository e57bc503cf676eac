internal import CPCRE2

/// Owns a pattern of the C library.
final class CompiledPattern: @unchecked Sendable {
  // @unchecked because the C side never changes a compiled pattern; each search has its own state.
  private let pattern: OpaquePointer

  init(_ source: String) throws(PatternError) {
    let outcome = Self.compile(source)
    switch outcome {
    case .success(let pattern): self.pattern = pattern
    case .failure(let error): throw error
    }
  }

  deinit { qa_pcre2_free(pattern) }

  private static func compile(_ source: String) -> Result<OpaquePointer, PatternError> {
    var message = [CChar](repeating: 0, count: 256)
    var offset = 0
    let bytes = Array(source.utf8)
    // An empty array has no address of its own, and the C side wants one.
    let pattern = (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap {
        qa_pcre2_compile($0, bytes.count, &message, message.count, &offset)
      }
    }
    if let pattern { return .success(pattern) }
    let text = String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return .failure(
      PatternError(
        .syntax, "“\(source)” is no regular expression: \(text) at offset \(offset)", offset: offset
      ))
  }

  /// What one search may take: the deadline bounds the whole of it, the rest bounds memory.
  private static let limits = qa_pcre2_limits(
    steps: 500_000, depth: 100_000, heap_kib: 16 * 1024, milliseconds: 250)

  func firstMatch(in text: String, from: Int) throws(PatternError) -> PatternMatch? {
    guard text.utf8.count <= Pattern.longestText else {
      throw PatternError(
        .textTooLong,
        "the text has \(text.utf8.count) bytes; a pattern searches at most \(Pattern.longestText)")
    }
    var slots = [Int](repeating: 0, count: qa_pcre2_slot_count(pattern))
    switch search(text, from: from, slots: &slots) {
    case 1: return match(in: text, slots: slots)
    case 0: return nil
    case -1:
      throw PatternError(
        .limit, "the search took too many steps; write the pattern without nested repetition")
    default: throw PatternError(.failed, "the search failed inside the pattern library")
    }
  }

  private func search(_ text: String, from: Int, slots: inout [Int]) -> Int32 {
    var text = text
    return text.withUTF8 { buffer in
      // An empty text has no address; one byte that is never read stands in for it.
      withUnsafePointer(to: UInt8(0)) { empty in
        qa_pcre2_match(
          pattern, buffer.baseAddress ?? empty, buffer.count, from, Self.limits, &slots)
      }
    }
  }

  private func match(in text: String, slots: [Int]) -> PatternMatch? {
    let utf8 = text.utf8
    func range(_ group: Int) -> Range<String.Index>? {
      let (start, end) = (slots[2 * group], slots[2 * group + 1])
      guard start >= 0, start <= end, end <= utf8.count else { return nil }
      let lower = utf8.index(utf8.startIndex, offsetBy: start)
      return lower..<utf8.index(lower, offsetBy: end - start)
    }
    guard let whole = range(0) else { return nil }
    let groups = (1..<slots.count / 2).map { range($0).map { String(text[$0]) } }
    return PatternMatch(text: String(text[whole]), groups: groups, range: whole)
  }
}
