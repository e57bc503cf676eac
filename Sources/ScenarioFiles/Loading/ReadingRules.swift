/// What can be read off a screen, as far as it is to be known before anything runs.
///
/// The eyes are in another room; they are asked through these.
public struct ReadingRules: Sendable {
  /// Something that cannot be read, and what to do about it.
  public struct Fault: Hashable, Sendable {
    /// What is wrong.
    public var message: String
    /// What to do.
    public var help: String

    /// A fault.
    public init(message: String, help: String) {
      self.message = message
      self.help = help
    }
  }

  /// The languages that are read where nobody chose any.
  public struct Usual: Hashable, Sendable {
    /// Their names.
    public var languages: [String]
    /// What is worth knowing about them.
    public var remark: Fault?

    /// Languages.
    public init(_ languages: [String], remark: Fault? = nil) {
      self.languages = languages
      self.remark = remark
    }
  }

  /// The languages for scenarios in the language of a code that choose none; nil is no code.
  public var usual: @Sendable (String?) -> Usual
  /// Why a language cannot be read; nil when it can.
  public var faultOfLanguage: @Sendable (String) -> Fault?
  /// Why a text cannot be read in some languages; nil when it can.
  public var faultOfText: @Sendable (String, [String]) -> Fault?

  /// Rules.
  public init(
    usual: @escaping @Sendable (String?) -> Usual,
    faultOfLanguage: @escaping @Sendable (String) -> Fault?,
    faultOfText: @escaping @Sendable (String, [String]) -> Fault?
  ) {
    self.usual = usual
    self.faultOfLanguage = faultOfLanguage
    self.faultOfText = faultOfText
  }
}
