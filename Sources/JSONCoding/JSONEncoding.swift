extension JSON {
  /// The JSON of an encodable value, keys in alphabetical order.
  ///
  /// A `Duration` is two whole numbers, seconds and attoseconds: the standard library's own form needs
  /// more than 63 bits from ten seconds on, which a JSON number does not hold exactly.
  ///
  /// - Throws: `EncodingError` for a number that is not finite, a whole number that does not fit into an
  ///   `Int`, and a duration beyond `JSON.longestDuration`.
  public init(encoding value: some Encodable) throws {
    let slot = Slot()
    try ValueEncoder(slot: slot, codingPath: []).put(value)
    self = slot.json
  }

  /// The longest duration that is written or read, in both directions of time: about a hundred years.
  public static let longestDuration: Duration = .seconds(3_200_000_000)
}

/// A place in the tree that is being built: containers are filled in after they were handed out.
private final class Slot {
  enum Content {
    case empty
    case leaf(JSON)
    case array([Slot])
    case object([String: Slot])
  }

  var content = Content.empty

  var json: JSON {
    switch content {
    case .empty: .object(JSONObject())
    case .leaf(let value): value
    case .array(let slots): .array(slots.map(\.json))
    case .object(let slots):
      .object(JSONObject(uniquePairs: slots.sorted { $0.key < $1.key }.map { ($0, $1.json) }))
    }
  }

  var count: Int { if case .array(let slots) = content { slots.count } else { 0 } }

  func becomeArray() { if case .array = content {} else { content = .array([]) } }

  func becomeObject() { if case .object = content {} else { content = .object([:]) } }

  func append() -> Slot {
    let slot = Slot()
    if case .array(var slots) = content {
      content = .empty  // or the array would be copied
      slots.append(slot)
      content = .array(slots)
    }
    return slot
  }

  func add(_ key: String) -> Slot {
    let slot = Slot()
    if case .object(var slots) = content {
      content = .empty
      slots[key] = slot
      content = .object(slots)
    }
    return slot
  }
}

private struct ValueEncoder: Encoder {
  let slot: Slot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    slot.becomeObject()
    return KeyedEncodingContainer(KeyedValues(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.becomeArray()
    return UnkeyedValues(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(encoder: self) }

  /// Writes a value into the slot: what JSON knows as it is, everything else by its own rules.
  func put(_ value: some Encodable) throws {
    switch value {
    case let value as String: slot.content = .leaf(.string(value))
    case let value as Bool: slot.content = .leaf(.bool(value))
    case let value as any BinaryInteger: try put(whole: value)
    case let value as Double: try put(number: value)
    case let value as Float: try put(number: Double(value))
    case let value as Duration: try put(duration: value)
    default: try value.encode(to: self)
    }
  }

  private func put(whole value: any BinaryInteger) throws {
    guard let whole = Int(exactly: value) else { throw error("\(value) does not fit", value) }
    slot.content = .leaf(.integer(whole))
  }

  private func put(number: Double) throws {
    guard number.isFinite else { throw error("\(number) is no JSON number", number) }
    slot.content = .leaf(.number(number))
  }

  private func put(duration: Duration) throws {
    guard (.zero - JSON.longestDuration...JSON.longestDuration).contains(duration) else {
      throw error("a duration is too long", duration)
    }
    let (seconds, attoseconds) = duration.components
    slot.content = .leaf([.integer(Int(seconds)), .integer(Int(attoseconds))])
  }

  func error(_ message: String, _ value: Any) -> EncodingError {
    .invalidValue(value, .init(codingPath: codingPath, debugDescription: message))
  }

  func inside(_ slot: Slot, _ key: (any CodingKey)? = nil) -> ValueEncoder {
    ValueEncoder(slot: slot, codingPath: codingPath + (key.map { [$0] } ?? []))
  }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  private func child(_ key: any CodingKey) -> ValueEncoder {
    encoder.inside(encoder.slot.add(key.stringValue), key)
  }

  func encodeNil(forKey key: Key) { child(key).slot.content = .leaf(.null) }

  func encode(_ value: some Encodable, forKey key: Key) throws { try child(key).put(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { child(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    child(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { child(SuperKey()) }

  func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

private struct UnkeyedValues: UnkeyedEncodingContainer {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.slot.count }

  private func child() -> ValueEncoder { encoder.inside(encoder.slot.append()) }

  func encodeNil() { child().slot.content = .leaf(.null) }

  func encode(_ value: some Encodable) throws { try child().put(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> { child().container(keyedBy: type) }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }

  func superEncoder() -> any Encoder { child() }
}

private struct SingleValue: SingleValueEncodingContainer {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() { encoder.slot.content = .leaf(.null) }

  func encode(_ value: some Encodable) throws { try encoder.put(value) }
}

/// The key under which a class keeps what its superclass encodes.
struct SuperKey: CodingKey {
  var stringValue: String { "super" }
  var intValue: Int? { nil }

  init() {}
  init?(stringValue: String) { nil }
  init?(intValue: Int) { nil }
}
