extension JSON {
  /// The value decoded as a type: the way back from `init(encoding:)`.
  ///
  /// Strict: no number is rounded, a whole number must fit its type, and a duration lies within
  /// `JSON.longestDuration`.
  ///
  /// - Throws: `DecodingError`, which names the place.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try ValueDecoder(value: self, codingPath: []).decode(type)
  }
}

private struct ValueDecoder: Decoder {
  let value: JSON
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = value.object else { throw mismatch(JSONObject.self) }
    return KeyedDecodingContainer(KeyedSource(decoder: self, object: object))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let array = value.array else { throw mismatch([JSON].self) }
    return UnkeyedSource(decoder: self, array: array)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleSource(decoder: self) }

  /// What JSON knows as it is, and everything else by its own rules.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let known: Any?
    switch type {
    case is String.Type: known = value.string
    case is Bool.Type: known = value.bool
    case is Double.Type: known = value.double
    case is Float.Type: known = value.double.map { Float($0) }
    case is Duration.Type: known = duration
    case let type as any FixedWidthInteger.Type: known = whole(type)
    default: return try Value(from: self)
    }
    guard let result = known as? Value else { throw mismatch(type) }
    return result
  }

  private func whole<Whole: FixedWidthInteger>(_ type: Whole.Type) -> Any? {
    switch value {
    case .integer(let number): Whole(exactly: number)
    case .number(let number): Whole(exactly: number)
    case .null, .bool, .string, .array, .object: nil
    }
  }

  private var duration: Duration? {
    guard let pair = value.array, pair.count == 2, let seconds = pair[0].integer,
      let attoseconds = pair[1].integer,
      seconds.magnitude <= JSON.longestDuration.components.seconds,
      attoseconds.magnitude < 1_000_000_000_000_000_000
    else { return nil }
    return Duration(secondsComponent: Int64(seconds), attosecondsComponent: Int64(attoseconds))
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(
      type, .init(codingPath: codingPath, debugDescription: "expected \(type)"))
  }

  func inside(_ value: JSON, _ key: any CodingKey) -> ValueDecoder {
    ValueDecoder(value: value, codingPath: codingPath + [key])
  }
}

private struct KeyedSource<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ValueDecoder
  let object: JSONObject
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  private func child(_ key: any CodingKey) throws -> ValueDecoder {
    guard let value = object[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "“\(key.stringValue)” is missing"))
    }
    return decoder.inside(value, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try child(key).value.isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try child(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { try child(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try child(SuperKey()) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct UnkeyedSource: UnkeyedDecodingContainer {
  let decoder: ValueDecoder
  let array: [JSON]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { array.count }
  var isAtEnd: Bool { currentIndex >= array.count }

  init(decoder: ValueDecoder, array: [JSON]) {
    self.decoder = decoder
    self.array = array
  }

  private mutating func next() throws -> ValueDecoder {
    let key = IndexKey(index: currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSON.self, .init(codingPath: codingPath + [key], debugDescription: "the array is too short")
      )
    }
    defer { currentIndex += 1 }
    return decoder.inside(array[currentIndex], key)
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, array[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct SingleSource: SingleValueDecodingContainer {
  let decoder: ValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}

/// A place in an array.
private struct IndexKey: CodingKey {
  let index: Int

  var stringValue: String { "\(index)" }
  var intValue: Int? { index }

  init(index: Int) { self.index = index }
  init?(stringValue: String) { nil }
  init?(intValue: Int) { nil }
}
