public import Hands
public import Pixels

extension VNCConnection {
  /// Moves the pointer.
  public func move(to point: ScreenPoint) async throws(VNCError) {
    try check(point)
    try await gesture { () async throws(VNCError) in try sendPointer(to: point) }
  }

  /// Moves there and presses a button, which stays down until `release`, an error or the end.
  public func press(_ button: PointerButton, at point: ScreenPoint) async throws(VNCError) {
    try check(point)
    try await gesture { () async throws(VNCError) in
      try await arrive(at: point)
      try await waitOutDoubleClick(at: point, button)
      try press(button)
    }
  }

  /// Lets go of a button where the pointer is.
  public func release(_ button: PointerButton) async throws(VNCError) {
    try await gesture { () async throws(VNCError) in try letGo(.button(button)) }
  }

  /// Clicks, `count` times in quick succession, with modifiers held.
  ///
  /// A click where the same button went down a moment before waits until it cannot make a double click with that.
  public func click(
    at point: ScreenPoint, button: PointerButton = .left, count: Int = 1, modifiers: [Key] = [],
    hold time: Duration? = nil
  ) async throws(VNCError) {
    try check(point)
    try check(button)
    guard (1...10).contains(count) else {
      throw error(.unsupportedInput, "is clicked 1 to 10 times at once, not \(count) times")
    }
    try await gesture { () async throws(VNCError) in
      try await arrive(at: point)
      try await waitOutDoubleClick(at: point, button)
      try hold(modifiers)
      for number in 1...count {
        if number > 1 { try await rest(options.timing.clickGap) }
        try press(button)
        try await rest(time ?? options.timing.clickHold)
        try letGo(.button(button))
      }
      try letGo(ofKeys: modifiers)
    }
    lastClick = point
  }

  /// Presses at the first point, moves through the others in small steps, and lets go at the last.
  ///
  /// It rests before it lets go, and moves once more: a place that shows itself when something is dragged over it
  /// takes what is dropped only after that.
  /// - Parameter time: how long the button stays down before it moves.
  public func drag(
    along path: [ScreenPoint], button: PointerButton = .left, modifiers: [Key] = [],
    hold time: Duration? = nil
  ) async throws(VNCError) {
    try check(button)
    guard let start = path.first, path.count > 1 else {
      throw error(.unsupportedInput, "needs two points or more for a drag")
    }
    for point in path { try check(point) }
    try await gesture { () async throws(VNCError) in
      try await arrive(at: start)
      try await waitOutDoubleClick(at: start, button)
      try hold(modifiers)
      try press(button)
      try await rest(time ?? options.timing.dragHold)
      for point in DragPath.steps(along: path) + DragPath.arrival(along: path) {
        if point.isAfterRest { try await rest(options.timing.dragHold) }
        try sendPointer(toX: point.x, y: point.y)
        try await rest(options.timing.dragStep)
      }
      try await rest(options.timing.dragHold)
      try letGo(.button(button))
      try letGo(ofKeys: modifiers)
    }
  }

  /// Turns the wheel over a point by up to a thousand notches.
  public func scroll(
    _ direction: ScrollDirection, notches: Int, at point: ScreenPoint, modifiers: [Key] = []
  ) async throws(VNCError) {
    try check(point)
    guard (0...1000).contains(notches) else {
      throw error(.unsupportedInput, "is scrolled by 0 to 1000 notches, not by \(notches)")
    }
    try await gesture { () async throws(VNCError) in
      try await arrive(at: point)
      try hold(modifiers)
      for number in 0..<notches {
        if number > 0 { try await rest(options.timing.notchGap) }
        let mask = held.buttonMask
        try send([
          .pointer(x: pointer.x, y: pointer.y, buttons: mask | direction.bit),
          .pointer(x: pointer.x, y: pointer.y, buttons: mask),
        ])
        lastInput = now
        lastClick = nil
      }
      try letGo(ofKeys: modifiers)
    }
  }

  /// Waits until a press at a point, of whichever button, is certain to make no double click with the last one.
  ///
  /// Returns at once where the last press was elsewhere, or long ago.
  public func waitOutDoubleClick(at point: ScreenPoint) async throws(VNCError) {
    try await waitOutDoubleClick(at: point, lastPress?.button)
  }

