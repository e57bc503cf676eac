import Diagnostics
import JSONCoding
@testable import ModelRunner
import Pixels
import Policy
import PolicyFiles
@testable import SSH
@testable import VNC
import YAML

/// What reads bytes from outside, by the name that `script/fuzz` is given.
enum Readers {
  typealias Reader = @Sendable (UnsafeRawBufferPointer) -> Void

  static let named: [String: Reader] = [
    "rfb": rfb, "rects": rects, "json": json, "yaml": yaml, "sse": sse,
    "hosts": hosts, "commands": commands,
  ]

  /// A VNC server's messages.
  ///
  /// The first byte says how the bytes are cut into pieces.
  @Sendable private static func rfb(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first else { return }
    parse(UnsafeRawBufferPointer(rebasing: bytes[1...]), inPiecesOf: Int(first))
  }

  /// An update of one rectangle of any encoding, at a small place, with anything in it.
  @Sendable private static func rects(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 6 else { return }
    let encodings = Encoding.announced + [Encoding.raw, 7, 16]
    let encoding = encodings[Int(bytes[1]) % encodings.count]
    var message: [UInt8] = [0, 0, 0, 1]
    for number in bytes[2..<6] { message += [0, number & 0x7F] }
    withUnsafeBytes(of: encoding.bigEndian) { message += $0 }
    message += bytes[6...]
    message.withUnsafeBytes { parse($0, inPiecesOf: Int(bytes[0])) }
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer, inPiecesOf length: Int) {
    var canvas = Canvas(size: PixelSize(clampingWidth: 70, height: 50))
    var parser = MessageParser()
    var start = 0
    var end = 0
    while end < bytes.count {
      end = length == 0 ? bytes.count : min(bytes.count, end + length)
      do {
        while start < end {
          let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          let (used, event) = try parser.parse(piece, into: &canvas)
          start += used
          if case .resized(let size) = event {
            // A connection replaces the canvas; a small one is enough to look for faults.
            guard size.area <= 1 << 16 else { return }
            canvas = Canvas(size: size)
          }
          guard event != nil else { break }
        }
      } catch {
        return
      }
    }
    precondition(canvas.pixels.count == canvas.size.area * 4)
  }

  /// A model's answer, or a journal's line: what is read is written and read again the same.
  @Sendable private static func json(_ bytes: UnsafeRawBufferPointer) {
    guard let value = try? JSON(parsing: Array(bytes)) else { return }
    precondition((try? JSON(parsing: value.text)) == value)
  }

  /// A scenario or a configuration.
  @Sendable private static func yaml(_ bytes: UnsafeRawBufferPointer) {
    guard let source = try? SourceText(file: "fuzz.yaml", bytes: Array(bytes)) else { return }
    _ = try? YAMLParser.parse(source)
  }

  /// A file of known hosts.
  @Sendable private static func hosts(_ bytes: UnsafeRawBufferPointer) {
    guard let hosts = try? KnownHosts(Array(bytes)) else { return }
    precondition(hosts.entries.allSatisfy { $0.line > 0 })
  }

  /// A command of a model: what is understood is written and read again the same, and both are decided.
  @Sendable private static func commands(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    let ruling = Policy().ruling(forText: text)
    precondition(ruling.decision > .allow)
    guard let command = ruling.command else { return }
    precondition((try? ParsedCommand(text: command.line)) == command)
  }

  /// A model's stream.
  ///
  /// The first byte says how the bytes are cut into pieces.
  @Sendable private static func sse(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first else { return }
    var parser = EventStreamParser(lineLimit: 512, eventLimit: 1024, countLimit: 100)
    var rest = bytes.dropFirst()
    do {
      while !rest.isEmpty {
        let piece = rest.prefix(max(Int(first), 1))
        _ = try parser.feed(Array(piece))
        precondition(parser.heldBytes <= 2048)
        rest = rest.dropFirst(piece.count)
      }
      _ = try parser.finish()
    } catch {
      return
    }
  }
}
