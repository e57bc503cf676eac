internal import Hands
internal import Perception
internal import Pixels
internal import Scenario
internal import Story

/// Says of a target that was not found which part of it does not fit, what is there instead and where.
struct Refusal {
  let target: Target
  let query: TargetQuery
  let text: ScreenText

  /// What the session is told of a location.
  func answer(_ location: Perception.Location) -> Story.Location {
    switch location {
    case .found(let hit): return .found(Hit(hit))
    case .ambiguous(let hits): return .ambiguous(hits.map(Hit.init))
    case .missing(let closest): return missing(closest)
    case .anchorMissing(let anchor, let closest): return missing(anchor, closest)
    case .unfit(let unfit, let hits):
      return .missing(
        closest: [], reason: reason(unfit, hits), nearest: hits.prefix(8).map(Hit.init))
    }
  }

  // MARK: - Nothing of it

  private func missing(_ closest: [String]) -> Story.Location {
    if query.exact, case let hits = TextSearch.hits(for: query.text, in: text), !hits.isEmpty {
      let reason = "\(target) is not there letter for letter, as “exact” wants it; there is "
      return .missing(
        closest: closest, reason: reason + list(hits), nearest: hits.prefix(8).map(Hit.init))
    }
    return .missing(
      closest: closest, reason: "\(target) is not on the screen" + question(closest),
      nearest: closest.isEmpty ? everything : places(of: closest))
  }

  /// Where something is written at all, as one place.
  private var everything: [Hit] {
    guard let first = text.lines.first else { return [] }
    let box = text.lines.reduce(first.box) { $0.union($1.box) }
    return [Hit(text: "", box: box)]
  }

  /// The text that a relation names is not there.
  private func missing(_ anchor: String, _ closest: [String]) -> Story.Location {
    let hits = TextSearch.hits(for: query.text, in: text, exact: query.exact)
    let relation = relation(to: anchor)
    let question = question(closest)
    guard !hits.isEmpty else {
      return .missing(
        closest: closest,
        reason:
          "neither \(target) nor “\(anchor)”, which it should be \(relation), is on the screen"
          + question, nearest: places(of: closest))
    }
    return .missing(
      closest: closest,
      reason: "\(target) is \(list(hits, at: true)), but “\(anchor)”, which it should be"
        + " \(relation), is not on the screen" + question,
      nearest: hits.prefix(8).map(Hit.init))
  }

  private func relation(to anchor: String) -> String {
    let relations: [(String?, String)] = [
      (query.near, "near"), (query.leftOf, "left of"), (query.rightOf, "right of"),
      (query.above, "above"), (query.below, "below"),
    ]
    return relations.first { $0.0 == anchor }?.1 ?? "near"
  }

  /// What could be meant, as the end of a sentence.
  private func question(_ closest: [String]) -> String {
    guard !text.lines.isEmpty else { return "; no text at all was read there" }
    guard !closest.isEmpty else { return ", nor anything like it" }
    let hits = places(of: closest).map { "“\($0.text)” at \($0.box)" }
    return "; did you mean " + hits.joined(separator: " or ") + "?"
  }

  private func places(of texts: [String]) -> [Hit] {
    texts.compactMap { closest in
      let hits = TextSearch.hits(for: closest, in: text, exact: true)
      return (hits.first(where: \.isWholeLabel) ?? hits.first).map(Hit.init)
    }
  }

  // MARK: - There, but not so

  private func reason(_ unfit: Perception.Location.Unfit, _ hits: [TextHit]) -> String {
    let there = "\(target) is \(list(hits, at: true))"
    switch unfit {
    case .region:
      return there + ", which is not in \(target.region.map(\.words) ?? "the region")"
    case .side(let side, let anchor): return there + ", but not \(side.rawValue) “\(anchor)”"
    case .sides: return there + ", but nowhere on all the sides that are asked for"
    case .number(let count):
      return "\(target) is there \(times(count)), so there is no number \(query.nth ?? 0): "
        + list(hits)
    case .kind(let kind):
      return missing(kind) + "; " + hits.prefix(3).map(described).joined(separator: ", ")
    }
  }

  private func missing(_ kind: TargetKind) -> String {
    switch kind {
    case .field: "there is no input field for \(target)"
    case .list: "there is no list for \(target)"
    case .checkbox, .radioButton: "no checkbox or radio button belongs to \(target)"
    case .button, .file, .folder, .icon, .item, .label, .link, .menu, .option, .row, .tab:
      "no \(kind.rawValue) says \(target)"
    }
  }

  /// What stands at a hit: all of it, or the text that it is a part of.
  private func described(_ hit: TextHit) -> String {
    guard let sentence = Locator.sentence(around: hit, in: text) else {
      return "“\(hit.text)” at \(hit.box) stands there by itself"
    }
    return "“\(hit.text)” at \(hit.box) is a part of “\(sentence.prefix(120))”"
  }

  private func list(_ hits: [TextHit], at: Bool = false) -> String {
    let places = hits.prefix(8).map { hit in
      at || "“\(hit.text)”" == target.description
        ? "at \(hit.box)" : "“\(hit.text)” at \(hit.box)"
    }
    let all = places.joined(separator: ", ")
    return at && hits.count > 1 ? "there \(hits.count) times, \(all)" : all
  }

  private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}

extension Hit {
  /// A hit for the session.
  init(_ hit: TextHit) { self.init(text: hit.text, box: hit.box, score: hit.score) }
}
