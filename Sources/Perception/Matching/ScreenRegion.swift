public import Pixels

/// The parts of a screen that have names.
public enum ScreenRegion {
  /// The names, as scenarios write them.
  public static let names = [
    "top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom",
    "bottom-right", "top-half", "bottom-half", "left-half", "right-half",
  ]

  /// The rectangle of a named part, or nil when there is no such name.
  ///
  /// The nine parts are thirds of the screen in both directions; `top`, `left` and so on are the middle
  /// one of their side. Together they cover every pixel once, and so do two halves.
  public static func rect(named name: String, on screen: PixelSize) -> PixelRect? {
    let (wide, high) = (screen.width, screen.height)
    switch name {
    case "top-half": return PixelRect(x: 0, y: 0, width: wide, height: high / 2)
    case "bottom-half": return PixelRect(x: 0, y: high / 2, width: wide, height: high - high / 2)
    case "left-half": return PixelRect(x: 0, y: 0, width: wide / 2, height: high)
    case "right-half": return PixelRect(x: wide / 2, y: 0, width: wide - wide / 2, height: high)
    default: break
    }
    guard let index = names.prefix(9).firstIndex(of: name) else { return nil }
    let (column, row) = (index % 3, index / 3)
    let (left, top) = (wide * column / 3, high * row / 3)
    return PixelRect(
      x: left, y: top, width: wide * (column + 1) / 3 - left, height: high * (row + 1) / 3 - top)
  }
}
