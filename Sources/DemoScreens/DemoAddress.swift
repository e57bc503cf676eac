internal import Durations
import Pixels

/// A demo screen as a scenario names it: `sign-in?fault=dead-button&load=3s`.
///
/// Options are `name=value`, joined with `&`:
///
/// | option | value | default |
/// | --- | --- | --- |
/// | `size` | `WIDTHxHEIGHT` in pixels | `1024x768` |
/// | `load` | how long the orders load, `3s` or `500ms` | `1s` |
/// | `answer` | how long signing in takes | `150ms` |
/// | `flash` | how long the page of the fault `flash-success` shows | `400ms` |
/// | `fault` | names of `DemoFault`, joined with `,` | none |
/// | `drop` | after how many key and button presses the connection drops | never |
public struct DemoAddress: Hashable, Sendable {
  /// The demo screen, one of `DemoScreen.names`.
  public let name: String
  /// How it behaves.
  public let options: DemoOptions

  /// Reads an address.
  public init(parsing text: String) throws(DemoError) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    try DemoScreen.check(name)
    var options = DemoOptions()
    for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let option = String(pair[0])
      guard let key = Key(rawValue: option) else {
        throw .unknownOption(option, names: Key.allCases.map(\.rawValue))
      }
      try key.set(pair.count > 1 ? String(pair[1]) : "", in: &options)
    }
    self.options = options
  }

  private enum Key: String, CaseIterable {
    case size, load, answer, flash, fault, drop

    func set(_ value: String, in options: inout DemoOptions) throws(DemoError) {
      switch self {
      case .size: options.size = try checked(DemoAddress.size(value), value, sizes)
      case .load: options.loadTime = try checked(DemoAddress.duration(value), value, times)
      case .answer: options.answerTime = try checked(DemoAddress.duration(value), value, times)
      case .flash: options.flashTime = try checked(DemoAddress.duration(value), value, times)
      case .fault:
        for name in value.split(separator: ",", omittingEmptySubsequences: false) {
          let names = DemoFault.allCases.map(\.rawValue).joined(separator: ", ")
          let fault = DemoFault(rawValue: String(name))
          options.faults.insert(try checked(fault, String(name), "one or more of \(names)"))
        }
      case .drop:
        let count = Int(value).flatMap { (1...100_000).contains($0) ? $0 : nil }
        options.dropAfter = try checked(count, value, "a number from 1 to 100000")
      }
    }

    private var times: String { "a time up to 10m such as 3s or 500ms" }

    private var sizes: String {
      let (width, height) = DemoOptions.sizes
      return "WIDTHxHEIGHT from \(width.lowerBound)x\(height.lowerBound) to "
        + "\(width.upperBound)x\(height.upperBound)"
    }

    private func checked<Value>(
      _ result: Value?, _ value: String, _ expected: String
    ) throws(DemoError) -> Value {
      guard let result else {
        throw .badValue(option: rawValue, value: String(value.prefix(80)), expected: expected)
      }
      return result
    }
  }

  private static func size(_ text: String) -> PixelSize? {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1]),
      DemoOptions.sizes.width.contains(width), DemoOptions.sizes.height.contains(height)
    else { return nil }
    return PixelSize(width: width, height: height)
  }

  private static func duration(_ text: String) -> Duration? {
    Units.duration(text).flatMap { $0 <= .seconds(600) ? $0 : nil }
  }
}
