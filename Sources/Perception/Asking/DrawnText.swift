/// What a line was read as, sign for sign, with what no sign of it can be by its shape.
struct DrawnText {
  /// What counts of it, without spaces and case.
  let signs: [Character]
  /// For each sign those that look like it and that its shape rules out.
  let excluded: [Set<Character>]

  /// - Parameter ways: the words of ways that read the same; most of them must rule a sign out.
  init(_ ways: [[RecognisedWord]]) {
    let all = ways.map(Self.drawn)
    signs = all.first?.map(\.sign) ?? []
    let alike = all.filter { $0.map(\.sign) == all.first?.map(\.sign) }
    excluded = signs.indices.map { index in
      let sets = alike.map { $0[index].excluded }
      return (sets.first ?? []).union(sets.joined()).filter { sign in
        sets.count { $0.contains(sign) } * 2 > sets.count
      }
    }
  }

  private static func drawn(
    _ words: [RecognisedWord]
  ) -> [(sign: Character, excluded: Set<Character>)] {
    words.flatMap { word in
      let isKnown = word.letters.count == word.text.count
      return word.text.enumerated().flatMap { index, sign in
        let others = isKnown ? word.letters[index].excluded : []
        let excluded = Set(others.flatMap { Compact.signs(of: String($0)) })
        return Compact.signs(of: String(sign)).map { ($0, excluded) }
      }
    }
  }

  /// Whether a part of it may be another text, were a sign or more taken for others of their family.
  ///
  /// What is the text to the letter is not meant: that it was not found has another reason.
  func mayBe(_ wanted: [Character], families: (Character) -> Character) -> Bool {
    guard !wanted.isEmpty, wanted.count <= signs.count else { return false }
    return (0...signs.count - wanted.count).contains { start in
      var differs = false
      for (index, sign) in wanted.enumerated() where signs[start + index] != sign {
        let seen = signs[start + index]
        guard families(seen) == families(sign), !excluded[start + index].contains(sign) else {
          return false
        }
        differs = true
      }
      return differs
    }
  }

  /// Whether an O or a zero in it may be the other one of them.
  var hasOpenZero: Bool {
    signs.indices.contains { index in
      switch signs[index] {
      case "0": !excluded[index].contains("o")
      case "o": !excluded[index].contains("0")
      default: false
      }
    }
  }
}
