internal import Hands
internal import Imaging
internal import Numbers
internal import Pattern
internal import Perception
internal import Pixels
internal import PlainSteps
internal import Scenario
internal import Driving
internal import Session
internal import Story

/// The perception port: Tesseract, the matching of texts, and the plain-step language.
struct LocalPerception: PerceptionPort {
  private let reader: TextReader
  private let secrets: [String: String]
  private let pictures: PictureShelf
  private let numbers: NumberStyle

  init(
    reader: TextReader, secrets: [String: String], pictures: PictureShelf,
    numbers: NumberStyle = .point
  ) {
    self.numbers = numbers
    self.reader = reader
    self.pictures = pictures
    self.secrets = secrets
  }

  func interpret(_ line: String, language: String?) -> [Move]? {
    PlainStepParser.moves(of: line, language: language)
  }

  // MARK: - Targets

  func locate(
    _ target: Target, role: TargetRole, in frame: Frame
  ) async throws(Fault) -> Story.Location {
    if case .image(let path, let likeness) = target.kind {
      return try await locate(path, likeness, target, in: frame)
    }
    guard case .text = target.kind else { return unsupported(target) }
    var query = try query(target, frame)
    query.kind = Self.kind(of: target, role)
    let text = try await read(frame, region: nil)
    let location = Locator.locate(query, in: text, on: frame)
    return Refusal(target: target, query: query, text: text).answer(location)
  }

  /// What kind of thing a step needs: what it is used for counts more than what it is called.
  private static func kind(of target: Target, _ role: TargetRole) -> TargetKind? {
    let said = target.noun
    switch role {
    case .press: return said
    case .field: return said == .list ? .list : .field
    case .toggle: return said == .radioButton ? .radioButton : .checkbox
    }
  }

  private func unsupported(_ target: Target) -> Story.Location {
    switch target.kind {
    case .describe(let words):
      .unsupported(reason: "“\(words)” is a description, which only a model can find")
    case .text, .image, .at: .unsupported(reason: "\(target) is not looked for")
    }
  }

  func toggle(_ target: Target, in frame: Frame) async throws(Fault) -> ToggleLocation {
    let (label, box) = try await label(target, in: frame)
    guard case .found(let hit) = label else { return .notFound(label) }
    guard let toggle = ToggleFinder.toggle(for: box, in: frame) else {
      return .notFound(
        .unsupported(reason: "no checkbox or radio button belongs to \(target)"))
    }
    return .found(
      Hit(text: hit.text, box: toggle.box, score: hit.score), isOn: toggle.isOn,
      reason: toggle.isHalf
        ? "\(target) at \(toggle.box) is half ticked, which is neither on nor off" : nil)
  }

  /// The label of a checkbox, and where it stands.
  private func label(
    _ target: Target, in frame: Frame
  ) async throws(Fault) -> (Story.Location, PixelRect) {
    let none = PixelRect(x: 0, y: 0, width: 0, height: 0)
    guard case .text = target.kind else {
      let location = try await locate(target, role: .press, in: frame)
      if case .found(let hit) = location { return (location, hit.box) }
      return (location, none)
    }
    var query = try query(target, frame)
    query.kind = .checkbox
    let text = try await read(frame, region: nil)
    let location = Locator.label(query, in: text, on: frame)
    let answer = Refusal(target: target, query: query, text: text).answer(location)
    if case .found(let hit) = location { return (answer, hit.box) }
    return (answer, none)
  }

  /// Looks for a picture; where it is in several places, what the target says beside it decides.
  private func locate(
    _ path: String, _ likeness: Likeness, _ target: Target, in frame: Frame
  ) async throws(Fault) -> Story.Location {
    let region = target.region.map { rect($0, on: frame.size) }
    let outcome = try pictures.search(path, likeness, in: frame, region: region)
    var query = try query(target, frame)
    query.region = nil
    let hits = outcome.places.map {
      TextHit(box: $0.rect, text: path, score: $0.score, isWholeLabel: true)
    }
    guard !hits.isEmpty else { return .missing(closest: outcome.closest) }
    let text = query.needsText ? try await read(frame, region: nil) : .empty
    return Refusal(target: target, query: query, text: text)
      .answer(Locator.choose(among: hits, query, in: text))
  }

  private func query(_ target: Target, _ frame: Frame) throws(Fault) -> TargetQuery {
    var text = ""
    if case .text(let template) = target.kind { text = try plain(template) }
    return TargetQuery(
      text: text, exact: target.exact, nth: target.nth, near: try plain(target.near),
      leftOf: try plain(target.leftOf), rightOf: try plain(target.rightOf),
      above: try plain(target.above), below: try plain(target.below),
      region: target.region.map { rect($0, on: frame.size) })
  }

