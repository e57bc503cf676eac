import Scenario
import Testing

@testable import Session

/// Whether what a field shows is the value that was typed.
struct FieldValueTests {
  private func agreement(_ typed: String, _ shown: String) -> FieldValue.Agreement? {
    FieldValue(Template(typed))?.agreement(with: shown)
  }

  @Test(arguments: [
    ("21:30", "21:30"), ("21:30", "9:30 PM"), ("21:30", "09:30 PM"), ("9:30 PM", "21:30"),
    ("12:05 AM", "00:05"), ("6:05", "06:05:00"), ("6:05", "06:05:00.000"),
    ("5/22/2010", "22 May 2010"), ("5/22/2010", "2010-05-22"), ("22.05.2010", "22.05.10"),
    ("2026-05", "May 2026"), ("2026-05", "mai 2026"), ("May 2026", "05/2026"),
    ("22 May 2010", "Saturday, 22 May 2010"), ("5/22/2010", "Sa, 22. Mai 2010"),
    ("2026-05-22 21:30", "05/22/2026, 09:30 PM"), ("22.05.2010 21:45", "22.05.2010 21:45"),
    ("77", "77 kg"), ("19.5", "$19.50"), ("1234567", "1,234,567"), ("1234567", "1.234.567"),
    ("1234567", "(123) 4567"), ("-5", "−5"), ("-5", "-5.00"), ("0.50", ".5"),
  ])
  func `a value in another form is the same`(typed: String, shown: String) {
    #expect(agreement(typed, shown) == .same)
  }

  @Test(arguments: [
    ("21:30", "02:13 --"), ("21:30", "2:05 AM"), ("21:30", "09:30 AM"), ("21:30", "2130"),
    ("6:05", "06:05 --"), ("6:05", "06:05 –"), ("6:05", "6:05 PM"), ("6:05", "--:-- --"),
    ("2026-05", "February"), ("2026-05", "February 60505"), ("2026-05", "June 2026"),
    ("2026-05", "juin 2026"), ("May 2026", "March 2026"),
    ("2026-05-22", "02/02/60522"), ("2026-05-22 21:30", "02/02/0006, 05:22 AM"),
    ("05/22/2010", "05/dd/yyyy"), ("22 May 2010", "3 Feb 2220"), ("5/22/2010", "5/23/2010"),
    ("17", "10"), ("77", "50"), ("177", "99"), ("1234567", "123456"), ("-5", "5"), ("5", "-5"),
    ("1.5", "15"), ("19.999", "20.00"), ("12", "12 34"), ("5", ""), ("5", "kg"),
  ])
  func `another value is not`(typed: String, shown: String) {
    #expect(agreement(typed, shown) == .other)
  }

  @Test(arguments: [("2026-05", "heinäkuu 2026"), ("1,5", "15"), ("1.000", "1,000")])
  func `what may be the same is neither`(typed: String, shown: String) {
    #expect(agreement(typed, shown) != .same)
  }

  @Test(arguments: ["alice", "May", "apt 5", "room 12", "x5", "", "-", "a.b@c.de", "1 May road"])
  func `other texts are no values`(text: String) {
    #expect(FieldValue(Template(text)) == nil)
  }
}
