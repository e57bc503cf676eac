import Perception
import Pixels

/// Asks for both texts of every place of the honesty corpus.
public enum HonestyRun {
  /// What two readers side by side answer.
  public static func score(_ screens: [HonestyScreen]) async throws -> HonestyScore {
    let halves = (0..<2).map { half in
      screens.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    }
    async let first = one(halves[0])
    async let second = one(halves[1])
    var score = try await first
    score.add(try await second)
    return score
  }

  private static func one(_ screens: [HonestyScreen]) async throws -> HonestyScore {
    let reader = try await TextReader()
    var score = HonestyScore()
    for screen in screens {
      let frame = try screen.frame()
      let text = try await reader.read(frame, limit: limit)
      for place in screen.places {
        for asked in [place.shown, place.other] {
          var sight = HonestySight(
            text: try await reader.presence(of: asked, in: place.box, on: frame, limit: limit),
            line: try await reader.presence(
              ofLine: { $0.contains(asked) }, in: place.box, on: frame, limit: limit))
          let values = try await reader.values(
            what: "a label that is nowhere", region: place.box, on: frame)
          // Several values are refused, and a doubtful one is an error.
          if values.count == 1, values[0].doubt == nil { sight.value = values[0].text }
          score.add(sight, words(sight.text, text, place.box), asked, place, screen)
        }
      }
    }
    return score
  }

  private static let limit: Duration = .seconds(110)

  /// What was read there, what it was read as instead, and what was not read.
  private static func words(_ presence: Presence, _ text: ScreenText, _ box: PixelRect) -> String {
    let there = text.within(box)
    let read = there.words.map { "\($0.text) (\(Int($0.confidence * 100)))" }
    var parts = [read.joined(separator: " ")]
    if !there.doubts.isEmpty {
      parts.append("or " + there.doubts.map(\.text).joined(separator: " "))
    }
    parts += there.unread.map { "unread \($0.cause.rawValue) \($0.box)" }
    parts += presence.doubts.map { "doubt: \($0.reason)" }
    return parts.joined(separator: "; ")
  }

  // MARK: - Tables

  /// The score as lines of tables: by kind and size, by toolkit, by face, by ground, by way of asking.
  public static func table(_ score: HonestyScore) -> [String] {
    let sizes = Set(score.answers.map(\.place.size)).sorted()
    var lines = [
      "right / it is, wrongly / it is not, wrongly / cannot tell; each text asked in \(ways) ways"
    ]
    lines.append(
      padded("", 12) + (sizes.map { "\($0) px" } + ["all"]).map { padded($0, -20) }.joined())
    let kinds = Set(score.answers.map(\.place.kind)).sorted()
    for kind in kinds + [nil] {
      let cells = (sizes + [nil]).map { size in
        score.count {
          (kind == nil || $0.place.kind == kind) && (size == nil || $0.place.size == size)
        }
      }
      lines.append(padded(kind ?? "all", 12) + cells.map { padded(words($0), -20) }.joined())
    }
    lines += list(score, \.toolkit) + list(score, \.place.face) + list(score, \.place.ground)
    lines += list(score, \.way.rawValue)
    lines.append("")
    lines.append("without marks and scripts, whose letters are refused before a run:")
    for (name, sizes) in [("8 px", 0...10), ("11 to 48 px", 11...48), ("120 px", 49...Int.max)] {
      for (way, ways) in [
        ("by text", [HonestyWay.expect, .absent, .count]), ("by pattern", [.matches]),
        ("by value", [.value]),
      ] {
        let count = score.count {
          sizes.contains($0.place.size) && ways.contains($0.way)
            && !["marks", "scripts"].contains($0.place.kind)
        }
        lines.append(
          padded(name, 12) + padded(way, 12) + padded(words(count), -24)
            + "   cannot tell \(share(count))")
      }
    }
    return lines
  }

  private static var ways: Int { HonestyWay.allCases.count }

  private static func list(
    _ score: HonestyScore, _ key: (HonestyAnswer) -> String
  ) -> [String] {
    let names = Set(score.answers.map(key)).sorted()
    return [""]
      + names.map { name in
        let count = score.count { key($0) == name }
        return padded(name, 20) + padded(words(count), -24) + "   cannot tell \(share(count))"
      }
  }

  private static func words(_ count: HonestyCount) -> String {
    HonestyOutcome.allCases.map { "\(count[$0])" }.joined(separator: "/")
  }

  private static func share(_ count: HonestyCount) -> String {
    let tenths = count.all == 0 ? 0 : count[.cannotTell] * 1000 / count.all
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(Int(width.magnitude) - text.count, 0))
    return width < 0 ? space + text : text + space
  }

  /// Every question that was not answered rightly, in one line each; not the same again in other ways.
  public static func faults(_ score: HonestyScore) -> [String] {
    var seen: Set<String> = []
    return score.answers.filter { $0.outcome != .right }.compactMap { answer in
      let place = answer.place
      let line =
        "\(answer.outcome.rawValue)\t\(place.kind)\t\(place.size)\t\(place.face)\t"
        + "shown “\(place.shown)”\tasked “\(answer.asked)”\tread: \(answer.seen)\t"
        + "\(answer.screen) \(place.box)"
      return seen.insert(line).inserted ? line : nil
    }
  }
}
