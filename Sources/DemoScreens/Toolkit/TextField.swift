import Pixels

/// A line of text that is being edited, with a caret and a selection.
struct TextField: Hashable, Sendable {
  /// The most characters it takes.
  static let limit = 64

  /// Whether it shows dots.
  let isSecret: Bool
  private(set) var characters: [Character] = []
  /// Where the next character goes, 0…count.
  private(set) var caret = 0
  /// The other end of the selection; equal to the caret when nothing is selected.
  private(set) var anchor = 0

  init(isSecret: Bool = false) { self.isSecret = isSecret }

  var text: String { String(characters) }
  var selection: Range<Int> { min(caret, anchor)..<max(caret, anchor) }
  /// What is seen of it.
  var visible: String {
    isSecret ? String(repeating: "\u{25CF}", count: characters.count) : text
  }
  /// What copying takes; nothing of a password.
  var selectedText: String { isSecret ? "" : String(characters[selection]) }

  mutating func replaceAll(_ text: String) {
    characters = Array(text.prefix(Self.limit))
    moveCaret(to: characters.count)
  }

  /// Puts characters in the place of the selection; control characters are left out.
  mutating func insert(_ text: String) {
    removeSelection()
    let fitting = text.filter { !$0.isNewline && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
      .prefix(Self.limit - characters.count)
    characters.insert(contentsOf: fitting, at: caret)
    moveCaret(to: caret + fitting.count)
  }

  mutating func deleteBackward() {
    if selection.isEmpty { anchor = max(caret - 1, 0) }
    removeSelection()
  }

  mutating func deleteForward() {
    if selection.isEmpty { anchor = min(caret + 1, characters.count) }
    removeSelection()
  }

  mutating func moveCaret(to position: Int, isSelecting: Bool = false) {
    caret = min(max(position, 0), characters.count)
    if !isSelecting { anchor = caret }
  }

  mutating func selectAll() {
    anchor = 0
    caret = characters.count
  }

  /// The caret's place nearest to a point `x` pixels from the start of the text.
  func position(at x: Int, _ metrics: TextMetrics) -> Int {
    let visible = Array(visible)
    var start = 0
    for (index, character) in visible.enumerated() {
      let width = metrics.width(String(character), .body)
      if x < start + width / 2 { return index }
      start += width
    }
    return visible.count
  }

  /// How far the text is shifted to the left so that the caret is inside `width` pixels.
  func scroll(width: Int, _ metrics: TextMetrics) -> Int {
    max(0, metrics.width(String(visible.prefix(caret)), .body) - width)
  }

  /// Does what a key means in any text field; false when it means nothing here.
  mutating func handle(_ key: DemoKey) -> Bool {
    switch key.symbol {
    case .character(let character) where !key.isControl: insert(String(character))
    case .character("a"): selectAll()
    case .backspace: deleteBackward()
    case .delete: deleteForward()
    case .left where !selection.isEmpty && !key.isShift: moveCaret(to: selection.lowerBound)
    case .right where !selection.isEmpty && !key.isShift: moveCaret(to: selection.upperBound)
    case .left: moveCaret(to: caret - 1, isSelecting: key.isShift)
    case .right: moveCaret(to: caret + 1, isSelecting: key.isShift)
    case .home: moveCaret(to: 0, isSelecting: key.isShift)
    case .end: moveCaret(to: characters.count, isSelecting: key.isShift)
    case .character, .tab, .enter, .escape: return false
    }
    return true
  }

  private mutating func removeSelection() {
    let range = selection
    characters.removeSubrange(range)
    moveCaret(to: range.lowerBound)
  }
}
