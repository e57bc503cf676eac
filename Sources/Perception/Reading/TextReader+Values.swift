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
    for index in values.indices.prefix(Self.mostValues) where values[index].doubt == nil {
      values[index].doubt = try await doubt(of: values[index], numbers, on: frame)
    }
    return values
  }

  private func doubt(
    of value: ValueCandidate, _ numbers: NumberStyle, on frame: Frame
  ) async throws(PerceptionError) -> String? {
    // The middle of what is found may lie a little beside that of the value.
    let around = value.box.insetBy(-max(value.box.height / 2, 4))
    let again = try await presence(of: value.text, numbers: numbers, in: around, on: frame)
    if again.isShown { return nil }
    return again.doubts.first?.reason
      ?? "read as “\(value.text)”, but not when it was looked at again"
  }
}
