import Platform

/// Keeps the keyboard where somebody listens, on a desktop without a window manager, and gives its keys Latin signs.
///
/// Without one the keyboard goes where the pointer is. The keeper gives it to each new window of an application, to
/// the one before when that goes, and to the one that is clicked. It steps back for a window manager that comes
/// later. On its own thread; each question to the server has a limit, and a display that is gone ends it.
actor DisplayKeeper {
  private let executor = ThreadExecutor(name: "display")

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var line: XLine?
  private let keepsFocus: Bool
  /// The windows that may have the keyboard, the newest last.
  private(set) var windows: [UInt32] = []
  private var atoms: Atoms?
  /// Names that the server has numbered: they stay.
  private var numbers: [String: UInt32] = [:]

  private struct Atoms {
    let protocols: UInt32
    let takeFocus: UInt32
    let hints: UInt32
    let type: UInt32
    /// Kinds of windows that nobody types into.
    let passive: Set<UInt32>
  }

  private init(keepsFocus: Bool) { self.keepsFocus = keepsFocus }

  /// Signs in at a display and prepares its keyboard; what cannot be done is left as it is.
  static func start(
    display: Int, cookie: [UInt8], keepsFocus: Bool
  ) async -> DisplayKeeper {
    let keeper = DisplayKeeper(keepsFocus: keepsFocus)
    await keeper.open(display, cookie)
    return keeper
  }

  /// Ends it.
  func stop() { leave() }

  /// Gives the keyboard to the window at a place, which is about to be clicked.
  func attend(x: Int, y: Int) {
    act { (line) throws(XLine.Broken) in
      let question = XRequest.childAt(x: x, y: y, root: line.root)
      guard let window = try line.ask(question)?.word(8), windows.contains(window) else { return }
      guard try !hasFocus(window, &line) else { return }
      try give(to: window, &line)
    }
  }

  /// Sees to it that keys which are about to be pressed reach a window.
  func attend() {
    act { (line) throws(XLine.Broken) in try mend(&line) }
  }

  /// Whether a window manager has windows and has given the keyboard to none of them yet.
  ///
  /// A manager that says nothing of either is not waited for.
  func isManagerAtIt() -> Bool {
    guard !keepsFocus else { return false }
    var isAtIt = false
    act { (line) throws(XLine.Broken) in
      guard try !managed(&line).isEmpty,
        let active = try atom("_NET_ACTIVE_WINDOW", &line)
      else { return }
      isAtIt = try line.ask(.property(active, of: line.root))?.words.first == 0
    }
    return isAtIt
  }

  /// Whether the Latin signs still have their keys: an application may have loaded a layout of its own.
  func hasLatinKeys() -> Bool {
    var isSo = false
    act { (line) throws(XLine.Broken) in
      guard let first = LatinKeys.keysyms.last,
        let answer = try line.ask(.keys(first: first.key, count: 1))
      else { return }
      isSo = answer.words.first == first.plain
    }
    return isSo
  }

  // MARK: - The line

  private func open(_ display: Int, _ cookie: [UInt8]) {
    do throws(XLine.Broken) {
      var line = try XLine(display: display, cookie: cookie)
      try Self.addLatinKeys(&line)
      if keepsFocus {
        atoms = try Self.atoms(&line)
        try line.tell(.selectChildren(of: line.root))
      }
      // The keys are there when this is answered.
      _ = try line.ask(.focus)
      self.line = line
    } catch {
      return
    }
    guard let descriptor = line?.socket.descriptor else { return }
    executor.serve(
      ThreadExecutor.Source(
        descriptor: descriptor, isPending: { false },
        serve: { [weak self] in self?.assumeIsolated { $0.serve() } ?? false }))
  }

  private static func addLatinKeys(_ line: inout XLine) throws(XLine.Broken) {
    var rest = LatinKeys.keysyms[...]
    while let first = rest.first {
      let row = rest.enumerated().prefix { $1.key == first.key + UInt8(clamping: $0) }.map(
        \.element)
      rest = rest.dropFirst(row.count)
      try line.tell(
        .setKeys(first: first.key, columns: 2, keysyms: row.flatMap { [$0.plain, $0.shifted] }))
    }
  }

  private static func atoms(_ line: inout XLine) throws(XLine.Broken) -> Atoms {
    var numbers: [UInt32] = []
    let types = ["SPLASH", "TOOLTIP", "NOTIFICATION", "DOCK", "DESKTOP"]
    let names =
      ["WM_PROTOCOLS", "WM_TAKE_FOCUS", "WM_HINTS", "_NET_WM_WINDOW_TYPE"]
      + types.map { "_NET_WM_WINDOW_TYPE_\($0)" }
    for name in names { numbers.append(try line.ask(.atom(name))?.word(8) ?? 0) }
    return Atoms(
      protocols: numbers[0], takeFocus: numbers[1], hints: numbers[2], type: numbers[3],
      passive: Set(numbers.dropFirst(4)))
  }

  private func serve() -> Bool {
    guard line?.read() == true else {
      leave()
      return false
    }
    act { (_) throws(XLine.Broken) in }
    return line != nil
  }

  private func leave() {
    executor.serve(nil)
    line?.socket.breakOff()
    line = nil
  }

  /// Does something with the line, after what the server has told before, and before what it told meanwhile.
  func act(_ body: (inout XLine) throws(XLine.Broken) -> Void) {
    guard var line else { return }
    do throws(XLine.Broken) {
      guard line.read() else { throw XLine.Broken() }
      try takeEvents(&line)
      try body(&line)
      try takeEvents(&line)
      self.line = line
    } catch {
      leave()
    }
  }

  // MARK: - Windows

  /// The number of a name.
  func atom(_ name: String, _ line: inout XLine) throws(XLine.Broken) -> UInt32? {
    if let number = numbers[name] { return number }
    let number = try line.ask(.atom(name))?.word(8)
    numbers[name] = number
    return number
  }

  /// The windows that a window manager has.
  func managed(_ line: inout XLine) throws(XLine.Broken) -> [UInt32] {
    guard let list = try atom("_NET_CLIENT_LIST", &line) else { return [] }
    return try line.ask(.property(list, of: line.root))?.words ?? []
  }

  private func takeEvents(_ line: inout XLine) throws(XLine.Broken) {
    while let event = line.nextEvent() {
      guard keepsFocus else { continue }
      switch event.event {
      case 19: try appeared(event.word(8), isBeyondManagers: event.byte(12) != 0, &line)
      case 17, 18: try vanished(event.word(8), &line)
      default: break
      }
    }
  }

  private func appeared(
    _ window: UInt32, isBeyondManagers: Bool, _ line: inout XLine
  ) throws(XLine.Broken) {
    windows.removeAll { $0 == window }
    // Menus and tips look after themselves; but a window that is all there is may be one of these.
    guard !isBeyondManagers || windows.isEmpty, try !isPassive(window, &line) else { return }
    windows.append(window)
    try give(to: window, &line)
  }

  private func vanished(_ window: UInt32, _ line: inout XLine) throws(XLine.Broken) {
    guard windows.contains(window) else { return }
    windows.removeAll { $0 == window }
    try mend(&line)
  }

  /// Gives the keyboard to the newest window where nothing has it.
  private func mend(_ line: inout XLine) throws(XLine.Broken) {
    // A toolkit that set it itself leaves it to the root when its window goes: there nobody listens.
    guard let newest = windows.last, let focus = try line.ask(.focus)?.word(8),
      focus <= 1 || focus == line.root
    else { return }
    try give(to: newest, &line)
  }

  private func isPassive(_ window: UInt32, _ line: inout XLine) throws(XLine.Broken) -> Bool {
    guard let atoms, let types = try line.ask(.property(atoms.type, of: window))?.words else {
      return false
    }
    return types.contains(where: atoms.passive.contains)
  }

  /// Whether a window or one inside of it has the keyboard.
  private func hasFocus(_ window: UInt32, _ line: inout XLine) throws(XLine.Broken) -> Bool {
    guard var inner = try line.ask(.focus)?.word(8) else { return false }
    for _ in 0..<16 where inner > 1 && inner != line.root {
      if inner == window { return true }
      guard let outer = try line.ask(.parent(of: inner))?.word(12) else { return false }
      inner = outer
    }
    return false
  }

  private func give(to window: UInt32, _ line: inout XLine) throws(XLine.Broken) {
    guard keepsFocus, let atoms, try !hasManager(&line) else { return }
    let protocols = try line.ask(.property(atoms.protocols, of: window))?.words ?? []
    let hints = try line.ask(.property(atoms.hints, of: window))?.words ?? []
    // The first word says which are given, the second whether the window wants the keyboard set to it.
    let wantsKeys = hints.count < 2 || hints[0] & 1 == 0 || hints[1] != 0
    if wantsKeys { try line.tell(.setFocus(window)) }
    if protocols.contains(atoms.takeFocus) {
      try line.tell(
        .tellToTakeFocus(window, protocols: atoms.protocols, takeFocus: atoms.takeFocus))
    }
    _ = try line.ask(.focus)
  }

  /// Whether somebody decides about the windows of this display.
  private func hasManager(_ line: inout XLine) throws(XLine.Broken) -> Bool {
    guard let all = try line.ask(.attributes(of: line.root))?.word(32) else { return true }
    return all & 1 << 20 != 0
  }
}
