/// What a line was read as, sign for sign, with what no sign of it can be by its shape.
struct DrawnText {
  /// What counts of it, without spaces and case.
  let signs: [Character]
  /// For each sign those that look like it and that its shape rules out.
  let excluded: [Set<Character>]
  /// For each sign what other ways read there.
  let others: [Set<Character>]

  /// - Parameter ways: the words of ways that read the same; most of them must rule a sign out.
  init(_ ways: [[RecognisedWord]]) {
    let all = ways.map(Self.drawn)
    signs = all.first?.map(\.sign) ?? []
    others = all.first?.map(\.others) ?? []
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
  ) -> [(sign: Character, excluded: Set<Character>, others: Set<Character>)] {
    words.flatMap { word in
      let isKnown = word.letters.count == word.text.count
      return word.text.enumerated().flatMap { index, sign in
        let letter = isKnown ? word.letters[index] : nil
        let excluded = Set((letter?.excluded ?? []).flatMap { Compact.signs(of: String($0)) })
        let others = Set((letter?.others ?? []).flatMap(Compact.signs))
        return Compact.signs(of: String(sign)).map { ($0, excluded, others) }
      }
    }
  }

  /// Whether a part of it may be another text, were a sign or more taken for others that they look like.
  ///
  /// What is the text to the letter is not meant: that it was not found has another reason.
  /// - Parameter isByShape: whether shapes rule signs out; small ones have none.
  func mayBe(
    _ wanted: [Character], alike: (Character, Character) -> Bool, isByShape: Bool = true
  ) -> Bool {
    mayBe(wanted) { index, sign in
      alike(signs[index], sign) && !(isByShape && excluded[index].contains(sign))
    }
  }

  /// Whether a part of it may be another text, were the few ways right that read a sign or more otherwise.
  func mayBeDisputed(_ wanted: [Character]) -> Bool {
    mayBe(wanted) { index, sign in others[index].contains(sign) }
  }

  private func mayBe(_ wanted: [Character], isOpen: (Int, Character) -> Bool) -> Bool {
    guard !wanted.isEmpty, wanted.count <= signs.count else { return false }
    return (0...signs.count - wanted.count).contains { start in
      var differs = false
      for (index, sign) in wanted.enumerated() where signs[start + index] != sign {
        guard isOpen(start + index, sign) else { return false }
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
