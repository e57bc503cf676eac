import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// How much was read, in the journal and in messages.
struct ReadAccountTests {
  private static func place(
    _ x: Int, _ width: Int, _ cause: String = "unknown"
  ) -> ReadAccount.Place {
    ReadAccount.Place(box: PixelRect(x: x, y: 20, width: width, height: 10), cause: cause)
  }

  private static let account = ReadAccount(
    sure: 900, doubtful: 50, unread: 400, places: [place(0, 10, "symbol"), place(50, 30)])

  private func again(_ reading: LeafReading) throws -> LeafReading {
    let json = try JSON(parsing: try JSON(encoding: reading).bytes)
    return try json.decoded()
  }

  @Test func `a reading comes back from the journal as it was`() throws {
    var reading = LeafReading(holds: true, measured: "m", read: Self.account)
    #expect(try again(reading) == reading)
    reading.read = ReadAccount(sure: 7, doubtful: 0, unread: 0, places: [])
    #expect(try again(reading) == reading)
    #expect(try JSON(encoding: reading)["read"] == ["sure": 7])
  }

  @Test func `a reading of an older recording says nothing of it, and is written without it`()
    throws
  {
    let old: JSON = ["holds": false, "measured": "m"]
    let reading: LeafReading = try old.decoded()
    #expect(reading == LeafReading(holds: false, measured: "m"))
    #expect(try JSON(encoding: reading) == old)
    #expect(ReadAccount.of([reading]) == nil)
  }

  @Test func `the largest places are kept and the others counted, in few bytes`() throws {
    let places = (1...200).map { Self.place($0 * 40, $0 % 30 + 1) }
    let account = ReadAccount(sure: 1, doubtful: 1, unread: 1, places: places)
    #expect(account.places.count == 60 && account.leftOut == 140 && account.count == 200)
    let areas = account.places.map(\.box.area)
    #expect(areas == areas.sorted(by: >) && areas.first == 300 && (areas.last ?? 0) >= 200)
    let reading = LeafReading(holds: true, measured: "", read: account)
    #expect(try again(reading) == reading)
    #expect(try JSON(encoding: account).bytes.count < 2_000)
    #expect(try JSON(encoding: Self.account).bytes.count < 150)
  }

  @Test(arguments: [
    #"{"sure":-1}"#, #"{"unread":9223372036854775807}"#, #"{"sure":0,"left_out":-5}"#,
    #"{"places":[[0,0,9223372036854775807,1,"symbol"]]}"#, #"{"places":[[1,2,3]]}"#,
    #"{"places":[[1,2,3,4]]}"#, #"{"places":{}}"#,
  ])
  func `numbers that no picture has are refused`(text: String) throws {
    let json = try JSON(parsing: text)
    #expect(throws: (any Error).self) { try json.decoded(as: ReadAccount.self) }
  }

  @Test func `two looks count a place once, and what was read once`() {
    let other = ReadAccount(
      sure: 500, doubtful: 0, unread: 300, places: [Self.place(52, 30), Self.place(200, 20)])
    let both = Self.account.with(other)
    #expect(both.places.map(\.box.x) == [50, 200, 0])
    #expect((both.sure, both.doubtful, both.unread) == (900, 50, 600))
  }

  // MARK: - Messages

  private func reason(
    _ check: Check, _ reading: LeafReading, read: ReadAccount? = account
  ) -> String {
    var reading = reading
    reading.read = read
    var script = Script.prepared(.of(.expect(check), patience: .zero))
    script.send([.sees(1), .examined(readings: [reading])])
    return script.reason
  }

  private static let isThere = LeafReading(holds: false, measured: "“A” is there")
  private static let absent = Check.absent(Template("A"), region: nil)

  @Test func `a failed check for absence says what was not read, once`() {
    let words = "; 2 places were not read, the largest at 50,20 30x10"
    #expect(reason(Self.absent, Self.isThere).hasSuffix("“A” is there\(words)"))
    let shown = LeafReading(holds: true, measured: "“A” is there")
    for check in [Check.not(.shows("A")), .not(.all([.shows("A")]))] {
      #expect(reason(check, shown).hasSuffix("“A” is there\(words)"))
    }
    #expect(reason(.all([Self.absent]), Self.isThere).hasSuffix(words))
    let one = ReadAccount(sure: 1, doubtful: 0, unread: 300, places: [Self.place(50, 30)])
    #expect(
      reason(Self.absent, Self.isThere, read: one)
        .hasSuffix("“A” is there; one place was not read: 50,20 30x10"))
  }

  @Test func `a place that is named already is not named again`() {
    let doubt = "the place 50,20 30x10 may say “A”"
    let unclear = LeafReading(holds: false, doubt: doubt, measured: doubt)
    #expect(reason(Self.absent, unclear).hasSuffix("\(doubt); 2 places were not read"))
    let one = ReadAccount(sure: 1, doubtful: 0, unread: 300, places: [Self.place(50, 30)])
    #expect(reason(Self.absent, unclear, read: one).hasSuffix(doubt))
  }

  @Test func `where all was read, or nobody recorded it, the message is as before`() {
    let all = ReadAccount(sure: 9, doubtful: 0, unread: 0, places: [])
    for read in [nil, all] {
      #expect(reason(Self.absent, Self.isThere, read: read).hasSuffix("“A” is there"))
    }
    let missing = LeafReading(holds: false, measured: "not there")
    #expect(reason(.shows("A"), missing).hasSuffix(": not there"))
  }

  @Test func `evidence is for absence only where what was read is known`() {
    for (check, read, isForAbsence) in [
      (Self.absent, Self.account, true), (Self.absent, nil, nil), (.shows("A"), Self.account, nil),
    ] as [(Check, ReadAccount?, Bool?)] {
      var script = Script.prepared(.of(.expect(check), patience: .zero))
      let reading = LeafReading(holds: true, measured: "", read: read)
      script.send([.sees(1), .examined(readings: [reading])])
      #expect(script.evidence.map(\.isForAbsence) == [isForAbsence])
    }
  }
}
