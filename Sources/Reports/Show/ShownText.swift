public import JSONCoding
internal import Story

/// A text of a recording, and who vouches for it.
public enum ShownText: Hashable, Sendable {
  /// From whom a text comes that nobody vouches for.
  public enum Source: String, Hashable, Sendable, CaseIterable {
    /// It stands on the screen.
    case screen
    /// A model wrote it.
    case model
    /// A command on a host wrote it.
    case host
    /// The application under test wrote it.
    case application
    /// A sentence that may quote any of them.
    case mixed
  }

  /// The scenario's own text, or this program's.
  case own(String)
  /// Somebody else's.
  case foreign(String, from: Source)

  /// The text as JSON: a foreign one says from whom it is, and is there only with `content`.
  public func json(withContent: Bool) -> JSON {
    switch self {
    case .own(let text): .string(text)
    case .foreign(let text, let source):
      withContent
        ? ["from": .string(source.rawValue), "text": .string(text)]
        : ["from": .string(source.rawValue), "characters": .integer(text.count)]
    }
  }
}

/// Tells the texts of an attempt that the scenario and this program vouch for from all others.
struct Vouching: Sendable {
  /// A value so short says nothing that anybody could obey, and stands in other texts by chance.
  private static let shortest = 8
  /// The values that were read off a screen or a host: the scenario's own texts may have them.
  private let values: [String]

  init(_ moments: [Moment]) {
    values = moments.compactMap { moment in
      if case .value(_, let value) = moment.kind, value.count >= Self.shortest {
        value
      } else {
        nil
      }
    }
  }

  /// A text of the scenario, unless a value stands in it that was read.
  func own(_ text: String) -> ShownText {
    values.contains(where: text.contains) ? .foreign(text, from: .mixed) : .own(text)
  }
}
