public import Pixels

// Whether a text is on a screen: here, and nowhere else, sure is told from doubtful.
extension TextReader {
  /// Where a text is on a frame, and where it may be.
  ///
  /// - Parameters:
  ///   - text: the text, as somebody wrote it.
  ///   - exact: whether nothing but white space is forgiven.
  ///   - region: only places whose middle is inside it; nil means all of the frame.
  ///   - frame: the frame.
  ///   - limit: the time allowed, from when this reader's turn comes.
  /// - Throws: as `read`.
  public func presence(
    of text: String, exact: Bool = false, in region: PixelRect? = nil, on frame: Frame,
    limit: Duration = defaultLimit
  ) async throws(PerceptionError) -> Presence {
    let seen = try await read(frame, region: region, limit: limit)
    let hits = TextSearch.hits(for: text, in: seen, exact: exact)
    return Presence(hits: hits)
  }
}
