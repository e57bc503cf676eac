import JSONCoding
import Testing

struct JSONParserTests {
  @Test(
    arguments: [
      ("null", JSON.null), (" true ", true), ("\n\t\r false", false), ("0", 0), ("-12", -12),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("1.5", .number(1.5)), ("-0.0", .number(-0.0)), ("-0", 0), ("1e3", .number(1000)),
      ("2E-2", .number(0.02)), ("5e-324", .number(.leastNonzeroMagnitude)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)),
      (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u00e9\u0000\uD83D\uDE00""#, "é\u{0}😀"), ("[]", []), ("[1,[2] , 3 ]", [1, [2], 3]),
      ("{}", [:]), (#"{ "a" : 1 , "b" : {} }"#, ["a": 1, "b": [:]]),
    ] as [(String, JSON)])
  func `reads what the standard allows`(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "True", "+1", "01", "-01", "-", "1.", ".5", "1e", "1e+", "0x10",
    "1_000",
    "NaN", "Infinity", "-Infinity", "'a'", "\"", "\"a", #""\"#, #""\x""#, #""\u12""#, #""\u12G4""#,
    #""\u+123""#, "\"a\nb\"", "\"\u{0}\"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{",
    "{\"a\"",
    "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "/* x */ 1", "1 // x", "\u{FEFF}1",
  ])
  func `refuses what the standard does not allow`(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test(arguments: ["1 2", "{} {}", "[] x", "null,", "\"a\"\"b\"", "1\u{0}"])
  func `refuses text after the value`(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0xFE, 0xFF, 0x00, 0x31],
    ] as [[UInt8]])
  func `refuses bytes that are no UTF-8`(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
  }

  @Test(arguments: [
    #""\uD800""#, #""\uDC00""#, #""\uD800x""#, #""\uD800\n""#, #""\uD800\uD800""#,
    #""\uD800\u0041""#,
    #""\uDBFF\u""#,
  ])
  func `refuses half of a surrogate pair`(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test(arguments: [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"":0,"b":{"":1,"":2}}]"#])
  func `refuses a key that is there twice`(text: String) {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
    #expect(error?.message.contains("duplicate key") == true)
  }

  @Test func `tells keys apart that only look the same`() throws {
    let value = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(value.object != JSONObject([("e\u{301}", 1), ("\u{E9}", 2)]))
  }

  @Test func `nests as deep as it may and no deeper`() throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    #expect(throws: Never.self) { try JSON(parsing: nested(64, "[", "]")) }
    #expect(throws: JSONError.self) { try JSON(parsing: nested(65, "[", "]")) }
    #expect(throws: JSONError.self) { try JSON(parsing: nested(65, "{\"a\":", "}")) }
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONError.self) { try JSON(parsing: "[[1]]", maximumDepth: 1) }
  }

  @Test(arguments: ["1e309", "-1e400", String(repeating: "9", count: 400), "1e999999999999"])
  func `refuses a number that no Double holds`(text: String) {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
    #expect(error?.message == "number out of range")
  }

  @Test func `copes with a number of a million digits`() throws {
    let digits = String(repeating: "1", count: 1_000_000)
    #expect(throws: JSONError.self) { try JSON(parsing: digits) }
    #expect(try JSON(parsing: "0." + digits).double.map { $0 > 0.1 } == true)
    #expect(try JSON(parsing: "1e-400") == .number(0))
  }

  @Test func `names the byte at which it stopped`() {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: #"{"a": tru}"#) }
    #expect(error?.description == "unexpected word at byte 6")
  }

  @Test func `takes whole numbers as such, however they are written`() throws {
    #expect(try JSON(parsing: "5.0").integer == 5)
    #expect(try JSON(parsing: "5e2").integer == 500)
    #expect(try JSON(parsing: "5.5").integer == nil)
    #expect(try JSON(parsing: "1e300").integer == nil)
    #expect(try JSON(parsing: "5").double == 5)
    #expect(JSON.string("5").integer == nil)
    #expect(JSON.number(.nan).integer == nil)
  }

  @Test func `ends at any cut and any changed byte`() throws {
    let text = #"{"a":[1,2.5e-3,true,null],"b":{"c":"x\u00e9\n😀"},"d":"\"\\"}"#
    let bytes = Array(text.utf8)
    for end in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSON(parsing: bytes[..<end]) }
    }
    for index in bytes.indices {
      for byte: UInt8 in [0x00, 0x22, 0x2C, 0x5B, 0x5C, 0x7B, 0x7D, 0xFF] {
        var changed = bytes
        changed[index] = byte
        _ = try? JSON(parsing: changed)
      }
    }
  }
}
