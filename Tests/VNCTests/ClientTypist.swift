import Glibc
import Pixels
import Props
import Platform
import Testing
import VNC

/// Something real to type into that says, byte for byte, what has arrived.
struct ClientTypist {
  enum Target: String, CaseIterable {
    /// A text view of GTK, in which tabs and newlines are text.
    case view
    /// An entry of GTK, one line.
    case entry
    /// A terminal whose program keeps all it gets.
    case terminal
  }

  let desktop: ClientDesktop
  let connection: VNCConnection
  let target: Target
  private let path: String
  /// What the terminal sends for F5, which no text contains.
  private static let mark = "\u{1B}[15~"

  init(
    _ target: Target, layout: String = "us", options: VNCOptions = .init(),
    isUntouched: Bool = false
  ) async throws {
    let desktop = try ClientDesktop()
    path = desktop.file("typed-\(target)")
    self.desktop = desktop
    self.target = target
    try await Self.set(layout, desktop)
    switch target {
    case .view, .entry:
      try desktop.start("/usr/bin/python3", Self.fixture("text_fields.py"), path)
    case .terminal:
      try desktop.start(
        "xterm", "-u8", "-geometry", "200x80+0+0", "-e", "sh", "-c",
        "stty -echo -icanon -icrnl; exec cat >> \(path)")
    }
    connection = try await desktop.connect(options)
    try await start(isUntouched)
  }

  static func fixture(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Fixtures/\(name)"
  }

  private static func set(_ layout: String, _ desktop: ClientDesktop) async throws {
    let done = desktop.file("layout")
    try desktop.start(
      "/bin/sh", "-c",
      "setxkbmap \(layout) && setxkbmap -query >\(done).new && mv \(done).new \(done)")
    try #require(try await eventually { Files.exists(done) })
    try #require(clientText(done).contains("layout:     \(layout)"))
  }

  /// Waits until the target takes keys, and puts the focus where it belongs.
  ///
  /// An untouched view gets no key from us before the test's own.
  private func start(_ isUntouched: Bool) async throws {
    let path = path
    try #require(try await eventually { Files.exists(path) })
    try await connection.move(to: connection.size.center)
    if isUntouched { return }
    if target == .terminal {
      let isReady = try await eventually {
        try await connection.press(key("f5"))
        return clientText(path).contains(Self.mark)
      }
      try #require(isReady)
    } else if target == .entry {
      try await connection.press(key("f6"))
    }
    _ = try await taken()
  }

  private func key(_ names: String...) throws -> [Key] { try names.map { try #require(Key($0)) } }

  /// The chord that pastes here.
  var paste: [Key] {
    (target == .terminal ? ["shift", "insert"] : ["ctrl", "v"]).compactMap { Key($0) }
  }

  /// What has arrived since the last time, with line feeds for line ends.
  ///
  /// The key that asks for it comes behind all that was typed, so there is nothing to wait for.
  func taken() async throws -> String {
    target == .terminal ? try await takenByTerminal() : try await takenByField()
  }

  /// What has arrived once it is as long as the text, for what the application fetches by itself.
  func taken(asLongAs text: String) async throws -> String {
    var whole = ""
    _ = try await eventually {
      whole += try await taken()
      return whole.count >= text.count
    }
    return whole
  }

  /// What a field holds, which keeps it; nil when it does not answer.
  func shown() async -> String? { try? await takenByField("f7") }

  private func takenByField(_ name: String = "f5") async throws -> String {
    let path = path
    let before = clientText(path).prefix { $0 != "\n" }
    try await connection.press(key(name))
    var text = ""
    try #require(
      try await eventually {
        text = clientText(path)
        return text.prefix { $0 != "\n" } != before
      })
    return String(text.unicodeScalars.drop { $0 != "\n" }.dropFirst())
  }

  private func takenByTerminal() async throws -> String {
    let path = path
    try await connection.press(key("f5"))
    try #require(try await eventually { clientText(path).hasSuffix(Self.mark) })
    let text = clientText(path)
    truncate(path, 0)
    let whole = text.replacing("\r", with: "\n")
    return whole.replacing(Self.mark, with: "")
  }
}

/// The error that something ends with.
func clientError(_ body: () async throws(VNCError) -> Void) async throws -> VNCError {
  do throws(VNCError) {
    try await body()
  } catch {
    return error
  }
  return try #require(nil as VNCError?, "there was no error")
}
