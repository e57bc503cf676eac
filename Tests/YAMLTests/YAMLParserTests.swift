import Diagnostics
import Testing
import YAML

func parse(_ text: String) throws(Diagnostic) -> YAMLNode? {
  try YAMLParser.parse(SourceText(file: "a.yaml", text: text))
}

/// The first error in a text.
func failure(_ text: String) -> Diagnostic? {
  do {
    _ = try parse(text)
    return nil
  } catch {
    return error
  }
}

struct YAMLParserTests {
  @Test func `reads scalars, lists and mappings with their places`() throws {
    let root = try #require(try parse("name: Sign in\nsteps:\n  - click: \"OK\"\n  - [1, x]\n"))
    #expect(root.pairs?.map(\.name) == ["name", "steps"])
    #expect(root["name"]?.text == "Sign in")
    let steps = try #require(root["steps"]?.elements)
    let click = try #require(steps[0]["click"])
    #expect(click.content == .scalar("OK", .doubleQuoted))
    #expect((click.line, click.column) == (3, 12))
    #expect((click.endLine, click.endColumn) == (3, 16))
    #expect(steps[1].elements?.map(\.integer) == [1, nil])
    #expect((steps[1].line, steps[1].column) == (4, 5))
  }

  @Test func `counts columns in code points`() throws {
    let root = try #require(try parse("größe: {ä: 1, b: 2}"))
    #expect(root["größe"]?.pairs?.map(\.key.column) == [9, 15])
  }

  @Test func `tells plain values from quoted ones`() throws {
    let root = try #require(
      try parse("[true, 'true', 12, \"12\", ~, null, '', 1.5, 0x10, no, .inf, 1e999, -3, !!str 7]"))
    let nodes = try #require(root.elements)
    #expect(nodes.map(\.bool) == [true] + Array(repeating: nil, count: 13))
    #expect(nodes.compactMap(\.integer) == [12, -3])
    #expect(nodes.compactMap(\.number) == [12, 1.5, -3])
    #expect(nodes.filter(\.isNull).count == 2)
    #expect(nodes[13].text == "7")
  }

  @Test func `reads block texts`() throws {
    let root = try #require(try parse("a: |\n  one\n  two\nb: >-\n  one\n  two\n"))
    #expect(root["a"]?.content == .scalar("one\ntwo\n", .literal))
    #expect(root["b"]?.content == .scalar("one two", .folded))
  }

  @Test func `gives nothing for a file of comments`() throws {
    #expect(try parse("") == nil)
    #expect(try parse("# only this\n\n") == nil)
  }

  @Test func `fills in anchors`() throws {
    let root = try #require(try parse("a: &x [1, 2]\nb: *x\n"))
    #expect(root["b"] == root["a"])
    #expect(root["b"]?.line == 1)
  }

  @Test func `merges mappings, nearest first`() throws {
    let text = """
      base: &base {a: 1, b: 1}
      more: &more {b: 2, c: 2}
      one: {<<: *base, a: 0}
      two: {<<: [*more, *base]}
      """
    let root = try #require(try parse(text))
    #expect(root["one"]?.pairs?.map(\.name) == ["a", "b"])
    #expect(root["one"]?["a"]?.integer == 0)
    #expect(root["two"]?["b"]?.integer == 2)
    #expect(root["two"]?["a"]?.integer == 1)
    #expect(failure("a: {<<: text}")?.message.contains("`<<`") == true)
  }

  @Test func `refuses a key that is there twice`() throws {
    let error = try #require(failure("a: 1\nb: 2\n  \na: 3\n"))
    #expect((error.line, error.column) == (4, 1))
    #expect(error.message.contains("“a”") && error.message.contains("line 1"))
    #expect(error.sourceLine == "a: 3")
  }

  @Test(arguments: [
    ("a: [1, 2", 1), ("a: [", 1), ("a: [\n\n", 1), ("a: b: c", 1), ("a:\n\t- x", 2), ("a: @x", 1),
    ("a: \"x", 1),
    ("- a\nb: c", 2),
    ("a: *nope", 1), ("{a: 1}: 2", 1), ("a: !ruby/object {}", 1), ("a: !!binary aGk=", 1),
    ("a: 1\n---\nb: 2", 2), ("a: \u{7}", 1), ("a: \u{0}", 1), ("? [x]\n: y", 1),
    ("%YAML 9.9\n---\na", 1),
  ])
  func `gives the place of an error`(text: String, line: Int) throws {
    let error = try #require(failure(text))
    #expect(error.line == line)
    #expect(error.column != nil)
    #expect(!error.message.isEmpty)
  }

  @Test func `does not let aliases grow without end`() {
    let levels = "abcdefghi".dropFirst().map { letter in
      let before = Character(UnicodeScalar((letter.asciiValue ?? 98) - 1))
      return "\(letter): &\(letter) ["
        + Array(repeating: "*\(before)", count: 9).joined(separator: ",")
        + "]"
    }
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + levels.joined(separator: "\n")
    #expect(failure(bomb)?.message.contains("more than 10000") == true)
    #expect(failure("a: &a [*a]")?.message.contains("no anchor") == true)
    let many = "a: &a 1\nb: [" + Array(repeating: "*a", count: 101).joined(separator: ",") + "]"
    #expect(failure(many)?.message.contains("aliases") == true)
  }

  @Test func `does not let merges grow without end`() {
    let wide = (0..<400).map { "k\($0): 1" }.joined(separator: ", ")
    let uses = (0..<30).map { "- {<<: *a, n: \($0)}" }.joined(separator: "\n")
    #expect(failure("- &a {\(wide)}\n\(uses)")?.message.contains("more than 10000") == true)
  }

  @Test func `limits depth, also through aliases`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(failure(nested(32)) == nil)
    #expect(failure(nested(33))?.message.contains("nested deeper") == true)
    #expect(failure(nested(100_000))?.message.contains("nested deeper") == true)
    #expect(failure("a: &a \(nested(20))\nb: [[[[[[[[[[[[[*a]]]]]]]]]]]]]")?.text == "*a")
  }

  @Test func `limits size and count`() {
    let long = failure("a: " + String(repeating: "x", count: SourceText.largestSize))
    #expect(long?.message.contains("256 KiB") == true)
    #expect(failure("[" + String(repeating: "1,", count: 10_001) + "]")?.line == 1)
  }
}
