internal import Pattern
internal import SSH
internal import Scenario
internal import Story

/// What a command wrote and how it ended, as checks ask for it.
struct HostOutput {
  private let ending: CommandResult.Ending
  /// The output in the parts of it that are known.
  private let parts: [String]
  private let isWhole: Bool
  private let last: String

  /// - Parameter limit: how long it was waited for.
  init(_ result: SSHCommandResult, limit: Duration) {
    ending = CommandResult.Ending(result.ending, after: limit)
    let output = result.output
    let kept = output.isTruncated ? [output.head, output.tail] : [output.bytes]
    parts = kept.map { String(decoding: $0, as: UTF8.self) }
    isWhole = !output.isTruncated && parts[0].utf8.elementsEqual(kept[0])
    let errors = result.errors.shown.text
    let said = errors.contains { !$0.isWhitespace } ? errors : parts.last ?? ""
    last = said.split(whereSeparator: \.isNewline).suffix(3)
      .map { "“\(Self.clipped(String($0)))”" }.joined(separator: " ")
  }

  /// Whether it is what a check wants: how it ended first, then what it wrote.
  func reading(of check: Check.SSHCheck, _ secrets: SecretValues) throws(Fault) -> LeafReading {
    guard ending.isKnown else { return doubt("`\(check.command)` \(ending.words)") }
    if case .exited(let status) = ending, status != check.exit, Self.notRun.contains(status) {
      return doubt("`\(check.command)` was not run: it \(ending.words)")
    }
    guard case .exited(check.exit) = ending else {
      return no("`\(check.command)` \(ending.words)\(wrote)")
    }
    if let wanted = check.stdout {
      guard isWhole else {
        return doubt("the output of `\(check.command)` is not known as a whole")
      }
      guard value == (try secrets.fill(wanted)) else {
        return no("`\(check.command)` prints “\(Self.clipped(value))”")
      }
    }
    if let pattern = check.matches, !(try matches(pattern)) {
      guard isWhole else { return doubt("what matches /\(pattern)/ may be in what was left out") }
      return no("nothing that `\(check.command)` prints matches /\(pattern)/: it prints “\(shown)”")
    }
    if let never = check.never {
      let text = try secrets.fill(never)
      if let part = parts.first(where: { $0.contains(text) }) {
        let line = part.split(whereSeparator: \.isNewline).first { $0.contains(text) }
        return no("`\(check.command)` prints “\(Self.clipped(String(line ?? part[...])))”")
      }
      guard isWhole else { return doubt("“\(never)” may be in what was left out of the output") }
    }
    let what = value.isEmpty ? "" : ", and prints “\(shown)”"
    return LeafReading(holds: true, measured: "`\(check.command)` \(ending.words)\(what)")
  }

  /// What a shell ends with where the program cannot be run, or is not there (POSIX, 2.8.2): that says nothing
  /// of what was asked, nor of its opposite.
  private static let notRun = [126, 127]

  /// The output without its last line break.
  private var value: String {
    var text = parts.joined()
    if text.last?.isNewline == true { text.removeLast() }
    return text
  }

  private var shown: String { Self.clipped(value) }

  private var wrote: String { last.isEmpty ? "; it wrote nothing" : "; it wrote: \(last)" }

  private func no(_ measured: String) -> LeafReading {
    LeafReading(holds: false, measured: measured)
  }

  private func doubt(_ reason: String) -> LeafReading {
    LeafReading(holds: false, doubt: reason + wrote, measured: reason)
  }

  private func matches(_ source: String) throws(Fault) -> Bool {
    do throws(PatternError) {
      let pattern = try Pattern(source)
      for part in parts where try pattern.firstMatch(in: part) != nil { return true }
      return false
    } catch {
      throw Fault(.scenario, "the pattern /\(source)/ cannot be used on the output: \(error)")
    }
  }

  private static func clipped(_ text: String) -> String {
    text.count > 300 ? "\(text.prefix(300))…" : text
  }
}
