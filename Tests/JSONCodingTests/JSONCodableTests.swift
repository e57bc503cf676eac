import JSONCoding
import Testing

struct JSONCodableTests {
  private indirect enum Shape: Hashable, Codable {
    case none
    case circle(radius: Double, at: Int?)
    case group([Shape], [String: Int])
    case named(Name, UInt64)
    case lasting(Duration)

    enum Name: String, Codable { case big, small }
  }

  private class Base: Codable { var first = 1 }

  @Test(arguments: [
    Shape.none, .circle(radius: 0.1, at: nil), .circle(radius: -0.0, at: .min),
    .group([.none, .group([], [:])], ["b": 1, "a": 2]), .named(.small, UInt64(Int.max)),
    .lasting(.zero), .lasting(.nanoseconds(12_345_678_901)), .lasting(.nanoseconds(-1)),
    .lasting(.seconds(3_000_000_000) + .nanoseconds(1)),
    .lasting(Duration(secondsComponent: 99, attosecondsComponent: 999_999_999_999_999_999)),
  ])
  private func `decodes what it encoded, also through text`(shape: Shape) throws {
    let json = try JSON(encoding: shape)
    #expect(try json.decoded(as: Shape.self) == shape)
    #expect(try JSON(parsing: json.bytes).decoded(as: Shape.self) == shape)
  }

  @Test func `sorts keys and shows durations in seconds`() throws {
    #expect(
      try JSON(encoding: Shape.group([], ["b": 1, "a": 2])).text
        == #"{"group":{"_0":[],"_1":{"a":2,"b":1}}}"#)
    #expect(try JSON(encoding: Duration.milliseconds(12_500)).text == "[12,500000000000000000]")
    #expect(try JSON(encoding: Shape.none).text == #"{"none":{}}"#)
  }

  @Test(arguments: [Double.nan, .infinity])
  func `does not encode what JSON cannot say`(number: Double) {
    #expect(throws: EncodingError.self) { try JSON(encoding: [number]) }
  }

  @Test func `does not encode what it could not decode`() {
    #expect(throws: EncodingError.self) { try JSON(encoding: UInt64.max) }
    #expect(throws: EncodingError.self) { try JSON(encoding: Duration.seconds(Int64.max)) }
    #expect(throws: EncodingError.self) {
      try JSON(encoding: Duration.zero - .seconds(Int64.max) - .seconds(Int64.max))
    }
  }

  @Test(arguments: [
    "[9223372036854775807,0]", "[-9223372036854775808,0]", "[0,9223372036854775807]",
    "[3200000001,0]", "[1.5,0]", "[1]", "[1,2,3]", "5", "null", "[1e300,0]", "[\"1\",0]",
  ])
  func `refuses a duration out of bounds`(text: String) throws {
    let json = try JSON(parsing: text)
    #expect(throws: DecodingError.self) { try json.decoded(as: Duration.self) }
  }

  @Test(arguments: ["256", "-1", "1.5", "1e300", "\"1\"", "null", "true", "[]"])
  func `refuses a number that does not fit its type`(text: String) throws {
    let json = try JSON(parsing: text)
    #expect(throws: DecodingError.self) { try json.decoded(as: UInt8.self) }
  }

  @Test(arguments: [
    "{}", #"{"circle":{}}"#, #"{"circle":{"radius":"1"}}"#, #"{"square":{}}"#,
    #"{"none":{},"circle":{"radius":1}}"#, #"{"named":{"_0":"huge","_1":1}}"#, "[]", "1", "null",
    #"{"group":{"_0":[{}],"_1":{}}}"#, #"{"group":{"_0":{},"_1":{}}}"#,
  ])
  private func `refuses what is no such value`(text: String) throws {
    let json = try JSON(parsing: text)
    #expect(throws: DecodingError.self) { try json.decoded(as: Shape.self) }
  }

  @Test func `names the place of what it refuses`() throws {
    let json: JSON = ["group": ["_0": [["none": [:]], ["circle": ["radius": true]]], "_1": [:]]]
    let error = #expect(throws: DecodingError.self) { try json.decoded(as: Shape.self) }
    guard case .typeMismatch(_, let context)? = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["group", "_0", "1", "circle", "radius"])
  }

  @Test func `keeps what a superclass and nil hold`() throws {
    #expect(try JSON(encoding: Base()).text == #"{"first":1}"#)
    #expect(try JSON(encoding: [1, nil] as [Int?]).text == "[1,null]")
    #expect(try JSON(encoding: [Int?]([1, nil])).decoded(as: [Int?].self) == [1, nil])
    #expect(try JSON(encoding: String?.none) == .null)
    #expect(try JSON.null.decoded(as: String?.self) == nil)
  }
}
