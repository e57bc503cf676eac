internal import Driving
internal import Durations
internal import Platform
internal import Scenario
internal import Story

/// A person who is asked about what the policy leaves to one: one question at a time, and silence means no.
actor AskingPerson: PersonPort {
  /// Asks a question, and gives what was typed; nil when nobody says anything in the time, or can.
  typealias Ask = @Sendable (_ question: String, _ limit: Duration) async -> String?

  /// How long an answer is waited for.
  static let patience: Duration = .seconds(60)

  private let ask: Ask
  private var last: Task<String?, Never>?

  init(ask: @escaping Ask) { self.ask = ask }

  /// The person at the terminal of standard input.
  static func atTerminal(_ output: Output) -> AskingPerson {
    let waiting = Locked<OneShot<String?>?>(nil)
    let reader = Locked<LineReader?>(nil)
    return AskingPerson { question, limit in
      let answer = OneShot<String?>()
      waiting.withLock { $0 = answer }
      reader.withLock { reader in
        guard reader == nil else { return }
        reader = LineReader { line in waiting.withLock(\.self)?.set(line) }
      }
      output.messages.write(question)
      return await answer.first(within: limit)
    }
  }

  func permit(_ command: SSHCommand, because reason: String) async -> String? {
    let host = command.host.map { " on \($0)" } ?? ""
    return await refusal(
      "A model wants to run this command\(host):\n  \(TerminalText.neutral("\(command.run)"))\n"
        + "  \(TerminalText.neutral(reason))\nMay it run?")
  }

  func authorise(_ action: Action) async -> String? {
    await refusal("May this be done: \(TerminalText.neutral(action.title))?")
  }

  private func refusal(_ question: String) async -> String? {
    let before = last
    let ask = ask
    let asking = Task {
      _ = await before?.value
      return await ask("\(question) [y/N, \(Self.patience.brief)] ", Self.patience)
    }
    last = asking
    let answer = await withTaskCancellationHandler {
      await asking.value
    } onCancel: {
      asking.cancel()
    }
    guard let answer else { return "a person was asked, and nobody answered" }
    let isYes = ["y", "yes"].contains(answer.filter { !$0.isWhitespace }.lowercased())
    return isYes ? nil : "a person said no"
  }
}

extension OneShot<String?> {
  /// What arrives first within a time; nil otherwise, or when the task is cancelled.
  func first(within limit: Duration) async -> String? {
    let timer = Task {
      try? await Task.sleep(for: limit)
      set(nil)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await waitToTheEnd()
    } onCancel: {
      set(nil)
    }
  }
}
