internal import Imaging
internal import Pixels
internal import Platform

/// A picture file made small enough for the cells of a terminal.
public enum PictureCells {
  /// A colour, each part from 0 to 255.
  public typealias Color = (red: Int, green: Int, blue: Int)

  /// Rows of colours, each the mean of what it stands for; two rows make up a line of cells.
  ///
  /// Nil where the file cannot be read or is no picture.
  ///
  /// - Parameter columns: how many colours a row has at most.
  public static func rows(ofFile path: String, columns: Int) -> [[Color]]? {
    guard let bytes = try? Files.read(path, limit: 256 << 20), let frame = try? PNG.decode(bytes)
    else { return nil }
    let width = max(1, min(columns, frame.size.width))
    let height = max(2, frame.size.height * width / frame.size.width / 2 * 2)
    return (0..<height).map { row in
      (0..<width).map { column in
        mean(
          frame, column * frame.size.width / width..<(column + 1) * frame.size.width / width,
          row * frame.size.height / height..<(row + 1) * frame.size.height / height)
      }
    }
  }

  private static func mean(_ frame: Frame, _ columns: Range<Int>, _ rows: Range<Int>) -> Color {
    var sum: Color = (0, 0, 0)
    var count = 0
    for y in rows {
      for x in columns {
        guard let color = frame.color(x: x, y: y) else { continue }
        sum = (sum.red + Int(color.red), sum.green + Int(color.green), sum.blue + Int(color.blue))
        count += 1
      }
    }
    guard count > 0 else { return sum }
    return (sum.red / count, sum.green / count, sum.blue / count)
  }
}
