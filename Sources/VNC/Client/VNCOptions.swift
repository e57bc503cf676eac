/// How to treat a server; the defaults suit Xvnc and, by its name, QEMU.
public struct VNCOptions: Sendable {
  /// How the server understands key events.
  public enum Keyboard: Sendable {
    /// By keysym: the server holds Shift by itself where a character needs it (Xvnc, x11vnc).
    case keysyms
    /// By key: Shift must be held for `A` and `!`, and keys arrive slowly (QEMU, hardware consoles).
    case scancodes
  }

  /// How updates are asked for.
  public enum Updates: Sendable {
    /// Without being asked where the server can and is more than 5 ms away.
    case automatic
    /// Without being asked where the server can.
    case continuous
    /// One by one.
    case requested
  }

  /// The limit for everything until the first picture is complete.
  var connectTimeout: Duration
  /// The longest silence in the middle of a message, or while a picture is awaited.
  var stallTimeout: Duration
  /// How long a server may be silent while we wait before it is asked for a sign of life.
  var probeAfter: Duration
  /// How long it may take to answer before it counts as dead.
  var livenessTimeout: Duration
  /// How updates are asked for.
  public var updates: Updates
  /// Whether connecting moves the pointer to the bottom-right corner.
  ///
  /// Xvnc draws the pointer into the picture until this connection has moved it.
  var parksPointer: Bool
  /// How keys are sent; nil decides by the server's name.
  public var keyboard: Keyboard?
  /// The pause between characters; nil decides by the kind of keyboard.
  var typingPause: Duration?
  /// What calibration found out about the keyboard; it wins over `keyboard` and `typingPause`.
  public var profile: TypingProfile?
  /// The chord that pastes in what is typed into; nil means what the profile says.
  ///
  /// With it, what keys cannot type goes through the clipboard; without it, such a text is refused.
  public var paste: [Key]?
  /// How often an unmoved pointer is reported while we wait; nil means every 100 ms to QEMU alone,
  /// which looks at its guest ever less often while nobody does anything.
  public var nudgeInterval: Duration?
  /// How many different characters outside ASCII are sent as keys over the connection's life.
  ///
  /// Xvnc finds place for 19 in its keyboard map, never takes one out, and drops what comes later
  /// without a word.
  var keysymBudget: Int
  /// The keysyms outside ASCII that earlier connections sent to the same running server.
  public var spentKeysyms: Set<UInt32>
  /// Signs outside ASCII that are known to have keys on the server.
  public var signs: Set<Unicode.Scalar>
  /// The pauses inside of gestures.
  public var timing: GestureTiming

  /// Where the numbers of updates go on: those of a connection before this one.
  var sequence: UInt64 = 0

  /// The most bytes for pictures of the past; the last picture is always kept.
  var historyLimit: Int

  /// Options.
  public init(
    connectTimeout: Duration = .seconds(10), stallTimeout: Duration = .seconds(10),
    probeAfter: Duration = .seconds(2), livenessTimeout: Duration = .seconds(10),
    updates: Updates = .automatic,
    parksPointer: Bool = true, keyboard: Keyboard? = nil, typingPause: Duration? = nil,
    profile: TypingProfile? = nil, paste: [Key]? = nil, nudgeInterval: Duration? = nil,
    keysymBudget: Int = 16, spentKeysyms: Set<UInt32> = [], signs: Set<Unicode.Scalar> = [],
    timing: GestureTiming = .init(), historyLimit: Int = 64 << 20
  ) {
    self.connectTimeout = connectTimeout
    self.stallTimeout = stallTimeout
    self.probeAfter = probeAfter
    self.livenessTimeout = livenessTimeout
    self.updates = updates
    self.parksPointer = parksPointer
    self.keyboard = keyboard
    self.typingPause = typingPause
    self.profile = profile
    self.paste = paste
    self.nudgeInterval = nudgeInterval
    self.keysymBudget = keysymBudget
    self.spentKeysyms = spentKeysyms
    self.signs = signs
    self.timing = timing
    self.historyLimit = max(historyLimit, 0)
  }
}

/// The pauses inside of gestures: short, but long enough for toolkits to see separate events.
public struct GestureTiming: Sendable {
  /// Between arriving somewhere and the first press, so that hover takes effect.
  var dwell: Duration = .milliseconds(20)
  /// Between press and release of a click.
  var clickHold: Duration = .milliseconds(15)
  /// Between the clicks of a double or triple click; toolkits allow 250 ms or more.
  var clickGap: Duration = .milliseconds(60)
  /// How long what is hovered over may go on changing before it is pressed.
  var hoverLimit: Duration = .milliseconds(250)
  /// How long after a press another one in the same place may make a double click: 500 ms is the longest that
  /// toolkits allow, and some of it for a server that is late.
  var doubleClickTime: Duration = .milliseconds(550)
  /// Before the first and after the last move of a drag.
  var dragHold: Duration = .milliseconds(60)
  /// Between the moves of a drag.
  var dragStep: Duration = .milliseconds(8)
  /// Between two notches of the wheel.
  var notchGap: Duration = .milliseconds(10)
  /// How long a pasted text is left on the clipboard after somebody has fetched it: some fetch it twice.
  var pasteRest: Duration = .milliseconds(40)
  /// How long a paste may take to fetch the text.
  public var pasteLimit: Duration = .seconds(3)
  /// Between press and release of a key, well below the time that makes it repeat.
  var keyHold: Duration = .milliseconds(5)

  /// The default pauses.
  public init() {}
}
