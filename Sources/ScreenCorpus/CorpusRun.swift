import Perception

/// Reads labelled screens and keeps the score.
public enum CorpusRun {
  /// The score over some screens, read by two readers side by side.
  public static func score(_ screens: [LabelledScreen]) async throws -> CorpusScore {
    let halves = (0..<2).map { half in
      screens.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    }
    async let first = one(halves[0])
    async let second = one(halves[1])
    var score = try await first
    score.add(try await second)
    return score
  }

  private static func one(_ screens: [LabelledScreen]) async throws -> CorpusScore {
    let reader = try await TextReader()
    var score = CorpusScore()
    for screen in screens {
      let frame = try screen.frame()
      let text = try await reader.read(frame, limit: .seconds(110))
      score.add(CorpusScore(screen, text, frame))
    }
    return score
  }

  /// The score as lines of a table: one for each task, then one for each kind of screen.
  public static func table(_ score: CorpusScore) -> [String] {
    let tasks = CorpusTask.allCases.map { task in
      let count = score[task]
      return "\(padded(task.rawValue, 34)) \(percent(count))   \(count.right) of \(count.all)"
    }
    let tested: [(CorpusTask, String)] = [
      (.word, "words"), (.target, "targets"), (.qualified, "by key"), (.field, "fields"),
      (.toggle, "toggles"),
    ]
    let head = padded("", 14) + tested.map { padded($0.1, -10) }.joined()
    let kinds = score.byKind.keys.sorted().map { kind in
      padded(kind, 14)
        + tested.map { task, _ in
          padded(score.byKind[kind]?[task].map(percent) ?? "-", -10)
        }.joined()
    }
    return tasks + [
      "wrong clicks: \(score.wrongClicks), of those on one of several equal: \(score.ambiguousClicks)"
    ] + [head] + kinds
  }

  private static func percent(_ count: CorpusScore.Count) -> String {
    let tenths = Int((count.share * 1000).rounded(.down))
    return padded("\(tenths / 10).\(tenths % 10) %", -7)
  }

  /// A text filled up to a width: on the right, or on the left when the width is negative.
  private static func padded(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(Int(width.magnitude) - text.count, 0))
    return width < 0 ? space + text : text + space
  }
}
