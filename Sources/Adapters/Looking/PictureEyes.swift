internal import Imaging
internal import Perception
internal import Pixels
internal import Platform
internal import ScenarioFiles

/// What the local engine sees on a kept picture, for people who look for a way to name it.
public struct PictureEyes: Sendable {
  /// What cannot be looked at, and why.
  public struct Failure: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// A failure.
    public init(description: String) { self.description = description }
  }

  private let reader: TextReader

  /// Eyes that read some languages; the usual ones when none is named.
  public init(languages: [String]) async throws(Failure) {
    let names = languages.isEmpty ? UsualLanguages.languages(for: nil).languages : languages
    do throws(PerceptionError) {
      reader = try await TextReader(languages: names)
    } catch {
      throw Failure(description: error.description)
    }
  }

  /// Where a text is on a picture file; what a step would make of it, in words.
  public func find(_ text: String, on path: String) async throws(Failure) -> String {
    let frame = try LookedAtScreen.frame(ofFile: path)
    let read = try await read(frame)
    switch Locator.locate(TargetQuery(text: text), in: read, on: frame) {
    case .found(let hit): return "a step would take “\(hit.text)” at \(hit.box)"
    case .ambiguous(let hits):
      return "\(hits.count) places; tell them apart with nth, near or region:\n"
        + hits.enumerated().map { "  nth: \($0 + 1)  “\($1.text)” at \($1.box)" }
        .joined(separator: "\n")
    case .missing(let closest):
      return "not there"
        + (closest.isEmpty
          ? "" : "; most like it: " + closest.map { "“\($0)”" }.joined(separator: ", "))
    case .unfit(_, let hits):
      return "not as it is asked for: "
        + hits.map { "“\($0.text)” at \($0.box)" }
        .joined(separator: ", ")
    case .anchorMissing(let text, _): return "“\(text)” is not there"
    }
  }

  private func read(_ frame: Frame) async throws(Failure) -> ScreenText {
    do throws(PerceptionError) {
      return try await reader.read(frame, region: nil)
    } catch {
      throw Failure(description: error.description)
    }
  }
}