  private func plain(_ text: Template?) throws(Fault) -> String? {
    guard let text else { return nil }
    return try plain(text) as String
  }

  /// What the screen would show, with the values of secrets, where all of it can be read.
  ///
  /// What was known before the run was refused then; here it is the values of secrets and results. Of a
  /// secret not a letter is told.
  private func plain(_ text: Template) throws(Fault) -> String {
    let plain = try filled(text)
    guard let fault = reader.letters.fault(of: plain) else { return plain }
    guard text.secrets.isEmpty else {
      let open = text.segments.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
      if let fault = reader.letters.fault(of: open) { throw Fault(.scenario, fault) }
      let names = reader.letters.languages.joined(separator: ", ")
      throw Fault(
        .scenario,
        "a secret of “\(text)” has letters that \(names) cannot read; name its language with ocr:")
    }
    throw Fault(.scenario, fault)
  }

  /// What the screen would show, with the values of secrets.
  private func filled(_ text: Template) throws(Fault) -> String {
    guard let plain = text.resolved(secret: { secrets[$0] }, result: { _ in nil }) else {
      throw Fault(.scenario, "a secret of “\(text)” has no value: set its environment variable")
    }
    return plain
  }

  private func rect(_ region: Region, on screen: PixelSize) -> PixelRect {
    switch region {
    case .pixels(let x, let y, let width, let height):
      PixelRect(x: x, y: y, width: width, height: height)
    case .named(let name): ScreenRegion.rect(named: name.rawValue, on: screen) ?? screen.bounds
    }
  }

  private func read(_ frame: Frame, region: PixelRect?) async throws(Fault) -> ScreenText {
    do throws(PerceptionError) {
      return try await reader.read(frame, region: region)
    } catch {
      throw Fault(.perception, error.description)
    }
  }

  // MARK: - Checks

  func examine(_ leaf: Check, in frame: Frame) async throws(Fault) -> LeafReading {
    switch leaf {
    case .text(let check): return try await examine(check, frame)
    case .absent(let text, let region):
      let seen = try await presence(of: text, in: region.map { rect($0, on: frame.size) }, frame)
      return .absence(of: text, seen)
    case .image(let path, let likeness, let region):
      return try pictures.examine(
        path, likeness, in: frame, region: region.map { rect($0, on: frame.size) })
    case .unchanged(let baseline):
      return try pictures.examine(
        baseline, ignoring: baseline.ignore.map { rect($0, on: frame.size) }, in: frame)
    case .seen, .never, .screen, .ssh, .file, .application, .log, .value, .not, .all, .any:
      throw Fault(.harness, "internal error: perception cannot read this check")
    }
  }

  func compare(_ value: Template, _ comparison: Check.Comparison) throws(Fault) -> LeafReading {
    LeafReading(
      holds: try ValueCheck.holds(try filled(value), comparison) { text throws(Fault) in
        try filled(text)
      },
      measured: "“\(value)”")
  }

  func difference(_ leaf: Check, in frame: Frame) -> Frame? {
    guard case .unchanged(let baseline) = leaf else { return nil }
    return pictures.difference(
      baseline, ignoring: baseline.ignore.map { rect($0, on: frame.size) }, in: frame)
  }

  /// Where a text is, with the values of secrets.
  private func presence(
    of text: Template, exact: Bool = false, in region: PixelRect?, _ frame: Frame
  ) async throws(Fault) -> Presence {
    let wanted = try plain(text)
    do throws(PerceptionError) {
      let seen = try await reader.presence(
        of: wanted, exact: exact, numbers: numbers, in: region, on: frame)
      return seen.with(doubts: seen.doubts.map(told))
    } catch {
      throw Fault(.perception, error.description)
    }
  }

  /// A place in doubt as it may be told: what it was read as may be a secret, or nearly one.
  private func told(_ doubt: Doubt) -> Doubt {
    let isSecret = doubt.readings.contains { reading in
      secrets.values.contains { FieldComparison.betrays($0, reading) }
    }
    guard isSecret else { return doubt }
    return Doubt(box: doubt.box, reason: "in doubt, and shows a secret or nearly one")
  }

  private func examine(
    _ check: Check.TextCheck, _ frame: Frame
  ) async throws(Fault) -> LeafReading {
    let region = check.region.map { rect($0, on: frame.size) }
    guard let template = check.text else {
      return try await matching(check.matches ?? "", count: check.count, in: region, frame)
    }
    var seen = try await presence(
      of: template, exact: check.exact ?? false, in: region, frame)
    if let pattern = check.matches {
      var hits: [TextHit] = []
      for hit in seen.hits where try Self.match(pattern, hit.text) { hits.append(hit) }
      seen = seen.with(hits: hits)
    }
    let nearest = seen.isAbsent ? try await nearest(to: template, region, frame) : nil
    return .presence(of: template, seen, count: check.count, nearest: nearest)
  }

