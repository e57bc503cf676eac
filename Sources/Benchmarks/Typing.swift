import Desktops
import Pixels
import Platform
import VNC

/// How many characters a second arrive in real applications, by what carries them.
enum TypingBenchmark {
  static func run(_ runs: Int) async throws {
    Table.title("Typing on a private desktop, until the application holds all of it")
    for target in [TypingTarget.field, .terminal] {
      let typist = try await BenchmarkTypist(target)
      for sample in samples {
        let times = try await measure(runs) {
          try await typist.type(sample.text, through: sample.channel(target))
        }
        let count = sample.text.count
        let rate = Table.decimal(Double(count) / times.median, digits: 0)
        Table.line(
          "\(target.rawValue): \(count) \(sample.name)", "\(rate) /s",
          "\(Table.milliseconds(times.median)) ms "
            + "(\(Table.milliseconds(times.quantile(0))) to \(Table.milliseconds(times.quantile(1))))"
        )
      }
      await typist.stop()
    }
  }

  private struct Sample {
    let name: String
    let text: String
    var pastes = false

    func channel(_ target: TypingTarget) -> TextChannel {
      pastes ? .clipboard(paste: target.paste) : .keys
    }
  }

  private static var samples: [Sample] {
    let ascii = String(
      String(repeating: "Pack my box with 5 dozen jugs! ", count: 40).prefix(1000))
    let short = "Jane.Doe@example.org"
    let greek = String(String(repeating: "Ξεσκεπάζω την ψυχοφθόρα ", count: 50).prefix(1000))
    return [
      Sample(name: "of ASCII by keys", text: ascii),
      Sample(name: "of ASCII by keys", text: short),
      Sample(name: "outside ASCII by keys", text: "äöüéèñçøåß"),
      Sample(name: "of ASCII by the clipboard", text: ascii, pastes: true),
      Sample(name: "of Greek by the clipboard", text: greek, pastes: true),
      Sample(name: "of Greek by the clipboard", text: "Ξεσκεπάζω την ψυχοφθόρα", pastes: true),
    ]
  }
}

/// What is typed into.
private enum TypingTarget: String {
  case field = "GTK"
  case terminal = "xterm"

  var paste: [Key] {
    (self == .field ? ["ctrl", "v"] : ["shift", "insert"]).compactMap { Key($0) }
  }

  /// The application, which keeps what it gets in a file.
  func command(path: String) -> String {
    switch self {
    case .field: "exec /usr/bin/python3 '\(Self.fields)' '\(path)'"
    case .terminal:
      // Private desktops have no primary selection, which xterm would paste from.
      "exec xterm -u8 -xrm 'XTerm*selectToClipboard: true' -geometry 200x80+0+0 -e "
        + "sh -c 'stty -echo -icanon -icrnl; : >\(path); exec cat >>\(path)'"
    }
  }

  private static var fields: String {
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
      + "/Tests/VNCTests/Fixtures/text_fields.py"
  }
}

/// An application on a private desktop, and a connection to type into it.
private struct BenchmarkTypist {
  private let target: TypingTarget
  private let folder: TemporaryFolder
  private let desktop: PrivateDesktop
  private let connection: VNCConnection

  init(_ target: TypingTarget) async throws {
    self.target = target
    folder = try TemporaryFolder(prefix: "qa-typing")
    let command = target.command(path: folder.path + "/typed")
    desktop = try await .start(
      DesktopSpecification(size: PixelSize(clampingWidth: 640, height: 480), command: command))
    connection = try await .connect(to: desktop.endpoint)
    try await connection.move(to: connection.size.center)
    let path = path
    try await withTimeLimit(.seconds(20)) {
      while !Files.exists(path) { try await Task.sleep(for: .milliseconds(10)) }
    }
    // Its window is there a moment later.
    try await Task.sleep(for: .seconds(1))
  }

  private var path: String { folder.path + "/typed" }

  /// Types a text and returns when the application has it.
  func type(_ text: String, through channel: TextChannel) async throws {
    let before = try held()
    try await connection.type(text, through: channel)
    // Behind all that was typed, this makes the field tell what it holds.
    if target == .field { try await connection.press([Key("f5")].compactMap { $0 }) }
    let deadline = ContinuousClock.now + .seconds(20)
    while try !isComplete(text, before) {
      guard ContinuousClock.now < deadline else { throw BenchmarkFailure.lost }
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  private func held() throws -> [UInt8] { try Files.read(path, limit: 64 << 20) }

  private func isComplete(_ text: String, _ before: [UInt8]) throws -> Bool {
    let now = try held()
    if target == .terminal { return now.count >= before.count + text.utf8.count }
    guard now != before else { return false }
    guard now.drop(while: { $0 != UInt8(ascii: "\n") }).dropFirst().elementsEqual(text.utf8) else {
      throw BenchmarkFailure.lost
    }
    return true
  }

  func stop() async {
    await connection.close()
    await desktop.stop()
    folder.remove()
  }
}

private enum BenchmarkFailure: Error {
  /// The application has not got what was typed.
  case lost
}
