/// What is known of the server's clipboard, and of our own text on it.
///
/// A value: it is told the server's messages and says what to answer.
struct ClipboardState: Sendable {
  /// Whose text is on the clipboard.
  enum Owner: Hashable, Sendable {
    /// Nobody has told since the connection was made.
    case unknown
    /// There is no text on it.
    case nobody
    /// An application of the server.
    case server
    /// We.
    case us
  }

  private(set) var owner = Owner.unknown
  /// What the server's extended clipboard can do; nil without one.
  private(set) var flags: UInt32?
  /// Our latest text, for when the server asks.
  ///
  /// It stays when somebody else's is announced: that notice may have been on its way before our text was.
  private(set) var ours: String?
  /// How often the server has asked for it.
  private(set) var requests = 0
  /// How often the server has told of another clipboard.
  private(set) var notices = 0
  /// The server's text, once it has arrived.
  private(set) var theirs: String?
  /// How often an answer with the server's text has arrived, one without a readable text included.
  private(set) var answers = 0

  /// Whether texts travel in Unicode.
  var isExtended: Bool { (flags ?? 0) & ExtendedClipboard.text != 0 }

  mutating func handle(_ event: MessageParser.Event) -> [ClientMessage] {
    switch event {
    case .clipboardCapabilities(let flags):
      self.flags = flags
      return [.extendedClipboard(ExtendedClipboard.ourCapabilities)]
    case .clipboardRequested:
      guard let ours else { return [] }
      requests += 1
      return [.extendedClipboard(ExtendedClipboard.provision(ours))]
    case .clipboardNotified(let hasText):
      notices += 1
      taken(by: hasText ? .server : .nobody)
    case .clipboardProvided(let bytes):
      answers += 1
      theirs = ExtendedClipboard.text(in: bytes)
    case .cutText(let latin1):
      notices += 1
      taken(by: .server)
      answers += 1
      theirs = String(String.UnicodeScalarView(latin1.map { Unicode.Scalar($0) }))
    case .updateFinished, .resized, .fence, .continuousUpdatesEnded: break
    }
    return []
  }

  /// Puts a text of ours on the clipboard, which the server fetches when somebody pastes it.
  mutating func offer(_ text: String) {
    taken(by: .us)
    ours = text
  }

  /// Takes our text off the clipboard.
  mutating func withdraw() {
    taken(by: .nobody)
    ours = nil
  }

  private mutating func taken(by owner: Owner) {
    self.owner = owner
    theirs = nil
  }
}
