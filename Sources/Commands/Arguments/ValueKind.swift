internal import Durations
internal import Diagnostics
internal import Runner

/// Why the text after a flag is no value for it; the parser puts the flag's name before it.
struct ValueError: Error, Equatable {
  /// What is wrong and what to write, with the text that was given.
  let message: String
}

/// What a shell offers for a value.
enum ValueCompletion: Equatable {
  case none, file, directory
}

/// How the text after a flag becomes a value, and how help and shells speak of it.
struct ValueKind<Value>: Sendable {
  /// The value's name in help: `N`, `FILE`.
  let name: String
  /// Every text that is accepted, if they can be listed.
  var choices: [String] = []
  /// What a shell offers.
  var completion = ValueCompletion.none
  /// Makes the value; the text is not empty.
  let parse: @Sendable (String) throws(ValueError) -> Value
}

extension ValueKind<String> {
  /// Any text.
  static func text(_ name: String) -> Self { .init(name: name) { text in text } }

  /// The path of a file.
  static let file = Self(name: "FILE", completion: .file) { text in text }

  /// The path of a folder.
  static let directory = Self(name: "DIR", completion: .directory) { text in text }

  /// The path of a file or a folder.
  static func path(_ name: String) -> Self {
    .init(name: name, completion: .file) { text in text }
  }
}

extension ValueKind<Int> {
  /// A whole number inside a range.
  static func number(_ range: ClosedRange<Int>, _ name: String = "N") -> Self {
    .init(name: name) { text throws(ValueError) in
      guard let number = Int(text), range.contains(number) else {
        throw ValueError(
          message: "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)"
        )
      }
      return number
    }
  }
}

extension ValueKind<Double> {
  /// How fast recorded time goes by: `2` or `2x`.
  static let speed = Self(name: "FACTOR") { text throws(ValueError) in
    let digits = text.hasSuffix("x") ? String(text.dropLast()) : text
    guard let factor = Double(digits), factor > 0, factor <= 1000 else {
      throw ValueError(message: "'\(text)' is not a speed; write 1, 0.5 or 10x (at most 1000)")
    }
    return factor
  }
}

extension ValueKind<Duration> {
  /// A time with its unit, more than nothing and at most a week.
  static let duration = Self(name: "TIME") { text throws(ValueError) in
    let advice = "write it with a unit: 500ms, 30s, 10m, 1h30m, up to 168h"
    guard let duration = Units.duration(text) else {
      throw ValueError(message: "'\(text)' is not a time; \(advice)")
    }
    guard duration > .zero else {
      throw ValueError(message: "'\(text)' is out of range; from 1ms to 168h")
    }
    return duration
  }
}

extension ValueKind
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One word of a few.
  static func choice(_ name: String) -> Self {
    let words = Value.allCases.map(\.rawValue)
    return .init(name: name, choices: words) { text throws(ValueError) in
      if let value = Value(rawValue: text) { return value }
      let guess = Suggestion.closest(to: text, among: words).map { "; did you mean '\($0)'?" }
      throw ValueError(
        message: "'\(text)' is none of " + words.joined(separator: ", ") + (guess ?? ""))
    }
  }
}

extension ValueKind<Selection.Shard> {
  /// `i/n`, counted from 1.
  static let shard = Self(name: "I/N") { text throws(ValueError) in
    guard let shard = Selection.Shard(parsing: text) else {
      throw ValueError(message: "'\(text)' is not a part such as 1/4; the first part is 1")
    }
    return shard
  }
}

/// A variable set on the command line.
struct Definition: Equatable, Sendable {
  /// The variable's name.
  let name: String
  /// Its value, which may be empty.
  let value: String
}

extension ValueKind<Definition> {
  /// `NAME=VALUE`.
  static let definition = Self(name: "NAME=VALUE") { text throws(ValueError) in
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ValueError(message: "'\(text)' is not NAME=VALUE")
    }
    let name = text[..<equals]
    guard name.utf8.allSatisfy({ $0.isNameByte }), !(name.utf8.first ?? 0).isDigit else {
      throw ValueError(
        message: "'\(name)' is no name; letters, digits and _ only, not starting with a digit")
    }
    return Definition(name: String(name), value: String(text[text.index(after: equals)...]))
  }
}

extension UInt8 {
  /// Whether this is `0` to `9` in ASCII.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// Whether this may stand in the name of a variable.
  fileprivate var isNameByte: Bool {
    isDigit || self == UInt8(ascii: "_")
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
