internal import JSONCoding
internal import Pixels

/// A place or a part of a picture as a schema wants it, two or four numbers, from the forms in which models write it.
///
/// A box stands for its middle where a place is wanted. What might be a place and a size is left as it is.
struct PlaceForm {
  private let count: Int

  /// The form of a schema; nil when it is about something else.
  init?(_ schema: JSON) {
    guard schema["type"]?.string == "array", let count = schema["minItems"]?.integer,
      count == schema["maxItems"]?.integer, [2, 4].contains(count),
      schema["items"]?["type"]?.string == "number"
    else { return nil }
    self.count = count
  }

  /// The numbers in the schema's form; nil when they stand so already, or cannot be told.
  func read(_ value: JSON, order: ModelSpace.Order) -> (JSON, Set<DecodedCall.Repair>)? {
    if let items = value.array, items.count == count, items.allSatisfy({ $0.double != nil }) {
      return nil
    }
    guard let (numbers, repairs) = Self.numbers(value, order),
      numbers.allSatisfy({ $0.double != nil })
    else { return nil }
    if numbers.count == count { return (.array(numbers), repairs.union([.place])) }
    guard count == 2, numbers.count == 4, let middle = Self.middle(numbers) else { return nil }
    return (middle, repairs.union([.box]))
  }

  /// The numbers that a value has, however they are written and nested.
  private static func numbers(
    _ value: JSON, _ order: ModelSpace.Order, depth: Int = 0
  ) -> ([JSON], Set<DecodedCall.Repair>)? {
    guard depth < 4 else { return nil }
    switch value {
    case .string(let text): return written(text, order, depth)
    case .object(let object): return named(object, order)
    case .array(let items):
      guard items.count <= 4 else { return nil }
      var all: [JSON] = []
      var repairs: Set<DecodedCall.Repair> = []
      for item in items {
        if item.double != nil {
          all.append(item)
        } else if let (inner, more) = numbers(item, order, depth: depth + 1) {
          all += inner
          repairs.formUnion(more)
        } else {
          return nil
        }
      }
      return all.count <= 4 ? (all, repairs) : nil
    case .null, .bool, .integer, .number: return nil
    }
  }

  /// Numbers in a text: JSON, or between commas or spaces, with or without brackets.
  private static func written(
    _ text: String, _ order: ModelSpace.Order, _ depth: Int
  ) -> ([JSON], Set<DecodedCall.Repair>)? {
    let text = text.trimmedSpaces
    guard text.utf8.count <= 100 else { return nil }
    if let value = try? JSON(parsing: text) {
      if value.double != nil { return ([value], [.stringified]) }
      return numbers(value, order, depth: depth + 1).map { ($0.0, $0.1.union([.doubleEncoded])) }
    }
    var rest = text[...]
    for (open, close) in [("(", ")"), ("[", "]"), ("<point>", "</point>")]
    where rest.hasPrefix(open) && rest.hasSuffix(close) {
      rest = rest.dropFirst(open.count).dropLast(close.count)
    }
    let words = rest.split { $0 == "," || $0 == " " || $0 == ";" }
    let values = words.compactMap { try? JSON(parsing: String($0)) }
    guard (1...4).contains(words.count), values.count == words.count else { return nil }
    return (values, [.stringified])
  }

  /// `{"x": …, "y": …}`, or the two corners of a box by name.
  private static func named(
    _ object: JSONObject, _ order: ModelSpace.Order
  ) -> ([JSON], Set<DecodedCall.Repair>)? {
    func number(_ key: String) -> JSON? {
      guard let value = object[key] else { return nil }
      if value.double != nil { return value }
      return value.string.flatMap { try? JSON(parsing: $0.trimmedSpaces) }
        .flatMap { $0.double == nil ? nil : $0 }
    }
    func pair(_ x: String, _ y: String) -> [JSON]? {
      guard let across = number(x), let down = number(y) else { return nil }
      return order == .xy ? [across, down] : [down, across]
    }
    if object.pairs.count == 2, let point = pair("x", "y") { return (point, []) }
    if object.pairs.count == 4, let one = pair("x1", "y1"), let other = pair("x2", "y2") {
      return (one + other, [])
    }
    return nil
  }

  /// The middle of two corners; nil where the second is no corner beyond the first.
  private static func middle(_ numbers: [JSON]) -> JSON? {
    let values = numbers.compactMap(\.double)
    guard values.count == 4, values[2] >= values[0], values[3] >= values[1],
      values.allSatisfy({ $0.isFinite && abs($0) < 1e6 })
    else { return nil }
    return .array(
      [(values[0] + values[2]) / 2, (values[1] + values[3]) / 2].map { number in
        Int(exactly: number).map { .integer($0) } ?? .number(number)
      })
  }
}
