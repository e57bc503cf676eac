internal import Pixels
internal import Scenario
internal import Story

extension Reading {
  /// What comes of the texts that may be the value.
  enum Answer: Hashable {
    /// This is the value.
    case value(String)
    /// There is none, and why.
    case none(String)
    /// It cannot be told which is the value, or what it says.
    case unclear(String)
  }

  /// The value among some texts: of each label the first that fits, and of several labels the one that is asked
  /// for.
  ///
  /// - Throws: what is wrong with the pattern.
  func answer(_ found: [ReadValue]) throws(Fault) -> Answer {
    var picks: [(value: String, read: ReadValue)] = []
    for read in found where !picks.contains(where: { $0.read.label == read.label }) {
      guard let pattern = matches else {
        picks.append((read.text, read))
        continue
      }
      if let value = try ValueCheck.match(read.text, pattern) { picks.append((value, read)) }
    }
    if let nth {
      guard picks.indices.contains(nth - 1) else { return .none(missing(found, picks.count)) }
      picks = [picks[nth - 1]]
    }
    guard let first = picks.first else { return .none(missing(found, 0)) }
    if picks.contains(where: { $0.value != first.value }) {
      let places = picks.prefix(8).map { "“\($0.value)” at \($0.read.box)" }
      return .unclear(
        "“\(what)” has \(picks.count) values: \(places.joined(separator: ", ")); say which one with"
          + " near, nth, region or matches")
    }
    if let doubt = picks.lazy.compactMap(\.read.doubt).first {
      return .unclear(
        "it cannot be told what “\(what)” says at \(first.read.box): it is \(doubt)")
    }
    return .value(first.value)
  }

  private func missing(_ found: [ReadValue], _ count: Int) -> String {
    let pattern = matches.map { " matching /\($0)/" } ?? ""
    if let nth, count > 0 { return "“\(what)” has \(count) values\(pattern), so no number \(nth)" }
    let seen = found.prefix(3).map { "“\($0.text)”" }.joined(separator: ", ")
    return "no value\(pattern) for “\(what)” on the screen"
      + (seen.isEmpty ? "" : "; seen: \(seen)")
  }
}

extension ReadValue {
  /// The values of a recording that has only their texts.
  static func all(of texts: [String]) -> [ReadValue] {
    texts.map { ReadValue(text: $0, box: PixelRect(x: 0, y: 0, width: 0, height: 0), label: 0) }
  }
}