  // MARK: - Parts of gestures

  private func waitOutDoubleClick(
    at point: ScreenPoint, _ button: PointerButton?
  ) async throws(VNCError) {
    guard let lastPress, lastPress.button == button, lastPress.isNear(point) else { return }
    try await rest(lastPress.time + options.timing.doubleClickTime - now)
  }

  private func press(_ button: PointerButton) throws(VNCError) {
    try push(.button(button))
    lastPress = ButtonPress(button: button, x: pointer.x, y: pointer.y, time: now)
  }

  private func check(_ point: ScreenPoint) throws(VNCError) {
    guard size.bounds.contains(x: point.x, y: point.y) else {
      if !isGesturing { releaseAllQuietly() }
      throw error(
        .unsupportedInput, "has a screen of \(size) now, and \(point) is outside; look again")
    }
  }

  /// Goes there, and waits until what shows itself under the pointer has done so: an element that moves when it is
  /// hovered over would be missed.
  private func arrive(at point: ScreenPoint) async throws(VNCError) {
    let isThere = pointer == (point.x, point.y)
    let before = sequence
    try sendPointer(to: point)
    try await rest(options.timing.dwell)
    guard !isThere else { return }
    let around = PixelRect(x: point.x - 100, y: point.y - 100, width: 200, height: 200)
    let deadline = now + options.timing.hoverLimit
    while let last = log.entries(after: before)?.last(where: {
      $0.rects.contains(where: around.intersects)
    }), now < deadline, now - last.time < options.timing.dwell {
      try await rest(last.time + options.timing.dwell - now)
    }
  }

  /// Refuses buttons that a server does not take: it would drop them without a word.
  private func check(_ button: PointerButton) throws(VNCError) {
    guard button == .back || button == .forward, !parser.takesMoreButtons else { return }
    throw error(
      .unsupportedInput,
      "takes no \(button.rawValue) button: it knows seven, and did not say that it takes more "
        + "(ExtendedMouseButtons); press alt+left or alt+right instead")
  }

  private func sendPointer(to point: ScreenPoint) throws(VNCError) {
    try sendPointer(toX: point.x, y: point.y)
  }

  func sendPointer(toX x: Int, y: Int) throws(VNCError) {
    pointer = (x, y)
    try send([.pointer(x: x, y: y, buttons: held.buttonMask)])
    lastInput = now
    lastClick = nil
  }
}

/// A press of a button, with which another makes a double click.
struct ButtonPress: Hashable, Sendable {
  /// Toolkits allow 4 to 10 pixels between the clicks of one.
  private static let reach = 12

  let button: PointerButton
  let x: Int
  let y: Int
  let time: Duration

  func isNear(_ point: ScreenPoint) -> Bool {
    abs(point.x - x) <= Self.reach && abs(point.y - y) <= Self.reach
  }
}

/// The places a drag passes through.
enum DragPath {
  /// Toolkits start a drag after a few pixels of movement, so even a short way has several steps.
  private static let fewest = 4
  private static let most = 40
  private static let stride = 16

  typealias Step = (x: Int, y: Int, isAfterRest: Bool)

  /// A step back of one pixel, and the end once more.
  static func arrival(along path: [ScreenPoint]) -> [Step] {
    guard let end = path.last, let before = path.dropLast().last else { return [] }
    let aside = (x: (before.x - end.x).signum(), y: (before.y - end.y).signum())
    guard aside != (0, 0) else { return [] }
    return [
      (x: end.x + aside.x, y: end.y + aside.y, isAfterRest: true),
      (x: end.x, y: end.y, isAfterRest: false),
    ]
  }

  static func steps(along path: [ScreenPoint]) -> [Step] {
    zip(path, path.dropFirst()).flatMap { start, end in
      let distance = max(abs(end.x - start.x), abs(end.y - start.y))
      let count = min(max(distance / stride, fewest), most)
      return (1...count).map { step in
        (
          x: start.x + (end.x - start.x) * step / count,
          y: start.y + (end.y - start.y) * step / count, isAfterRest: false
        )
      }
    }
  }
}
