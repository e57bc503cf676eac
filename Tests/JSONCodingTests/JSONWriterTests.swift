import JSONCoding
import Props
import Testing

struct JSONWriterTests {
  @Test func `writes one line without spaces`() {
    let value: JSON = [
      "z": [1, -2, .number(2.5), .null], "a": ["b": true, "c": "/\"\\\n\r\t\u{1}\u{7F}é"], "": [],
      "e": [:],
    ]
    let expected =
      #"{"z":[1,-2,2.5,null],"a":{"b":true,"c":"/\"\\\n\r\t\u0001\u007fé"},"":[],"e":{}}"#
    #expect(value.text == expected)
  }

  @Test func `writes many lines for people`() {
    let value: JSON = ["a": [1, [], ["b": [:]]], "c": "d"]
    #expect(
      value.prettyText == """
        {
          "a": [
            1,
            [],
            {
              "b": {}
            }
          ],
          "c": "d"
        }
        """)
    #expect(JSON.object(JSONObject()).prettyText == "{}")
  }

  @Test func `says null for what JSON cannot say`() {
    #expect(
      JSON.array([.number(.nan), .number(.infinity), .number(-.infinity)]).text
        == "[null,null,null]")
  }

  @Test func `keeps the order of keys`() throws {
    let text = #"{"b":1,"a":2,"c":{"z":0,"y":0}}"#
    #expect(try JSON(parsing: text).text == text)
    var object = try #require(try JSON(parsing: text).object)
    object["a"] = 9
    object["d"] = 4
    object["b"] = nil
    #expect(object.keys == ["a", "c", "d"])
    #expect(JSONObject([("x", 1), ("y", 2), ("x", 3)]).keys == ["x", "y"])
    #expect(JSONObject([("a", 1), ("b", 2)]) != JSONObject([("b", 2), ("a", 1)]))
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `reads back what it wrote`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      let value = JSON.random(depth: 5, using: &random)
      #expect(try JSON(parsing: value.bytes) == value, "seed \(seed): \(value.text)")
      #expect(try JSON(parsing: value.prettyText) == value, "seed \(seed): \(value.text)")
      #expect(try JSON(parsing: value.bytes).bytes == value.bytes, "seed \(seed)")
      #expect(!value.bytes.contains(0x0A), "seed \(seed)")
    }
  }
}

extension JSON {
  /// Any value, the nasty ones more often than chance would have it.
  fileprivate static func random(depth: Int, using random: inout SeededRandom) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2:
      return .integer(
        [0, -1, .max, .min, .random(in: .min ... .max, using: &random)]
          .randomElement(using: &random) ?? 0)
    case 3: return .number(number(using: &random))
    case 4, 5: return .string(string(using: &random))
    case 6:
      return .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
          JSON.random(depth: depth - 1, using: &random)
        })
    default:
      let pairs = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        (string(using: &random), JSON.random(depth: depth - 1, using: &random))
      }
      return .object(JSONObject(pairs))
    }
  }

  private static func number(using random: inout SeededRandom) -> Double {
    let bits = Double(bitPattern: random.next())
    let nasty = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, 0.1, 123.0, bits]
    let number = nasty.randomElement(using: &random) ?? 0
    return number.isFinite ? number : 1
  }

  private static func string(using random: inout SeededRandom) -> String {
    let pieces = [
      "a", "é", "e\u{301}", "😀", "\u{0}", "\u{1F}", "\u{7F}", "\"", "\\", "/", "\n", "\u{2028}",
      "\u{10FFFF}",
      "\\u0041", "\u{FEFF}", "‹",
    ]
    return (0..<Int.random(in: 0...6, using: &random)).map { _ in
      pieces.randomElement(using: &random) ?? ""
    }.joined()
  }
}
