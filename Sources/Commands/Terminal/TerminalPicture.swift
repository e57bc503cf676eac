internal import Adapters
internal import FoundationEssentials
internal import Platform

/// Pictures in a terminal, in the ways that terminals have: kitty's and iTerm2's protocols, else half blocks.
struct TerminalPicture {
  private enum Way { case kitty, iTerm, blocks }

  private let way: Way?

  /// The way of the terminal that the environment tells of; nil shows nothing.
  init(_ environment: [String: String]) {
    let program = environment["TERM_PROGRAM"] ?? ""
    if environment["TMUX"] == nil, environment["KITTY_WINDOW_ID"] != nil || program == "ghostty" {
      way = .kitty
    } else if environment["TMUX"] == nil, ["iTerm.app", "WezTerm"].contains(program) {
      way = .iTerm
    } else if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") {
      way = .blocks
    } else {
      way = nil
    }
  }

  /// What shows a PNG file; nil where this terminal shows no pictures or the file cannot be read.
  ///
  /// - Parameter columns: how wide it may be.
  func text(ofFile path: String, columns: Int) -> String? {
    guard let way else { return nil }
    if way == .blocks { return Self.blocks(path, columns: columns) }
    guard let bytes = try? Files.read(path, limit: 64 << 20) else { return nil }
    if way == .kitty { return Self.kitty(bytes, columns) }
    let text = Data(bytes).base64EncodedString()
    return "\u{1B}]1337;File=inline=1;size=\(bytes.count);width=\(columns):\(text)\u{7}"
  }

  /// Chunks of at most 4096 bytes (kitty's graphics protocol, "Remote client").
  private static func kitty(_ bytes: [UInt8], _ columns: Int) -> String {
    let text = Array(Data(bytes).base64EncodedString().utf8)
    var result = ""
    var start = 0
    while start < text.count {
      let end = min(start + 4096, text.count)
      let more = end < text.count ? 1 : 0
      let head = start == 0 ? "a=T,f=100,q=2,c=\(columns),m=\(more)" : "m=\(more)"
      result += "\u{1B}_G\(head);\(String(decoding: text[start..<end], as: UTF8.self))\u{1B}\\"
      start = end
    }
    return result
  }

  /// Two pixels a cell, one above the other.
  private static func blocks(_ path: String, columns: Int) -> String? {
    guard let rows = PictureCells.rows(ofFile: path, columns: min(max(columns, 20), 160)) else {
      return nil
    }
    return stride(from: 0, to: rows.count - 1, by: 2).map { row in
      zip(rows[row], rows[row + 1]).map { upper, lower in
        "\u{1B}[38;2;\(upper.red);\(upper.green);\(upper.blue);48;2;"
          + "\(lower.red);\(lower.green);\(lower.blue)m▀"
      }.joined() + "\u{1B}[0m"
    }.joined(separator: "\n")
  }
}
