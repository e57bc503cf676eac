import Durations
import Testing

struct DurationTests {
  @Test(arguments: [
    ("500ms", 500), ("1.5s", 1_500), ("5m", 300_000), ("1h", 3_600_000), ("1m30s", 90_000),
    ("0.25m", 15_000), ("1h2m3s4ms", 3_723_004), ("0s", 0), ("168h", 604_800_000),
  ])
  func `reads durations`(text: String, milliseconds: Int) {
    #expect(Units.duration(text) == .milliseconds(milliseconds))
  }

  @Test(arguments: [
    "", "5", "s", "-5s", "5 s", "5sec", "1e3s", ".5s", "5.s", "99999999999999999999s", "169h",
    "５s", "٣s", "1S", "1d", "1h ", "1s1h", "1s1s",
  ])
  func `refuses what is no duration`(text: String) {
    #expect(Units.duration(text) == nil)
  }

  @Test func `writes durations as they are read`() {
    for text in ["500ms", "1m30s", "1h", "5m", "2s1ms", "0s"] {
      #expect(Units.duration(text).map(Units.text) == text)
    }
  }

  @Test(arguments: [
    (0, "0ms"), (250, "250ms"), (1500, "1.5s"), (90_000, "90s"), (300_000, "5m"),
  ])
  func `says a limit as people write it`(milliseconds: Int, text: String) {
    #expect(Duration.milliseconds(milliseconds).brief == text)
  }

  @Test(arguments: [
    (0, "0.0s"), (449, "0.4s"), (9_999, "9.9s"), (10_000, "10s"), (59_999, "59s"),
    (62_000, "1m 02s"), (3_600_000, "1h 00m"), (7_500_000, "2h 05m"), (-5, "0.0s"),
  ])
  func `says how long something took`(milliseconds: Int, text: String) {
    #expect(Duration.milliseconds(milliseconds).elapsed == text)
  }

  @Test func `counts milliseconds, of any length`() {
    #expect(Duration.microseconds(1_999).milliseconds == 1)
    #expect(Duration.microseconds(-1_999).milliseconds == -1)
    #expect(Duration.milliseconds(1250).seconds == 1.25)
    let longest = Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999)
    for length in [longest, .zero - .seconds(Int64.max)] {
      #expect(length.milliseconds.magnitude == 1_000_000_000_000_000)
      #expect(!length.brief.isEmpty && !length.elapsed.isEmpty && !Units.text(length).isEmpty)
      #expect(length.seconds.isFinite)
    }
  }
}
