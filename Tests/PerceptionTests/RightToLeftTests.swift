import Pixels
import Testing

@testable import Perception

/// Labels of lines that run from right to left.
@Suite struct RightToLeftTests {
  @Test func `the field of such a label stands left of it`() {
    let label = PixelRect(x: 300, y: 50, width: 60, height: 14)
    let left = PixelRect(x: 100, y: 44, width: 190, height: 26)
    let right = PixelRect(x: 380, y: 44, width: 190, height: 26)
    let both = [right, left]
    #expect(FieldFinder.field(for: label, among: both, isRightToLeft: true) == left)
    #expect(FieldFinder.field(for: label, among: both, isRightToLeft: false) == right)
  }

  @Test func `a placeholder at the right edge is of its field`() {
    let field = PixelRect(x: 100, y: 44, width: 190, height: 26)
    let label = PixelRect(x: 222, y: 50, width: 60, height: 14)
    #expect(FieldFinder.field(for: label, among: [field], isRightToLeft: true) == field)
    #expect(FieldFinder.field(for: label, among: [field], isRightToLeft: false) == nil)
  }
}
