internal import Imaging
internal import JSONCoding
internal import ModelRunner
internal import Pixels
internal import Driving
internal import Session
internal import Story

/// The pictures of a conversation as models want them, each made once and sent again as the same bytes;
/// and the conversation with them in it.
struct PictureAlbum: Sendable {
  private struct Key: Hashable {
    let picture: FrameReference
    let region: PixelRect?
    let size: PixelSize

    /// Where the picture comes from, and what was made of it: `blob:4f2a…#12,30,200,80@400x160`.
    var name: String {
      let source = picture.blob.isEmpty ? "pixels:\(picture.identity)" : "blob:\(picture.blob)"
      if let region {
        return source + "#\(region.x),\(region.y),\(region.width),\(region.height)"
          + "@\(size.width)x\(size.height)"
      }
      return size == picture.size ? source : source + "@\(size.width)x\(size.height)"
    }
  }

  private var pictures: [Key: EncodedImage] = [:]
  /// The files of the frames, for models that come to see them later.
  private var originals: [FrameReference: [UInt8]] = [:]
  /// The parts of each picture that are shown a second time.
  private var crops: [FrameReference: [PixelRect]] = [:]
  /// The frame of the picture before.
  private var before: Frame?

  /// The conversation for a model, and the album with what it needed.
  ///
  /// - Parameters:
  ///   - frame: the frame of the latest picture.
  ///   - cut: what is left out of the conversation already; its pictures are not wanted any more.
  ///   - keepsOriginals: whether other models may want the same pictures in other sizes.
  func rendered(
    _ conversation: [Message], for endpoint: ModelEndpoint, frame: KeptFrame?,
    beside cut: ContextCut, keepsOriginals: Bool
  ) throws(Fault) -> ([ChatMessage], PictureAlbum) {
    var album = self
    if keepsOriginals, let frame { try album.keepOriginal(frame) }
    var messages: [ChatMessage] = []
    for (index, message) in conversation.enumerated() {
      let isCut = cut.pictures.contains(index) || cut.turns.contains(index)
      var rendered = ChatMessage(role: message.role.wire, parts: [], toolCallID: message.callID)
      rendered.toolCalls = message.calls.map { Self.call($0, in: message, for: endpoint) }
      var texts: [String] = []
      for part in message.parts {
        switch part {
        case .text(let text): texts.append(text)
        case .coordinates(let screen):
          texts.append(Acting.rule(of: endpoint.family.space(for: screen)))
        case .image(let reference):
          guard !isCut else { continue }
          let image = try album.picture(reference, nil, frame, endpoint.family)
          rendered.parts.append(image.map { .image($0) } ?? .text(ContextCut.placeholder))
          for region in album.changes(in: reference, frame, endpoint.family) {
            guard let detail = try album.picture(reference, region, frame, endpoint.family) else {
              continue
            }
            texts.append("What changed at \(region) of the screen is shown again, enlarged.")
            rendered.parts.append(.image(detail))
          }
        case .detail(let reference, let region):
          guard !isCut else { continue }
          let image = try album.picture(reference, region, frame, endpoint.family)
          rendered.parts.append(image.map { .image($0) } ?? .text(ContextCut.placeholder))
        }
      }
      // What another model said is told by its call alone: its form would only confuse.
      let isOwn = message.author == nil || message.author == endpoint.model.text
      if !texts.isEmpty, isOwn || message.calls.isEmpty {
        rendered.parts.insert(.text(texts.joined(separator: "\n")), at: 0)
      }
      messages.append(rendered)
    }
    album.forget(outside: conversation)
    return (messages, album)
  }

  // MARK: - Calls

  /// A call with its coordinates in the space of the model that is told of it.
  private static func call(
    _ call: ToolRequest, in message: Message, for endpoint: ModelEndpoint
  ) -> ToolCall {
    var arguments = call.arguments
    if let space = message.space, message.author != endpoint.model.text {
      arguments = converted(arguments, from: space, to: endpoint.family.space(for: space.screen))
    }
    return ToolCall(id: call.id, name: call.name, argumentsText: arguments)
  }

  /// Arguments with their coordinates said in another space.
  static func converted(_ text: String, from: ModelSpace, to: ModelSpace) -> String {
    guard from != to, var object = (try? JSON(parsing: text))?.object else { return text }
    for key in ["coordinate", "start_coordinate"] {
      guard let first = object[key]?[0]?.double, let second = object[key]?[1]?.double,
        let point = try? from.point(first, second)
      else { continue }
      let numbers = to.numbers(for: point)
      object[key] = .array([number(numbers.first, to), number(numbers.second, to)])
    }
    return JSON.object(object).text
  }

