import Diagnostics
import Scenario
import Testing

struct CheckTests {
  @Test(arguments: [
    ("expect: Welcome", Check.text(Check.TextCheck(text: Template("Welcome")))),
    (
      "expect: {text: Row, matches: \"^R\", region: left, count: 3}",
      .text(
        Check.TextCheck(text: Template("Row"), matches: "^R", region: .named(.left), count: 3))
    ),
    (
      "expect: {matches: \"[0-9]+ items\"}",
      .text(Check.TextCheck(text: nil, matches: "[0-9]+ items"))
    ),
    (
      "expect: {text: 'Total: 5', exact: true}",
      .text(Check.TextCheck(text: Template("Total: 5"), exact: true))
    ),
    ("expect: {absent: Error, region: top}", .absent(Template("Error"), region: .named(.top))),
    (
      "expect: {unchanged: home, tolerance: 0.1%, ignore: [[1, 2, 3, 4], top-right]}",
      .unchanged(
        Check.Baseline(
          name: "home", tolerance: 0.001,
          ignore: [.pixels(x: 1, y: 2, width: 3, height: 4), .named(.topRight)]))
    ),
    ("expect: {screen: The cart is empty}", .screen(Template("The cart is empty"), votes: 1)),
    (
      "expect: {screen: The cart is empty, votes: 3}",
      .screen(Template("The cart is empty"), votes: 3)
    ),
    (
      "expect: {ssh: uptime, exit: 1, stdout: \"\", matches: up}",
      .ssh(
        Check.SSHCheck(command: Template("uptime"), exit: 1, stdout: Template(""), matches: "up"))
    ),
    ("expect: {value: a, equals: 12}", .value(Template("a"), .equals(Template("12")))),
    ("expect: {value: a, not_equals: b}", .value(Template("a"), .notEquals(Template("b")))),
    ("expect: {value: a, matches: ^a$}", .value(Template("a"), .matches("^a$"))),
    ("expect: {value: a, contains: b}", .value(Template("a"), .contains(Template("b")))),
    ("expect: {value: a, less_than: 1.5}", .value(Template("a"), .lessThan(1.5))),
    ("expect: {value: a, greater_than: -3}", .value(Template("a"), .greaterThan(-3))),
    ("expect: {application: running}", .application(.running)),
    ("expect: {application: ended}", .application(.ended(exit: nil))),
    ("expect: {application: ended, exit: 0}", .application(.ended(exit: 0))),
    ("expect: {log: Saved}", .log(Check.LogCheck(text: Template("Saved")))),
    (
      "expect: {log: Saved, never: Traceback}",
      .log(Check.LogCheck(text: Template("Saved"), never: Template("Traceback")))
    ),
    (
      "expect: {log: {matches: \"^id [0-9]+$\", never: Error}}",
      .log(Check.LogCheck(matches: "^id [0-9]+$", never: Template("Error")))
    ),
    (
      "expect: {log: {text: Saved, matches: x}}",
      .log(Check.LogCheck(text: Template("Saved"), matches: "x"))
    ),
    ("expect: {not: Error}", .not(.text(Check.TextCheck(text: Template("Error"))))),
    (
      "expect: {all: [A, {absent: B}]}",
      .all([.text(Check.TextCheck(text: Template("A"))), .absent(Template("B"), region: nil)])
    ),
    ("expect: {any: [A]}", .any([.text(Check.TextCheck(text: Template("A")))])),
  ])
  func `reads each check`(yaml: String, check: Check) throws {
    #expect(try step(yaml).kind == .expect(check))
  }

  @Test(arguments: [
    ("expect: {application: runing}", "running or ended, not “runing”", "running"),
    ("expect: {application: running, exit: 0}", "“exit” has no meaning", "ended"),
    ("expect: {application: ended, exit: 256}", "from 0 to 255", ""),
    ("expect: {log: {}}", "says nothing about the output", ""),
    ("expect: {log: {tekst: a}}", "unknown key “tekst”", "text"),
    ("expect: {log: {text: a}, never: b}", "“never” belongs inside of “log”", "text"),
    ("expect: {log: a, matches: \"[\"}", "no regular expression", ""),
    ("expect: {log: a, absent: b}", "a check has “absent” and “log”", "all: ["),
    ("expect: {}", "an empty check", "text, absent"),
    ("expect: {abent: x}", "unknown check “abent”", "absent"),
    ("expect: {text: a, absent: b}", "a check has “text” and “absent”", "all: ["),
    ("expect: {text: a, matches: \"[\"}", "no regular expression", ""),
    ("expect: {text: a, count: 0}", "from 1 to 1000", ""),
    ("expect: {absent: a, count: 1}", "unknown key “count”", ""),
    ("expect: {unchanged: ../x}", "no name for a baseline", "no slash"),
    ("expect: {unchanged: x, tolerance: 200%}", "a share such as", ""),
    ("expect: {unchanged: x, tolerance: much}", "a share such as", ""),
    ("expect: {screen: x, votes: 0}", "from 1 to 15", ""),
    ("expect: {value: a}", "needs one of the keys: equals", ""),
    ("expect: {value: a, equals: b, contains: c}", "has “equals” and “contains”", ""),
    ("expect: {value: a, less_than: b}", "must be a number", ""),
    ("expect: {value: a, less_than: .nan}", "must be a number", ""),
    ("expect: {all: []}", "has no checks", ""),
    ("expect: {any: A}", "must be a list", ""),
    ("expect: [A]", "must be a text", ""),
    ("expect: {image: x.png}", "no picture", ""),
    ("expect: {ssh: x, exit: -1}", "from 0 to 255", ""),
    ("expect: {not: {not: {txet: a}}}", "unknown check “txet”", "text"),
  ])
  func `says what is wrong with a check`(yaml: String, message: String, help: String) throws {
    let errors = errors(inStep: yaml)
    #expect(errors.count == 1, "\(errors)")
    let error = try #require(errors.first)
    #expect(error.message.contains(message), "\(error)")
    #expect(help.isEmpty || error.suggestion?.contains(help) == true, "\(error.rendered)")
  }
}