  /// What could be meant by a text that is not there: the same elsewhere, or what is most like it.
  private func nearest(
    to template: Template, _ region: PixelRect?, _ frame: Frame
  ) async throws(Fault) -> (words: String, box: PixelRect)? {
    let wanted = try plain(template)
    let text = try await read(frame, region: nil)
    if region != nil, let hit = TextSearch.hits(for: wanted, in: text).first {
      return ("it is at \(hit.box), outside of the region", hit.box)
    }
    let part = region.map(text.within) ?? text
    let hits = TextSearch.closest(to: wanted, in: part).prefix(3).compactMap {
      TextSearch.hits(for: $0, in: part, exact: true).first
    }
    guard let first = hits.first else { return nil }
    let texts = hits.map { "“\($0.text)”" }.joined(separator: ", ")
    return ("closest: " + texts, first.box)
  }

  private func matching(
    _ pattern: String, count: Int?, in region: PixelRect?, _ frame: Frame
  ) async throws(Fault) -> LeafReading {
    let compiled = try Self.compiled(pattern)
    let holds = { @Sendable (line: String) in (try? compiled.firstMatch(in: line)) ?? nil != nil }
    let seen: Presence
    do throws(PerceptionError) {
      let all = try await reader.presence(ofLine: holds, in: region, on: frame)
      seen = all.with(doubts: all.doubts.map(told))
    } catch {
      throw Fault(.perception, error.description)
    }
    let answer = count.map { seen.isShown(times: $0) } ?? seen.answer
    guard answer != nil else { return .unclear("/\(pattern)/", seen) }
    guard let first = seen.hits.first else {
      return LeafReading(
        holds: answer == true, measured: "no line matches /\(pattern)/", region: region,
        read: seen.account)
    }
    return LeafReading(
      holds: answer == true, measured: "“\(first.text)” matches /\(pattern)/",
      region: first.box, read: seen.account)
  }

  private static func compiled(_ pattern: String) throws(Fault) -> Pattern {
    do throws(PatternError) {
      return try Pattern(pattern)
    } catch {
      throw Fault(.scenario, "the pattern /\(pattern)/ cannot be used: \(error)")
    }
  }

  private static func match(_ pattern: String, _ text: String) throws(Fault) -> Bool {
    do throws(PatternError) {
      return try Pattern(pattern).firstMatch(in: text) != nil
    } catch {
      throw Fault(.scenario, "the pattern /\(pattern)/ cannot be used: \(error)")
    }
  }

  func read(
    _ what: String, region: Region?, near: String?, in frame: Frame
  ) async throws(Fault) -> [ReadValue] {
    let part = region.map { rect($0, on: frame.size) }
    do throws(PerceptionError) {
      let values = try await reader.values(
        what: what, region: part, near: near, numbers: numbers, on: frame)
      return values.map {
        ReadValue(text: $0.text, box: $0.box, label: $0.label, doubt: $0.doubt)
      }
    } catch {
      throw Fault(.perception, error.description)
    }
  }
}

// MARK: - Three answers

extension LeafReading {
  /// What `absent` makes of what was seen: it holds only where nothing could be the text.
  fileprivate static func absence(of text: Template, _ seen: Presence) -> LeafReading {
    if let hit = seen.hits.first {
      return LeafReading(
        holds: false, measured: "“\(hit.text)” is there", region: hit.box, read: seen.account)
    }
    guard seen.doubts.isEmpty else { return unclear("“\(text)”", seen) }
    return LeafReading(holds: true, measured: "“\(text)” is not there", read: seen.account)
  }

  /// What `text` makes of what was seen: it holds only where the text is for sure, and so often.
  fileprivate static func presence(
    of text: Template, _ seen: Presence, count: Int?, nearest: (words: String, box: PixelRect)?
  ) -> LeafReading {
    let answer = count.map { seen.isShown(times: $0) } ?? seen.answer
    guard answer != nil else { return unclear("“\(text)”", seen) }
    if let hit = seen.hits.first {
      let times = seen.hits.count == 1 ? "" : " and \(seen.hits.count - 1) more"
      return LeafReading(
        holds: answer == true, measured: "“\(hit.text)” at \(hit.box)\(times)", region: hit.box,
        read: seen.account)
    }
    return LeafReading(
      holds: answer == true,
      measured: "“\(text)” is not there; \(nearest?.words ?? "no text is like it")",
      region: nearest?.box, read: seen.account)
  }

