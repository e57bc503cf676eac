import JSONCoding
import Recording
import Testing

struct RedactorTests {
  private static let value = #"p@ss "w/ö<rd>'&\ 9"#
  private let redactor = Redactor(secrets: ["SHOP": value])

  @Test func `replaces a plain value by its name`() {
    #expect(redactor.redact("a \(Self.value) b") == "a ‹SHOP› b")
  }

  @Test func `leaves other text as it is`() {
    #expect(redactor.redact("pass word ‹OTHER›") == "pass word ‹OTHER›")
    #expect(Redactor.none.redact("anything") == "anything")
  }

  @Test(arguments: [
    #"p@ss \"w/ö<rd>'&\\ 9"#, #"p@ss \"w\/ö<rd>'&\\ 9"#, #"p@ss \"w/\u00f6<rd>'&\\ 9"#,
    #"p@ss \"w\/\u00F6<rd>'&\\ 9"#, #"p@ss \\\"w/ö<rd>'&\\\\ 9"#,
  ])
  func `finds a value escaped for JSON`(text: String) {
    #expect(redactor.redact("{\"a\":\"\(text)\"}") == "{\"a\":\"‹SHOP›\"}")
  }

  @Test(arguments: [
    #"p@ss &quot;w/ö&lt;rd&gt;&apos;&amp;\ 9"#, #"p@ss "w/ö&lt;rd&gt;'&amp;\ 9"#,
    #"p@ss &#34;w/ö&lt;rd&gt;&#39;&amp;\ 9"#, #"p@ss &quot;w/ö&lt;rd&gt;&#x27;&amp;\ 9"#,
  ])
  func `finds a value escaped for XML`(text: String) {
    #expect(redactor.redact("<a>\(text)</a>") == "<a>‹SHOP›</a>")
  }

  @Test(arguments: [
    "p%40ss%20%22w%2F%C3%B6%3Crd%3E%27%26%5C%209", "p%40ss%20%22w%2f%c3%b6%3crd%3e%27%26%5c%209",
    "p%40ss+%22w%2F%C3%B6%3Crd%3E%27%26%5C+9", "p%40ss%20%22w%2F%C3%B6%3Crd%3E'%26%5C%209",
  ])
  func `finds a value escaped for a URL`(text: String) {
    #expect(redactor.redact("?q=\(text)&b") == "?q=‹SHOP›&b")
  }

  @Test(arguments: 0..<7, ["", "x", "xy", "xyz"])
  func `leaves no base64 digit that depends on the value`(prefix: Int, suffix: String) {
    let secret = "swordfish-\u{FF}!"
    let redactor = Redactor(secrets: ["S": secret])
    let before = String(repeating: "a", count: prefix)
    for isURL in [false, true] {
      let encoded = base64(Array((before + secret + suffix).utf8), isURL: isURL)
      let redacted = redactor.redact("Basic \(encoded) end")
      #expect(redacted.contains("‹S›"), "\(encoded)")
      let other = base64(Array((before + "~~~~~~~~~~~~~" + suffix).utf8), isURL: isURL)
      let kept = redacted.split(separator: "‹S›", omittingEmptySubsequences: false)
      #expect("Basic \(other)".hasPrefix(kept[0]), "what stays must not depend on the value")
    }
  }

  @Test func `replaces everything that overlapping values cover`() {
    let redactor = Redactor(secrets: ["A": "abcdef", "B": "defghijk"])
    #expect(redactor.redact("-abcdefghijk-") == "-‹B›-")
  }

  @Test func `prefers the longest value`() {
    let redactor = Redactor(secrets: ["A": "pass", "B": "password"])
    #expect(redactor.redact("password pass") == "‹B› ‹A›")
  }

  @Test func `replaces what was redacted already no second time`() {
    let redactor = Redactor(secrets: ["TOKEN": "TOKEN"])
    let once = redactor.redact("a TOKEN b")
    #expect(once == "a ‹TOKEN› b")
    #expect(redactor.redact(once) == once)
  }

  @Test func `hides a short value only where it stands alone, and warns`() throws {
    let redactor = Redactor(secrets: ["PIN": "42", "NONE": ""])
    #expect(redactor.redact("pin=42; 1423, 42nd") == "pin=‹PIN›; 1423, 42nd")
    #expect(redactor.warnings.count == 2)
    #expect(try #require(redactor.warnings.last).contains("‹PIN› has only 2 bytes"))
    #expect(!redactor.warnings.joined().contains("42"))
  }

  @Test func `hides the lines of a value that has several`() {
    let redactor = Redactor(secrets: ["KEY": "-----BEGIN-----\nMIIEpAIBAAKCAQEA\n-----END-----"])
    #expect(redactor.redact("x MIIEpAIBAAKCAQEA y") == "x ‹KEY› y")
  }

  @Test func `keeps JSON whole and its numbers as they are`() throws {
    let redactor = Redactor(secrets: ["A": "nabc", "B": "12345678"])
    let value = JSON.object(["text": "\nabc nabc", "key 12345678": 12_345_678, "nabc": ["nabc"]])
    let expected = JSON.object(["text": "\nabc ‹A›", "key ‹B›": 12_345_678, "nabc": ["‹A›"]])
    #expect(redactor.redact(value) == expected)
  }

  @Test func `never shows a value when it is printed`() {
    var dumped = ""
    dump(redactor, to: &dumped)
    #expect(!"\(redactor) \(String(reflecting: redactor)) \(dumped)".contains("p@ss"))
  }

  private func base64(_ bytes: [UInt8], isURL: Bool) -> String {
    let digits = Array(
      ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (isURL ? "-_" : "+/"))
        .utf8)
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = Array(bytes[start..<min(start + 3, bytes.count)])
      let word = (group + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
      for position in 0...group.count { output.append(digits[word >> (18 - 6 * position) & 63]) }
      output += [UInt8](repeating: UInt8(ascii: "="), count: 3 - group.count)
    }
    return String(decoding: output, as: UTF8.self)
  }
}
