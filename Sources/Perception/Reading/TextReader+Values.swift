public import Numbers
public import Pixels

extension TextReader {
  /// The most values that are read again; those behind them are as they were read first.
  private static let mostValues = 8

  /// The texts that may be the value of a label, as `ValueReader` finds them, each read again in several ways.
  ///
  /// A value that the ways do not agree on is in doubt, and says what else it may be.
  ///
  /// - Parameters:
  ///   - label: the label, such as `Order number`.
  ///   - region: the part of the screen to look in; nil means all of it.
  ///   - near: only the label nearest to this text.
  ///   - numbers: how numbers are written.
  ///   - frame: the screen.
  /// - Throws: as `read`.
  public func values(
    what label: String, region: PixelRect? = nil, near: String? = nil,
    numbers: NumberStyle = .point, on frame: Frame
  ) async throws(PerceptionError) -> [ValueCandidate] {
    let seen = try await read(frame)
    var values = ValueReader.readEitherWay(
      what: label, region: region, near: near, in: seen, on: frame)
    for index in values.indices.prefix(Self.mostValues) {
      values[index] = try await again(values[index], numbers, in: seen, on: frame)
    }
    return values
  }

  /// A value as most ways read it, where they are sure of that.
  ///
  /// What was read first is a guess like any other: its doubt goes with it where the ways agree on another text.
  private func again(
    _ value: ValueCandidate, _ numbers: NumberStyle, in seen: ScreenText, on frame: Frame
  ) async throws(PerceptionError) -> ValueCandidate {
    if value.doubt == nil {
      guard let doubt = try await doubt(of: value.text, at: value.box, numbers, on: frame) else {
        let lines = try await hardReadings(of: value.box, on: frame.withoutOverlays())
        return Votes.openSign(lines, at: value.box).map { value.doubted($0) } ?? value
      }
      return try await agreed(on: value, numbers, in: seen, on: frame) ?? value.doubted(doubt)
    }
    return try await agreed(on: value, numbers, in: seen, on: frame) ?? value
  }

  /// The value that nearly all ways read at the place of another; nil where they are not sure, or ink is left over.
  private func agreed(
    on value: ValueCandidate, _ numbers: NumberStyle, in seen: ScreenText, on frame: Frame
  ) async throws(PerceptionError) -> ValueCandidate? {
    let lines = try await hardReadings(of: value.box, on: frame.withoutOverlays())
    guard let all = Votes.agreed(lines) else { return nil }
    let words = all.filter { value.box.contains(x: $0.box.center.x, y: $0.box.center.y) }
    // A word that was not seen at first may be a part of it.
    let others = all.filter { word in
      !words.contains(word) && !seen.words.contains { $0.box.intersects(word.box) }
    }
    guard !words.isEmpty, others.isEmpty, Votes.openSign(lines, at: value.box) == nil else {
      return nil
    }
    let around = value.surroundings
    let beside = seen.unread.filter { $0.box.intersects(around) }
    guard beside.allSatisfy({ ink in lines.contains { $0.box.intersection(ink.box) == ink.box } })
    else { return nil }
    let text = words.map(\.text).joined(separator: " ")
    guard try await doubt(of: text, at: value.box, numbers, on: frame) == nil else { return nil }
    return ValueCandidate(
      text: text, box: value.box, place: value.place,
      confidence: words.map(\.confidence).min() ?? 0, label: value.label)
  }

  private func doubt(
    of text: String, at box: PixelRect, _ numbers: NumberStyle, on frame: Frame
  ) async throws(PerceptionError) -> String? {
    // The middle of what is found may lie a little beside that of the value.
    let around = box.insetBy(-max(box.height / 2, 4))
    let again = try await presence(of: text, numbers: numbers, in: around, on: frame)
    if again.isShown { return nil }
    return again.doubts.first?.reason
      ?? "read as “\(text)”, but not when it was looked at again"
  }
}

extension ValueCandidate {
  /// Where a sign would belong to it.
  var surroundings: PixelRect { box.insetBy(-max(box.height / 2, 4)) }

  fileprivate func doubted(_ doubt: String) -> ValueCandidate {
    var value = self
    value.doubt = doubt
    return value
  }
}
