internal import Synchronization

extension Language {
  /// The languages that are built in: a row for each file in `Data`.
  private static let files: [(code: String, file: @Sendable () -> [UInt8])] = [
    ("de", { PackageResources.de_language }),
    ("en", { PackageResources.en_language }),
  ]

  private static let known = Mutex<[String: Language]>([:])

  /// The codes of the languages that are built in, sorted.
  public static var codes: [String] { files.map(\.code) }

  /// English.
  public static var english: Language { named("en") ?? Language() }

  /// The language of a code; nil when there is none.
  ///
  /// Its file is read when it is first asked for. May be called from any thread.
  public static func named(_ code: String) -> Language? {
    guard let row = files.first(where: { $0.code == code }) else { return nil }
    return known.withLock { known in
      if let language = known[code] { return language }
      // A file of ours that cannot be read is a fault of the build, which its tests tell.
      guard
        let language = try? LanguageReader.read(
          String(decoding: row.file(), as: UTF8.self), file: "\(code).language")
      else { return nil }
      known[code] = language
      return language
    }
  }
}