  /// That it cannot be told, with the place that is likeliest and what it was read as.
  fileprivate static func unclear(_ wanted: String, _ seen: Presence) -> LeafReading {
    guard let doubt = seen.doubts.first else {
      return LeafReading(
        holds: false, measured: "\(wanted) is not there", read: seen.account)
    }
    let more = seen.doubts.count == 1 ? "" : ", and \(seen.doubts.count - 1) more places like it"
    let words = "the place \(doubt.box) may say \(wanted): it is \(doubt.reason)\(more)"
    return LeafReading(
      holds: false, doubt: words, measured: words, region: doubt.box, read: seen.account)
  }
}

extension Presence {
  /// Whether it is there; nil where that cannot be told.
  fileprivate var answer: Bool? { isShown ? true : isAbsent ? false : nil }

  /// How much was read, without a word of it.
  fileprivate var account: ReadAccount {
    ReadAccount(
      sure: share.sure, doubtful: share.doubtful, unread: share.unread,
      places: unread.map { ReadAccount.Place(box: $0.box, cause: $0.cause.rawValue) })
  }
}

// MARK: - Reading back

extension LocalPerception {
  func readField(
    at point: ScreenPoint, typed text: Template, isWhole: Bool, in frame: Frame
  ) async -> FieldReading {
    guard let plain = try? filled(text),
      plain.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
    else { return .unknown(reason: "it is no text of one line", shown: nil) }
    let content: FieldContent
    do throws(PerceptionError) {
      content = try await reader.field(around: point.x, point.y, in: frame)
    } catch {
      return .unknown(reason: error.description, shown: nil)
    }
    if plain.isEmpty, text.secrets.isEmpty { return emptiness(content) }
    guard text.secrets.isEmpty else {
      switch FieldComparison.compare(secret: plain, content: content, isWhole: isWhole) {
      case .matches: return .matches
      case .differs: return .differs(shown: nil)
      case .unknown(let reason): return .unknown(reason: reason, shown: nil)
      }
    }
    let shown = content.shown
    // What a field shows may be a secret that was typed there earlier.
    if let shown, secrets.values.contains(where: { FieldComparison.betrays($0, shown) }) {
      return .unknown(reason: "a secret is in it", shown: nil)
    }
    let unreadable = reader.letters.unreadable(in: plain)
    switch FieldComparison.compare(
      typed: plain, content: content, isWhole: isWhole, unreadable: unreadable)
    {
    case .matches: return .matches
    case .differs: return .differs(shown: shown)
    case .unknown(let reason):
      if await isSeenHard(plain, content, isWhole, at: point, frame) { return .matches }
      return .unknown(reason: reason, shown: shown)
    }
  }

  /// Whether a text that was read with doubt is surely in a field, as a check for it would find it.
  private func isSeenHard(
    _ text: String, _ content: FieldContent, _ isWhole: Bool, at point: ScreenPoint, _ frame: Frame
  ) async -> Bool {
    guard case .text(let shown, _) = content,
      FieldComparison.mayBeThere(text, shown, isWhole: isWhole)
    else { return false }
    let isThere = try? await reader.field(
      around: point.x, point.y, shows: text, numbers: numbers, in: frame)
    return isThere == true
  }

  /// Whether a field is empty: it matches, or it differs by what is left in it.
  private func emptiness(_ content: FieldContent) -> FieldReading {
    switch content {
    case .empty: return .matches
    case .masked: return .differs(shown: nil)
    case .none: return .unknown(reason: "there is no field of one line there", shown: nil)
    case .text(let shown, _):
      let isSecret = secrets.values.contains { FieldComparison.betrays($0, shown) }
      return .differs(shown: isSecret ? nil : shown)
    }
  }

  func seeField(at point: ScreenPoint, since before: Frame, in frame: Frame) -> FieldSight {
    let change = FieldFinder.change(around: point.x, point.y, from: before, to: frame)
    return FieldSight(
      change: FieldSight.Change(change.kind), isField: change.isField,
      isTouched: change.isTouched, hasInk: change.hasInk, isPale: change.isPale,
      isSegmented: change.isSegmented)
  }
}

extension FieldSight.Change {
  fileprivate init(_ kind: FieldChange.Kind) {
    switch kind {
    case .same: self = .same
    case .elsewhere: self = .elsewhere
    case .changed: self = .changed
    case .gone: self = .gone
    }
  }
}

extension FieldContent {
  /// The text that is to be read; nil where there is none.
  fileprivate var shown: String? {
    switch self {
    case .none, .masked: nil
    case .empty: ""
    case .text(let text, _): text
    }
  }
}

extension TargetQuery {
  /// Whether a relation names a text.
  fileprivate var needsText: Bool {
    [near, leftOf, rightOf, above, below].contains { $0 != nil }
  }
}

extension Fault {
  fileprivate init(_ domain: Domain, _ fault: LanguageData.Fault) {
    self.init(domain, "\(fault.message); \(fault.help)")
  }
}
