internal import JSONCoding
internal import Pixels
internal import Recording
internal import Driving
internal import Story

/// Writes one attempt into the journal of the run, and keeps its pictures.
actor SessionRecorder: RecordPort {
  private let journal: Journal
  private let caseID: String
  private let attempt: Int
  private let keepsPictures: Bool
  /// Whether it was said that a line is not what the machine saw or decided.
  private var isAltered = false
  /// How many events and orders the machine was told.
  private var turn = 0
  private var last: KeptFrame?
  private var identity = FrameIdentity()
  private var encoder: any FrameEncoder
  private var auditor = Auditor()

  init(
    journal: Journal, caseID: String, attempt: Int, keepsPictures: Bool, encoder: any FrameEncoder
  ) {
    self.encoder = encoder
    self.journal = journal
    self.caseID = caseID
    self.attempt = attempt
    self.keepsPictures = keepsPictures
  }

  func keep(_ frame: Frame) async -> KeptFrame {
    // Only the same memory is the same picture for sure: another connection may count anew.
    if let last, last.reference.sequence == frame.sequence, last.frame.sharesPixels(with: frame) {
      return last
    }
    var kept = KeptFrame(
      frame: frame,
      reference: FrameReference(
        blob: "", pixels: identity.digest(of: frame), size: frame.size, sequence: frame.sequence))
    if keepsPictures, let picture = try? encoder.encode(frame) {
      kept.png = picture.png
      kept.base64Parts = picture.base64Parts
      kept.reference.blob = await journal.store(picture.png, as: .png)
    }
    last = kept
    return kept
  }

  /// Keeps what a model is sent, where pictures are kept too.
  func keep(request body: [UInt8]) async -> (digest: String, blob: String) {
    (
      journal.digest(of: body, as: .json),
      keepsPictures ? await journal.store(body, as: .json) : ""
    )
  }

  func record(_ entry: JournalEntry) async {
    if entry.beginsTurn { turn += 1 }
    for record in auditor.records(of: entry) {
      await journal.audit(case: caseID, attempt: attempt, record)
    }
    do {
      let written = await journal.append(
        entry.type, case: caseID, attempt: attempt, fields: try entry.fields(turn: turn),
        isDurable: entry.endsSomething)
      if !written.isWhole { await markAltered(entry, line: written.sequence + 1) }
    } catch {
      await journal.append(
        "unwritable", case: caseID, attempt: attempt,
        fields: JSONObject([("why", .string("\(error)")), ("was", .string(entry.type))]))
    }
  }

  /// Says once that a line does not stand there as it was.
  ///
  /// A value of a secret was in it although what comes from outside is told without: the scenario itself has it,
  /// or a word of the program is one.
  private func markAltered(_ entry: JournalEntry, line: Int) async {
    guard !isAltered, !entry.isOutput else { return }
    isAltered = true
    await journal.append(
      "altered", case: caseID, attempt: attempt,
      fields: JSONObject([("was", .string(entry.type)), ("line", .integer(line))]))
  }
}

extension JournalEntry {
  fileprivate var isOutput: Bool { if case .output = self { true } else { false } }

  fileprivate var beginsTurn: Bool {
    switch self {
    case .event, .order: true
    case .started, .application, .note, .effect, .output: false
    }
  }

  /// Whether losing the line to a power cut would lose a result.
  fileprivate var endsSomething: Bool {
    switch self {
    case .note(.stepFinished), .effect(.finish): true
    case .started, .event, .order, .application, .note, .effect, .output: false
    }
  }
}
