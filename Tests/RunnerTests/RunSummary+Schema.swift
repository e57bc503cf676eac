import JournalShapes
import Recording
import Testing

@testable import Runner

extension RunSummary {
  /// Every line that was written is as the schema says.
  func expectLines() throws {
    let schema = try JournalSchema()
    try JournalReader.read(RunFolder(path: folder).events) { line in
      #expect(schema.problems(ofLine: line.json) == [], "line \(line.sequence)")
    }
  }
}
