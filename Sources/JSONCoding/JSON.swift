/// A JSON value whose objects keep the order of their keys.
///
/// Order matters here: a request to a model must be the same bytes each time, or its prompt cache is
/// lost, and a journal line must be the same bytes when it is written again.
public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Always finite.
  case number(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)

  /// An object from pairs in the order given; a later pair replaces an earlier one of the same key.
  public static func object(_ pairs: KeyValuePairs<String, JSON>) -> JSON {
    .object(JSONObject(pairs.map { ($0.key, $0.value) }))
  }

  /// The value for a key; nil when this is no object or has no such key.
  public subscript(key: String) -> JSON? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// The element at an index; nil when this is no array or is too short.
  public subscript(index: Int) -> JSON? {
    guard case .array(let array) = self, array.indices.contains(index) else { return nil }
    return array[index]
  }

  /// The string, if it is one.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The truth value, if it is one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number, also when written as `5.0`; nil for any other value.
  public var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The number, if it is one.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The elements, if it is an array.
  public var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, if it is one.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// Whether it is `null`.
  public var isNull: Bool { self == .null }
}

/// Keys and values in order; keys are unique, compared byte by byte.
public struct JSONObject: Hashable, Sendable {
  /// The pairs, in order.
  public private(set) var pairs: [(key: String, value: JSON)] = []

  /// An empty object.
  public init() {}

  /// An object from pairs; a later pair replaces an earlier one of the same key.
  public init(_ pairs: some Sequence<(String, JSON)>) {
    for (key, value) in pairs { self[key] = value }
  }

  /// An object from pairs whose keys are known to differ.
  init(uniquePairs pairs: [(key: String, value: JSON)]) { self.pairs = pairs }

  /// The value for a key; setting nil removes it, setting a new key appends it.
  public subscript(key: String) -> JSON? {
    get { pairs.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }
    set {
      let index = pairs.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
      switch (index, newValue) {
      case (let index?, let value?): pairs[index].value = value
      case (let index?, nil): pairs.remove(at: index)
      case (nil, let value?): pairs.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// The keys, in order.
  public var keys: [String] { pairs.map(\.key) }

  /// Appends a pair whose key is known to be new.
  mutating func append(uniqueKey key: String, _ value: JSON) { pairs.append((key, value)) }

  /// Equal when the pairs are equal and in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.pairs.count == right.pairs.count
      && zip(left.pairs, right.pairs).allSatisfy {
        $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value
      }
  }

  /// Hashes the pairs in order.
  public func hash(into hasher: inout Hasher) {
    for (key, value) in pairs {
      hasher.combine(key)
      hasher.combine(value)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object in the order written.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements))
  }
}
