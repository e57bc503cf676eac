import JSONCoding
import Pixels
import Platform
import Recording
import Story
import Testing

@testable import Runner
import Driving

/// One attempt, written into a journal.
@Suite struct SessionRecorderTests {
  /// Counts what it encodes.
  private struct Counter: FrameEncoder {
    let count = Locked(0)

    func encode(_ frame: Frame) throws -> (png: [UInt8], base64Parts: [[UInt8]]) {
      let number = count.withLock { count in
        count += 1
        return count
      }
      return ([UInt8(number)], [[UInt8(ascii: "b")]])
    }
  }

  private struct Blind: FrameEncoder {
    func encode(_ frame: Frame) throws -> (png: [UInt8], base64Parts: [[UInt8]]) {
      throw Fault(.recording, "no memory")
    }
  }

  private let size = PixelSize(clampingWidth: 8, height: 4)
  private let folder: TemporaryFolder
  private let run: RunFolder
  private let journal: Journal

  init() async throws {
    folder = try TemporaryFolder(prefix: "qa-runner")
    run = try RunFolder.create(in: folder.path, time: .now, random: 1)
    journal = try await Journal.open(in: run, elapsed: { .zero })
  }

  private func recorder(
    _ encoder: any FrameEncoder, keepsPictures: Bool = true
  ) -> SessionRecorder {
    SessionRecorder(
      journal: journal, caseID: "a", attempt: 3, keepsPictures: keepsPictures, encoder: encoder)
  }

  @Test func `a picture is on the disk before its name is known`() async throws {
    let kept = await recorder(Counter()).keep(Frame(size: size, sequence: 7))
    #expect(kept.reference.size == size)
    #expect(kept.reference.sequence == 7)
    #expect(kept.png == [1])
    #expect(kept.base64Parts == [[UInt8(ascii: "b")]])
    #expect(try run.blobs.read(kept.reference.blob) == [1])
  }

  @Test func `the same pixels are encoded once, others again`() async {
    let counter = Counter()
    let recorder = recorder(counter)
    let frame = Frame(size: size, sequence: 7)
    let first = await recorder.keep(frame)
    #expect(await recorder.keep(frame).reference == first.reference)
    #expect(counter.count.withLock { $0 } == 1)
    // Another connection counts its updates anew.
    _ = await recorder.keep(Frame(size: size, sequence: 7))
    #expect(counter.count.withLock { $0 } == 2)
  }

  @Test func `a picture that is not kept, or cannot be made, has no name`() async {
    let counter = Counter()
    let unkept = await recorder(counter, keepsPictures: false).keep(Frame(size: size, sequence: 7))
    #expect(unkept.reference.blob.isEmpty)
    #expect(counter.count.withLock { $0 } == 0)
    let unmade = await recorder(Blind()).keep(Frame(size: size, sequence: 7))
    #expect(unmade.reference.blob.isEmpty)
    #expect(unmade.frame.size == size)
  }

  @Test(arguments: [true, false])
  func `a picture is known by its pixels, whether or not it is kept`(keepsPictures: Bool) async {
    let recorder = recorder(Counter(), keepsPictures: keepsPictures)
    let size = PixelSize(clampingWidth: 8, height: 40)
    func pixels(_ sequence: UInt64, changing row: Int? = nil) async -> String? {
      var bytes = Frame(size: size).pixels
      if let row { bytes[row * size.width * 4] ^= 1 }
      guard let frame = Frame(size: size, pixels: bytes, sequence: sequence) else { return nil }
      return await recorder.keep(frame).reference.pixels
    }
    let first = await pixels(7)
    #expect(first != nil)
    let changed = await pixels(8, changing: size.height - 1)
    #expect(changed != first)
    #expect(await pixels(9, changing: 0) != changed)
    #expect(await pixels(10) == first)
    // One that cannot be encoded, in a recorder that begins with it.
    let unkept = await self.recorder(Blind()).keep(Frame(size: size, sequence: 11))
    #expect(unkept.reference.pixels == first)
  }

  @Test func `lines say which attempt of which case they belong to`() async throws {
    await recorder(Counter()).record(.note(.remark(text: "hello")))
    let line = try #require(try JournalReader.read(run).lines.first)
    #expect(line.type == "note")
    #expect(line.caseID == "a")
    #expect(line.attempt == 3)
  }

  @Test func `a line that cannot be written leaves a line that says so`() async throws {
    await recorder(Counter()).record(
      .note(
        .stepFinished(step: 1, ending: .passed, duration: .seconds(4_000_000_000)))
    )
    let line = try #require(try JournalReader.read(run).lines.first)
    #expect(line.type == "unwritable")
    #expect(line.fields["was"] == "note")
  }
}
