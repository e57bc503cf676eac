internal import Digests
internal import FoundationEssentials
internal import JSONCoding
internal import Platform
internal import Recording

/// What is known of models from earlier runs: one small file for each model, address and digest.
///
/// A file that cannot be read or written only costs the tests again.
struct FindingsCache: Sendable {
  /// The folder; nil keeps nothing.
  let folder: String?

  /// The user's own cache.
  static func ofUser(_ environment: [String: String]) -> FindingsCache {
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
    return FindingsCache(folder: (cache ?? home).map { $0 + "/qa-agent/models" })
  }

  /// What is known; nil when nothing is, or when a model without a digest was tested long ago.
  func findings(for key: Key) -> ModelFindings? {
    guard let path = path(of: key), let bytes = try? Files.read(path, limit: 1 << 20),
      let entry = try? JSON(parsing: bytes).decoded(as: Entry.self), entry.version == Self.version,
      key.digest != nil || Date().timeIntervalSince1970 - entry.time < Self.undatedAge
    else { return nil }
    return entry.findings
  }

  /// Keeps what was found.
  func keep(_ findings: ModelFindings, for key: Key) {
    guard let path = path(of: key), findings.isWorthKeeping,
      let json = try? JSON(
        encoding: Entry(
          version: Self.version, time: Date().timeIntervalSince1970, findings: findings))
    else { return }
    try? Files.makeFolder(of: path)
    try? Files.writeAtomically(json.bytes, to: path)
  }

  /// What findings belong to.
  struct Key: Hashable {
    /// The address.
    let url: String
    /// The model's canonical name.
    let model: String
    /// The family it is treated as.
    let family: String
    /// The digest of its files; nil when the endpoint tells none.
    let digest: String?
  }

  private struct Entry: Codable {
    let version: Int
    let time: Double
    let findings: ModelFindings
  }

  /// Raised whenever the questions change.
  private static let version = 2
  /// Seconds for which a model is believed to be the same without a digest: a week.
  private static let undatedAge = 7.0 * 24 * 3600

  private func path(of key: Key) -> String? {
    let words = [key.url, key.model, key.family, key.digest ?? ""]
    let name = SHA256(of: Array(words.joined(separator: "\n").utf8)).description.prefix(32)
    return folder.map { "\($0)/\(name).json" }
  }
}