  /// Whole numbers, as models write them; thousandths of a whole where that is 1.
  private static func number(_ value: Double, _ space: ModelSpace) -> JSON {
    if space.unit == .fractions { return .number((value * 1000).rounded() / 1000) }
    return Int(exactly: value.rounded(.down)).map { .integer($0) } ?? .number(value)
  }

  // MARK: - Pictures

  private mutating func keepOriginal(_ kept: KeptFrame) throws(Fault) {
    guard originals[kept.reference] == nil else { return }
    originals[kept.reference] =
      kept.png.isEmpty ? try Self.png(kept.frame, nil, kept.frame.size) : kept.png
  }

  /// The picture in the size that the model wants; nil when it is too long ago.
  private mutating func picture(
    _ reference: FrameReference, _ region: PixelRect?, _ current: KeptFrame?,
    _ family: ModelFamily
  ) throws(Fault) -> EncodedImage? {
    let key = Key(
      picture: reference, region: region,
      size: Self.size(of: region, on: reference.size, family))
    if let image = pictures[key] { return image }
    let bytes: [UInt8]
    var text: [[UInt8]] = []
    if let current, current.reference == reference {
      if region == nil, key.size == current.frame.size, !current.png.isEmpty {
        bytes = current.png
        text = current.base64Parts
      } else {
        bytes = try Self.png(current.frame, region, key.size)
      }
    } else if let original = originals[reference],
      let frame = try? PNG.decode(original)
    {
      bytes = try Self.png(frame, region, key.size)
    } else {
      return nil
    }
    guard let image = EncodedImage(bytes, base64Parts: text, name: key.name) else {
      throw Fault(.harness, "internal error: the picture is no PNG")
    }
    pictures[key] = image
    return image
  }

  /// The size of a picture for a family: a part is enlarged up to four times, and at most to 1024 pixels.
  private static func size(
    of region: PixelRect?, on screen: PixelSize, _ family: ModelFamily
  ) -> PixelSize {
    guard let region else { return family.sentSize(for: screen) }
    let longest = max(region.width, region.height, 1)
    let factor = min(max(1024 / longest, 1), 4)
    return family.sentSize(
      for: PixelSize(clampingWidth: region.width * factor, height: region.height * factor))
  }

  /// What of a picture to show a second time, enlarged: what changed since the one before, where the model
  /// sees the screen much smaller than it is.
  ///
  /// It is decided once for each picture, so that the past keeps its bytes.
  private mutating func changes(
    in reference: FrameReference, _ current: KeptFrame?, _ family: ModelFamily
  ) -> [PixelRect] {
    if let known = crops[reference] { return known }
    guard let current, current.reference == reference else { return [] }
    defer { before = current.frame }
    let sent = family.sentSize(for: reference.size)
    let isSmall = Double(sent.width) < Self.legibleShare * Double(reference.size.width)
    var regions: [PixelRect] = []
    if isSmall, let before, before.size == current.frame.size {
      let changed = FrameComparison(before, current.frame).regions
      regions = ChangedCrops(count: 2).regions(around: changed, on: reference.size) ?? []
    }
    crops[reference] = regions
    return regions
  }

  /// A screen that is sent smaller than this is hard to read.
  private static let legibleShare = 0.75

  private static func png(
    _ frame: Frame, _ region: PixelRect?, _ size: PixelSize
  ) throws(Fault) -> [UInt8] {
    guard let part = region.map({ frame.cropped(to: $0) }) ?? frame else {
      throw Fault(.harness, "internal error: the picture for the model shows no part of the screen")
    }
    do {
      return try PNG.encode(Scaler.areaAverage(part, to: size))
    } catch {
      throw Fault(.harness, "the picture for the model cannot be encoded: \(error)")
    }
  }

  /// Drops what no model will be shown again.
  private mutating func forget(outside conversation: [Message]) {
    var seen: [FrameReference] = []
    for message in conversation {
      for part in message.parts {
        switch part {
        case .image(let reference), .detail(let reference, _): seen.append(reference)
        case .text, .coordinates: break
        }
      }
    }
    // More than any budget keeps.
    let kept = Set(seen.suffix(Self.mostKept))
    pictures = pictures.filter { kept.contains($0.key.picture) }
    originals = originals.filter { kept.contains($0.key) }
    crops = crops.filter { kept.contains($0.key) }
  }

  /// So many of the latest pictures are kept.
  private static let mostKept = 24
}

extension Message.Role {
  fileprivate var wire: ChatMessage.Role {
    switch self {
    case .system: .system
    case .user: .user
    case .assistant: .assistant
    case .tool: .tool
    }
  }
}
